/* What the two kinds of job have in common: a run and a box for it. */
#ifndef LAB_LAB_JOB_H
#define LAB_LAB_JOB_H

#include "lab/lab.h"
#include "lab/lab_boxes.h"

struct lab_job {
	struct db *db;
	const struct site *site;
	int64_t now;
	struct arena *arena;
	struct box_image image; /* which caps may name */
	struct box_caps caps;
	const char *isolation; /* of caps, for the rows */
	struct lab_run run;
	struct lab_submission submission; /* of a grading */
	struct content *c; /* the run's own; held */
	const struct lab *lab;
	const char *scripts; /* where they lie for the box */
};

/* The id that a job is about; logs when it is none. */
bool job_subject(const char *subject, int64_t *id);

/*
 * For j->run: its content, its lab, a probed box, its scripts. Anything may
 * be missing after a failure; job_end copes with that.
 */
MUST_USE enum err job_begin(struct lab_job *j);
void job_end(struct lab_job *j);

/*
 * Runs the lab's setup to its end, with the run's seed. ERR_UNAVAILABLE also
 * when the box would lack a program that the lab needs.
 */
MUST_USE enum err job_run_setup(struct lab_job *j, struct box_result *out);

/* The lab's answer key, with the run's seed; the same, or as lab_key_run. */
MUST_USE enum err job_run_key(struct lab_job *j, struct lab_graded *out);

/* Scores what was handed in, with the run's seed; the same, or as
 * lab_boxes_run. */
MUST_USE enum err job_run_boxes(struct lab_job *j, const struct lab_key *key,
    const struct box_file *files, size_t n_files, struct lab_graded *out);

/* A line for the author of a script that broke. */
void job_log_broken(const struct lab_job *j, const char *name,
    const struct box_result *r, const char *why);

#endif
