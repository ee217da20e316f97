/* Reads the Cookie header (RFC 6265, 4.2.1) and writes Set-Cookie. */
#include "http/cookie.h"

#include <string.h>

#include "http/request.h"

const char *
cookie_value(struct arena *a, const char *header, const char *name)
{
	size_t name_bytes = strlen(name), n, value;
	const char *s = header;

	for (;;) {
		s += strspn(s, " \t;");
		if (*s == '\0')
			return NULL;
		n = strcspn(s, ";");
		if (n > name_bytes && s[name_bytes] == '=' &&
		    strncmp(s, name, name_bytes) == 0)
			break;
		s += n;
	}
	s += name_bytes + 1;
	value = n - name_bytes - 1;
	while (value > 0 && (s[value - 1] == ' ' || s[value - 1] == '\t'))
		value--;
	return arena_strndup(a, s, value);
}

/*
 * SECURITY: no page of ours reads a cookie by script, none travels without
 * TLS (browsers make an exception for 127.0.0.1), none comes along when
 * another site posts. Path=/ without Domain is what __Host- asks for.
 */
void
cookie_set(const struct req *r, struct reply *re, const char *name,
    const char *value, int max_age_seconds)
{
	const char *age = "";

	if (max_age_seconds != COOKIE_SESSION_END)
		age = arena_printf(r->arena, "; Max-Age=%d", max_age_seconds);
	reply_header(r, re, "Set-Cookie",
	    arena_printf(r->arena,
		"%s=%s; Path=/%s; Secure; HttpOnly; SameSite=Lax", name, value,
		age));
}
