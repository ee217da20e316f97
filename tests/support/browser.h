/*
 * A reader with a browser on a site of support/pages.h: keeps cookies, reads
 * the token of the last form and sends it with the next one. A POST runs as
 * on the writer lane: in one transaction that is undone after an error.
 *
 *	struct browser b;
 *
 *	browser_open(&b, &pages, person, LANG_JA);
 *	assert_int_equal(browser_get(&b, "/exams/C-901"), 200);
 *	assert_int_equal(browser_post(&b, "/exams/C-901/start", ""), 303);
 *	assert_int_equal(browser_follow(&b), 200);
 */
#ifndef TESTS_BROWSER_H
#define TESTS_BROWSER_H

#include "support/pages.h"

#define BROWSER_COOKIES_MAX 8

struct browser {
	struct pages *p;
	struct browser_cookie {
		const char *name, *value;
	} cookies[BROWSER_COOKIES_MAX];
	size_t n_cookies;
	const char *token; /* of the last form; "" before one was seen */
	struct reply re; /* the last answer */
};

/* person 0: nobody is signed in. */
void browser_open(
    struct browser *b, struct pages *p, int64_t person, enum lang lang);
void browser_close(struct browser *b);

/* The status. Cookies that are set are kept. */
int browser_get(struct browser *b, const char *path);

/* form is "a=1&b=2", encoded; the token is added unless `token` is "". */
int browser_post(struct browser *b, const char *path, const char *form);

/* The same as a module of ours asks: a token in the header, JSON back. */
int browser_post_json(struct browser *b, const char *path, const char *form);

/* A file in a form. */
int browser_upload(struct browser *b, const char *path, const char *name,
    const void *data, size_t size);

/* GET of where the last answer leads. */
int browser_follow(struct browser *b);

const char *browser_location(const struct browser *b);
bool browser_shows(const struct browser *b, const char *text);
/* A cookie's value; NULL without one. */
const char *browser_cookie(const struct browser *b, const char *name);

#endif
