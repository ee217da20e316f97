/*
 * Learning: how far a person is in a course, and what is due. A module is
 * done when its check is passed (a lab module: also the lab); a course is
 * completed when all its modules are written and done, and its exam, if it
 * has one, is passed.
 */
#ifndef LEARN_LEARN_H
#define LEARN_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/content.h"
#include "db/scope.h"
#include "http/route.h"

struct db;
struct site;

/* Who is learning: what every act writes beside the person. */
struct learner {
	int64_t person;
	int64_t organisation; /* 0: none */
	const char *tier;
};

struct learner learner_of(const struct viewer *v);

/* ---------------------------------------------------------------- progress */

struct module_progress {
	int module;
	int64_t opened_at, read_at, passed_at; /* 0: not yet */
};

enum course_state {
	COURSE_NEW,
	COURSE_STARTED,
	COURSE_MODULES_DONE, /* the exam is open */
	COURSE_COMPLETED,
};

struct course_progress {
	const struct course *course;
	const struct module_progress
	    *modules; /* one per module of the course */
	int written, done; /* modules that are written, that are done */
	enum course_state state;
	int64_t completed_at;
	int64_t due_at; /* of the open assignment; 0: none */
	bool overdue;
	int next_module; /* the first not done; 0: none */
};

/* One course. Owned by the arena. */
MUST_USE enum err progress_of_course(struct db *db, struct scope own,
    const struct course *course, struct arena *a, struct course_progress *out);

/*
 * All courses of the catalogue for a person, in the catalogue's order, with
 * two queries whatever their number.
 */
MUST_USE enum err
progress_of_all(struct db *db, struct scope own, const struct content *c,
    struct arena *a, struct course_progress **out, size_t *n);

/* The module was opened: the first time is kept. */
MUST_USE enum err progress_opened(struct db *db, const struct learner *who,
    const struct content *c, const struct course *course, int module,
    int64_t now);

/* The same without the content at hand. */
MUST_USE enum err progress_opened_in(struct db *db, int64_t person,
    const char *course, int module, const char *manifest, int64_t now);

/*
 * The module's check (source "check") or lab (source "lab") was passed. Adds
 * evidence the first time, and completes the course when it was the last
 * thing missing. reference: the attempt or submission.
 */
MUST_USE enum err progress_passed(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int module, const char *source,
    int64_t reference, int64_t points, int64_t points_max, int64_t now);

/*
 * The course's exam was passed: the course is completed. Evidence of the exam
 * is the caller's.
 */
MUST_USE enum err course_exam_passed(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int64_t attempt, int64_t now);

/* ------------------------------------------------------------- assignments */

struct assignment {
	int64_t id, person, organisation;
	const char *course;
	int64_t due_at, assigned_at, completed_at;
	bool overdue;
};

/*
 * Assigns a course to persons of the scope's organisation: who has it open
 * gets the new date, who completed it is left alone. One audit row. made:
 * how many were assigned anew, moved: how many got another date.
 */
MUST_USE enum err assignment_make(struct db *db, struct scope managed,
    const char *course, const int64_t *persons, size_t n, int64_t due_at,
    int64_t now, int64_t *made, int64_t *moved);

/*
 * What assignment_make would do now: how many would be assigned anew, how
 * many would get another date. One query.
 */
MUST_USE enum err assignment_foresee(struct db *db, struct scope managed,
    const char *course, const int64_t *persons, size_t n, int64_t due_at,
    struct arena *a, int64_t *made, int64_t *moved);

/* Taken back: it is counted neither as assigned nor as overdue any more. */
MUST_USE enum err
assignment_cancel(struct db *db, struct scope managed, int64_t id, int64_t now);

/*
 * Somebody left (dated row "membership_end"): what is still open there is
 * cancelled, unless they are back.
 */
MUST_USE enum err
assignments_of_leaver_end(struct db *db, int64_t membership, int64_t now);

/* The course was completed: its open assignment, if there is one, is done. */
MUST_USE enum err assignment_complete(
    struct db *db, int64_t person, const char *course, int64_t now);

/* Time has passed (dated row "assignment_due"): counts it as overdue. */
MUST_USE enum err assignment_became_due(struct db *db, int64_t id, int64_t now);

/* One open or late assignment with its person, for the training manager. */
struct assignment_line {
	int64_t id;
	const char *number, *name, *department, *tier, *course;
	int64_t due_at, completed_at;
	bool overdue;
};

/* which: "open", "late" or "done"; course "" for all; earliest due first. */
MUST_USE enum err assignment_lines(struct db *db, struct scope managed,
    const char *which, const char *course, int limit, struct arena *a,
    struct assignment_line **out, size_t *n);

/* ------------------------------------------------------------------- pages */

extern const struct route learn_routes[];

/* "45 minutes" in the reader's language. */
const char *minutes_text(struct arena *a, enum lang lang, int minutes);

#endif
