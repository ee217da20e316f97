/* `tanren jobs`: looks for work four times a second, until SIGTERM. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "app/cmd.h"
#include "app/jobs.h"
#include "app/site.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "lab/lab.h"
#include "lab/shells.h"

#define PAUSE_MS 250
#define BACK_OFF_MAX_MS 10000

static const char usage[] =
    "usage: tanren jobs [--var DIR] [--config FILE]\n"
    "\n"
    "Works through jobs and what time brings. `tanren run` starts it.\n";

/* True when it is time to end. */
static bool
wait_ms(const sigset_t *ending, int ms)
{
	const struct timespec t = {
	    .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000 * 1000};

	return sigtimedwait(ending, NULL, &t) > 0;
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
	} while (!wait_ms(ending, pause));
}

static enum err
run(struct arena *a, const struct config *c, const sigset_t *ending)
{
	struct shells shells = {0};
	struct jobs j = {0};
	struct site site;
	enum err e;

	if ((e = process_start(a, c, "jobs", PROCESS_JOBS)) != ERR_OK ||
	    (e = site_open(a, c, &site)) != ERR_OK)
		return e;
	if ((e = db_open(c->database, DB_WRITE, &j.db)) == ERR_OK) {
		shells.socket = config_path(a, c, "run/" LABD_SOCKET);
		site.shells = &shells;
		j.site = &site;
		j.arena = arena_new();
		j.now = clock_now();
		if ((e = jobs_release(&j)) == ERR_OK &&
		    (e = lab_isolation_report(j.db)) == ERR_OK)
			work(&j, ending);
		arena_free(j.arena);
		db_close(j.db);
	}
	site_close(&site);
	return e;
}

int
cmd_jobs(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct options o;
	struct config c;
	sigset_t ending;
	int status;
	enum err e;

	status = cmd_begin(&argc, argv, 0, usage, a, &o, &c);
	if (status != -1)
		return status;
	(void)sigemptyset(&ending);
	(void)sigaddset(&ending, SIGTERM);
	(void)sigaddset(&ending, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ending, NULL);
	e = run(a, &c, &ending);
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
