/*
 * A lab as the demo sector needs it in its year of history: the rows of a run
 * and of a graded submission, and what a passing one leads to. No artefacts
 * were made and nothing was graded in a box, which the isolation "demo" says.
 */
#ifndef LAB_LAB_DEMO_H
#define LAB_LAB_DEMO_H

#include "lab/lab.h"

/*
 * For a person who never opened this lab. points of LAB_POINTS_MAX, spread
 * over the checks from the first one on. In a write.
 */
MUST_USE enum err lab_demo_done(struct db *db, const struct site *site,
    const struct content *c, const struct lab *lab, const struct learner *who,
    int64_t points, int64_t at, struct arena *a);

#endif
