/*
 * A site on a fixture: published content, persons who are signed in, pages
 * through dispatch() and compared with golden files. A failure of what stands
 * underneath ends the test program.
 *
 *	struct pages p;
 *
 *	pages_open(&p, f, "tests/certify/tree", rooms);
 *	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
 *	assert_int_equal(pages_get(&p, person, LANG_JA, "/me", &re), 200);
 *	pages_golden(&p, "career/me.ja.html", &re);
 *	pages_close(&p);
 */
#ifndef TESTS_PAGES_H
#define TESTS_PAGES_H

#include "content/content.h"
#include "http/reply.h"
#include "http/site.h"
#include "support/fixture.h"

#define PAGES_ORIGIN "https://tanren.example.jp"
#define PAGES_HOLES_MAX 16

struct pages {
	struct fixture *f;
	struct site site;
	int64_t organisation; /* 架空第一銀行 */
	int persons;
	/* texts that differ from run to run, and what stands for them */
	struct pages_hole {
		const char *value, *name;
	} holes[PAGES_HOLES_MAX];
	size_t n_holes;
};

/* rooms: NULL-terminated; kept. */
void pages_open(struct pages *p, struct fixture *f, const char *tree,
    const struct route *const *rooms);
void pages_close(struct pages *p);

/* The published revision; pages_close does not release it. */
struct content *pages_content(struct pages *p);

/* A person with a membership in the organisation; work role "" for none. */
int64_t pages_person(
    struct pages *p, const char *name, const char *role, const char *tier);

/*
 * GET of a path with its query, as a person (0: nobody). The status; re is
 * freed by pages_close or the next call with it: zero it before the first.
 */
int pages_get(struct pages *p, int64_t person, enum lang lang, const char *path,
    struct reply *re);
int pages_get_json(struct pages *p, const char *path, struct reply *re);

/* The value of an answer's header; "" without one. */
const char *pages_header(const struct reply *re, const char *name);

/* In golden pages `value` is written ${name}. */
void pages_hole(struct pages *p, const char *value, const char *name);

/*
 * Compares the page's <main> with tests/golden/NAME; with
 * TANREN_GOLDEN=write the file is written instead: read the diff. The tokens
 * of forms are holes by themselves.
 */
void pages_golden(struct pages *p, const char *name, const struct reply *re);

#endif
