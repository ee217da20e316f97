/* What the files of assess/ share beside the promise in assess.h. */
#ifndef ASSESS_ATTEMPT_H
#define ASSESS_ATTEMPT_H

#include "assess/assess.h"

/* A check has no exam.yaml: the ledger's "quiz of 70 %". */
#define CHECK_PASS_PERCENT 70

/* The gate with everything it needs, read from the rows. */
MUST_USE enum err
exam_gate_of(struct db *db, const struct site *site, struct scope own,
    const struct content *c, const struct exam *exam, struct arena *a,
    struct exam_history *h, enum exam_gate *gate, int64_t *opens_at);

/* A new row; id is set. ERR_CONFLICT: one is open already. */
MUST_USE enum err attempt_add(struct db *db, struct attempt *at);

/* Finalised attempts, newest first. */
MUST_USE enum err attempts_past(struct db *db, struct scope own,
    const char *kind, const char *thing, int limit, struct arena *a,
    struct attempt **out, size_t *n);

/*
 * The form alone, without reading what was chosen: all that saving needs.
 * ERR_INTERNAL when the manifest does not hold it (logged).
 */
MUST_USE enum err
attempt_drawn(const struct site *site, const struct attempt *at,
    const struct content *c, struct arena *a, struct form *form);

/* "E-101/2" -> "E-101" and 2; false if it is no module. */
bool thing_split(
    struct arena *a, const char *thing, const char **course, int *module);

#endif
