/* Starting, restarting and ending child processes. */
#include "app/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define BACK_OFF_MIN_MS 200
#define BACK_OFF_MAX_MS 10000
#define STABLE_MS 10000 /* whoever ran this long starts at once again */
#define END_MS 15000
#define TICK_MS 20

static sigset_t watched;

void
supervise_start(void)
{
	(void)sigemptyset(&watched);
	(void)sigaddset(&watched, SIGCHLD);
	(void)sigaddset(&watched, SIGTERM);
	(void)sigaddset(&watched, SIGINT);
	(void)sigaddset(&watched, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &watched, NULL);
}

/*
 * In the child. The order matters: changing the user forgets the parent's
 * death signal, and a parent that died before it was set is never told.
 */
static void
become(const struct child *c, const struct user *u, pid_t parent)
{
	const char *program =
	    c->program == NULL ? "/proc/self/exe" : c->program;
	char *argv[SUPERVISE_ARGS_MAX];

	memcpy(argv, c->argv, sizeof(argv));
	(void)setpgid(0, 0);
	if (user_become(u, c->needs) != ERR_OK ||
	    prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 || getppid() != parent)
		_exit(1);
	(void)sigprocmask(SIG_UNBLOCK, &watched, NULL);
	(void)execv(program, argv);
	log_error("run", "%s: %s", program, strerror(errno));
	_exit(127);
}

static void
back_off(struct child *c, int64_t now)
{
	if (now - c->started_at >= STABLE_MS)
		c->back_off_ms = 0;
	c->start_at =
	    now + (c->back_off_ms == 0 ? BACK_OFF_MIN_MS : c->back_off_ms);
	c->back_off_ms = c->start_at - now < BACK_OFF_MAX_MS / 2
	    ? (c->start_at - now) * 2
	    : BACK_OFF_MAX_MS;
}

static void
spawn(struct child *c, const struct user *u, int64_t now)
{
	pid_t parent = getpid();
	size_t i;

	for (i = 0; i < sizeof(c->stale) / sizeof(c->stale[0]); i++)
		if (c->stale[i] != NULL)
			(void)unlink(c->stale[i]);
	(void)fflush(NULL);
	c->started_at = now;
	if ((c->pid = fork()) == -1) {
		log_error("run", "fork: %s", strerror(errno));
		c->pid = 0;
		back_off(c, now);
		return;
	}
	if (c->pid == 0)
		become(c, u, parent);
	(void)setpgid(c->pid, c->pid);
}

void
supervise_spawn(struct child *list, size_t n, const struct user *u)
{
	int64_t now = clock_real();
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].pid == 0 && list[i].start_at <= now)
			spawn(&list[i], u, now);
}

static void
say_ended(const struct child *c, int status)
{
	if (WIFSIGNALED(status))
		log_warning(
		    "run", "%s ended by signal %d", c->name, WTERMSIG(status));
	else
		log_warning("run", "%s ended with status %d", c->name,
		    WEXITSTATUS(status));
}

/* What is left of its group would keep its sockets. */
static void
reap(struct child *list, size_t n, bool say)
{
	int status;
	size_t i;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < n; i++) {
			if (list[i].pid != pid)
				continue;
			(void)kill(-pid, SIGKILL);
			list[i].pid = 0;
			if (say)
				say_ended(&list[i], status);
			back_off(&list[i], clock_real());
		}
	}
}

/* Whoever does not run has to be started in time. */
static bool
somebody_waits(const struct child *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].pid == 0)
			return true;
	return false;
}

bool
supervise_wait(struct child *list, size_t n, int timeout_ms)
{
	struct timespec limit = {0};
	int sig;

	if (somebody_waits(list, n) && timeout_ms > TICK_MS)
		timeout_ms = TICK_MS;
	limit.tv_sec = timeout_ms / 1000;
	limit.tv_nsec = (long)(timeout_ms % 1000) * 1000 * 1000;
	sig = sigtimedwait(&watched, NULL, &limit);
	if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP)
		return true;
	reap(list, n, true);
	return false;
}

static void
end(struct child *list, size_t n, struct child *c)
{
	const struct timespec tick = {.tv_nsec = TICK_MS * 1000 * 1000};
	int64_t until = clock_real() + END_MS;

	if (c->pid == 0)
		return;
	(void)kill(c->pid, c->end_signal);
	while (c->pid != 0 && clock_real() < until) {
		(void)sigtimedwait(&watched, NULL, &tick);
		reap(list, n, false);
	}
	if (c->pid == 0)
		return;
	log_warning("run", "%s did not end in time", c->name);
	(void)kill(-c->pid, SIGKILL);
	(void)waitpid(c->pid, NULL, 0);
	c->pid = 0;
}

void
supervise_end(struct child *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		end(list, n, &list[i]);
}
