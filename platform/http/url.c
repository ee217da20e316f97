/* Makes addresses: everything that goes into one is encoded here. */
#include "http/url.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "http/assets.h"

#define RETURN_BYTES_MAX 2048

static bool
is_unreserved(char ch) /* RFC 3986, 2.3 */
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
	    (ch >= '0' && ch <= '9') || (ch != '\0' && strchr("-._~", ch));
}

static void
put_encoded(struct buf *b, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *s != '\0'; s++) {
		if (is_unreserved(*s)) {
			buf_putc(b, *s);
		} else {
			buf_putc(b, '%');
			buf_putc(b, hex[(unsigned char)*s >> 4]);
			buf_putc(b, hex[(unsigned char)*s & 15]);
		}
	}
}

/*
 * SECURITY: an empty segment would make "//", which names another host, and
 * browsers resolve "." and ".." even when encoded; no page has such a name.
 */
static void
put_segment(struct buf *b, const char *s)
{
	if (*s == '\0' || strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
		s = "_";
	put_encoded(b, s);
}

static struct url
keep(struct arena *a, struct buf *b)
{
	struct url u = {arena_strdup(a, buf_text(b))};

	buf_free(b);
	return u;
}

static void __attribute__((noreturn)) wrong_format(const char *format)
{
	log_error("url", "not a path: %s", format);
	abort();
}

struct url
url_path(struct arena *a, const char *format, ...)
{
	struct buf b = BUF_EMPTY;
	va_list ap;

	if (format[0] != '/' || format[1] == '/')
		wrong_format(format);
	va_start(ap, format);
	for (const char *s = format; *s != '\0'; s++) {
		if (s[0] == '%' && s[1] == 's') {
			put_segment(&b, va_arg(ap, const char *));
			s++;
		} else if (s[0] == '%' && s[1] == 'd') {
			buf_int(&b, va_arg(ap, int64_t));
			s++;
		} else if (*s == '/' || is_unreserved(*s)) {
			buf_putc(&b, *s);
		} else {
			wrong_format(format); /* ends the program */
		}
	}
	va_end(ap);
	return keep(a, &b);
}

struct url
url_query(struct arena *a, struct url u, const char *key, const char *value)
{
	struct buf b = BUF_EMPTY;
	size_t n = strcspn(u.text, "#");

	buf_put(&b, u.text, n);
	buf_putc(&b, memchr(u.text, '?', n) == NULL ? '?' : '&');
	put_encoded(&b, key);
	buf_putc(&b, '=');
	put_encoded(&b, value);
	buf_puts(&b, u.text + n);
	return keep(a, &b);
}

struct url
url_fragment(struct arena *a, struct url u, const char *fragment)
{
	struct buf b = BUF_EMPTY;

	buf_put(&b, u.text, strcspn(u.text, "#"));
	buf_putc(&b, '#');
	put_encoded(&b, fragment);
	return keep(a, &b);
}

/*
 * The address of a file that was not built. A tree without platform/static
 * has an empty table; its pages name the files plainly. The names live in the
 * thread until eight more were asked for, which is longer than a page takes
 * to write one down.
 */
static const char *
plain_asset(const char *name)
{
	static _Thread_local char names[8][128];
	static _Thread_local unsigned next;
	char *out = names[next++ % 8];

	snprintf(out, sizeof(names[0]), "/static/%s", name);
	return out;
}

struct url
url_asset(const char *name)
{
	for (size_t i = 0; assets[i].name != NULL; i++)
		if (strcmp(assets[i].name, name) == 0)
			return (struct url){assets[i].address};
	if (assets[0].name == NULL)
		return (struct url){plain_asset(name)};
	log_error("url", "no such asset: %s", name);
	abort();
}

static bool
is_hex(char ch)
{
	return ch != '\0' && strchr("0123456789abcdefABCDEF", ch) != NULL;
}

/*
 * SECURITY: only characters that an address of ours is made of, so neither
 * "//host", "/\host" nor a tab that browsers skip gets through.
 */
static bool
is_own_path(const char *s)
{
	if (s[0] != '/' || s[1] == '/' || strlen(s) > RETURN_BYTES_MAX)
		return false;
	for (; *s != '\0'; s++) {
		if (*s == '%') {
			if (!is_hex(s[1]) || !is_hex(s[2]))
				return false;
		} else if (!is_unreserved(*s) && !strchr("/?&=+:@,;!", *s)) {
			return false;
		}
	}
	return true;
}

struct url
url_return(struct arena *a, const char *untrusted)
{
	if (untrusted == NULL || !is_own_path(untrusted))
		return (struct url){"/"};
	return (struct url){arena_strdup(a, untrusted)};
}

struct url
url_absolute(struct arena *a, const char *origin, struct url u)
{
	assert(u.text[0] == '/');
	return (struct url){arena_printf(a, "%s%s", origin, u.text)};
}

struct url
url_of_path(struct arena *a, const char *path)
{
	struct buf b = BUF_EMPTY;
	size_t n;

	for (; *path == '/'; path += n) {
		path++;
		n = strcspn(path, "/");
		buf_putc(&b, '/');
		if (n > 0 || path[n] == '/')
			put_segment(&b, arena_strndup(a, path, n));
	}
	return keep(a, &b);
}
