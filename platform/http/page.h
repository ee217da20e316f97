/*
 * What every page has around its own content. A page struct of a room begins
 * with a struct page; its template starts with {{ call page_start(&p->page) }}
 * and ends with {{ call page_end(&p->page) }} (http/page.tmpl).
 */
#ifndef HTTP_PAGE_H
#define HTTP_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "http/request.h"
#include "http/url.h"

#define PAGE_NAV_MAX 12
#define PAGE_PROBLEMS_MAX 24

struct nav_item {
	struct url to;
	const char *text; /* in the reader's language */
	bool current;
};

/* Filled by the site's frame hook. */
struct page_frame {
	struct nav_item nav[PAGE_NAV_MAX];
	size_t n_nav;
	const char *person; /* "" when nobody is signed in */
	const char *organisation; /* "" without one */
	bool demo;
};

/* A mistake in a form, told above it with a link to the field. */
struct page_problem {
	struct url to;
	const char *text;
};

struct page {
	const struct req *r;
	const char *title; /* of the document and the one h1 */
	const char *back_text; /* the way back; NULL: none */
	struct url back;
	const char *message; /* shown once: "saved"; NULL: none */
	const char *error_title; /* of an error summary; NULL: none */
	const char *script; /* an ES module by its plain name; NULL: none */
	const char *style; /* a style sheet of its own, likewise */
	bool wide; /* tables and dashboards use the whole width */
	struct page_frame frame;
	struct url to_ja,
	    to_en; /* this page in a language; NULL after a POST */
	const char *csrf; /* csrf_token, for forms: <input name="csrf"> */
	struct page_problem problems[PAGE_PROBLEMS_MAX];
	size_t n_problems;
};

/* Fills the parts that are the same everywhere. title is already text. */
void page_init(struct page *p, const struct req *r, const char *title);

/*
 * Adds a mistake to the error summary; field is the id of an element. Gives
 * the summary its usual title unless it has one.
 */
void page_problem(struct page *p, const char *field, const char *text);

/*
 * The answer to a POST that a GET of `same` shows as well: the other language
 * is there. Not for forms whose contents would be lost on the way.
 */
void page_same(struct page *p, struct url same);

/* The way back. */
void page_back(struct page *p, struct url to, const char *text);

#endif
