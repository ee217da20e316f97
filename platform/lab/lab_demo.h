/*
 * A lab as the demo sector needs it in its year of history: the rows of a run
 * and of a graded submission, and what a passing one leads to. No artefacts
 * were made and nothing was graded in a box, which the isolation "demo" says.
 */
#ifndef LAB_LAB_DEMO_H
#define LAB_LAB_DEMO_H

#include "lab/lab.h"

/*
 * For a person who never opened this lab. In a write. What is unusual about
 * it becomes a point to check, as it would after grading (lab/signal.h).
 */
struct lab_demo {
	int64_t points; /* of LAB_POINTS_MAX, spread from the first check on */
	int64_t at, took_ms;
	int64_t number_of; /* whose number stands in it; 0: one's own */
};

MUST_USE enum err lab_demo_done(struct db *db, const struct site *site,
    const struct content *c, const struct lab *lab, const struct learner *who,
    const struct lab_demo *how, struct arena *a);

#endif
