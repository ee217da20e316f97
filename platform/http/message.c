/* Finds the interface's texts and puts their arguments in. */
#include "http/message.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "http/message_table.h"

#define ARGUMENTS_MAX 9

const char *
message(enum lang lang, enum message id)
{
	assert(id < M__MAX);
	return message_rows[id].text[lang];
}

const char *
message_form(enum lang lang, enum message id, int64_t n)
{
	assert(id < M__MAX);
	if (lang == LANG_EN && n == 1 && message_rows[id].one != NULL)
		return message_rows[id].one;
	return message_rows[id].text[lang];
}

void
message_number(int64_t n, char out[NUMBER_BYTES])
{
	char digits[NUMBER_BYTES];
	size_t len, to = 0;

	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64,
	    n < 0 ? -(uint64_t)n : (uint64_t)n);
	if (n < 0)
		out[to++] = '-';
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[to++] = ',';
		out[to++] = digits[i];
	}
	out[to] = '\0';
}

static const char *
fill(struct arena *a, const char *form, const char *const *args, size_t n)
{
	size_t bytes = strlen(form) + 1, i;
	char *text, *to;

	for (const char *s = form; *s != '\0'; s++)
		if (*s == '{') {
			i = (size_t)(s[1] - '1');
			assert(i < n);
			bytes += strlen(args[i]);
		}
	text = to = arena_alloc(a, bytes);
	for (const char *s = form; *s != '\0'; s++) {
		if (*s == '{') {
			to = stpcpy(to, args[s[1] - '1']);
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return text;
}

const char *
message_args(struct arena *a, enum lang lang, enum message id, ...)
{
	const char *args[ARGUMENTS_MAX + 1];
	size_t n = 0;
	va_list ap;

	va_start(ap, id);
	while ((args[n] = va_arg(ap, const char *)) != NULL) {
		assert(n < ARGUMENTS_MAX);
		n++;
	}
	va_end(ap);
	return fill(a, message(lang, id), args, n);
}

const char *
message_count(struct arena *a, enum lang lang, enum message id, int64_t n)
{
	char number[NUMBER_BYTES];
	const char *args[1] = {number};

	message_number(n, number);
	return fill(a, message_form(lang, id, n), args, 1);
}
