/*
 * From Kore's request to ours: everything is copied, bounded and checked for
 * UTF-8 here, at the door.
 */
#include <kore/kore.h>
#include <kore/http.h>

#include <arpa/inet.h>
#include <string.h>

#include "http/kore_job.h"

/* The edge's own socket, for probes: only this machine's users reach it. */
#define ADDRESS_OF_UNIX "unix:"
#define ADDRESS_LOOPBACK "127.0.0.1"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * A path as text (RFC 3986, 2.1). An encoded '/' would move the borders of
 * segments after the edge has looked at them: it is no address of ours.
 */
static enum err
path_decode(struct arena *a, const char *s, const char **out)
{
	size_t n = strlen(s), length = 0;
	int high, low;
	char *path;

	if (n > REQUEST_PATH_MAX * 3 || *s != '/')
		return ERR_INVALID;
	path = arena_alloc(a, n + 1);
	for (; *s != '\0'; s++) {
		if (*s != '%') {
			path[length++] = *s;
			continue;
		}
		high = hex_digit(s[1]);
		low = high == -1 ? -1 : hex_digit(s[2]);
		if (low == -1 || (high << 4 | low) == '/')
			return ERR_INVALID;
		path[length++] = (char)(high << 4 | low);
		s += 2;
	}
	if (length > REQUEST_PATH_MAX || !text_is_utf8(path, length))
		return ERR_INVALID;
	*out = path;
	return ERR_OK;
}

/* The first header of that name; "" when absent or no text. */
static const char *
header(struct http_request *from, struct arena *a, const char *name)
{
	const char *value;

	if (!http_request_header(from, name, &value) ||
	    !text_is_utf8(value, strlen(value)))
		return "";
	return arena_strdup(a, value);
}

/*
 * SECURITY: the address is believed because only the edge can reach our unix
 * socket, and it writes this header itself.
 */
static const char *
client_address(struct http_request *from, struct arena *a)
{
	const char *value = header(from, a, "x-real-ip");
	struct in6_addr address;

	if (from->owner->family != AF_UNIX)
		return "";
	if (strcmp(value, ADDRESS_OF_UNIX) == 0)
		return ADDRESS_LOOPBACK;
	if (inet_pton(AF_INET, value, &address) == 1 ||
	    inet_pton(AF_INET6, value, &address) == 1)
		return value;
	return "";
}

static bool
wants_json(const char *accept)
{
	return strstr(accept, "application/json") != NULL &&
	    strstr(accept, "text/html") == NULL;
}

/* Kore's copy of the body ends here, so that a waiting request has one. */
static void
take_body(struct http_request *from, struct kore_job *job)
{
	struct req *r = &job->req;
	struct kore_buf *body = from->http_body;

	r->body = "";
	if (body == NULL)
		return;
	if (from->http_body_length > 0) {
		r->body =
		    memcpy(arena_alloc(job->arena, from->http_body_length),
			body->data, from->http_body_length);
		r->body_size = from->http_body_length;
	}
	kore_buf_free(body);
	from->http_body = NULL;
}

static enum err
take_query(struct http_request *from, struct kore_job *job)
{
	const char *query = from->query_string;

	if (query == NULL)
		return ERR_OK;
	if (strlen(query) > REQUEST_QUERY_MAX)
		return ERR_INVALID;
	return form_decode(job->arena, query, strlen(query), &job->req.query);
}

enum err
kore_request_copy(struct http_request *from, struct kore_job *job)
{
	struct arena *a = job->arena;
	struct req *r = &job->req;
	enum err e;

	r->arena = a;
	r->method = from->method == HTTP_METHOD_POST ? HTTP_POST
	    : from->method == HTTP_METHOD_HEAD	     ? HTTP_HEAD
						     : HTTP_GET;
	r->path = "/";
	r->cookies = header(from, a, "cookie");
	r->accept_language = header(from, a, "accept-language");
	r->content_type = header(from, a, "content-type");
	r->origin = header(from, a, "origin");
	r->fetch_site = header(from, a, "sec-fetch-site");
	r->csrf_header = header(from, a, "x-csrf-token");
	r->wants_json = wants_json(header(from, a, "accept"));
	r->address = client_address(from, a);
	take_body(from, job);
	if ((e = path_decode(a, from->path, &r->path)) != ERR_OK)
		return e;
	return take_query(from, job);
}

enum err
kore_request_form(struct req *r)
{
	const char *type = r->content_type;

	if (r->method != HTTP_POST || r->body_size == 0)
		return ERR_OK;
	if (strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0)
		return form_decode(r->arena, r->body, r->body_size, &r->form);
	if (strncasecmp(type, "multipart/form-data", 19) == 0)
		return form_decode_multipart(
		    r->arena, type, r->body, r->body_size, &r->form);
	return ERR_OK;
}
