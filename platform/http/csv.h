/*
 * CSV for downloads (RFC 4180): UTF-8 with a byte order mark, so that a
 * spreadsheet reads Japanese; a cell that a spreadsheet would run as a
 * formula gets an apostrophe in front.
 */
#ifndef HTTP_CSV_H
#define HTTP_CSV_H

#include "base/buf.h"

void csv_start(struct buf *b); /* the byte order mark */

/* One line; cells are strings, NULL-terminated. */
void csv_line(struct buf *b, ...) __attribute__((sentinel));

/* A cell by itself, with a comma in front unless first; then csv_end_line. */
void csv_cell(struct buf *b, const char *s, int first);
void csv_end_line(struct buf *b);

#endif
