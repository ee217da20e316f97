/*
 * Work outside of requests: jobs, things that happen when time passes, and
 * what is folded and swept. One process for that, and some for the boxes of
 * labs, each with one thread and one connection that writes in short
 * transactions, so that the writer lane never waits long.
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "lab/lab.h"
#include "record/record.h"

struct db;
struct site;

struct jobs {
	const struct site *site;
	struct db *db;
	struct job_worker worker; /* which of them this is */
	struct arena *arena; /* forgotten after each piece of work */
	int64_t now;
	int64_t swept_at, followed_at;
	struct lab_reported labs; /* what the pages were told of boxes */
};

/*
 * A job's handler writes by itself (db_write) and may be called again for the
 * same job. An error has it tried later.
 */
struct job_kind {
	const char *kind;
	enum err (*run)(struct jobs *j, struct job *job);
	/*
	 * The last try failed too: whoever waits for it is told, in the
	 * transaction that gives the job up. NULL: nobody waits.
	 */
	enum err (*gave_up)(struct db *db, const struct job *job, int64_t now);
};

extern const struct job_kind job_kinds[]; /* app/job_kinds.c; NULL ends it */

/* What a process before us, of our number, left running waits again. */
MUST_USE enum err jobs_release(struct jobs *j);

/*
 * Everything of ours that is due now. Called again and again. Of the main
 * queue: its jobs and all that time brings; of another: its jobs.
 */
MUST_USE enum err jobs_work(struct jobs *j);

#endif
