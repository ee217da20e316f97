/*
 * `tanren jobs`: looks for work four times a second, and when the bell rings,
 * until SIGTERM.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "app/cmd.h"
#include "app/jobs.h"
#include "app/site.h"
#include "base/bell.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "lab/shells.h"

#define PAUSE_MS 250
#define BACK_OFF_MAX_MS 10000
#define LAB_NICE 10

static const char usage[] =
    "usage: tanren jobs [lab NUMBER] [--var DIR] [--config FILE]\n"
    "\n"
    "Works through jobs and what time brings; with `lab` through the boxes of\n"
    "labs, as one of several processes. `tanren run` starts them.\n";

static bool
is_lab(const struct jobs *j)
{
	return text_eq(j->worker.queue, JOB_QUEUE_LAB);
}

static void
work(struct jobs *j, const sigset_t *ending)
{
	int pause = PAUSE_MS;
	enum err e;

	do {
		e = jobs_work(j);
		arena_reset(j->arena);
		if (e == ERR_OK)
			pause = PAUSE_MS;
		else if (pause < BACK_OFF_MAX_MS)
			pause *= 2;
		if (e != ERR_OK)
			log_warning(
			    "jobs", "a pause of %d ms: %s", pause, err_name(e));
	} while (bell_wait(is_lab(j), ending, pause) != BELL_SIGNAL);
}

/* A crowd at the labs shall not be felt on the pages. */
static void
give_way(void)
{
	if (setpriority(PRIO_PROCESS, 0, LAB_NICE) == -1)
		log_warning("jobs", "setpriority: %s", strerror(errno));
}

static enum err
run(struct arena *a, const struct config *c, struct job_worker worker,
    const sigset_t *ending)
{
	struct shells shells = {0};
	struct jobs j = {.worker = worker};
	struct site site;
	enum err e;

	e = is_lab(&j) ? process_start(a, c, "lab-jobs",
			     PROCESS_LAB_JOBS + (unsigned)worker.number - 1)
		       : process_start(a, c, "jobs", PROCESS_JOBS);
	if (e != ERR_OK || (e = site_open(a, c, &site)) != ERR_OK)
		return e;
	if (is_lab(&j))
		give_way();
	if ((e = bell_open(config_path(a, c, RUN_LAB_BELL))) == ERR_OK &&
	    (e = db_open(c->database, DB_WRITE, &j.db)) == ERR_OK) {
		shells.socket = config_path(a, c, "run/" LABD_SOCKET);
		site.shells = &shells;
		j.site = &site;
		j.arena = arena_new();
		j.now = clock_now();
		if ((e = jobs_release(&j)) == ERR_OK)
			work(&j, ending);
		arena_free(j.arena);
		db_close(j.db);
	}
	site_close(&site);
	return e;
}

/* "lab 2"; without words the main queue. */
static bool
worker_of(int argc, char **argv, const struct config *c, struct job_worker *out)
{
	*out = (struct job_worker){JOB_QUEUE_MAIN, 1, 1};
	if (argc == 1)
		return true;
	*out = (struct job_worker){JOB_QUEUE_LAB, 0, c->lab_workers};
	return argc == 3 && text_eq(argv[1], "lab") &&
	    text_to_int(argv[2], &out->number) && out->number >= 1 &&
	    out->number <= CONFIG_LAB_WORKERS_MAX;
}

int
cmd_jobs(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct job_worker worker;
	struct options o;
	struct config c;
	sigset_t ending;
	int status;
	enum err e;

	status = cmd_begin(&argc, argv, 2, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (!worker_of(argc, argv, &c, &worker)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	(void)sigemptyset(&ending);
	(void)sigaddset(&ending, SIGTERM);
	(void)sigaddset(&ending, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ending, NULL);
	e = run(a, &c, worker, &ending);
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
