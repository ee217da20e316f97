/* The walk over a text's tree, and the page it becomes. */
#include "content/markdown.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"

#define NESTING_MAX 16
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
	*LIST_ADD(md->in->a, md->parts->list, md->parts->n) = (struct part){
	    .kind = kind, .line = line, .size = size, .size2 = size2};
}

void
md_plain_block(struct md *md)
{
	if (md->plain.len > 0 && md->plain.data[md->plain.len - 1] != '\n')
		buf_putc(&md->plain, '\n');
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

	md_plain_block(md);
	if (cmark_node_first_child(node) == NULL) {
		/* A callout whose title was all of its first paragraph. */
		md_replace(node, md_custom(CMARK_NODE_CUSTOM_BLOCK, "", ""));
		return false;
	}
	if ((table = md_table_mark(md, node)) < 0)
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
		md_plain_block(md);
		md_html_node(md, node);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		md_plain_block(md);
		md_quote_node(md, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		md_code_block(md, node);
		break;
	case CMARK_NODE_ITEM:
	case CMARK_NODE_HEADING:
		md_plain_block(md);
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
		md_heading_finish(md, w.list[i]);
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
	md_put_notes(&md, &page);
	md_put_terms(&md, &page);
	out->html = arena_strndup(in->a, buf_text(&page), page.len);
	out->plain = arena_strndup(in->a, buf_text(&md.plain), md.plain.len);
	out->headings = md.headings;
	out->n_headings = md.n_headings;
	buf_free(&page);
	buf_free(&md.plain);
}
