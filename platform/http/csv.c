/* CSV for downloads. */
#include "http/csv.h"

#include <stdarg.h>
#include <string.h>

void
csv_start(struct buf *b)
{
	buf_puts(b, "\xef\xbb\xbf");
}

void
csv_cell(struct buf *b, const char *s, int first)
{
	if (!first)
		buf_putc(b, ',');
	buf_putc(b, '"');
	/* SECURITY: =, +, - and @ start formulas; so does a leading tab */
	if (*s != '\0' && strchr("=+-@\t\r", *s) != NULL)
		buf_putc(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_putc(b, '"');
		buf_putc(b, *s);
	}
	buf_putc(b, '"');
}

void
csv_end_line(struct buf *b)
{
	buf_puts(b, "\r\n");
}

void
csv_line(struct buf *b, ...)
{
	const char *s;
	int first = 1;
	va_list ap;

	va_start(ap, b);
	while ((s = va_arg(ap, const char *)) != NULL) {
		csv_cell(b, s, first);
		first = 0;
	}
	va_end(ap);
	csv_end_line(b);
}
