/* The mistakes found in a commit: all of them, with file and line. */
#ifndef CONTENT_REPORT_H
#define CONTENT_REPORT_H

#include "base/arena.h"
#include "content/publish.h"

/* After this many the rest is counted, not kept. */
#define REPORT_ERRORS_MAX 2000

struct report {
	struct arena *a;
	struct content_error *list;
	size_t n;
	size_t dropped;
};

/* line 0: the file as a whole. The path is kept, not copied. */
void report_add(struct report *r, const char *file, int line, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

/* Sorted by file, line and message, the same mistake once. */
void report_finish(struct report *r, struct content_errors *out);

#endif
