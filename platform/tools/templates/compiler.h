/*
 * The template compiler's parts and what they promise each other. All work on
 * one struct compiler: html.c and tags.c follow the HTML in it, scan.c reads
 * directives, directives.c, values.c and template.c turn them into C through
 * emit.c, main.c reads and writes the files. Every mistake ends the program.
 */
#ifndef TOOLS_TEMPLATES_COMPILER_H
#define TOOLS_TEMPLATES_COMPILER_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/text.h"

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

/* How the HTML stands: enough to compare two branches. */
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

struct compiler {
	const char *file;
	const char *source, *at; /* the file and how far we are */
	int line;
	struct html html;
	struct block blocks[BLOCKS_MAX];
	size_t n_blocks;
	/* the tags that the template's end must have open */
	char closes[DEPTH_MAX * NAME_MAX_BYTES];
	struct text raw; /* static HTML not yet written */
	struct text c, includes, prototypes;
	bool writes; /* the template uses its `o` */
};

/* ------------------------------------------- scan.c: reading a directive */

bool is_blank(char ch);
bool is_name(char ch); /* within a name of C */

/* The length of the name that s begins with; 0 if none. */
size_t name_bytes(const char *s);

/* The address after }} of the directive at s, minding C strings. */
const char *directive_end(const struct compiler *k, const char *s, int line);

/* A directive without its braces and the blanks within; the caller frees. */
char *directive_words(const char *from, const char *to);

/*
 * Does the directive begin with this word, and not with a variable of that
 * name? *rest is what follows it, untouched if not.
 */
bool directive_begins(char *c, const char *word, char **rest);

/* The C in a directive must be one expression: balanced and without end. */
void check_c(const struct compiler *k, const char *s);

/* The length of the first argument of a list: up to a comma or its end. */
size_t argument_bytes(const char *s);

/* --------------------------------------- html.c: where in the HTML we are */

/* Takes the next character of a template. */
void html_char(struct compiler *k);

void html_skip_blanks(struct compiler *k);

/* Within the value of an attribute that holds an address. */
bool html_in_url(const struct compiler *k);

/* Fails unless a value or message may stand here. */
void html_check_value(struct compiler *k);

/* A directive ends the name that stands before it. */
void html_settle(struct compiler *k);

/*
 * Two ways that meet: they must have led to the same place, the other one
 * from `line` on.
 */
void html_meet(struct compiler *k, const struct html *other, int line);

/* ------------------------------------- tags.c: elements and attributes */

/* Opens an element, or a pair of templates "x_start()". */
void tag_push(struct compiler *k, const char *tag);

/* At the > of a tag, or of "/>"; the place becomes what is due behind it. */
void tag_done(struct compiler *k, bool slash);

/* In script, style, title, textarea: does the element end here? */
bool element_ends_here(const struct compiler *k);

/* White space around lines goes, except where it is seen. */
bool tag_keeps_space(const struct html *h);

/* The attribute's name is complete: fails if it is not allowed. */
void attribute_named(struct compiler *k);

bool attribute_is_url(const struct html *h);

/* The static address at the end of `raw`: no scheme with code. */
void attribute_check_url(struct compiler *k);

/* ------------------------------------------------------ emit.c: writing C */

/* Writes the static HTML that has gathered, a line of it per line of C. */
void emit_html(struct compiler *k);

/* The static HTML that has gathered, then this C behind an indentation. */
void emit(struct compiler *k, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ------------------- values.c, template.c: c is what the directive says */

/* {{ c }} */
void value_put(struct compiler *k, const char *c);

/* {{ t c }} */
void value_message(struct compiler *k, const char *c);

/* {{ template c }}: all but its block; c is changed. */
void template_begin(struct compiler *k, char *c);

/* Its {{ end }}: what is open must be what it said it opens. */
void template_end(struct compiler *k);

/* {{ call c }} */
void template_call(struct compiler *k, const char *c);

/* ------------------------------------------- directives.c: all of them */

/* Takes the directive that begins here. */
void directive(struct compiler *k);

#endif
