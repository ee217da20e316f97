/* The passes over blocks, and the page they make. */
#include "content/markdown.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"

#define NESTING_MAX 16
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

static const char *const notes_title[LANG__MAX] = {"注", "Notes"};
static const char *const terms_title[LANG__MAX] = {"用語", "Terms"};
static const char *const back_label[LANG__MAX] = {
    "本文に戻る", "Back to the text"};

void
md_report(struct md *md, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report_add(md->in->report, md->in->file, line, "%s",
	    arena_vprintf(md->in->a, fmt, ap));
	va_end(ap);
}

void
md_part(struct md *md, enum part_kind kind, int line, int size, int size2)
{
	*LIST_ADD(md->in->a, md->parts->list, md->parts->n) = (struct part) {
	    .kind = kind, .line = line, .size = size, .size2 = size2};
}

static void
plain_block(struct md *md)
{
	if (md->plain.len > 0 && md->plain.data[md->plain.len - 1] != '\n')
		buf_putc(&md->plain, '\n');
}

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

static void
quote(struct md *md, cmark_node *node)
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
static void
heading_finish(struct md *md, cmark_node *node)
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

static void
code_block(struct md *md, cmark_node *node)
{
	const char *s = cmark_node_get_literal(node);
	struct buf b = BUF_EMPTY;

	plain_block(md);
	buf_puts(&md->plain, s);
	/* Long lines scroll, also with the keyboard. */
	buf_puts(&b, "<pre tabindex=\"0\"><code>");
	md_escape(&b, s, strlen(s));
	buf_puts(&b, "</code></pre>");
	md_replace(node, md_custom(CMARK_NODE_CUSTOM_BLOCK, buf_text(&b), ""));
	buf_free(&b);
}

/* The number of the table that a paragraph stands for; -1: it is a text. */
static long
table_mark(struct md *md, cmark_node *paragraph)
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

/* ------------------------------------------------------------- the walk */

struct walk {
	cmark_node **list;
	size_t n;
	int depth, deepest;
};

/* Leaves have no exit event. */
static bool
is_leaf(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
	case CMARK_NODE_CODE:
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
	case CMARK_NODE_HTML_INLINE:
	case CMARK_NODE_HTML_BLOCK:
	case CMARK_NODE_CODE_BLOCK:
	case CMARK_NODE_THEMATIC_BREAK:
		return true;
	default:
		return false;
	}
}

/* In order of the text. */
static struct walk
collect_nodes(struct md *md, cmark_node *root)
{
	struct walk w = {0};
	cmark_iter *it = cmark_iter_new(root);
	cmark_event_type event;
	cmark_node *node;

	while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		node = cmark_iter_get_node(it);
		if (event == CMARK_EVENT_EXIT) {
			w.depth--;
			continue;
		}
		*LIST_ADD(md->in->a, w.list, w.n) = node;
		if (!is_leaf(node))
			w.depth++;
		if (w.depth > w.deepest)
			w.deepest = w.depth;
	}
	cmark_iter_free(it);
	return w;
}

/* True if the node was a paragraph that stands for a table; it is gone. */
static bool
paragraph(struct md *md, cmark_node *node)
{
	long table;

	plain_block(md);
	if (cmark_node_first_child(node) == NULL) {
		/* A callout whose title was all of its first paragraph. */
		md_replace(node, md_custom(CMARK_NODE_CUSTOM_BLOCK, "", ""));
		return false;
	}
	if ((table = table_mark(md, node)) < 0)
		return false;
	md_replace(node,
	    md_custom(CMARK_NODE_CUSTOM_BLOCK,
		md_table_html(md, &md->tables[table], (size_t)table + 1), ""));
	return true;
}

static void
visit(struct md *md, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		md_text_node(md, node);
		break;
	case CMARK_NODE_CODE:
		md_code_node(md, node);
		break;
	case CMARK_NODE_SOFTBREAK:
		md_break_node(md, node);
		break;
	case CMARK_NODE_LINEBREAK:
		buf_putc(&md->plain, ' ');
		break;
	case CMARK_NODE_LINK:
		md_link_node(md, node);
		break;
	case CMARK_NODE_IMAGE:
		md_image_node(md, node);
		break;
	case CMARK_NODE_HTML_INLINE:
		md_html_node(md, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		plain_block(md);
		md_html_node(md, node);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		plain_block(md);
		quote(md, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		code_block(md, node);
		break;
	case CMARK_NODE_ITEM:
	case CMARK_NODE_HEADING:
		plain_block(md);
		break;
	default:
		break;
	}
}

void
md_walk(struct md *md, cmark_node *root)
{
	struct walk w = collect_nodes(md, root);
	size_t i;

	if (w.deepest > NESTING_MAX) {
		md_report(md, md_line(md, root), "nested too deeply");
		while (cmark_node_first_child(root) != NULL)
			cmark_node_free(cmark_node_first_child(root));
		return;
	}
	for (i = 0; i < w.n; i++) {
		if (cmark_node_get_type(w.list[i]) != CMARK_NODE_PARAGRAPH)
			visit(md, w.list[i]);
		else if (paragraph(md, w.list[i]))
			i++; /* its only text went with it */
	}
}

/* Headings last: their text is finished then, and no node of it is held. */
static void
finish_headings(struct md *md, cmark_node *doc)
{
	struct walk w = {0};
	cmark_iter *it = cmark_iter_new(doc);
	cmark_node *node;
	size_t i;

	while (cmark_iter_next(it) != CMARK_EVENT_DONE) {
		node = cmark_iter_get_node(it);
		if (cmark_node_get_type(node) == CMARK_NODE_HEADING &&
		    (w.n == 0 || w.list[w.n - 1] != node))
			*LIST_ADD(md->in->a, w.list, w.n) = node;
	}
	cmark_iter_free(it);
	for (i = 0; i < w.n; i++)
		heading_finish(md, w.list[i]);
}

/* ------------------------------------------------------ the end of a page */

static const struct md_note *
note_numbered(const struct md *md, int number)
{
	size_t i;

	for (i = 0; i < md->n_notes; i++)
		if (md->notes[i].number == number)
			return &md->notes[i];
	return NULL;
}

static void
put_notes(struct md *md, struct buf *out)
{
	const char *back = back_label[md->in->lang];
	const struct md_note *note;
	size_t i;
	int n;

	for (i = 0; i < md->n_notes; i++)
		if (md->notes[i].number == 0)
			md_report(md, md->notes[i].line,
			    "footnote %s is mentioned nowhere",
			    md->notes[i].label);
	if (md->n_numbered == 0)
		return;
	buf_printf(out,
	    "<section class=\"notes\" aria-labelledby=\"notes\">\n"
	    "<h2 id=\"notes\">%s</h2>\n<ol>\n",
	    notes_title[md->in->lang]);
	md->in_note = true;
	for (n = 1; (note = note_numbered(md, n)) != NULL; n++) {
		plain_block(md);
		buf_printf(out,
		    "<li id=\"note-%d\">%s <a href=\"#mention-%d\" "
		    "class=\"note-back\" aria-label=\"%s\">↩</a></li>\n",
		    n, md_inline(md, note->text, note->line), n, back);
	}
	md->in_note = false;
	buf_puts(out, "</ol>\n</section>\n");
}

static void
put_terms(const struct md *md, struct buf *out)
{
	enum lang lang = md->in->lang;
	const struct term *t;
	size_t i;

	if (md->n_terms == 0)
		return;
	buf_printf(out,
	    "<section class=\"terms\" aria-labelledby=\"terms\">\n"
	    "<h2 id=\"terms\">%s</h2>\n<dl>\n",
	    terms_title[lang]);
	for (i = 0; i < md->n_terms; i++) {
		t = md->terms[i];
		buf_printf(out, "<dt id=\"term-%s\">", t->code);
		md_escape(out, t->name.in[lang], strlen(t->name.in[lang]));
		buf_puts(out, "</dt>\n<dd>");
		md_escape(out, t->definition.in[lang],
		    strlen(t->definition.in[lang]));
		buf_puts(out, "</dd>\n");
	}
	buf_puts(out, "</dl>\n</section>\n");
}

void
markdown_render(
    const struct markdown *in, struct rendered *out, struct parts *parts)
{
	struct md md = {.in = in, .parts = parts};
	struct buf page = BUF_EMPTY;
	cmark_node *doc;
	char *cut, *html;
	size_t size;

	cut = md_cut(&md, &size);
	doc = cmark_parse_document(cut, size, CMARK_OPT_DEFAULT);
	free(cut);
	cmark_consolidate_text_nodes(doc);
	md_walk(&md, doc);
	finish_headings(&md, doc);
	if ((html = cmark_render_html(doc, CMARK_OPT_DEFAULT)) == NULL)
		abort();
	cmark_node_free(doc);
	buf_puts(&page, html);
	free(html);
	if (in->size == 0 || md.plain.len == 0)
		md_report(&md, 0, "the text is empty");
	put_notes(&md, &page);
	put_terms(&md, &page);
	out->html = arena_strndup(in->a, buf_text(&page), page.len);
	out->plain = arena_strndup(in->a, buf_text(&md.plain), md.plain.len);
	out->headings = md.headings;
	out->n_headings = md.n_headings;
	buf_free(&page);
	buf_free(&md.plain);
}
