/*
 * Where a person stands: the ledger folded to a level per competency, set
 * against what the person's work role asks for, and what closes the gap.
 *
 * Levels (courses/framework/competencies.yaml) are shown by evidence:
 *
 *	1	a module's check or a course's exam that names the competency
 *		was passed, or the lab of a module that has no check
 *	2	an applied task: a lab passed with 75 % or more, its module's
 *		check, and the line manager's confirmation
 *	3, 4	exercises, teaching, appointment
 *
 * A standing says what is missing for 2; how the line manager confirms is in
 * career/confirmation.h.
 */
#ifndef CAREER_CAREER_H
#define CAREER_CAREER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/content.h"
#include "db/scope.h"
#include "http/route.h"
#include "lab/lab.h"
#include "learn/learn.h"
#include "record/record.h"

struct db;

#define LEVEL_CONFIRMED 2 /* the level that a line manager confirms */
#define SUGGESTIONS_MAX 3

/* A course that raises a competency. */
struct suggestion {
	const struct course *course;
	bool planned; /* the module that would do it is not written yet */
	bool mandatory; /* of a programme of the person's tier, or assigned */
};

/* What a line manager said about a competency of somebody. */
struct decision {
	int64_t organisation; /* where it was said */
	const char *competency;
	int level;
	int64_t number; /* from 1, within person, competency and level */
	bool confirmed; /* else: not yet */
	const char *note; /* to the person; "" with a confirmation */
	const char *by; /* the line manager's name */
	int64_t at;
};

/* One competency of one person. */
struct standing {
	const struct competency *competency;
	int target; /* of the role; 0: not asked for */
	int shown; /* by the evidence */
	int gap; /* target - shown, never below 0 */
	/* towards level 2: such a lab, and the check of its module */
	bool has_lab, has_check;
	/* the confirmation that completes it is in the ledger */
	bool confirmed;
	/* with has_check: since when both are there, the best such lab, and the
	 * check of its module (NULL: the module has none) */
	int64_t ready_at;
	const struct evidence_row *lab, *check;
	/* the last word of a line manager that still counts; NULL: none yet */
	const struct decision *decision;
	int64_t n_decisions; /* the number of the last one, wherever it was */
	/* the rows that name it, oldest first */
	const struct evidence_row **evidence;
	size_t n_evidence;
	/* best first; none without a gap */
	struct suggestion suggestions[SUGGESTIONS_MAX];
	size_t n_suggestions;
};

struct career {
	const struct work_role *role; /* NULL: not in the framework */
	/* the role's targets, largest gap first, mandatory courses first */
	struct standing *targets;
	size_t n_targets, on_target;
	/* what the role does not ask for but the evidence shows */
	struct standing *others;
	size_t n_others;
	/* everything, oldest first */
	const struct evidence_row *rows;
	size_t n_rows;
};

/* --------------------------------------------------------------- pure rule */

struct career_facts {
	const struct framework *framework;
	const struct work_role *role; /* NULL: none */
	const char *tier;
	const struct course_progress *courses; /* the whole catalogue */
	size_t n_courses;
	const struct evidence_row *rows; /* oldest first */
	size_t n_rows;
	int64_t organisation; /* where the person is now; 0: nowhere */
	const struct decision *decisions; /* in order of their numbers */
	size_t n_decisions;
};

/* Owned by the arena; points into the facts. */
void
career_fold(const struct career_facts *f, struct arena *a, struct career *out);

/*
 * Levels of one competency: s has its competency and target. Fills everything
 * but the suggestions.
 */
void standing_weigh(
    const struct career_facts *f, struct arena *a, struct standing *s);

/* Lab and check are there; only the line manager's confirmation is missing. */
bool standing_waits(const struct standing *s);

/* The highest level that "C01:1,C08:2" gives a competency; 0: not named. */
int competency_level(const char *competencies, const char *id);

/* -------------------------------------------------------------------- read */

/* With a number of queries that does not depend on anything. */
MUST_USE enum err
career_of(struct db *db, struct scope own, const struct content *c,
    const char *role, const char *tier, struct arena *a, struct career *out);

extern const struct route career_routes[];

#endif
