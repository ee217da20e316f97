/* What is due in an institution, and how far its people are. */
#ifndef OVERSEE_DUE_H
#define OVERSEE_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/content.h"
#include "db/scope.h"

struct db;

/* Assignments of a course that are not done; open ones are not late yet. */
struct due_course {
	const char *course;
	int64_t open, late;
};

MUST_USE enum err due_courses(struct db *db, struct scope managed,
    struct arena *a, struct due_course **out, size_t *n);

/* An open assignment, to ask before it is cancelled. ERR_NOT_FOUND. */
struct due_one {
	const char *name, *number, *course;
	int64_t due_at;
};

MUST_USE enum err due_one(struct db *db, struct scope managed, int64_t id,
    struct arena *a, struct due_one *out);

/* Who looked at institutions: the authority's name; NULL if unknown. */
struct authority {
	int64_t id;
	struct bilingual name;
};

MUST_USE enum err
authorities(struct db *db, struct arena *a, struct authority **out, size_t *n);

/*
 * People by courses, in order of employee numbers. One query whatever their
 * number.
 */
struct person_course {
	int64_t started_at, done_at, due_at; /* 0: not */
	bool late;
};

struct person_progress {
	const char *number, *name, *department, *tier;
	struct person_course *courses; /* one per course asked for */
};

MUST_USE enum err people_progress(struct db *db, struct scope managed,
    const struct course *const *courses, size_t n_courses, struct arena *a,
    struct person_progress **out, size_t *n);

#endif
