/*
 * Any text as a Cookie header: a value is a piece of it that no other cookie
 * reaches into, and the first of its name.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/cookie.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* cookie.c also writes cookies; here it only reads. */
void
reply_header(
    const struct req *r, struct reply *re, const char *name, const char *value)
{
	(void)r;
	(void)re;
	(void)name;
	(void)value;
	abort();
}

/* The value of the pair that begins at `pair`, however it is written. */
static void
expect_value(const char *pair, const char *name, const char *value)
{
	size_t n = strlen(value);

	must(strncmp(pair, name, strlen(name)) == 0);
	pair += strlen(name);
	must(*pair == '=' && strncmp(pair + 1, value, n) == 0);
	must(strchr(value, ';') == NULL);
	pair += 1 + n;
	pair += strspn(pair, " \t");
	must(*pair == '\0' || *pair == ';');
}

/* Where the first pair of that name begins, looked for the slow way. */
static const char *
first_of(const char *header, const char *name)
{
	const char *s;
	size_t n = strlen(name);
	bool begins = true;

	for (s = header; *s != '\0'; s++) {
		if (*s == ';') {
			begins = true;
		} else if (*s != ' ' && *s != '\t') {
			if (begins && strncmp(s, name, n) == 0 && s[n] == '=')
				return s;
			begins = false;
		}
	}
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {SESSION_COOKIE, "lang", "a"};
	struct arena *a = arena_new();
	const char *header = arena_strndup(a, (const char *)data, size);
	const char *value, *pair;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = cookie_value(a, header, names[i]);
		pair = first_of(header, names[i]);
		must((value == NULL) == (pair == NULL));
		if (value != NULL)
			expect_value(pair, names[i], value);
	}
	arena_free(a);
	return 0;
}
