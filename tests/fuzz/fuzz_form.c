/*
 * Any body as a form: it ends, stays in its memory, and what comes out is
 * text. The first line says what kind of body it claims to be; without one of
 * the two kinds it is a query string.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_text(const char *s)
{
	return s != NULL && text_is_utf8(s, strlen(s)) &&
	    strchr(s, '\r') == NULL;
}

static void
expect_field(const struct field *f, const char *body, size_t n)
{
	must(is_text(f->name) && is_text(f->value));
	if (f->file_name == NULL) {
		must(f->data == NULL && f->size == 0);
		return;
	}
	must(is_text(f->file_name) && strpbrk(f->file_name, "/\\") == NULL);
	must(f->size <= n && (const char *)f->data >= body &&
	    (const char *)f->data + f->size <= body + n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char multipart[] = "multipart/form-data";
	const char *text = (const char *)data, *body;
	struct arena *a = arena_new();
	struct fields f = {0};
	const char *type;
	size_t i, n;
	enum err e;

	body = size == 0 ? NULL : memchr(text, '\n', size);
	body = body == NULL ? text : body + 1;
	n = size - (size_t)(body - text);
	type = arena_strndup(a, text, size - n);
	if (strncmp(type, multipart, sizeof(multipart) - 1) == 0)
		e = form_decode_multipart(a, type, body, n, &f);
	else
		e = form_decode(a, body, n, &f);
	must(e == ERR_OK || e == ERR_INVALID || e == ERR_TOO_LARGE);
	must(e == ERR_OK ? f.n <= REQUEST_FIELDS_MAX : f.n == 0);
	for (i = 0; i < f.n; i++)
		expect_field(&f.list[i], body, n);
	arena_free(a);
	return 0;
}
