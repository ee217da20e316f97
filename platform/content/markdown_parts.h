/*
 * What the files of the Markdown renderer share. A text goes this way:
 *
 *	source ─cut─▶ lines without tables and notes ─cmark─▶ tree
 *	       └────▶ tables, notes ──each cell by cmark──────┐
 *	tree ─passes (walk)─▶ tree with finished pieces ◀─────┘ ─cmark─▶ HTML
 *
 * Places are marked in the cut text with private-use characters, which a
 * source may not hold.
 */
#ifndef CONTENT_MARKDOWN_PARTS_H
#define CONTENT_MARKDOWN_PARTS_H

#include <cmark.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "content/markdown.h"

/* U+E000 n U+E001 alone in a paragraph: table n stands here. */
#define MARK_TABLE "\xee\x80\x80"
#define MARK_TABLE_END "\xee\x80\x81"
/* [U+E002 label U+E003]: a mention of a footnote. */
#define MARK_NOTE "\xee\x80\x82"
#define MARK_NOTE_END "\xee\x80\x83"
#define MARK_BYTES 3

#define NOTE_LABEL_MAX 16

struct md_table {
	int line; /* of its head */
	const char *caption;
	const char **rows; /* as written, from '|' on */
	size_t n_rows;
};

struct md_note {
	const char *label, *text;
	int line;
	int number; /* in order of the first mention; 0: never */
	int mentions;
};

struct md {
	const struct markdown *in;
	struct parts *parts;
	struct md_table *tables;
	size_t n_tables;
	struct md_note *notes;
	size_t n_notes;
	int *lines; /* of the cut text: the line in the source */
	size_t n_lines;
	const struct term **terms; /* used, in order */
	size_t n_terms;
	struct heading *headings;
	size_t n_headings;
	struct buf plain;
	int n_numbered, n_callouts, section, subsection;
	int fixed_line; /* inside a cell or note: its line; else 0 */
	bool in_note;
};

void md_report(struct md *md, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void md_part(struct md *md, enum part_kind kind, int line, int size, int size2);

/* Fills tables, notes and lines; answers the text for cmark. */
char *md_cut(struct md *md, size_t *size);

/* "[^1]" at s: its length, and where the label is; 0 if it is none. */
size_t md_note_mention(
    const char *s, size_t n, const char **label, size_t *label_bytes);

/* Adds text in which mentions of footnotes are marked. */
void md_mark_notes(struct buf *out, const char *s, size_t n);

/* The passes over a tree, in order of the text. */
void md_walk(struct md *md, cmark_node *root);

/* HTML of a piece without blocks: a cell, a caption, a note. */
const char *md_inline(struct md *md, const char *text, int line);

/* HTML of a table. */
const char *
md_table_html(struct md *md, const struct md_table *t, size_t number);

/* In the plain text, blocks stand on lines of their own. */
void md_plain_block(struct md *md);

/* What stands below a text. */
void md_put_notes(struct md *md, struct buf *out);
void md_put_terms(const struct md *md, struct buf *out);

/* The passes over single kinds of blocks (markdown_blocks.c). */
void md_quote_node(struct md *md, cmark_node *node);
void md_code_block(struct md *md, cmark_node *node);
/* After its inlines are done. */
void md_heading_finish(struct md *md, cmark_node *node);
/* The number of the table that a paragraph stands for; -1: it is a text. */
long md_table_mark(struct md *md, cmark_node *paragraph);

/* The passes over inline nodes (markdown_inline.c, markdown_links.c). */
int md_line(struct md *md, cmark_node *node);
void md_text_node(struct md *md, cmark_node *node);
void md_code_node(struct md *md, cmark_node *node);
void md_break_node(struct md *md, cmark_node *node);
void md_link_node(struct md *md, cmark_node *node);
void md_image_node(struct md *md, cmark_node *node);
void md_html_node(struct md *md, cmark_node *node);

/* Everything below `from` becomes the content of `to`. */
void md_move_children(cmark_node *from, cmark_node *to);
void md_replace(cmark_node *old, cmark_node *with);
/* A node that prints two pieces of HTML around its children. */
cmark_node *
md_custom(cmark_node_type type, const char *enter, const char *leave);

/* Escaped for text and attributes. */
void md_escape(struct buf *out, const char *s, size_t n);

/* Set as user data of a [!POINT] callout: its lines stay lines. */
extern const char md_point[];

#endif
