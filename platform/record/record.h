/*
 * What every act writes besides its own rows: evidence of learning, the audit
 * chain, counts for dashboards, messages, jobs and things that happen when
 * time passes. All inside the act's transaction.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "db/scope.h"

struct db;

/* ------------------------------------------------ evidence, append-only */

struct evidence {
	int64_t person;
	int64_t organisation; /* at that time; 0: none */
	const char *tier;
	const char *source; /* as in the schema: check, exam, course, … */
	const char *thing; /* E-101, E-101/2, L02 */
	int64_t reference; /* the attempt, submission or certificate; 0 */
	int64_t points, points_max; /* 0, 0: not scored */
	const char *competencies; /* "C01:1,C03:1": what it is evidence for */
	const char *manifest;
	int64_t at;
};

MUST_USE enum err evidence_add(struct db *db, const struct evidence *ev);

struct evidence_row {
	int64_t id;
	struct evidence ev;
};

/* A person's evidence, oldest first. scope must reach the person. */
MUST_USE enum err evidence_of_person(struct db *db, struct scope s,
    int64_t person, struct arena *a, struct evidence_row **out, size_t *n);

/* ------------------------------------------- audit, a chain per organisation
 */

/*
 * Adds an act of power to the chain of the organisation that it concerns.
 * act: "roster.import", "assignment.made", "authority.looked", … subject and
 * detail hold ids and counts, never names. actor 0: the machine.
 */
MUST_USE enum err audit_add(struct db *db, int64_t organisation, int64_t actor,
    const char *act, const char *subject, const char *detail, int64_t at);

struct audit_row {
	int64_t seq, at, actor;
	const char *act, *subject, *detail;
};

/* The newest rows of one act ("" for all), newest first. */
MUST_USE enum err audit_recent(struct db *db, struct scope s,
    int64_t organisation, const char *act, int limit, struct arena *a,
    struct audit_row **out, size_t *n);

/* ------------------------------------------------ counts for dashboards */

/* metrics and keys: see the comment of rollup_delta in the schema. */
MUST_USE enum err
rollup_add(struct db *db, int64_t organisation, const char *metric,
    const char *key, const char *tier, int64_t at, int64_t amount);

/* Folds waiting deltas, at most `limit`; folded gets how many. Jobs call it. */
MUST_USE enum err rollup_fold(struct db *db, int limit, int64_t *folded);

/* ------------------------------------------------------------- messages */

/* Puts a mail into the outbox. Subject and body are in the person's language.
 */
MUST_USE enum err outbox_add(struct db *db, int64_t person, const char *kind,
    enum lang lang, const char *subject, const char *body, int64_t now);

/* ----------------------------------------------------------------- jobs */

/*
 * Two queues, each with processes of its own, so that nothing short waits
 * behind a box that is slow.
 */
#define JOB_QUEUE_MAIN "main"
#define JOB_QUEUE_LAB "lab"

/*
 * Adds work to the main queue: kind and a subject (an id or a name). With
 * same_as (may be NULL) a waiting job of that text makes this a no-op.
 */
MUST_USE enum err job_add(struct db *db, const char *kind, const char *subject,
    const char *same_as, int64_t run_at);

/*
 * Adds work of a person to the lab queue, whose processes are woken. Turns are
 * fair: institutions alternate, however many people of one come at once, and
 * what a person has waiting already puts the next behind others.
 */
struct job_turn {
	const char *kind;
	int64_t subject;
	int64_t organisation, person;
};

MUST_USE enum err
job_add_in_turn(struct db *db, const struct job_turn *t, int64_t run_at);

/*
 * Adds work to the lab queue that nobody waits for: it is done when nothing
 * else waits there, and puts nobody behind. One that waits already makes this
 * a no-op.
 */
MUST_USE enum err
job_add_idle(struct db *db, const char *kind, int64_t subject, int64_t run_at);

/* How many wait before it; ERR_NOT_FOUND: it does not wait. */
MUST_USE enum err
job_ahead(struct db *db, const char *kind, int64_t subject, int64_t *out);

struct job {
	int64_t id;
	const char *kind, *subject;
	int64_t tries;
};

/* A process that works: `number` (from 1) of the `of` that a queue has. */
struct job_worker {
	const char *queue;
	int64_t number, of;
};

/* Claims the next one that is due; ERR_NOT_FOUND when there is none. */
MUST_USE enum err job_claim(struct db *db, const struct job_worker *by,
    int64_t now, struct arena *a, struct job *out);
MUST_USE enum err job_progress(struct db *db, int64_t id, int percent);
MUST_USE enum err job_finish(struct db *db, int64_t id, int64_t now);
/* Tried again after 1, 2, 4, 8 minutes; then, after JOB_TRIES_MAX, failed. */
#define JOB_TRIES_MAX 5
MUST_USE enum err
job_fail(struct db *db, int64_t id, int64_t now, const char *error);
/*
 * What a process of that number left running when it died waits again; the
 * first also sees to those of numbers that there are no more.
 */
MUST_USE enum err
job_release(struct db *db, const struct job_worker *by, int64_t *released);

/* ------------------------------------------------ when time passes */

MUST_USE enum err
dated_add(struct db *db, int64_t at, const char *kind, int64_t subject);
MUST_USE enum err
dated_remove(struct db *db, const char *kind, int64_t subject);

struct dated {
	int64_t id, at, subject;
	const char *kind;
};

/* The next one that is due and takes it away; ERR_NOT_FOUND if none. */
MUST_USE enum err
dated_take(struct db *db, int64_t now, struct arena *a, struct dated *out);

/* ---------------------------------------------------------------- verify */

struct verify_report {
	int64_t chains, audit_rows, evidence_rows, rollup_rows;
	int64_t wrong; /* printed one by one through say */
};

/*
 * Recounts the chains and what can be recounted from record/ alone; rooms
 * add their own checks (app/verify.c).
 */
MUST_USE enum err audit_verify(struct db *db, struct verify_report *report,
    void (*say)(void *ctx, const char *line), void *ctx);

#endif
