/* The passes over blocks: callouts, headings, code, places of tables. */
#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"

#define HEADING_FIRST 2
#define HEADING_LAST 3

const char md_point[] = "point";

/*
 * These words are part of the published text, like the text itself, and
 * change with RENDERER_VERSION only.
 */
static const struct {
	const char *mark, *class;
	const char *label[LANG__MAX];
} callouts[] = {
    {"POINT", "point", {"要点", "Key points"}},
    {"CASE", "case", {"事例", "Case"}},
    {"NOTE", "note", {"参考", "Note"}},
    {"CAUTION", "caution", {"注意", "Caution"}},
};
#define N_CALLOUTS (sizeof(callouts) / sizeof(callouts[0]))

/* ------------------------------------------------------------- callouts */

/* The kind of "[!POINT] …", and where the title starts; -1: no mark. */
static int
callout_kind(struct md *md, const char *s, const char **title, int line)
{
	const char *end;
	size_t i, n;

	if (!text_starts(s, "[!") || (end = strchr(s, ']')) == NULL)
		return -1;
	n = (size_t)(end - s) - 2;
	for (i = 0; i < N_CALLOUTS; i++)
		if (strlen(callouts[i].mark) == n &&
		    memcmp(callouts[i].mark, s + 2, n) == 0) {
			*title = end + 1 + strspn(end + 1, " ");
			return (int)i;
		}
	md_report(md, line, "no such callout: %.*s", (int)n, s + 2);
	return -1;
}

/* What stands on the line of the mark becomes the title. */
static cmark_node *
callout_title(struct md *md, cmark_node *paragraph, int kind, int number)
{
	cmark_node *title, *child;
	cmark_node_type type;

	title = md_custom(CMARK_NODE_CUSTOM_BLOCK,
	    arena_printf(md->in->a,
		"<p class=\"callout__title\" id=\"callout-%d\">"
		"<span class=\"callout__kind\">%s</span>",
		number, callouts[kind].label[md->in->lang]),
	    "</p>");
	while ((child = cmark_node_first_child(paragraph)) != NULL) {
		type = cmark_node_get_type(child);
		if (!cmark_node_append_child(title, child))
			abort();
		/* The break goes along: the walk still holds it. */
		if (type == CMARK_NODE_SOFTBREAK ||
		    type == CMARK_NODE_LINEBREAK)
			break;
	}
	return title;
}

void
md_quote_node(struct md *md, cmark_node *node)
{
	cmark_node *paragraph = cmark_node_first_child(node), *text, *block;
	const char *title = NULL;
	int kind, line = md_line(md, node);

	if (paragraph == NULL ||
	    cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH ||
	    (text = cmark_node_first_child(paragraph)) == NULL ||
	    cmark_node_get_type(text) != CMARK_NODE_TEXT)
		return;
	kind = callout_kind(md, cmark_node_get_literal(text), &title, line);
	if (kind < 0)
		return;
	if (!cmark_node_set_literal(text, arena_strdup(md->in->a, title)))
		abort();
	md_part(md, PART_CALLOUT, line, kind, 0);
	block = md_custom(CMARK_NODE_CUSTOM_BLOCK,
	    arena_printf(md->in->a,
		"<div class=\"callout callout--%s\" role=\"note\" "
		"aria-labelledby=\"callout-%d\">",
		callouts[kind].class, ++md->n_callouts),
	    "</div>");
	if (kind == 0)
		(void)cmark_node_set_user_data(
		    block, (void *)(uintptr_t)md_point);
	if (!cmark_node_insert_before(node, block) ||
	    !cmark_node_append_child(
		block, callout_title(md, paragraph, kind, md->n_callouts)))
		abort();
	md_move_children(node, block);
	cmark_node_unlink(node);
	cmark_node_free(node);
}

/* ------------------------------------------------- headings, code, tables */

/*
 * Anchors count: the same place in the other language has the same anchor,
 * so that a reader who changes the language stays where he is.
 */
static void
heading_number(struct md *md, cmark_node *node)
{
	int level = cmark_node_get_heading_level(node);
	int line = md_line(md, node);

	md_part(md, PART_HEADING, line, level, 0);
	if (level < HEADING_FIRST || level > HEADING_LAST)
		md_report(md, line, "headings have two levels, ## and ###");
	if (level > HEADING_FIRST && md->section == 0)
		md_report(md, line, "the first heading is a ##");
	if (level <= HEADING_FIRST) {
		md->section++;
		md->subsection = 0;
	} else {
		md->subsection++;
	}
}

static void
collect_text(struct buf *b, cmark_node *node)
{
	cmark_iter *it = cmark_iter_new(node);
	const char *s;

	while (cmark_iter_next(it) != CMARK_EVENT_DONE) {
		s = cmark_node_get_literal(cmark_iter_get_node(it));
		if (s != NULL)
			buf_puts(b, s);
	}
	cmark_iter_free(it);
}

/* After its inlines are done: <h2 id="s2-1">. */
void
md_heading_finish(struct md *md, cmark_node *node)
{
	struct heading *h = LIST_ADD(md->in->a, md->headings, md->n_headings);
	struct arena *a = md->in->a;
	struct buf text = BUF_EMPTY;
	char *html, *inner, *end;

	heading_number(md, node);
	h->level = cmark_node_get_heading_level(node) <= HEADING_FIRST
	    ? HEADING_FIRST
	    : HEADING_LAST;
	h->anchor = h->level == HEADING_FIRST
	    ? arena_printf(a, "s%d", md->section)
	    : arena_printf(a, "s%d-%d", md->section, md->subsection);
	collect_text(&text, node);
	h->text = arena_strdup(a, buf_text(&text));
	buf_free(&text);
	if (*h->text == '\0')
		md_report(md, md_line(md, node), "an empty heading");
	html = cmark_render_html(node, CMARK_OPT_DEFAULT);
	if (html == NULL || (inner = strchr(html, '>')) == NULL ||
	    (end = strrchr(html, '<')) == NULL || end < inner)
		abort();
	*end = '\0';
	md_replace(node,
	    md_custom(CMARK_NODE_CUSTOM_BLOCK,
		arena_printf(a, "<h%d id=\"%s\">%s</h%d>", h->level, h->anchor,
		    inner + 1, h->level),
		""));
	free(html);
}

void
md_code_block(struct md *md, cmark_node *node)
{
	const char *s = cmark_node_get_literal(node);
	struct buf b = BUF_EMPTY;

	md_plain_block(md);
	buf_puts(&md->plain, s);
	/* Long lines scroll, also with the keyboard. */
	buf_puts(&b, "<pre tabindex=\"0\"><code>");
	md_escape(&b, s, strlen(s));
	buf_puts(&b, "</code></pre>");
	md_replace(node, md_custom(CMARK_NODE_CUSTOM_BLOCK, buf_text(&b), ""));
	buf_free(&b);
}

/* The number of the table that a paragraph stands for; -1: it is a text. */
long
md_table_mark(struct md *md, cmark_node *paragraph)
{
	cmark_node *text = cmark_node_first_child(paragraph);
	const char *s;
	char *end;
	long number;

	if (text == NULL || cmark_node_next(text) != NULL ||
	    cmark_node_get_type(text) != CMARK_NODE_TEXT)
		return -1;
	s = cmark_node_get_literal(text);
	if (!text_starts(s, MARK_TABLE))
		return -1;
	number = strtol(s + MARK_BYTES, &end, 10);
	if (!text_eq(end, MARK_TABLE_END) || number < 0 ||
	    (size_t)number >= md->n_tables)
		return -1;
	return number;
}
