/*
 * A lab proves itself: what it makes, what solves it and what scores it agree,
 * in the boxes that learners' files are graded in.
 *
 * For each of several seeds: setup leaves all artefacts; nothing handed in
 * scores 0; solve, which sees the artefacts and not the seed, scores 100; the
 * solution of another seed does not pass; each partial solution of lab.yaml
 * scores what it says. The same seed makes the same bytes again. Without a
 * program that the lab needs nothing is proven, and that is a failure, too.
 */
#ifndef LAB_LAB_PROOF_H
#define LAB_LAB_PROOF_H

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/content.h"
#include "lab/engine/box.h"

#define LAB_PROOF_SEEDS 5

struct lab_proof {
	const struct box_caps *caps;
	const struct content *content;
	const char *dir; /* where the scripts are written down for a while */
	FILE *out; /* a line for each step, in English */
	int failures; /* counted up */
};

/*
 * Proves one lab; what is wrong with it is printed and counted, not an error.
 * ERR_UNAVAILABLE: no box can be made here. As box_run the caller has one
 * thread.
 */
MUST_USE enum err lab_prove(struct lab_proof *p, const struct lab *lab);

#endif
