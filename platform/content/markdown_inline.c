/* The passes over inline nodes: texts, code, breaks, links. */
#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"

/*
 * A cell must not become a block: "- x" is no list and "# x" no heading in a
 * table. An opening bracket in front prevents that; being punctuation it
 * leaves emphasis as it would be at the start of a line.
 */
#define GUARD "\xe2\xb8\xa2" /* U+2E22 */

void
md_escape(struct buf *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		switch (s[i]) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		default:
			buf_putc(out, s[i]);
		}
}

cmark_node *
md_custom(cmark_node_type type, const char *enter, const char *leave)
{
	cmark_node *node = cmark_node_new(type);

	if (node == NULL || !cmark_node_set_on_enter(node, enter) ||
	    !cmark_node_set_on_exit(node, leave))
		abort();
	return node;
}

void
md_replace(cmark_node *old, cmark_node *with)
{
	if (!cmark_node_replace(old, with))
		abort();
	cmark_node_free(old);
}

void
md_move_children(cmark_node *from, cmark_node *to)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(from)) != NULL)
		if (!cmark_node_append_child(to, child))
			abort();
}

int
md_line(struct md *md, cmark_node *node)
{
	int line;

	if (md->fixed_line != 0)
		return md->fixed_line;
	while (node != NULL && cmark_node_get_start_line(node) < 1)
		node = cmark_node_parent(node);
	line = node == NULL ? 1 : cmark_node_get_start_line(node);
	if ((size_t)line > md->n_lines)
		line = (int)md->n_lines;
	return line < 1 ? 1 : md->lines[line - 1];
}

static struct md_note *
note_find(struct md *md, const char *label, size_t n)
{
	size_t i;

	for (i = 0; i < md->n_notes; i++)
		if (strlen(md->notes[i].label) == n &&
		    memcmp(md->notes[i].label, label, n) == 0)
			return &md->notes[i];
	return NULL;
}

/* The raised number that leads to a note; NULL, and reported: no such. */
static cmark_node *
note_mention(struct md *md, const char *label, size_t n, int line)
{
	struct md_note *note = note_find(md, label, n);
	struct arena *a = md->in->a;
	const char *again = "";

	if (note == NULL) {
		md_report(md, line, "no such footnote: %.*s", (int)n, label);
		return NULL;
	}
	if (md->in_note) {
		md_report(md, line, "a footnote inside a footnote");
		return NULL;
	}
	if (note->number == 0)
		note->number = ++md->n_numbered;
	if (++note->mentions > 1)
		again = arena_printf(a, "-%d", note->mentions);
	return md_custom(CMARK_NODE_CUSTOM_INLINE,
	    arena_printf(a,
		"<sup class=\"footnote-mention\"><a href=\"#note-%d\" "
		"id=\"mention-%d%s\" aria-label=\"%s %d\">%d</a></sup>",
		note->number, note->number, again,
		md->in->lang == LANG_JA ? "注" : "Note", note->number,
		note->number),
	    "");
}

static void
insert_text(cmark_node *before, const char *s, size_t n, struct arena *a)
{
	cmark_node *text;

	if (n == 0)
		return;
	text = cmark_node_new(CMARK_NODE_TEXT);
	if (!cmark_node_set_literal(text, arena_strndup(a, s, n)) ||
	    !cmark_node_insert_before(before, text))
		abort();
}

/* Splits "…[<mark>label<end>]…" into texts and mentions. */
static void
split_mentions(struct md *md, cmark_node *node, const char *s, int line)
{
	const char *mark, *end, *label;
	cmark_node *mention;

	while ((mark = strstr(s, "[" MARK_NOTE)) != NULL &&
	    (end = strstr(mark, MARK_NOTE_END "]")) != NULL) {
		label = mark + 1 + MARK_BYTES;
		insert_text(node, s, (size_t)(mark - s), md->in->a);
		buf_put(&md->plain, s, (size_t)(mark - s));
		mention = note_mention(md, label, (size_t)(end - label), line);
		if (mention != NULL && !cmark_node_insert_before(node, mention))
			abort();
		s = end + MARK_BYTES + 1;
	}
	buf_puts(&md->plain, s);
	if (!cmark_node_set_literal(node, s))
		abort();
}

void
md_text_node(struct md *md, cmark_node *node)
{
	/* Setting the node's text frees the old one. */
	const char *s = arena_strdup(md->in->a, cmark_node_get_literal(node));
	int line = md_line(md, node);

	if (strstr(s, "**") != NULL)
		md_report(md, line,
		    "** stays as it is written: put the emphasis around words "
		    "that neither begin nor end with punctuation or brackets");
	split_mentions(md, node, s, line);
}

/* In code a mark of a footnote is what was written. */
void
md_code_node(struct md *md, cmark_node *node)
{
	const char *s = cmark_node_get_literal(node), *mark;
	struct buf b = BUF_EMPTY;

	while ((mark = strstr(s, "\\[" MARK_NOTE)) != NULL) {
		buf_put(&b, s, (size_t)(mark - s));
		buf_puts(&b, "[^");
		s = mark + 2 + MARK_BYTES;
		if ((mark = strstr(s, MARK_NOTE_END "\\]")) == NULL)
			break;
		buf_put(&b, s, (size_t)(mark - s));
		buf_puts(&b, "]");
		s = mark + MARK_BYTES + 2;
	}
	buf_puts(&b, s);
	if (!cmark_node_set_literal(node, buf_text(&b)))
		abort();
	buf_puts(&md->plain, buf_text(&b));
	buf_free(&b);
}

static cmark_node *
deepest(cmark_node *node, cmark_node *(*child)(cmark_node *))
{
	cmark_node *next;

	while (node != NULL && (next = child(node)) != NULL)
		node = next;
	return node;
}

/*
 * A line of the source that ends between two Japanese characters: a browser
 * would show a space there.
 */
static bool
is_between_wide(cmark_node *node)
{
	cmark_node *before =
	    deepest(cmark_node_previous(node), cmark_node_last_child);
	cmark_node *after =
	    deepest(cmark_node_next(node), cmark_node_first_child);
	const char *x, *y;

	if (before == NULL || after == NULL)
		return true; /* an edge: no space is needed */
	x = cmark_node_get_literal(before);
	y = cmark_node_get_literal(after);
	return x != NULL && y != NULL && *x != '\0' &&
	    (unsigned char)x[strlen(x) - 1] >= 0x80 &&
	    (unsigned char)*y >= 0x80;
}

void
md_break_node(struct md *md, cmark_node *node)
{
	cmark_node *block = cmark_node_parent(cmark_node_parent(node));
	bool wide = is_between_wide(node);

	if (cmark_node_next(node) != NULL && block != NULL &&
	    cmark_node_get_user_data(block) == md_point) {
		md_replace(node, cmark_node_new(CMARK_NODE_LINEBREAK));
		buf_putc(&md->plain, '\n');
		return;
	}
	if (wide) {
		/* At the end of a callout's title the text begins anew. */
		if (cmark_node_next(node) == NULL)
			buf_putc(&md->plain, '\n');
		md_replace(node, md_custom(CMARK_NODE_CUSTOM_INLINE, "", ""));
		return;
	}
	buf_putc(&md->plain, ' ');
}

/* Takes the guard off and the paragraph's tags away. */
static const char *
inline_html(struct md *md, cmark_node *paragraph)
{
	cmark_node *first = cmark_node_first_child(paragraph);
	const char *s = cmark_node_get_literal(first);
	char *html, *p;
	size_t n;

	s = arena_strdup(md->in->a, s + strlen(GUARD));
	if (!cmark_node_set_literal(first, s))
		abort();
	md_walk(md, paragraph);
	if ((html = cmark_render_html(paragraph, CMARK_OPT_DEFAULT)) == NULL)
		abort();
	p = html;
	n = strlen(html);
	if (text_starts(p, "<p>")) {
		p += strlen("<p>");
		n -= strlen("<p>");
	}
	if (n >= strlen("</p>\n"))
		n -= strlen("</p>\n");
	s = arena_strndup(md->in->a, p, n);
	free(html);
	return s;
}

const char *
md_inline(struct md *md, const char *text, int line)
{
	struct buf b = BUF_EMPTY;
	cmark_node *doc, *paragraph;
	const char *html = "", *s;
	int outer = md->fixed_line;

	buf_puts(&b, GUARD);
	md_mark_notes(&b, text, strlen(text));
	doc = cmark_parse_document(b.data, b.len, CMARK_OPT_DEFAULT);
	cmark_consolidate_text_nodes(doc);
	buf_free(&b);
	md->fixed_line = line;
	paragraph = cmark_node_first_child(doc);
	s = paragraph == NULL ||
		cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH ||
		cmark_node_next(paragraph) != NULL
	    ? NULL
	    : cmark_node_get_literal(cmark_node_first_child(paragraph));
	if (s != NULL && text_starts(s, GUARD))
		html = inline_html(md, paragraph);
	else
		md_report(md, line, "this piece must be a single line");
	md->fixed_line = outer;
	cmark_node_free(doc);
	return html;
}
