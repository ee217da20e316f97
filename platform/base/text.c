/* UTF-8 and small string work. */
#include "base/text.h"

#include <string.h>

const char *const lang_codes[LANG__MAX] = {[LANG_JA] = "ja", [LANG_EN] = "en"};

bool
text_is_utf8(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + n;
	uint32_t c, least;
	int more;

	while (p < end) {
		c = *p++;
		if (c == 0)
			return false;
		if (c < 0x80)
			continue;
		if ((c & 0xe0) == 0xc0) {
			more = 1;
			least = 0x80;
			c &= 0x1f;
		} else if ((c & 0xf0) == 0xe0) {
			more = 2;
			least = 0x800;
			c &= 0x0f;
		} else if ((c & 0xf8) == 0xf0) {
			more = 3;
			least = 0x10000;
			c &= 0x07;
		} else {
			return false;
		}
		while (more-- > 0) {
			if (p == end || (*p & 0xc0) != 0x80)
				return false;
			c = c << 6 | (*p++ & 0x3f);
		}
		if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
	}
	return true;
}

uint32_t
text_next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	uint32_t c = *p;
	int more;

	if (c == 0)
		return 0;
	p++;
	if (c >= 0xf0) {
		more = 3;
		c &= 0x07;
	} else if (c >= 0xe0) {
		more = 2;
		c &= 0x0f;
	} else if (c >= 0xc0) {
		more = 1;
		c &= 0x1f;
	} else {
		more = 0;
	}
	while (more-- > 0 && (*p & 0xc0) == 0x80)
		c = c << 6 | (*p++ & 0x3f);
	*s = (const char *)p;
	return c;
}

size_t
text_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		if (((unsigned char)*s & 0xc0) != 0x80)
			n++;
	return n;
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x3000;
}

char *
text_trim(struct arena *a, const char *s)
{
	const char *p, *start, *end;
	uint32_t c;

	for (start = s; p = s, is_space(text_next(&p)); s = p)
		start = p;
	end = start;
	for (p = start; (c = text_next(&p)) != 0;)
		if (!is_space(c))
			end = p;
	return arena_strndup(a, start, (size_t)(end - start));
}

char *
text_lower(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s), *p;

	for (p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

bool
text_eq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool
text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
text_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

bool
text_to_int(const char *s, int64_t *out)
{
	int64_t v = 0;

	if (*s == '\0' || (s[0] == '0' && s[1] != '\0'))
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' ||
		    __builtin_mul_overflow(v, (int64_t)10, &v) ||
		    __builtin_add_overflow(v, (int64_t)(*s - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

bool
text_has_control(const char *s, const char *but)
{
	uint32_t c;

	while ((c = text_next(&s)) != 0)
		if (is_control(c) && (c >= 0x80 || strchr(but, (int)c) == NULL))
			return true;
	return false;
}

void
text_print_plain(FILE *out, const char *s, size_t n, bool keep_lines)
{
	const char *end = s + n;
	uint8_t c;

	/* bytes, because what comes from outside need not be UTF-8 */
	for (; s < end; s++) {
		c = (uint8_t)*s;
		if (c >= 0x20 && c != 0x7f)
			(void)putc(c, out);
		else
			(void)putc(keep_lines && c == '\n' ? '\n' : '?', out);
	}
}
