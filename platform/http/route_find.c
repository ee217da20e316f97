/*
 * Matches paths with patterns, segment by segment. All rows are compared, in
 * place: for two hundred rows that is a few microseconds, nearly all of it
 * first segments that differ.
 */
#include "http/route_find.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/dispatch.h"

/* The segment at s, behind its slash. */
static size_t
segment_bytes(const char *s)
{
	return strcspn(s, "/");
}

static bool
matches(const char *pattern, const char *path)
{
	size_t n, m;

	while (*pattern == '/' && *path == '/') {
		pattern++;
		path++;
		n = segment_bytes(pattern);
		m = segment_bytes(path);
		if (*pattern == ':' ? m == 0
				    : n != m || memcmp(pattern, path, n) != 0)
			return false;
		pattern += n;
		path += m;
	}
	return *pattern == '\0' && *path == '\0';
}

/* Of two patterns that match the same path: does a come before b? */
static bool
is_better(const char *a, const char *b)
{
	while (*a == '/' && *b == '/') {
		a++;
		b++;
		if ((*a == ':') != (*b == ':'))
			return *b == ':';
		a += segment_bytes(a);
		b += segment_bytes(b);
	}
	return false;
}

const struct route *
route_best(const struct site *s, enum http_method m, const char *path)
{
	const struct route *best = NULL;

	if (m == HTTP_HEAD)
		m = HTTP_GET;
	for (size_t i = 0; s->rooms[i] != NULL; i++)
		for (const struct route *row = s->rooms[i];
		     row->pattern != NULL; row++)
			if (row->method == m && matches(row->pattern, path) &&
			    (best == NULL ||
				is_better(row->pattern, best->pattern)))
				best = row;
	return best;
}

const char *
route_allowed(const struct site *s, const char *path)
{
	bool get = route_best(s, HTTP_GET, path) != NULL;
	bool post = route_best(s, HTTP_POST, path) != NULL;

	if (get && post)
		return "GET, HEAD, POST";
	if (get)
		return "GET, HEAD";
	return post ? "POST" : "";
}

void
route_params(const struct route *route, const char *path, struct req *r)
{
	const char *pattern = route->pattern;
	size_t n, m;

	r->n_params = 0;
	while (*pattern == '/') {
		pattern++;
		path++;
		n = segment_bytes(pattern);
		m = segment_bytes(path);
		if (*pattern == ':') {
			assert(r->n_params < REQUEST_PARAMS_MAX);
			r->params[r->n_params++] = (struct param){
			    arena_strndup(r->arena, pattern + 1, n - 1),
			    arena_strndup(r->arena, path, m)};
		}
		pattern += n;
		path += m;
	}
}

/* ------------------------------------------------------ checks at start */

static void __attribute__((noreturn))
refuse(const struct route *row, const char *why)
{
	log_error("route", "%s %s: %s",
	    row->method == HTTP_POST ? "POST" : "GET", row->pattern, why);
	abort();
}

static void
check_row(const struct route *row)
{
	const unsigned roles = (1u << ROLE__MAX) - 1;
	size_t params = 0;

	if (row->method == HTTP_HEAD)
		refuse(row, "HEAD goes to the row for GET");
	if (row->handler == NULL)
		refuse(row, "no handler");
	if (row->who == 0)
		refuse(row, "no policy");
	if (row->who != WHO_ANYONE && (row->who & ~roles) != 0)
		refuse(row, "a policy that no role has");
	if (row->pattern[0] != '/' || strstr(row->pattern, "//") != NULL)
		refuse(row, "not a pattern");
	if (row->pattern[1] != '\0' && text_ends(row->pattern, "/"))
		refuse(row, "a slash at the end");
	for (const char *s = row->pattern; *s != '\0'; s++)
		if (s[0] == '/' && s[1] == ':') {
			params++;
			if (segment_bytes(s + 1) < 2)
				refuse(row, "a parameter without a name");
		}
	if (params > REQUEST_PARAMS_MAX)
		refuse(row, "too many parameters");
	if ((row->flags & ROUTE_NO_CSRF) != 0 && row->method != HTTP_POST)
		refuse(row, "ROUTE_NO_CSRF is for POST");
}

/* Do two patterns match the same paths? */
static bool
is_same(const char *a, const char *b)
{
	size_t n, m;

	while (*a == '/' && *b == '/') {
		a++;
		b++;
		n = segment_bytes(a);
		m = segment_bytes(b);
		if (*a == ':' ? *b != ':' : n != m || memcmp(a, b, n) != 0)
			return false;
		a += n;
		b += m;
	}
	return *a == *b;
}

static void
check_twice(const struct site *s, const struct route *row)
{
	for (size_t i = 0; s->rooms[i] != NULL; i++)
		for (const struct route *other = s->rooms[i];
		     other->pattern != NULL; other++)
			if (other != row && other->method == row->method &&
			    is_same(other->pattern, row->pattern))
				refuse(row, "stands twice");
}

void
dispatch_check_routes(const struct site *s)
{
	for (size_t i = 0; s->rooms[i] != NULL; i++)
		for (const struct route *row = s->rooms[i];
		     row->pattern != NULL; row++) {
			check_row(row);
			check_twice(s, row);
		}
}
