/*
 * The template compiler: usage templates IN.tmpl OUT.c OUT.h. The language is
 * described in http/template.h. One pass: directives become C at once, the
 * HTML between them is followed character by character, so that every value
 * is written in the way its place demands. The first mistake is told as
 * "file:line: message" and nothing is written.
 */
#include <ctype.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 48
#define DEPTH_MAX 64
#define BLOCKS_MAX 64

/* Where in the HTML we are. */
enum place {
	PLACE_TEXT,
	PLACE_TAG_NAME,
	PLACE_IN_TAG, /* white space or the end must come next */
	PLACE_IN_TAG_GAP, /* white space was there: an attribute may begin */
	PLACE_ATTRIBUTE, /* in an attribute's name */
	PLACE_EQUALS, /* a quote must come next */
	PLACE_VALUE, /* in a quoted attribute value */
	PLACE_SLASH, /* after the / of <br/> */
	PLACE_COMMENT,
	PLACE_DOCTYPE,
	PLACE_RAW, /* in script or style */
	PLACE_PLAIN, /* in title or textarea: text, no tags */
};

struct html {
	enum place place;
	bool closing; /* the tag is </x> */
	char tag[NAME_MAX_BYTES];
	char attribute[NAME_MAX_BYTES];
	char quote;
	size_t url_bytes; /* static bytes of a URL attribute so far */
	bool url_value; /* it has had its value */
	size_t depth;
	struct {
		char tag[NAME_MAX_BYTES];
		int line;
	} open[DEPTH_MAX];
};

enum block_kind { BLOCK_IF, BLOCK_ELSE, BLOCK_FOR, BLOCK_WITH, BLOCK_TEMPLATE };

struct block {
	enum block_kind kind;
	int line;
	struct html before; /* when the block began */
	struct html after; /* an if: at the end of its first branch */
	bool has_after;
};

struct text {
	char *data;
	size_t len, cap;
};

struct compiler {
	const char *file;
	const char *source, *at; /* the file and how far we are */
	int line;
	struct html html;
	struct block blocks[BLOCKS_MAX];
	size_t n_blocks;
	char closes[DEPTH_MAX *
	    NAME_MAX_BYTES]; /* what the end must have open */
	struct text raw; /* static HTML not yet written */
	struct text c, includes, prototypes;
	bool writes; /* the template uses its `o` */
};

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

static void __attribute__((format(printf, 3, 4), noreturn))
fail(const struct compiler *k, int line, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", k->file, line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void
text_put(struct text *t, const char *s, size_t n)
{
	if (t->len + n + 1 > t->cap) {
		t->cap = (t->len + n + 1) * 2;
		t->data = realloc(t->data, t->cap);
		if (t->data == NULL)
			abort();
	}
	memcpy(t->data + t->len, s, n);
	t->len += n;
	t->data[t->len] = '\0';
}

static void __attribute__((format(printf, 2, 3)))
text_printf(struct text *t, const char *format, ...)
{
	char *s;
	int n;
	va_list ap;

	va_start(ap, format);
	n = vasprintf(&s, format, ap);
	va_end(ap);
	if (n < 0)
		abort();
	text_put(t, s, (size_t)n);
	free(s);
}

static bool
is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static bool
is_name(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

static bool
is_one_of(const char *const *list, const char *s)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	return false;
}

/* ------------------------------------------------------------- C output */

static void
indent(struct compiler *k)
{
	for (size_t i = 0; i < k->n_blocks; i++)
		text_put(&k->c, "\t", 1);
}

static void
c_string(struct text *t, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\' || s[i] == '?')
			text_printf(t, "\\%c", s[i]);
		else if (s[i] == '\n')
			text_put(t, "\\n", 2);
		else if (s[i] == '\t')
			text_put(t, "\\t", 2);
		else
			text_put(t, s + i, 1);
	}
}

/* Writes the static HTML that has gathered, a line of it per line of C. */
static void
flush(struct compiler *k)
{
	size_t from = 0, to;

	if (k->raw.len == 0)
		return;
	indent(k);
	text_printf(&k->c, "template_raw(o,");
	while (from < k->raw.len) {
		for (to = from; to < k->raw.len && k->raw.data[to] != '\n';
		     to++)
			;
		if (to < k->raw.len)
			to++;
		text_put(&k->c, "\n", 1);
		indent(k);
		text_put(&k->c, "    \"", 5);
		c_string(&k->c, k->raw.data + from, to - from);
		text_put(&k->c, "\"", 1);
		from = to;
	}
	text_printf(&k->c, ",\n");
	indent(k);
	text_printf(&k->c, "    %zu);\n", k->raw.len);
	k->raw.len = 0;
	k->writes = true;
}

/* ------------------------------------------------------ following the HTML */

static bool
in_svg(const struct html *h)
{
	for (size_t i = 0; i < h->depth; i++)
		if (strcmp(h->open[i].tag, "svg") == 0)
			return true;
	return false;
}

static void
push_tag(struct compiler *k, const char *tag)
{
	struct html *h = &k->html;

	if (h->depth == DEPTH_MAX)
		fail(k, k->line, "tags nest deeper than %d", DEPTH_MAX);
	snprintf(h->open[h->depth].tag, NAME_MAX_BYTES, "%s", tag);
	h->open[h->depth++].line = k->line;
}

static void
close_tag(struct compiler *k)
{
	struct html *h = &k->html;

	if (is_one_of(void_elements, h->tag))
		fail(k, k->line, "</%s>: this element has no end", h->tag);
	if (h->depth == 0)
		fail(k, k->line, "</%s> without <%s>", h->tag, h->tag);
	if (strcmp(h->open[h->depth - 1].tag, h->tag) != 0)
		fail(k, k->line, "</%s> where </%s> is due (<%s> in line %d)",
		    h->tag, h->open[h->depth - 1].tag,
		    h->open[h->depth - 1].tag, h->open[h->depth - 1].line);
	h->depth--;
}

/* At the > of a tag; what follows depends on the element. */
static void
tag_ends(struct compiler *k, bool slash)
{
	struct html *h = &k->html;

	h->place = PLACE_TEXT;
	if (h->closing) {
		close_tag(k);
		return;
	}
	if (is_one_of(void_elements, h->tag))
		return;
	if (slash && !in_svg(h))
		fail(k, k->line, "<%s/>: this element needs </%s>", h->tag,
		    h->tag);
	if (slash)
		return;
	push_tag(k, h->tag);
	if (strcmp(h->tag, "script") == 0 || strcmp(h->tag, "style") == 0)
		h->place = PLACE_RAW;
	else if (strcmp(h->tag, "title") == 0 && !in_svg(h))
		h->place = PLACE_PLAIN;
	else if (strcmp(h->tag, "textarea") == 0)
		h->place = PLACE_PLAIN;
	/* The parser drops one newline here, so that a text keeps its own. */
	if (strcmp(h->tag, "textarea") == 0 || strcmp(h->tag, "pre") == 0)
		text_put(&k->raw, "\n", 1);
}

static void
append(struct compiler *k, char name[NAME_MAX_BYTES], char ch)
{
	size_t n = strlen(name);

	if (n + 1 == NAME_MAX_BYTES)
		fail(k, k->line, "name too long: %s", name);
	name[n] = (char)tolower((unsigned char)ch);
	name[n + 1] = '\0';
}

static void
attribute_named(struct compiler *k)
{
	const char *a = k->html.attribute;

	if (strncmp(a, "on", 2) == 0)
		fail(k, k->line, "%s: no script in attributes", a);
	if (is_one_of(refused_attributes, a))
		fail(k, k->line, "%s: not allowed in templates", a);
}

/* A static address: one of ours or another site's, no scheme with code. */
static void
check_static_url(struct compiler *k)
{
	struct html *h = &k->html;
	const char *s = k->raw.data + k->raw.len - h->url_bytes;

	for (size_t i = 0; static_urls[i] != NULL; i++)
		if (strncmp(s, static_urls[i], strlen(static_urls[i])) == 0)
			return;
	fail(k, k->line, "%s: not an address for a page: %.*s", h->attribute,
	    (int)h->url_bytes, s);
}

static bool
is_url_attribute(const struct html *h)
{
	return is_one_of(url_attributes, h->attribute);
}

static void
value_char(struct compiler *k, char ch)
{
	struct html *h = &k->html;

	if (ch == h->quote) {
		if (is_url_attribute(h) && !h->url_value && h->url_bytes > 0)
			check_static_url(k);
		h->place = PLACE_IN_TAG;
	} else if (is_url_attribute(h)) {
		if (h->url_value)
			fail(k, k->line,
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
			fail(k, k->line, "%s: attribute values are quoted",
			    h->attribute);
		h->place = PLACE_VALUE;
		h->quote = ch;
		h->url_bytes = 0;
		h->url_value = false;
	} else if (h->place == PLACE_SLASH && ch != '>') {
		fail(k, k->line, "/ within <%s>", h->tag);
	} else if (ch == '<' || ch == '"' || ch == '\'') {
		fail(k, k->line, "stray %c within <%s>", ch, h->tag);
	} else if (ch == '>') {
		if (h->place == PLACE_ATTRIBUTE)
			attribute_named(k);
		text_put(&k->raw, ">", 1);
		tag_ends(k, h->place == PLACE_SLASH);
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
			fail(k, k->line, "stray = within <%s>", h->tag);
		attribute_named(k);
		h->place = PLACE_EQUALS;
	} else if (h->place == PLACE_TAG_NAME) {
		append(k, h->tag, ch);
	} else if (h->place == PLACE_IN_TAG) {
		fail(k, k->line, "white space is missing within <%s>", h->tag);
	} else {
		if (h->place == PLACE_IN_TAG_GAP) {
			h->attribute[0] = '\0';
			if (h->closing)
				fail(k, k->line, "</%s> has an attribute",
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
		fail(k, k->line, "stray <, write &lt;");
	}
	text_put(&k->raw, k->at++, 1);
}

/* In script, style, title, textarea: does the element end here? */
static bool
own_end_tag(const struct compiler *k)
{
	const char *tag = k->html.open[k->html.depth - 1].tag;

	return k->at[0] == '<' && k->at[1] == '/' &&
	    strncmp(k->at + 2, tag, strlen(tag)) == 0;
}

/* White space around lines goes, except where it is seen. */
static bool
keeps_space(const struct html *h)
{
	if (h->place == PLACE_PLAIN)
		return strcmp(h->open[h->depth - 1].tag, "textarea") == 0;
	for (size_t i = 0; i < h->depth; i++)
		if (strcmp(h->open[i].tag, "pre") == 0)
			return true;
	return false;
}

static void
skip_blanks(struct compiler *k)
{
	for (; is_blank(*k->at); k->at++)
		if (*k->at == '\n')
			k->line++;
}

static void
text_char(struct compiler *k)
{
	struct html *h = &k->html;

	if (*k->at == '\n' && !keeps_space(h)) {
		text_put(&k->raw, "\n", 1);
		skip_blanks(k);
		return;
	}
	if (*k->at == '\n')
		k->line++;
	if (h->place == PLACE_TEXT ? *k->at == '<' : own_end_tag(k)) {
		open_angle(k);
		return;
	}
	if (h->place == PLACE_RAW && !is_blank(*k->at))
		fail(k, k->line, "no inline <%s>", h->open[h->depth - 1].tag);
	text_put(&k->raw, k->at++, 1);
}

static void
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
			fail(k, k->line,
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

/* A directive ends the name that stands before it. */
static void
settle(struct compiler *k)
{
	struct html *h = &k->html;

	if (h->place == PLACE_ATTRIBUTE) {
		attribute_named(k);
		h->place = PLACE_IN_TAG;
	} else if (h->place == PLACE_TAG_NAME) {
		h->place = PLACE_IN_TAG;
	} else if (h->place == PLACE_EQUALS) {
		fail(k, k->line, "%s: attribute values are quoted",
		    h->attribute);
	} else if (h->place == PLACE_SLASH) {
		fail(k, k->line, "/ within <%s>", h->tag);
	}
}

/*
 * Two ways that meet: they must have led to the same place. Within a tag, the
 * one that still needs white space decides.
 */
static void
meet(struct compiler *k, const struct html *other, int line)
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
		fail(k, k->line,
		    "the branches since line %d leave different tags open",
		    line);
	if (h_tag && other->place == PLACE_IN_TAG)
		h->place = PLACE_IN_TAG;
}

/* ------------------------------------------------------------ directives */

/* The address after }} of the directive at s, minding C strings. */
static const char *
directive_end(const struct compiler *k, const char *s, int line)
{
	char quote = '\0';
	bool comment = s[2] == '#';

	for (s += 2; *s != '\0'; s++) {
		if (quote != '\0') {
			if (*s == '\\' && s[1] != '\0')
				s++;
			else if (*s == quote)
				quote = '\0';
		} else if (!comment && (*s == '"' || *s == '\'')) {
			quote = *s;
		} else if (s[0] == '}' && s[1] == '}') {
			return s + 2;
		}
	}
	fail(k, line, "{{ without }}");
}

/* The C in a directive must be one expression: balanced and without end. */
static void
check_c(const struct compiler *k, const char *s)
{
	char open[32];
	size_t depth = 0;
	char quote = '\0';

	if (*s == '\0')
		fail(k, k->line, "the directive is empty");
	for (; *s != '\0'; s++) {
		if (quote != '\0') {
			if (*s == '\\')
				s++;
			else if (*s == quote)
				quote = '\0';
		} else if (*s == '"' || *s == '\'') {
			quote = *s;
		} else if (strchr("([{", *s) != NULL) {
			if (depth == sizeof(open))
				fail(k, k->line, "too many parentheses");
			open[depth++] = *s == '(' ? ')' : *s == '[' ? ']' : '}';
		} else if (strchr(")]}", *s) != NULL) {
			if (depth == 0 || open[--depth] != *s)
				fail(k, k->line, "stray %c", *s);
		} else if (*s == ';' || strncmp(s, "//", 2) == 0 ||
		    strncmp(s, "/*", 2) == 0) {
			fail(k, k->line, "one expression, no %.2s", s);
		}
	}
	if (depth != 0)
		fail(k, k->line, "%c is missing", open[depth - 1]);
}

static struct block *
open_block(struct compiler *k, enum block_kind kind)
{
	struct block *b;

	if (k->n_blocks == BLOCKS_MAX)
		fail(k, k->line, "blocks nest deeper than %d", BLOCKS_MAX);
	b = &k->blocks[k->n_blocks++];
	*b = (struct block){.kind = kind, .line = k->line, .before = k->html};
	return b;
}

static bool
in_url(const struct compiler *k)
{
	return k->html.place == PLACE_VALUE && is_url_attribute(&k->html);
}

/* A value or message may stand here? */
static void
check_value_place(struct compiler *k)
{
	struct html *h = &k->html;

	switch (h->place) {
	case PLACE_TEXT:
	case PLACE_PLAIN:
	case PLACE_VALUE:
		return;
	case PLACE_RAW:
		fail(k, k->line, "no value within <%s>",
		    h->open[h->depth - 1].tag);
	case PLACE_COMMENT:
	case PLACE_DOCTYPE:
		fail(k, k->line, "no value within a comment or <!doctype>");
	case PLACE_TAG_NAME:
		fail(k, k->line, "no value within a tag's name");
	case PLACE_EQUALS:
		fail(k, k->line, "%s: attribute values are quoted",
		    h->attribute);
	default:
		fail(k, k->line, "a value stands in quotes after name=");
	}
}

static void
do_value(struct compiler *k, const char *c)
{
	struct html *h = &k->html;
	const char *macro = "TEMPLATE_VALUE";
	size_t word = 0;

	while (is_name(c[word]))
		word++;
	if (word > 0 && is_blank(c[word]) &&
	    (is_name(c[word + 1]) || c[word + 1] == '"'))
		fail(k, k->line, "unknown directive: %.*s", (int)word, c);
	check_value_place(k);
	check_c(k, c);
	if (in_url(k)) {
		if (h->url_value || h->url_bytes > 0)
			fail(k, k->line,
			    "%s: one address and nothing beside it",
			    h->attribute);
		h->url_value = true;
		macro = "TEMPLATE_URL";
	} else if (h->place != PLACE_TEXT) {
		macro = "TEMPLATE_ATTRIBUTE";
	}
	flush(k);
	indent(k);
	text_printf(&k->c, "%s(o, %s);\n", macro, c);
	k->writes = true;
}

/* The length of the first argument of a list: up to a comma or its end. */
static size_t
argument_bytes(const char *s)
{
	int depth = 0;
	char quote = '\0';
	size_t n;

	for (n = 0; s[n] != '\0'; n++) {
		if (quote != '\0') {
			if (s[n] == '\\')
				n++;
			else if (s[n] == quote)
				quote = '\0';
		} else if (s[n] == '"' || s[n] == '\'') {
			quote = s[n];
		} else if (strchr("([{", s[n]) != NULL) {
			depth++;
		} else if (strchr(")]}", s[n]) != NULL) {
			depth--;
		} else if (s[n] == ',' && depth == 0) {
			break;
		}
	}
	return n;
}

static void
do_message(struct compiler *k, const char *c)
{
	char id[128];
	size_t n = strspn(c, "abcdefghijklmnopqrstuvwxyz0123456789_.");
	size_t bytes;

	check_value_place(k);
	if (in_url(k))
		fail(k, k->line, "%s: a message is no address",
		    k->html.attribute);
	if (n == 0 || n >= sizeof(id) || (c[n] != '\0' && c[n] != ','))
		fail(k, k->line, "not the id of a message: %s", c);
	for (size_t i = 0; i < n; i++)
		id[i] = c[i] == '.' ? '_' : c[i];
	id[n] = '\0';
	flush(k);
	indent(k);
	k->writes = true;
	if (c[n] == '\0') {
		text_printf(&k->c, "TEMPLATE_MESSAGE(o, %s);\n", id);
		return;
	}
	check_c(k, c + n + 1);
	text_printf(&k->c, "TEMPLATE_MESSAGE_ARGS(o, %s", id);
	for (c += n; *c == ','; c += bytes) {
		c++;
		c += strspn(c, " \t\n");
		bytes = argument_bytes(c);
		if (bytes == 0)
			fail(k, k->line, "an argument is empty");
		text_printf(&k->c, ",\n");
		indent(k);
		text_printf(&k->c, "    TEMPLATE_ARG(o, %.*s)", (int)bytes, c);
	}
	text_printf(&k->c, ");\n");
}

static void
do_if(struct compiler *k, const char *c)
{
	check_c(k, c);
	flush(k);
	indent(k);
	text_printf(&k->c, "if (%s) {\n", c);
	open_block(k, BLOCK_IF);
}

/* The next branch of an if begins where the first one began. */
static struct block *
next_branch(struct compiler *k, const char *word)
{
	struct block *b = &k->blocks[k->n_blocks - 1];

	if (b->kind != BLOCK_IF)
		fail(k, k->line, "%s without {{ if }}", word);
	flush(k);
	if (b->has_after)
		meet(k, &b->after, b->line);
	b->after = k->html;
	b->has_after = true;
	k->html = b->before;
	return b;
}

static void
do_elif(struct compiler *k, const char *c)
{
	check_c(k, c);
	next_branch(k, "elif");
	k->n_blocks--;
	indent(k);
	text_printf(&k->c, "} else if (%s) {\n", c);
	k->n_blocks++;
}

static void
do_else(struct compiler *k, const char *nothing)
{
	(void)nothing;
	next_branch(k, "else")->kind = BLOCK_ELSE;
	k->n_blocks--;
	indent(k);
	text_printf(&k->c, "} else {\n");
	k->n_blocks++;
}

static void
do_for(struct compiler *k, const char *c)
{
	size_t n = 0;
	const char *limit;

	while (is_name(c[n]))
		n++;
	limit = c + n + strspn(c + n, " \t\n");
	if (n == 0 || isdigit((unsigned char)c[0]) || *limit != '<')
		fail(k, k->line, "for NAME < EXPRESSION, not: for %s", c);
	limit++;
	limit += strspn(limit, " \t\n");
	check_c(k, limit);
	flush(k);
	indent(k);
	text_printf(&k->c,
	    "for (size_t %.*s = 0; %.*s < (size_t)(%s); "
	    "%.*s++) {\n",
	    (int)n, c, (int)n, c, limit, (int)n, c);
	open_block(k, BLOCK_FOR);
}

static void
do_with(struct compiler *k, const char *c)
{
	check_c(k, c);
	if (strchr(c, '=') == NULL)
		fail(k, k->line, "with DECLARATION = EXPRESSION, not: %s", c);
	flush(k);
	indent(k);
	text_printf(&k->c, "{\n");
	open_block(k, BLOCK_WITH);
	indent(k);
	text_printf(&k->c, "%s;\n", c);
}

/*
 * What x_start opens, x_end closes, also when both stand in another file: the
 * pair nests like a tag.
 */
static void
follow_pair(struct compiler *k, const char *name, size_t n)
{
	struct html *h = &k->html;
	char tag[NAME_MAX_BYTES];

	if (n > 6 && strncmp(name + n - 6, "_start", 6) == 0) {
		snprintf(tag, sizeof(tag), "%.*s()", (int)n, name);
		push_tag(k, tag);
	} else if (n > 4 && strncmp(name + n - 4, "_end", 4) == 0) {
		snprintf(tag, sizeof(tag), "%.*s_start()", (int)n - 4, name);
		if (h->depth == 0 ||
		    strcmp(h->open[h->depth - 1].tag, tag) != 0)
			fail(k, k->line, "call %.*s where %s is not open",
			    (int)n, name, tag);
		h->depth--;
	}
}

static void
do_call(struct compiler *k, const char *c)
{
	size_t n = 0;
	const char *arguments;

	while (is_name(c[n]))
		n++;
	check_c(k, c);
	if (n == 0 || c[n] != '(' || c[strlen(c) - 1] != ')')
		fail(k, k->line, "call NAME(ARGUMENTS), not: call %s", c);
	if (k->html.place != PLACE_TEXT)
		fail(k, k->line, "call stands between tags");
	follow_pair(k, c, n);
	flush(k);
	indent(k);
	arguments = c + n + 1;
	text_printf(&k->c, "%.*s(o%s%s;\n", (int)n, c,
	    *arguments == ')' ? "" : ", ", arguments);
	k->writes = true;
}

/* "html body main": opened for the template, or remembered for its end. */
static void
take_tags(struct compiler *k, const char *list, bool open)
{
	char word[NAME_MAX_BYTES];
	int n;

	if (!open) {
		snprintf(k->closes, sizeof(k->closes), "%s", list);
		return;
	}
	for (; sscanf(list, " %40[a-z0-9]%n", word, &n) == 1; list += n)
		push_tag(k, word);
}

static void
do_template(struct compiler *k, char *c)
{
	size_t n = 0, end;
	char *tail;
	const char *parameters;

	while (is_name(c[n]))
		n++;
	if (n == 0 || c[n] != '(' || strrchr(c, ')') == NULL)
		fail(k, k->line, "template NAME(PARAMETERS), not: %s", c);
	end = (size_t)(strrchr(c, ')') - c);
	tail = c + end + 1;
	tail += strspn(tail, " \t\n");
	c[end] = '\0';
	parameters = c + n + 1;
	if (strcmp(parameters, "void") == 0)
		parameters = "";
	k->html = (struct html){.place = PLACE_TEXT};
	k->closes[0] = '\0';
	k->writes = false;
	if (strncmp(tail, "closes ", 7) == 0)
		take_tags(k, tail + 7, true);
	else if (strncmp(tail, "opens ", 6) == 0)
		take_tags(k, tail + 6, false);
	else if (*tail != '\0')
		fail(k, k->line, "opens TAGS or closes TAGS, not: %s", tail);
	text_printf(&k->prototypes, "void %.*s(struct out *o%s%s);\n", (int)n,
	    c, *parameters ? ", " : "", parameters);
	text_printf(&k->c, "\nvoid\n%.*s(struct out *o%s%s)\n{\n", (int)n, c,
	    *parameters ? ", " : "", parameters);
	open_block(k, BLOCK_TEMPLATE);
}

/* A template ends: what is open must be what it said it opens. */
static void
end_template(struct compiler *k)
{
	struct html *h = &k->html;
	const char *list = k->closes;
	char word[NAME_MAX_BYTES];
	size_t i = 0;
	int n;

	if (h->place != PLACE_TEXT)
		fail(k, k->line, "the template ends within <%s>", h->tag);
	for (; sscanf(list, " %40[a-z0-9]%n", word, &n) == 1; list += n, i++)
		if (i >= h->depth || strcmp(h->open[i].tag, word) != 0)
			fail(k, k->line, "<%s> is not open at the end", word);
	if (i < h->depth)
		fail(k, h->open[i].line, "<%s> is not closed", h->open[i].tag);
	while (
	    k->raw.len > 0 && is_blank(k->raw.data[k->raw.len - 1]) && i == 0)
		k->raw.len--;
	if (k->raw.len > 0 && i == 0)
		text_put(&k->raw, "\n", 1);
}

static void
do_end(struct compiler *k, const char *nothing)
{
	struct block *b = &k->blocks[k->n_blocks - 1];

	(void)nothing;
	if (b->kind == BLOCK_TEMPLATE)
		end_template(k);
	else if (b->kind == BLOCK_ELSE)
		meet(k, &b->after, b->line);
	else
		meet(k, &b->before, b->line);
	if (b->kind == BLOCK_IF && b->has_after)
		meet(k, &b->after, b->line);
	flush(k);
	if (b->kind == BLOCK_TEMPLATE && !k->writes)
		text_printf(&k->c, "\t(void)o;\n");
	k->n_blocks--;
	indent(k);
	text_printf(&k->c, "}\n");
}

static void
do_include(struct compiler *k, const char *c)
{
	size_t n = strlen(c);

	if (n < 3 || c[0] != '"' || c[n - 1] != '"' || k->n_blocks > 0)
		fail(k, k->line, "include \"room/file.h\" stands at the top");
	text_printf(&k->includes, "#include %s\n", c);
}

/* Does the directive begin with this word? rest is what follows it. */
static bool
is_word(char *c, const char *word, char **rest)
{
	size_t n = strlen(word);

	if (strncmp(c, word, n) != 0 || is_name(c[n]))
		return false;
	/* A variable of that name: {{ t->x }}, {{ t.x }}. */
	if (c[n] != '\0' && !is_blank(c[n]) &&
	    !(c[n] == '(' &&
		(strcmp(word, "if") == 0 || strcmp(word, "elif") == 0)))
		return false;
	*rest = c + n + strspn(c + n, " \t\n");
	return true;
}

/* In a tag, control may switch whole attributes; elsewhere it may stand. */
static void
check_control_place(struct compiler *k)
{
	if (in_url(k))
		fail(k, k->line, "%s: one address and nothing beside it",
		    k->html.attribute);
	if (k->html.place == PLACE_COMMENT || k->html.place == PLACE_DOCTYPE ||
	    k->html.place == PLACE_RAW)
		check_value_place(k);
	settle(k);
}

/* Directives that stand within templates and write C; false: another. */
static bool
control(struct compiler *k, char *c)
{
	static const struct {
		const char *word;
		void (*act)(struct compiler *, const char *);
		bool alone;
	} acts[] = {{"if", do_if, false}, {"elif", do_elif, false},
	    {"else", do_else, true}, {"end", do_end, true},
	    {"for", do_for, false}, {"with", do_with, false},
	    {"call", do_call, false}};
	char *rest;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (!is_word(c, acts[i].word, &rest))
			continue;
		if (acts[i].alone && *rest != '\0')
			fail(k, k->line, "unknown directive: %s", c);
		check_control_place(k);
		acts[i].act(k, rest);
		return true;
	}
	return false;
}

static void
directive_in_template(struct compiler *k, char *c)
{
	char *rest;

	if (control(k, c))
		return;
	if (is_word(c, "include", &rest) || is_word(c, "template", &rest))
		fail(k, k->line, "%.*s stands outside of templates",
		    (int)strcspn(c, " \t\n"), c);
	if (is_word(c, "t", &rest) && *rest != '\0')
		do_message(k, rest);
	else
		do_value(k, c);
}

/* The words of a directive without its braces and the blanks within. */
static char *
directive_words(const char *from, const char *to)
{
	char *c;

	from += 2;
	to -= 2;
	while (from < to && is_blank(*from))
		from++;
	while (from < to && is_blank(to[-1]))
		to--;
	c = strndup(from, (size_t)(to - from));
	if (c == NULL)
		abort();
	return c;
}

static void
directive(struct compiler *k)
{
	const char *from = k->at, *to = directive_end(k, k->at, k->line);
	char *c = directive_words(from, to), *rest;

	if (from[2] == '#')
		;
	else if (k->n_blocks > 0)
		directive_in_template(k, c);
	else if (is_word(c, "include", &rest))
		do_include(k, rest);
	else if (is_word(c, "template", &rest))
		do_template(k, rest);
	else
		fail(k, k->line, "outside of a template: %s", c);
	free(c);
	for (k->at = to; from < to; from++)
		if (*from == '\n')
			k->line++;
}

/* A directive that leaves nothing on the page. */
static bool
is_silent(const char *from, const char *to)
{
	static const char *const words[] = {"if", "elif", "else", "end", "for",
	    "with", "call", "template", "include", NULL};
	char *c, *rest;
	bool silent = from[2] == '#';

	c = directive_words(from, to);
	for (size_t i = 0; words[i] != NULL && !silent; i++)
		silent = is_word(c, words[i], &rest);
	free(c);
	return silent;
}

/* Does the line that begins here hold nothing but silent directives? */
static bool
line_is_silent(const struct compiler *k)
{
	const char *s = k->at, *to;
	bool any = false;

	for (;;) {
		s += strspn(s, " \t\r");
		if (s[0] != '{' || s[1] != '{')
			break;
		to = directive_end(k, s, k->line);
		if (!is_silent(s, to))
			return false;
		any = true;
		s = to;
	}
	return any && (*s == '\n' || *s == '\0');
}

static void
silent_line(struct compiler *k)
{
	for (;;) {
		k->at += strspn(k->at, " \t\r");
		if (*k->at != '{')
			break;
		directive(k);
	}
	if (!keeps_space(&k->html)) {
		skip_blanks(k);
	} else if (*k->at == '\n') {
		k->at++;
		k->line++;
	}
}

/* At the first character of a line, or behind its indentation? */
static bool
line_begins(const struct compiler *k)
{
	const char *s = k->at;

	while (s > k->source && (s[-1] == ' ' || s[-1] == '\t'))
		s--;
	return s == k->source || s[-1] == '\n';
}

static void
compile(struct compiler *k)
{
	while (*k->at != '\0') {
		if ((k->html.place == PLACE_TEXT ||
			k->html.place == PLACE_PLAIN) &&
		    line_begins(k) && line_is_silent(k))
			silent_line(k);
		else if (k->at[0] == '{' && k->at[1] == '{')
			directive(k);
		else if (k->n_blocks > 0)
			html_char(k);
		else if (is_blank(*k->at))
			skip_blanks(k);
		else
			fail(k, k->line, "text outside of a template");
	}
	if (k->n_blocks > 0)
		fail(k, k->blocks[k->n_blocks - 1].line,
		    "{{ end }} is missing for this line");
}

/* ----------------------------------------------------------------- files */

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	struct text t = {0};
	char block[4096];
	size_t n;

	if (f == NULL) {
		perror(name);
		exit(1);
	}
	text_put(&t, "", 0);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		text_put(&t, block, n);
	if (ferror(f) || memchr(t.data, '\0', t.len) != NULL ||
	    mbstowcs(NULL, t.data, 0) == (size_t)-1) {
		fprintf(stderr, "%s:1: not UTF-8 text\n", name);
		exit(1);
	}
	fclose(f);
	return t.data;
}

static void
write_file(const char *name, const struct text *t)
{
	FILE *f = fopen(name, "w");

	if (f == NULL || fwrite(t->data, 1, t->len, f) != t->len ||
	    fclose(f) != 0) {
		perror(name);
		exit(1);
	}
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* learn/learn.tmpl: LEARN_LEARN_TMPL_H */
static void
guard_name(char *out, size_t size, const char *path)
{
	const char *s = base_name(path);
	size_t n;

	if (s > path + 1)
		for (s--; s > path && s[-1] != '/'; s--)
			;
	snprintf(out, size, "%s_H", s);
	for (n = 0; out[n] != '\0'; n++)
		out[n] = is_name(out[n]) ? (char)toupper((unsigned char)out[n])
					 : '_';
}

int
main(int argc, char **argv)
{
	struct compiler k = {.line = 1};
	struct text c = {0}, h = {0};
	char guard[128], *source;

	if (argc != 4) {
		fprintf(stderr, "usage: templates IN.tmpl OUT.c OUT.h\n");
		return 2;
	}
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		abort();
	k.file = argv[1];
	k.source = k.at = source = read_file(argv[1]);
	text_put(&k.c, "", 0);
	text_put(&k.includes, "", 0);
	text_put(&k.prototypes, "", 0);
	compile(&k);

	guard_name(guard, sizeof(guard), argv[1]);
	text_printf(&h,
	    "/* Generated from %s. */\n#ifndef %s\n#define %s\n\n"
	    "#include \"http/template.h\"\n%s\n%s\n#endif\n",
	    argv[1], guard, guard, k.includes.data, k.prototypes.data);
	text_printf(&c, "/* Generated from %s. */\n#include \"%s\"\n%s",
	    argv[1], base_name(argv[3]), k.c.data);
	write_file(argv[2], &c);
	write_file(argv[3], &h);
	free(source);
	free(k.c.data);
	free(k.raw.data);
	free(k.includes.data);
	free(k.prototypes.data);
	free(c.data);
	free(h.data);
	return 0;
}
