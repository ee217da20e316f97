/*
 * Following the HTML between the directives, character by character, so that
 * at every directive the place is known where it stands.
 */
#include "tools/templates/compiler.h"

#include <ctype.h>
#include <string.h>

static void
append(struct compiler *k, char name[NAME_MAX_BYTES], char ch)
{
	size_t n = strlen(name);

	if (n + 1 == NAME_MAX_BYTES)
		fail(k->file, k->line, "name too long: %s", name);
	name[n] = (char)tolower((unsigned char)ch);
	name[n + 1] = '\0';
}

static void
value_char(struct compiler *k, char ch)
{
	struct html *h = &k->html;

	if (ch == h->quote) {
		if (attribute_is_url(h) && !h->url_value && h->url_bytes > 0)
			attribute_check_url(k);
		h->place = PLACE_IN_TAG;
	} else if (attribute_is_url(h)) {
		if (h->url_value)
			fail(k->file, k->line,
			    "%s: one address and nothing beside it",
			    h->attribute);
		h->url_bytes++;
	}
	text_put(&k->raw, &ch, 1);
}

/* One character between < and >, outside of attribute values. */
static void
tag_char(struct compiler *k, char ch)
{
	struct html *h = &k->html;

	if (h->place == PLACE_EQUALS) {
		if (ch != '"' && ch != '\'')
			fail(k->file, k->line,
			    "%s: attribute values are quoted", h->attribute);
		h->place = PLACE_VALUE;
		h->quote = ch;
		h->url_bytes = 0;
		h->url_value = false;
	} else if (h->place == PLACE_SLASH && ch != '>') {
		fail(k->file, k->line, "/ within <%s>", h->tag);
	} else if (ch == '<' || ch == '"' || ch == '\'') {
		fail(k->file, k->line, "stray %c within <%s>", ch, h->tag);
	} else if (ch == '>') {
		if (h->place == PLACE_ATTRIBUTE)
			attribute_named(k);
		text_put(&k->raw, ">", 1);
		tag_done(k, h->place == PLACE_SLASH);
		return;
	} else if (ch == '/') {
		h->place = PLACE_SLASH;
	} else if (is_blank(ch)) {
		if (h->place == PLACE_ATTRIBUTE)
			attribute_named(k);
		if (h->place == PLACE_IN_TAG_GAP)
			return;
		h->place = PLACE_IN_TAG_GAP;
		ch = ' ';
	} else if (ch == '=') {
		if (h->place != PLACE_ATTRIBUTE)
			fail(k->file, k->line, "stray = within <%s>", h->tag);
		attribute_named(k);
		h->place = PLACE_EQUALS;
	} else if (h->place == PLACE_TAG_NAME) {
		append(k, h->tag, ch);
	} else if (h->place == PLACE_IN_TAG) {
		fail(k->file, k->line, "white space is missing within <%s>",
		    h->tag);
	} else {
		if (h->place == PLACE_IN_TAG_GAP) {
			h->attribute[0] = '\0';
			if (h->closing)
				fail(k->file, k->line, "</%s> has an attribute",
				    h->tag);
		}
		h->place = PLACE_ATTRIBUTE;
		append(k, h->attribute, ch);
	}
	text_put(&k->raw, &ch, 1);
}

static void
open_angle(struct compiler *k)
{
	struct html *h = &k->html;

	h->closing = false;
	h->tag[0] = '\0';
	if (strncmp(k->at, "<!--", 4) == 0) {
		h->place = PLACE_COMMENT;
	} else if (k->at[1] == '!') {
		h->place = PLACE_DOCTYPE;
	} else if (isalpha((unsigned char)k->at[1])) {
		h->place = PLACE_TAG_NAME;
	} else if (k->at[1] == '/' && isalpha((unsigned char)k->at[2])) {
		h->place = PLACE_TAG_NAME;
		h->closing = true;
		text_put(&k->raw, "<", 1);
		k->at++;
	} else {
		fail(k->file, k->line, "stray <, write &lt;");
	}
	text_put(&k->raw, k->at++, 1);
}

void
html_skip_blanks(struct compiler *k)
{
	for (; is_blank(*k->at); k->at++)
		if (*k->at == '\n')
			k->line++;
}

static void
text_char(struct compiler *k)
{
	struct html *h = &k->html;

	if (*k->at == '\n' && !tag_keeps_space(h)) {
		text_put(&k->raw, "\n", 1);
		html_skip_blanks(k);
		return;
	}
	if (*k->at == '\n')
		k->line++;
	if (h->place == PLACE_TEXT ? *k->at == '<' : element_ends_here(k)) {
		open_angle(k);
		return;
	}
	if (h->place == PLACE_RAW && !is_blank(*k->at))
		fail(k->file, k->line, "no inline <%s>",
		    h->open[h->depth - 1].tag);
	text_put(&k->raw, k->at++, 1);
}

void
html_char(struct compiler *k)
{
	struct html *h = &k->html;

	switch (h->place) {
	case PLACE_TEXT:
	case PLACE_RAW:
	case PLACE_PLAIN:
		text_char(k);
		return;
	case PLACE_VALUE:
		if (*k->at == '\n')
			fail(k->file, k->line,
			    "%s: the value does not end in its line",
			    h->attribute);
		value_char(k, *k->at);
		break;
	case PLACE_COMMENT:
		if (strncmp(k->at, "-->", 3) == 0) {
			text_put(&k->raw, k->at, 2);
			k->at += 2;
			h->place = PLACE_TEXT;
		}
		text_put(&k->raw, k->at, 1);
		break;
	case PLACE_DOCTYPE:
		if (*k->at == '>')
			h->place = PLACE_TEXT;
		text_put(&k->raw, k->at, 1);
		break;
	default:
		tag_char(k, *k->at);
		break;
	}
	if (*k->at == '\n')
		k->line++;
	k->at++;
}

bool
html_in_url(const struct compiler *k)
{
	return k->html.place == PLACE_VALUE && attribute_is_url(&k->html);
}

void
html_check_value(struct compiler *k)
{
	struct html *h = &k->html;

	switch (h->place) {
	case PLACE_TEXT:
	case PLACE_PLAIN:
	case PLACE_VALUE:
		return;
	case PLACE_RAW:
		fail(k->file, k->line, "no value within <%s>",
		    h->open[h->depth - 1].tag);
	case PLACE_COMMENT:
	case PLACE_DOCTYPE:
		fail(k->file, k->line,
		    "no value within a comment or <!doctype>");
	case PLACE_TAG_NAME:
		fail(k->file, k->line, "no value within a tag's name");
	case PLACE_EQUALS:
		fail(k->file, k->line, "%s: attribute values are quoted",
		    h->attribute);
	default:
		fail(k->file, k->line, "a value stands in quotes after name=");
	}
}

void
html_settle(struct compiler *k)
{
	struct html *h = &k->html;

	if (h->place == PLACE_ATTRIBUTE) {
		attribute_named(k);
		h->place = PLACE_IN_TAG;
	} else if (h->place == PLACE_TAG_NAME) {
		h->place = PLACE_IN_TAG;
	} else if (h->place == PLACE_EQUALS) {
		fail(k->file, k->line, "%s: attribute values are quoted",
		    h->attribute);
	} else if (h->place == PLACE_SLASH) {
		fail(k->file, k->line, "/ within <%s>", h->tag);
	}
}

/* Within a tag, the way that still needs white space decides. */
void
html_meet(struct compiler *k, const struct html *other, int line)
{
	struct html *h = &k->html;
	bool h_tag = h->place == PLACE_IN_TAG || h->place == PLACE_IN_TAG_GAP;
	bool o_tag =
	    other->place == PLACE_IN_TAG || other->place == PLACE_IN_TAG_GAP;
	bool same = h->depth == other->depth &&
	    (h->place == other->place || (h_tag && o_tag));

	for (size_t i = 0; same && i < h->depth; i++)
		same = strcmp(h->open[i].tag, other->open[i].tag) == 0;
	if (same && h_tag)
		same = strcmp(h->tag, other->tag) == 0;
	if (same && h->place == PLACE_VALUE)
		same = strcmp(h->attribute, other->attribute) == 0 &&
		    h->quote == other->quote;
	if (!same)
		fail(k->file, k->line,
		    "the branches since line %d leave different tags open",
		    line);
	if (h_tag && other->place == PLACE_IN_TAG)
		h->place = PLACE_IN_TAG;
}
