/* Text that grows, mistakes and files, for the build-time compilers. */
#include "tools/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
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

void
text_vprintf(struct text *t, const char *format, va_list ap)
{
	char *s;
	int n = vasprintf(&s, format, ap);

	if (n < 0)
		abort();
	text_put(t, s, (size_t)n);
	free(s);
}

void
text_printf(struct text *t, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	text_vprintf(t, format, ap);
	va_end(ap);
}

void
text_put_c(struct text *t, const char *s, size_t n)
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

void
fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void
write_file(const char *name, const struct text *t)
{
	FILE *f = fopen(name, "w");

	if (f == NULL || fwrite(t->data, 1, t->len, f) != t->len ||
	    fclose(f) != 0) {
		perror(name);
		exit(1);
	}
}

void
message_name(char *out, const char *id, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = id[i] == '.' ? '_' : id[i];
	out[n] = '\0';
}
