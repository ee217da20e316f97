/* Links to terms and modules stay; images, HTML and other links do not. */
#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"
#include "content/reading.h"

#define MODULE_LINK "/courses/"

static void
unwrap(cmark_node *node, const char *enter, const char *leave)
{
	cmark_node *span = md_custom(CMARK_NODE_CUSTOM_INLINE, enter, leave);

	if (!cmark_node_insert_before(node, span))
		abort();
	md_move_children(node, span);
	cmark_node_unlink(node);
	cmark_node_free(node);
}

static void
term_link(struct md *md, cmark_node *node, const char *code, int line)
{
	const struct term *t = glossary_term(md->in->glossary, code);
	size_t i;

	if (t == NULL) {
		md_report(md, line, "no such term of the glossary: %s", code);
		unwrap(node, "", "");
		return;
	}
	for (i = 0; i < md->n_terms; i++)
		if (md->terms[i] == t)
			break;
	if (i == md->n_terms)
		*LIST_ADD(md->in->a, md->terms, md->n_terms) = t;
	unwrap(node,
	    arena_printf(
		md->in->a, "<a href=\"#term-%s\" class=\"term\">", t->code),
	    "</a>");
}

void
md_link_node(struct md *md, cmark_node *node)
{
	const char *url = arena_strdup(md->in->a, cmark_node_get_url(node));
	int line = md_line(md, node);

	if (text_starts(url, "term:")) {
		term_link(md, node, url + strlen("term:"), line);
		return;
	}
	/* SECURITY: nothing but a path of ours stays a link. */
	if (text_matches(url, MODULE_LINK PATTERN_COURSE "/[1-9][0-9]?")) {
		names_mention(md->in->names, NAME_MODULE,
		    url + strlen(MODULE_LINK), md->in->file, line);
		(void)cmark_node_set_title(node, "");
		return;
	}
	if (text_matches(url, MODULE_LINK PATTERN_COURSE)) {
		names_mention(md->in->names, NAME_COURSE,
		    url + strlen(MODULE_LINK), md->in->file, line);
		(void)cmark_node_set_title(node, "");
		return;
	}
	md_report(md, line,
	    "a link leads to a term (term:…) or a module (/courses/…/1), not "
	    "to %.80s",
	    url);
	unwrap(node, "", "");
}

void
md_image_node(struct md *md, cmark_node *node)
{
	md_report(md, md_line(md, node), "an image is refused");
	unwrap(node, "", "");
}

void
md_html_node(struct md *md, cmark_node *node)
{
	const char *html =
	    arena_strdup(md->in->a, cmark_node_get_literal(node));
	cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *block;

	md_report(md, md_line(md, node), "raw HTML is refused");
	if (!cmark_node_set_literal(text, html))
		abort();
	buf_puts(&md->plain, html);
	if (cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE) {
		md_replace(node, text);
		return;
	}
	block = cmark_node_new(CMARK_NODE_PARAGRAPH);
	if (!cmark_node_append_child(block, text))
		abort();
	md_replace(node, block);
}
