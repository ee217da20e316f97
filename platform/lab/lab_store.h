/* The rows of labs. Scopes: SCOPE_OWN for people, SCOPE_MACHINE for jobs. */
#ifndef LAB_LAB_STORE_H
#define LAB_LAB_STORE_H

#include "lab/lab.h"

struct db_rows;

/* lab "": of all labs. */
MUST_USE enum err store_submissions(struct db *db, struct scope s,
    const char *lab, struct arena *a, struct lab_submission **out, size_t *n);

/* The columns of LAB_SUBMISSIONS; more may follow them. Ends `rows`. */
MUST_USE enum err store_read_submissions(struct db_rows *rows, struct arena *a,
    struct lab_submission **out, size_t *n);

/* ERR_NOT_FOUND. For jobs. */
MUST_USE enum err store_submission(
    struct db *db, int64_t id, struct arena *a, struct lab_submission *out);

/* id 0 when there is none. */
MUST_USE enum err store_run(struct db *db, struct scope own, const char *lab,
    int64_t draw, struct arena *a, struct lab_run *out);

/* "ready" and the others; RUN_FAILED for what is none. */
enum run_state store_run_state(const char *name);

/* ERR_NOT_FOUND. For jobs. */
MUST_USE enum err store_run_by_id(
    struct db *db, int64_t id, struct arena *a, struct lab_run *out);

MUST_USE enum err store_runs(struct db *db, struct scope own, struct arena *a,
    struct lab_run **out, size_t *n);

/* Ids of the hints a person knows of a lab. */
MUST_USE enum err store_hints(struct db *db, struct scope own, const char *lab,
    struct arena *a, const char **out);

/* added: false when the draw was there. */
MUST_USE enum err
store_run_add(struct db *db, const struct lab_run *run, bool *added);
MUST_USE enum err store_run_again(struct db *db, struct scope own,
    const struct lab_run *run, const char *manifest, int64_t now, bool *done);

/* Only while it is being prepared; ERR_CONFLICT otherwise. */
MUST_USE enum err
store_run_ready(struct db *db, int64_t run, int64_t now, const char *isolation);
MUST_USE enum err
store_run_failed(struct db *db, int64_t run, const char *isolation);

/* A sign of progress, at own.now. */
MUST_USE enum err store_run_touch(struct db *db, struct scope own, int64_t run);

/* ERR_CONFLICT when it is not ready. A sign of progress, as the next two. */
MUST_USE enum err store_run_hints(
    struct db *db, struct scope own, int64_t run, const char *hints);

/* ERR_CONFLICT when it is not ready. */
MUST_USE enum err store_run_isolation(
    struct db *db, struct scope own, int64_t run, const char *isolation);

/* ERR_CONFLICT: not ready, or another is being graded. */
MUST_USE enum err store_submit(struct db *db, struct scope own, int64_t run,
    int64_t now, int64_t *id, int64_t *number);

/* Only while it is being graded; ERR_CONFLICT otherwise. */
MUST_USE enum err store_graded(struct db *db, int64_t id, int64_t now,
    int64_t points, const char *result, const char *isolation);
MUST_USE enum err store_not_graded(struct db *db, int64_t id, int64_t now,
    const char *result, const char *isolation);

/* submission 0: an artefact of the run. */
MUST_USE enum err store_file_add(struct db *db, int64_t run, int64_t submission,
    const struct lab_file *file);
/* What was made of the run's seed: the artefacts, and the answer key. */
MUST_USE enum err store_artefacts_drop(struct db *db, int64_t run);

/* SECURITY: the answer key, in order of names; for jobs, never for a page. */
MUST_USE enum err
store_key_add(struct db *db, int64_t run, const struct lab_file *file);
MUST_USE enum err store_key(struct db *db, int64_t run, struct arena *a,
    struct lab_file **out, size_t *n);

MUST_USE enum err store_artefacts(struct db *db, struct scope s, int64_t run,
    struct arena *a, struct lab_file **out, size_t *n);
MUST_USE enum err store_artefact(struct db *db, struct scope own,
    const char *lab, int64_t file, struct arena *a, struct lab_file *out);
MUST_USE enum err store_answers(struct db *db, struct scope s,
    int64_t submission, struct arena *a, struct lab_file **out, size_t *n);

/* id 0 when it was not given up. */
MUST_USE enum err store_give_up(
    struct db *db, int64_t person, const char *lab, struct lab_give_up *out);

/*
 * added: false when it was given up before, was settled, or a submission is
 * being graded.
 */
MUST_USE enum err store_give_up_add(struct db *db, const struct learner *who,
    const char *lab, const struct lab_give_up *g, bool *added);

/* "" without a membership. */
MUST_USE enum err store_tier(struct db *db, int64_t person,
    int64_t organisation, int64_t at, struct arena *a, const char **out);
/* The most points that the evidence of a lab says; -1: there is none. */
MUST_USE enum err store_evidence_best(
    struct db *db, int64_t person, const char *lab, int64_t *out);

/*
 * What boxes were made of (struct lab_run): in the same write as what came of
 * it. ERR_CONFLICT: there is no such row, or the run is not ready any more.
 */
MUST_USE enum err
store_run_image(struct db *db, int64_t run, const char *image);
MUST_USE enum err store_run_shell_image(
    struct db *db, struct scope own, int64_t run, const char *image);
MUST_USE enum err
store_submission_image(struct db *db, int64_t id, const char *image);

#endif
