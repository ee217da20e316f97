/*
 * Markdown to HTML that is safe and well formed: CommonMark by cmark, with
 * tables, footnotes, callouts, captions, anchors and terms. What it accepts
 * stands in courses/README.md; what it cannot accept is reported, and left
 * out or shown as plain text.
 */
#ifndef CONTENT_MARKDOWN_H
#define CONTENT_MARKDOWN_H

#include "content/glossary.h"
#include "content/model.h"
#include "content/names.h"
#include "content/report.h"

/* Moves when the same text gives other HTML: part of a manifest's name. */
#define RENDERER_VERSION 1

struct markdown {
	const char *file, *text; /* valid UTF-8 */
	size_t size;
	enum lang lang;
	const struct glossary *glossary;
	struct names *names; /* links to modules are mentioned here */
	struct report *report;
	struct arena *a;
};

/*
 * What both languages must have alike: headings with their level, tables
 * with columns and rows, callouts with their kind, footnotes.
 */
enum part_kind { PART_HEADING, PART_TABLE, PART_CALLOUT, PART_NOTE };

struct part {
	enum part_kind kind;
	int line;
	int size; /* level, columns or the kind of callout */
	int size2; /* rows */
};

struct parts {
	struct part *list; /* in the order of the text */
	size_t n;
};

void markdown_render(
    const struct markdown *in, struct rendered *out, struct parts *parts);

#endif
