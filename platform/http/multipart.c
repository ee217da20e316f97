/*
 * Reads multipart/form-data (RFC 7578, RFC 2046 5.1.1). The body is
 *
 *	--BOUNDARY CRLF headers CRLF CRLF bytes CRLF --BOUNDARY … --BOUNDARY--
 *
 * Each byte is looked at by one memmem for the next delimiter, whose time is
 * linear; files stay where they are in the body.
 */
#include <string.h>
#include <strings.h>

#include "http/field.h"
#include "http/request.h"

#define BOUNDARY_BYTES_MAX 70 /* RFC 2046 */
#define PART_HEADERS_BYTES_MAX 4096

struct bytes {
	const char *p;
	size_t n;
};

struct reader {
	struct arena *a;
	const char *at, *end;
	char delimiter[BOUNDARY_BYTES_MAX + 5]; /* CRLF -- BOUNDARY */
	size_t delimiter_bytes;
};

static struct bytes
trim(struct bytes b)
{
	while (b.n > 0 && (b.p[0] == ' ' || b.p[0] == '\t')) {
		b.p++;
		b.n--;
	}
	while (b.n > 0 && (b.p[b.n - 1] == ' ' || b.p[b.n - 1] == '\t'))
		b.n--;
	return b;
}

/*
 * The value of a parameter in "form-data; name=\"a\"; filename=\"b\"",
 * without its quotes. Browsers write quotes in names as %22, so a quoted
 * string ends at the next one.
 */
static bool
parameter(struct bytes header, const char *name, struct bytes *out)
{
	const char *s = header.p, *end = header.p + header.n, *from, *to;
	struct bytes key;

	s = memchr(s, ';', header.n);
	while (s != NULL && s < end) {
		s++;
		from = memchr(s, '=', (size_t)(end - s));
		if (from == NULL)
			return false;
		key = trim((struct bytes){s, (size_t)(from - s)});
		from++;
		if (from < end && *from == '"') {
			from++;
			to = memchr(from, '"', (size_t)(end - from));
			if (to == NULL)
				return false;
			s = memchr(to, ';', (size_t)(end - to));
		} else {
			to = memchr(from, ';', (size_t)(end - from));
			s = to;
			if (to == NULL)
				to = end;
		}
		if (key.n == strlen(name) &&
		    strncasecmp(key.p, name, key.n) == 0) {
			*out = (struct bytes){from, (size_t)(to - from)};
			return true;
		}
	}
	return false;
}

static enum err
reader_start(struct reader *rd, const char *content_type)
{
	struct bytes b;

	if (!parameter((struct bytes){content_type, strlen(content_type)},
		"boundary", &b))
		return ERR_INVALID;
	b = trim(b);
	if (b.n == 0 || b.n > BOUNDARY_BYTES_MAX)
		return ERR_INVALID;
	memcpy(rd->delimiter, "\r\n--", 4);
	memcpy(rd->delimiter + 4, b.p, b.n);
	rd->delimiter_bytes = b.n + 4;
	return ERR_OK;
}

/* %22, %0D and %0A are how browsers write what a quoted name cannot hold. */
static enum err
header_text(struct arena *a, struct bytes b, const char **out)
{
	char *text = arena_alloc(a, b.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < b.n; i++) {
		text[n++] = b.p[i];
		if (b.n - i >= 3 && b.p[i] == '%') {
			if (memcmp(b.p + i, "%22", 3) == 0)
				text[n - 1] = '"';
			else if (strncasecmp(b.p + i, "%0d", 3) == 0)
				text[n - 1] = '\r';
			else if (strncasecmp(b.p + i, "%0a", 3) == 0)
				text[n - 1] = '\n';
			else
				continue;
			i += 2;
		}
	}
	return field_text(text, n, out);
}

/* Without folders: "C:\\a\\b.csv" and "../b.csv" are "b.csv". */
static const char *
base_name(const char *path)
{
	const char *name = path;

	for (const char *s = path; *s != '\0'; s++)
		if (*s == '/' || *s == '\\')
			name = s + 1;
	return name;
}

/* Reads the headers of a part; only Content-Disposition says something. */
static enum err
read_headers(struct reader *rd, struct bytes headers, struct field *f)
{
	static const char wanted[] = "content-disposition:";
	const size_t wanted_bytes = sizeof(wanted) - 1;
	const char *s = headers.p, *end = headers.p + headers.n, *stop;
	struct bytes line, value;
	enum err e;

	for (; s < end; s = stop + 2) {
		stop = memmem(s, (size_t)(end - s), "\r\n", 2);
		if (stop == NULL)
			stop = end;
		line = (struct bytes){s, (size_t)(stop - s)};
		if (line.n < wanted_bytes ||
		    strncasecmp(line.p, wanted, wanted_bytes) != 0)
			continue;
		if (!parameter(line, "name", &value))
			return ERR_INVALID;
		e = header_text(rd->a, value, &f->name);
		if (e != ERR_OK || !parameter(line, "filename", &value))
			return e;
		e = header_text(rd->a, value, &f->file_name);
		if (e == ERR_OK)
			f->file_name = base_name(f->file_name);
		return e;
	}
	return ERR_INVALID;
}

/* One part, from behind its delimiter's line to the next delimiter. */
static enum err
read_part(struct reader *rd, struct field *f)
{
	size_t left = (size_t)(rd->end - rd->at), window;
	const char *body, *stop;
	char *text;
	enum err e;

	*f = (struct field){.value = ""};
	window = left < PART_HEADERS_BYTES_MAX ? left : PART_HEADERS_BYTES_MAX;
	body = memmem(rd->at, window, "\r\n\r\n", 4);
	if (body == NULL)
		return ERR_INVALID;
	e = read_headers(
	    rd, (struct bytes){rd->at, (size_t)(body - rd->at)}, f);
	if (e != ERR_OK)
		return e;
	/* A part without a body ends with the CR LF of its blank line. */
	body += 2;
	stop = memmem(
	    body, (size_t)(rd->end - body), rd->delimiter, rd->delimiter_bytes);
	if (stop == NULL)
		return ERR_INVALID;
	rd->at = stop + rd->delimiter_bytes;
	body = stop < body + 2 ? stop : body + 2;
	f->size = (size_t)(stop - body);
	if (f->file_name != NULL) {
		f->data = body;
		return ERR_OK;
	}
	text = arena_alloc(rd->a, f->size + 1);
	memcpy(text, body, f->size);
	e = field_text(text, f->size, &f->value);
	f->size = 0;
	return e;
}

/* Behind a delimiter: "--" ends the body, CR LF begins a part. */
static enum err
next_part(struct reader *rd, bool *more)
{
	const char *s = rd->at;

	if (rd->end - s >= 2 && s[0] == '-' && s[1] == '-') {
		*more = false;
		return ERR_OK;
	}
	while (s < rd->end && (*s == ' ' || *s == '\t'))
		s++;
	if (rd->end - s < 2 || s[0] != '\r' || s[1] != '\n')
		return ERR_INVALID;
	rd->at = s + 2;
	*more = true;
	return ERR_OK;
}

enum err
form_decode_multipart(struct arena *a, const char *content_type,
    const void *body, size_t n, struct fields *out)
{
	struct reader rd = {.a = a, .at = body, .end = (const char *)body + n};
	struct fields f = {0};
	bool more;
	enum err e;

	if ((e = reader_start(&rd, content_type)) != ERR_OK)
		return e;
	/* The first delimiter has no CR LF before it; nothing precedes it. */
	if (n < rd.delimiter_bytes - 2 ||
	    memcmp(body, rd.delimiter + 2, rd.delimiter_bytes - 2) != 0)
		return ERR_INVALID;
	rd.at += rd.delimiter_bytes - 2;
	f.list = ARENA_ARRAY(a, struct field, REQUEST_FIELDS_MAX);
	while ((e = next_part(&rd, &more)) == ERR_OK && more) {
		if (f.n == REQUEST_FIELDS_MAX)
			return ERR_TOO_LARGE;
		if ((e = read_part(&rd, &f.list[f.n])) != ERR_OK)
			return e;
		f.n++;
	}
	if (e == ERR_OK)
		*out = f;
	return e;
}
