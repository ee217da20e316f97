/*
 * Addresses. A struct url is made here and nowhere else, so a template cannot
 * be handed a `javascript:` address or an unescaped segment.
 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdint.h>

#include "base/arena.h"

struct url {
	const char *text; /* percent-encoded (RFC 3986), not yet HTML-escaped */
};

/*
 * A path of ours. %s: a text, encoded as one segment; %d: an int64_t. The
 * format starts with a single '/' and has no query (url_query adds one).
 * Aborts on any other format: our mistake.
 */
struct url url_path(struct arena *a, const char *format, ...);

/*
 * A decoded path ("/courses/E-101", a request's) as an address again. The
 * path begins with '/'.
 */
struct url url_of_path(struct arena *a, const char *path);

/* The same with ?key=value (or &key=value) added. */
struct url
url_query(struct arena *a, struct url u, const char *key, const char *value);

/* #fragment added. */
struct url url_fragment(struct arena *a, struct url u, const char *fragment);

/*
 * A static asset by its plain name ("app.css"), as the hashed address that
 * nginx serves for ever. Aborts on an unknown name; while nothing is built
 * (an empty table) every name is "/static/NAME".
 */
struct url url_asset(const char *name);

/*
 * Where to go after signing in, taken from outside: only a path of ours;
 * anything else becomes "/".
 */
struct url url_return(struct arena *a, const char *untrusted);

/* https or http with the configured host in front, for mails and QR codes. */
struct url url_absolute(struct arena *a, const char *origin, struct url u);

#endif
