/* Reads application/x-www-form-urlencoded: forms and query strings. */
#include <string.h>

#include "http/field.h"
#include "http/request.h"

static int
hex_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return -1;
}

/* One name or value. */
static enum err
decode(struct arena *a, const char *s, size_t n, const char **out)
{
	char *text = arena_alloc(a, n + 1);
	size_t len = 0;
	int high, low;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '+') {
			text[len++] = ' ';
		} else if (s[i] != '%') {
			text[len++] = s[i];
		} else {
			if (n - i < 3 || (high = hex_value(s[i + 1])) < 0 ||
			    (low = hex_value(s[i + 2])) < 0)
				return ERR_INVALID;
			text[len++] = (char)(high << 4 | low);
			i += 2;
		}
	}
	return field_text(text, len, out);
}

enum err
field_text(char *text, size_t n, const char **out)
{
	size_t len = 0;

	if (!text_is_utf8(text, n))
		return ERR_INVALID;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\r') {
			if (i + 1 < n && text[i + 1] == '\n')
				i++;
			text[len++] = '\n';
		} else {
			text[len++] = text[i];
		}
	}
	text[len] = '\0';
	*out = text;
	return ERR_OK;
}

static enum err
decode_pair(struct arena *a, const char *s, size_t n, struct field *f)
{
	const char *equals = memchr(s, '=', n);
	size_t name = equals == NULL ? n : (size_t)(equals - s);
	enum err e;

	*f = (struct field){.value = ""};
	if ((e = decode(a, s, name, &f->name)) != ERR_OK || equals == NULL)
		return e;
	return decode(a, equals + 1, n - name - 1, &f->value);
}

enum err
form_decode(struct arena *a, const char *s, size_t n, struct fields *out)
{
	struct fields f = {0};
	const char *end = s + n, *stop;
	size_t pairs = 1;
	enum err e;

	for (size_t i = 0; i < n; i++)
		pairs += s[i] == '&';
	if (pairs > REQUEST_FIELDS_MAX)
		return ERR_TOO_LARGE;
	f.list = ARENA_ARRAY(a, struct field, pairs);
	for (; s < end; s = stop + 1) {
		stop = memchr(s, '&', (size_t)(end - s));
		if (stop == NULL)
			stop = end;
		if (stop == s)
			continue;
		e = decode_pair(a, s, (size_t)(stop - s), &f.list[f.n]);
		if (e != ERR_OK)
			return e;
		f.n++;
	}
	*out = f;
	return ERR_OK;
}
