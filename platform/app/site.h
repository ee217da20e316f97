/* What the processes of an installation share: worker, jobs, command line. */
#ifndef APP_SITE_H
#define APP_SITE_H

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"
#include "http/site.h"

/* Woken by it: those who run the boxes of labs (base/bell.h). */
#define RUN_LAB_BELL "run/lab.bell"

/* Which process this is: keeps its ids apart from those of the others. */
enum process {
	PROCESS_COMMAND = 0,
	PROCESS_JOBS = 1,
	PROCESS_WORKER = 2, /* and the following, one per worker */
	PROCESS_LAB_JOBS = PROCESS_WORKER + CONFIG_WORKERS_MAX, /* likewise */
};

/*
 * Makes struct site of a configuration: secret, content store, rooms, hooks.
 * Without lanes: site.writer stays NULL. Strings belong to the arena.
 */
MUST_USE enum err
site_open(struct arena *a, const struct config *c, struct site *out);
void site_close(struct site *s);

/* Names the process in the log and in ids; opens the test clock. */
MUST_USE enum err process_start(struct arena *a, const struct config *c,
    const char *name, unsigned process);

#endif
