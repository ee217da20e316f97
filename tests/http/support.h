/* What the tests of http/ share: a site and requests without a database. */
#ifndef TESTS_HTTP_SUPPORT_H
#define TESTS_HTTP_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "base/arena.h"
#include "base/random.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/site.h"

#define TEST_NOW INT64_C(1793577600000)

static inline int
arena_setup(void **state)
{
	random_start();
	*state = arena_new();
	return 0;
}

static inline int
arena_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#define WITH_ARENA(test)                                                       \
	{                                                                      \
#test, test, arena_setup, arena_teardown, NULL                 \
	}

static inline struct req
request(struct arena *a, const struct site *site, enum http_method method,
    const char *path)
{
	return (struct req){.method = method,
	    .path = path,
	    .cookies = "",
	    .accept_language = "",
	    .content_type = "",
	    .address = "192.0.2.7",
	    .origin = "",
	    .fetch_site = "",
	    .csrf_header = "",
	    .site = site,
	    .arena = a,
	    .now = TEST_NOW};
}

static inline void
add_field(
    struct arena *a, struct fields *f, const char *name, const char *value)
{
	struct field *list = ARENA_ARRAY(a, struct field, f->n + 1);

	if (f->n > 0)
		memcpy(list, f->list, f->n * sizeof(*list));
	list[f->n] = (struct field){.name = name, .value = value};
	*f = (struct fields){list, f->n + 1};
}

/* The n-th header of that name, or NULL. */
static inline const char *
header_nth(const struct reply *re, const char *name, size_t n)
{
	for (size_t i = 0; i < re->n_headers; i++)
		if (strcmp(re->headers[i].name, name) == 0 && n-- == 0)
			return re->headers[i].value;
	return NULL;
}

static inline const char *
header_of(const struct reply *re, const char *name)
{
	return header_nth(re, name, 0);
}

#endif
