/* What a text file may hold, checked before anything parses it. */
#ifndef CONTENT_SOURCE_TEXT_H
#define CONTENT_SOURCE_TEXT_H

#include "content/report.h"
#include "content/source.h"

/*
 * UTF-8 without a byte order mark, LF at the ends of lines and of the file,
 * no tabs (but in .tsv) and other control characters, and no private-use
 * characters: the renderer marks places with those. Scripts of labs may hold
 * any text of UTF-8.
 */
void source_text_check(struct report *report, struct source_file *f);

#endif
