/*
 * What was handed in, scored: one box after another, each made for one
 * program and gone with it.
 *
 *	program  is given                        leaves
 *	key      the seed                        key/: what check would draw
 *	cases    the seed                        cases/: inputs of the trial
 *	trial    out/, cases/; no seed           trial/: what came of them
 *	check    the seed, out/, trial/, key/    a line per check
 *
 * The answer key is a function of the seed, too: it saves check the time and
 * nothing else. So it is made once, kept beside the run where no learner
 * reads, and made again whenever it is not there.
 *
 * The next two are there for labs whose learners hand in a program (`trial`
 * in lab.yaml, labs/README.md): it is run in the second, where there is
 * nothing to be found out, and never where the seed is. Whatever it does to
 * its box is no reason to give up: check is told how the trial ended and gets
 * what it left, both as little to be trusted as what was handed in.
 */
#ifndef LAB_LAB_BOXES_H
#define LAB_LAB_BOXES_H

#include "lab/lab_scripts.h"

struct lab_graded {
	const char *program; /* that ran last: "check"; or which broke */
	struct box_result result; /* of it */
	const char *broken; /* how, in English; NULL: it ended well */
	/* Of a lab with a trial whose cases were made; else trial_end is NULL.
	 */
	struct box_result trial;
	const char *trial_end; /* "exited 0", "timeout 0": end and code */
};

/* Files of an answer key, below KEY_DIR. */
struct lab_key {
	const struct box_file *files;
	size_t n;
};

/*
 * The answer key alone. Of s: caps, lab, dir, seed. out->broken says whether
 * out->result is one; ERR_OK as below.
 */
MUST_USE enum err lab_key_run(
    const struct lab_script *s, struct arena *a, struct lab_graded *out);

/* The files that lab_key_run left. */
struct lab_key lab_key_of(const struct box_result *r, struct arena *a);

/*
 * Of s: caps, lab, dir, seed, and files as they were handed in (below
 * OUT_DIR). key NULL: of a lab that has one it is made first. ERR_OK when the
 * programs could be started, whatever became of them; else as box_run.
 */
MUST_USE enum err lab_boxes_run(const struct lab_script *s,
    const struct lab_key *key, struct arena *a, struct lab_graded *out);

#endif
