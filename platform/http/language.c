/* Chooses the language of an answer. */
#include "http/language.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/viewer.h"

bool
language_parse(const char *s, enum lang *out)
{
	for (enum lang l = 0; l < LANG__MAX; l++)
		if (text_eq(s, lang_codes[l])) {
			*out = l;
			return true;
		}
	return false;
}

/* The weight in "ja;q=0.8" in thousandths (RFC 9110, 12.4.2). */
static int
weight(const char *s, size_t n)
{
	const char *q = memmem(s, n, "q=", 2);
	int thousandths = 0, scale = 1000;

	if (q == NULL)
		return 1000;
	q += 2;
	if (q == s + n || (*q != '0' && *q != '1'))
		return 0;
	thousandths = (*q - '0') * 1000;
	if (q + 1 < s + n && q[1] == '.')
		for (q += 2; q < s + n && *q >= '0' && *q <= '9'; q++) {
			scale /= 10;
			thousandths += (*q - '0') * scale;
		}
	return thousandths > 1000 ? 1000 : thousandths;
}

bool
language_accepted(const char *header, enum lang *out)
{
	int best = 0, w;
	size_t n;

	for (const char *s = header; *s != '\0'; s += n) {
		s += strspn(s, " \t,");
		n = strcspn(s, ",");
		w = weight(s, n);
		for (enum lang l = 0; l < LANG__MAX; l++) {
			if (n < 2 || strncasecmp(s, lang_codes[l], 2) != 0 ||
			    (n > 2 && strchr("-; \t", s[2]) == NULL))
				continue;
			if (w > best) {
				best = w;
				*out = l;
			}
		}
	}
	return best > 0;
}

enum lang
language_choose(const struct req *r, bool *chosen)
{
	enum lang l = LANG_JA;
	const char *cookie;

	*chosen = language_parse(field_value(&r->query, "lang"), &l);
	if (*chosen)
		return l;
	cookie = cookie_value(r->arena, r->cookies, LANGUAGE_COOKIE);
	if (cookie != NULL && language_parse(cookie, &l))
		return l;
	if (r->viewer != NULL)
		return r->viewer->lang;
	language_accepted(r->accept_language, &l);
	return l;
}

void
request_prepare(struct req *r)
{
	r->marks = ARENA_NEW(r->arena, struct request_marks);
	r->lang = language_choose(r, &r->marks->language_chosen);
}
