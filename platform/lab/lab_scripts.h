/*
 * A lab's scripts: in a directory of their own as long as they are needed,
 * and one of them run in a box, with the environment that authors rely on
 * (labs/README.md).
 */
#ifndef LAB_LAB_SCRIPTS_H
#define LAB_LAB_SCRIPTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "content/content.h"
#include "lab/engine/box.h"

/* Directories of the box's work directory. */
#define IN_DIR "in"
#define OUT_DIR "out"
#define CASES_DIR "cases"
#define TRIAL_DIR "trial"
#define KEY_DIR "key"

/*
 * Below the data directory; only its owner may enter. There are two homes in
 * it: one with all scripts, and one for the trial, in whose box a learner's
 * program can read whatever lies there.
 */
MUST_USE enum err lab_scripts_write(const char *var, const struct content *c,
    const char *lab, struct arena *a, const char **dir);
void lab_scripts_remove(const char *dir);

struct lab_script {
	const struct box_caps *caps;
	const struct lab *lab; /* its limits hold */
	const char *dir; /* as lab_scripts_write made it */
	const char *name; /* "setup", "check", "solve" */
	const char *argument; /* NULL: none */
	const uint8_t *seed; /* DIGEST_BYTES; NULL: it is not told */
	const char *trial_end; /* for a check, "exited 0"; NULL: no trial */
	const struct box_file *files; /* "in/access.log", "out/rule.txt" */
	size_t n_files;
	const char *collect; /* IN_DIR, OUT_DIR, or NULL */
};

/* Whether the scripts in `dir` make an answer key: whether there is a "key". */
bool lab_scripts_have_key(const char *dir, struct arena *a);

/* The first program that a lab needs and boxes do not have; NULL: none. */
const char *lab_lacking(const struct box_caps *caps, const struct lab *lab);

/* As box_run. */
MUST_USE enum err lab_script_run(
    const struct lab_script *s, struct arena *a, struct box_result *out);

/*
 * The lab's trial, which runs what the learner handed in: in its own home,
 * within the limits of lab.yaml's trial. Of s only caps, lab, dir and files
 * count; what it left in TRIAL_DIR is collected.
 */
MUST_USE enum err lab_trial_run(
    const struct lab_script *s, struct arena *a, struct box_result *out);

/*
 * What is wrong with what setup left, in English; NULL: it ended well and all
 * artefacts that the lab promises are there.
 */
const char *
lab_setup_problem(const struct lab *lab, const struct box_result *r);

#endif
