/*
 * Elements and attributes: which are open, how each ends, and which have no
 * place in a template.
 */
#include "tools/templates/compiler.h"

#include <stdio.h>
#include <string.h>

static const char *const void_elements[] = {"area", "base", "br", "col",
    "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    NULL};
static const char *const url_attributes[] = {"action", "cite", "data",
    "formaction", "href", "manifest", "ping", "poster", "src", "xlink:href",
    NULL};
/* Code or markup within an attribute: never, whatever its value. */
static const char *const refused_attributes[] = {
    "http-equiv", "srcdoc", "srcset", "style", NULL};
static const char *const static_urls[] = {
    "/", "#", "?", "https://", "mailto:", NULL};

static bool
is_one_of(const char *const *list, const char *s)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	return false;
}

static bool
is_within(const struct html *h, const char *tag)
{
	for (size_t i = 0; i < h->depth; i++)
		if (strcmp(h->open[i].tag, tag) == 0)
			return true;
	return false;
}

void
tag_push(struct compiler *k, const char *tag)
{
	struct html *h = &k->html;

	if (h->depth == DEPTH_MAX)
		fail(k->file, k->line, "tags nest deeper than %d", DEPTH_MAX);
	snprintf(h->open[h->depth].tag, NAME_MAX_BYTES, "%s", tag);
	h->open[h->depth++].line = k->line;
}

static void
close_tag(struct compiler *k)
{
	struct html *h = &k->html;

	if (is_one_of(void_elements, h->tag))
		fail(
		    k->file, k->line, "</%s>: this element has no end", h->tag);
	if (h->depth == 0)
		fail(k->file, k->line, "</%s> without <%s>", h->tag, h->tag);
	if (strcmp(h->open[h->depth - 1].tag, h->tag) != 0)
		fail(k->file, k->line,
		    "</%s> where </%s> is due (<%s> in line %d)", h->tag,
		    h->open[h->depth - 1].tag, h->open[h->depth - 1].tag,
		    h->open[h->depth - 1].line);
	h->depth--;
}

void
tag_done(struct compiler *k, bool slash)
{
	struct html *h = &k->html;

	h->place = PLACE_TEXT;
	if (h->closing) {
		close_tag(k);
		return;
	}
	if (is_one_of(void_elements, h->tag))
		return;
	if (slash && !is_within(h, "svg"))
		fail(k->file, k->line, "<%s/>: this element needs </%s>",
		    h->tag, h->tag);
	if (slash)
		return;
	tag_push(k, h->tag);
	if (strcmp(h->tag, "script") == 0 || strcmp(h->tag, "style") == 0)
		h->place = PLACE_RAW;
	else if (strcmp(h->tag, "title") == 0 && !is_within(h, "svg"))
		h->place = PLACE_PLAIN;
	else if (strcmp(h->tag, "textarea") == 0)
		h->place = PLACE_PLAIN;
	/* The parser drops one newline here, so that a text keeps its own. */
	if (strcmp(h->tag, "textarea") == 0 || strcmp(h->tag, "pre") == 0)
		text_put(&k->raw, "\n", 1);
}

bool
element_ends_here(const struct compiler *k)
{
	const char *tag = k->html.open[k->html.depth - 1].tag;

	return k->at[0] == '<' && k->at[1] == '/' &&
	    strncmp(k->at + 2, tag, strlen(tag)) == 0;
}

bool
tag_keeps_space(const struct html *h)
{
	if (h->place == PLACE_PLAIN)
		return strcmp(h->open[h->depth - 1].tag, "textarea") == 0;
	return is_within(h, "pre");
}

void
attribute_named(struct compiler *k)
{
	const char *a = k->html.attribute;

	if (strncmp(a, "on", 2) == 0)
		fail(k->file, k->line, "%s: no script in attributes", a);
	if (is_one_of(refused_attributes, a))
		fail(k->file, k->line, "%s: not allowed in templates", a);
}

bool
attribute_is_url(const struct html *h)
{
	return is_one_of(url_attributes, h->attribute);
}

/* A static address: one of ours or another site's, no scheme with code. */
void
attribute_check_url(struct compiler *k)
{
	struct html *h = &k->html;
	const char *s = k->raw.data + k->raw.len - h->url_bytes;

	for (size_t i = 0; static_urls[i] != NULL; i++)
		if (strncmp(s, static_urls[i], strlen(static_urls[i])) == 0)
			return;
	fail(k->file, k->line, "%s: not an address for a page: %.*s",
	    h->attribute, (int)h->url_bytes, s);
}
