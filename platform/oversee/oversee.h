/*
 * Overseeing: what a supervisor sees of the sector and a training manager of
 * the own institution. The authority sees counts of the institutions in its
 * scope and no person; each look at one institution is recorded there.
 */
#ifndef OVERSEE_OVERSEE_H
#define OVERSEE_OVERSEE_H

#include "base/clock.h"
#include "base/err.h"
#include "content/content.h"
#include "db/scope.h"
#include "http/route.h"

struct db;

extern const struct route oversee_routes[];

/* A training manager's week, for the home page; one query. */
struct week {
	int64_t open, late; /* assignments, of all courses; open is not late */
};

MUST_USE enum err
week_load(struct db *db, struct scope managed, struct week *out);

/* A supervisor's sector in one line, for the home page; two queries. */
struct headline {
	int64_t institutions, people;
	int64_t able; /* of them, whose programme can be completed */
	int share; /* of those, percent who completed; -1: nobody is there */
};

MUST_USE enum err headline_load(struct db *db, struct scope supervised,
    const struct content *c, struct headline *out);

/*
 * Records that a supervisor looked at an institution, in its chain of audit:
 * once an hour for each supervisor. subject: the authority's organisation.
 */
#define LOOK_AGAIN_MS (60 * MINUTE_MS)
MUST_USE enum err look_record(struct db *db, int64_t institution,
    int64_t supervisor, int64_t authority, int64_t now);

#endif
