/* Collects mistakes and prints them as file:line: message. */
#include "content/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "content/list.h"

void
report_add(struct report *r, const char *file, int line, const char *fmt, ...)
{
	struct content_error *e;
	va_list ap;

	if (r->n == REPORT_ERRORS_MAX) {
		r->dropped++;
		return;
	}
	e = LIST_ADD(r->a, r->list, r->n);
	e->file = file;
	e->line = line;
	va_start(ap, fmt);
	e->message = arena_vprintf(r->a, fmt, ap);
	va_end(ap);
}

static int
compare(const void *a, const void *b)
{
	const struct content_error *x = a, *y = b;
	int c;

	if ((c = strcmp(x->file, y->file)) != 0)
		return c;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->message, y->message);
}

void
report_finish(struct report *r, struct content_errors *out)
{
	size_t i, n = 0;

	if (r->n > 1)
		qsort(r->list, r->n, sizeof(*r->list), compare);
	for (i = 0; i < r->n; i++)
		if (n == 0 || compare(&r->list[n - 1], &r->list[i]) != 0)
			r->list[n++] = r->list[i];
	r->n = n;
	if (r->dropped > 0) {
		struct content_error *e = LIST_ADD(r->a, r->list, r->n);

		e->file = "";
		e->line = 0;
		e->message =
		    arena_printf(r->a, "and %zu more mistakes", r->dropped);
		r->dropped = 0;
	}
	out->list = r->list;
	out->n = r->n;
}

/* SECURITY: a file's name is the author's, and must not make lines of ours. */
static void
put(FILE *out, const char *text)
{
	text_print_plain(out, text, strlen(text), false);
}

void
content_errors_print(const struct content_errors *errors, FILE *out)
{
	const struct content_error *e;
	size_t i;

	for (i = 0; i < errors->n; i++) {
		e = &errors->list[i];
		put(out, e->file);
		if (e->line != 0)
			(void)fprintf(out, ":%d", e->line);
		if (e->file[0] != '\0')
			(void)fputs(": ", out);
		put(out, e->message);
		(void)putc('\n', out);
	}
}
