/*
 * One request, parsed, bounded and checked for UTF-8, with everything that a
 * handler may use. Lives in its arena.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define REQUEST_PATH_MAX 1024
#define REQUEST_QUERY_MAX 1024
#define REQUEST_BODY_MAX ((size_t)2 * 1024 * 1024)
#define REQUEST_FIELDS_MAX 512
#define REQUEST_PARAMS_MAX 4

#define SESSION_COOKIE "__Host-tanren"

enum http_method { HTTP_GET, HTTP_POST, HTTP_HEAD };

struct db;
struct site;
struct route;
struct viewer;
struct url;

/* A form field or query argument; a name may stand several times. */
struct field {
	const char *name;
	const char *value; /* valid UTF-8, CR LF made LF */
	const char *file_name; /* set for an uploaded file */
	const void *data; /* the bytes of an uploaded file */
	size_t size;
};

struct fields {
	struct field *list;
	size_t n;
};

struct param {
	const char *name, *value;
};

/* Noted while a page is filled; reply_finish makes cookies of it. */
struct request_marks {
	const char
	    *csrf_cookie; /* before sign-in, what the token is bound to */
	bool csrf_is_new; /* the browser does not have it yet */
	bool csrf_used;
	bool message_shown; /* the one-shot message was put on the page */
	bool language_chosen; /* by ?lang= */
};

struct req {
	enum http_method method;
	const char *path; /* decoded, valid UTF-8, begins with '/' */
	struct fields query;
	struct fields form; /* urlencoded or multipart; empty otherwise */
	const char *cookies; /* the raw header, "" when absent */
	const char *accept_language;
	const char *content_type;
	const void *body;
	size_t body_size;
	const char *address; /* of the client, from the edge */
	const char *origin; /* Origin header, "" when absent */
	const char *fetch_site; /* Sec-Fetch-Site, "" when absent */
	const char *csrf_header; /* X-CSRF-Token, "" when absent */
	bool wants_json; /* Accept: application/json, from our modules */

	/* set by dispatch */
	const struct route *route;
	struct param params[REQUEST_PARAMS_MAX];
	size_t n_params;
	enum lang lang;
	const struct viewer *viewer; /* NULL: nobody is signed in */
	struct request_marks *marks; /* what the answer has to add */

	/* set by whoever calls dispatch */
	const struct site *site;
	struct db *db; /* this thread's connection */
	struct arena *arena;
	int64_t now;
};

/*
 * Decodes application/x-www-form-urlencoded (WHATWG URL, 5.1). ERR_INVALID
 * for a broken escape, NUL or invalid UTF-8; ERR_TOO_LARGE past
 * REQUEST_FIELDS_MAX.
 */
MUST_USE enum err
form_decode(struct arena *a, const char *s, size_t n, struct fields *out);

/* Decodes multipart/form-data (RFC 7578) in time linear in its size. */
MUST_USE enum err form_decode_multipart(struct arena *a,
    const char *content_type, const void *body, size_t n, struct fields *out);

/* The first value of a name; "" when absent. */
const char *field_value(const struct fields *f, const char *name);
bool field_present(const struct fields *f, const char *name);
const struct field *field_file(const struct fields *f, const char *name);

/* A value of the Cookie header; NULL when absent. First match wins. */
const char *cookie_value(struct arena *a, const char *header, const char *name);

/*
 * Makes new marks and chooses the language: ?lang=, cookie, the person's,
 * Accept-Language, Japanese. dispatch does it, once the viewer is known.
 */
void request_prepare(struct req *r);

/* This request's own address; with `without` a query name is left out. */
struct url request_url(const struct req *r, const char *without);

/*
 * Parameters of the route's pattern; asking for one that the pattern does not
 * have aborts. ERR_NOT_FOUND for a bad id.
 */
const char *param_text(const struct req *r, const char *name);
MUST_USE enum err param_id(const struct req *r, const char *name, int64_t *out);

/* A form field as an id; ERR_INVALID if it is none. */
MUST_USE enum err
field_id(const struct fields *f, const char *name, int64_t *out);

#endif
