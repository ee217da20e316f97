/* What a submission that passes a lab brings along. */
#ifndef LAB_LAB_PASS_H
#define LAB_LAB_PASS_H

#include "lab/lab.h"

struct lab_pass {
	const struct site *site;
	const struct content *c; /* the run's */
	const struct lab *lab;
	const struct lab_run *run;
	int64_t submission, points;
	int64_t at; /* when it was handed in */
};

/*
 * The first time: evidence, the count for dashboards, the module that names
 * the lab. Once more evidence alone, when it is the first that is enough for
 * level 2; otherwise nothing. In the caller's transaction.
 */
MUST_USE enum err
lab_pass_record(struct db *db, const struct lab_pass *p, struct arena *a);

#endif
