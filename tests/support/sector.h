/*
 * A little sector, built by the acts of the rooms: fifteen institutions of
 * three categories, an authority, people who learned over months, and one
 * person of each role. And requests of any kind, in the lane they belong to.
 *
 *	struct sector_fixture s;
 *
 *	sector_fixture_open(&s, f, rooms);
 *	status = visit(&s, s.persons[SECTOR_SUPERVISOR], LANG_JA,
 *	    "/sector", &re);
 *	sector_fixture_close(&s);
 */
#ifndef TESTS_SECTOR_H
#define TESTS_SECTOR_H

#include "http/request.h"
#include "support/pages.h"

#define SECTOR_INSTITUTIONS 15
#define SECTOR_OWN 0 /* RGB: of the institution's persons below */
#define SECTOR_SIBLING 1 /* RGB: another of the supervisor's category */
#define SECTOR_OTHER 7 /* SHK: out of the supervisor's scope */

enum sector_person {
	SECTOR_LEARNER,
	SECTOR_LINE_MANAGER, /* of the learner */
	SECTOR_TRAINING_MANAGER,
	SECTOR_AUTHOR,
	SECTOR_SUPERVISOR, /* of the category RGB */
	SECTOR_OPERATOR,
	SECTOR_SUPERVISOR_ALL,
	SECTOR_OTHER_LEARNER, /* in SECTOR_OTHER */
	SECTOR_OTHER_MANAGER, /* its training manager, and line manager */
	SECTOR_PERSONS
};

struct sector_fixture {
	struct pages pages; /* its site, for golden pages */
	int64_t authority;
	int64_t institutions[SECTOR_INSTITUTIONS];
	int64_t persons[SECTOR_PERSONS];
	int64_t memberships[SECTOR_PERSONS];
};

void sector_fixture_open(struct sector_fixture *s, struct fixture *f,
    const struct route *const *rooms);
void sector_fixture_close(struct sector_fixture *s);

/* Publishes the same content again with one file replaced. */
void
sector_republish(struct sector_fixture *s, const char *path, const char *text);

/* An act as the machine, in a write; a failure ends the program. */
void sector_act(struct sector_fixture *s,
    enum err (*act)(struct db *db, void *ctx), void *ctx, const char *what);

/*
 * A request of a person (0: nobody); a GET's path may carry a query, a POST's
 * form is urlencoded and gets its token. A row that writes runs in a
 * transaction that an error undoes. The status; re is freed by the next call
 * with it, at the end by buf_free: zero it before the first.
 */
int request_as(struct sector_fixture *s, int64_t person, enum lang lang,
    enum http_method method, const char *path, const char *form,
    struct reply *re);
int visit(struct sector_fixture *s, int64_t person, enum lang lang,
    const char *path, struct reply *re);
int send_form(struct sector_fixture *s, int64_t person, const char *path,
    const char *form, struct reply *re);

/* Whether the body holds a text. */
bool sector_says(const struct reply *re, const char *text);

#endif
