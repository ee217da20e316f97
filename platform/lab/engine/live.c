/*
 * The maker's side of a live box: begins it, listens to it, ends it. What
 * differs by the kind of machine is its driver's.
 *
 *	maker                           the box's process
 *	driver's begin ---------------> builds the room
 *	                             <- made
 *	a terminal, please -----------> a shell
 *	                             <- here it is (with its descriptor)
 *	                             <- its shell is over
 *	closes the socket, or dies ---> ends, and everything with it
 */
#include "lab/engine/live.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

enum err
live_failed(const char *what, int error)
{
	log_error(
	    "live", "no box could be made: %s: %s", what, strerror(error));
	return ERR_UNAVAILABLE;
}

int
live_control(struct live *l, int *theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	l->control = pair[0];
	*theirs = pair[1];
	return 0;
}

enum err
live_begin(struct live *l, const struct live_spec *spec)
{
	enum err e;

	*l = LIVE_NONE;
	l->driver = spec->driver;
	e = l->driver->begin(l, spec);
	if (e == ERR_OK) {
		l->pidfd = (int)syscall(SYS_pidfd_open, l->pid, 0);
		if (l->pidfd != -1 &&
		    fcntl(l->control, F_SETFL, O_NONBLOCK) != -1)
			return ERR_OK;
		e = live_failed("pidfd_open", errno);
		(void)kill(l->pid, SIGKILL);
		(void)waitpid(l->pid, NULL, 0); /* it has nothing to do yet */
		(void)l->driver->bury(l);
	}
	close_fd(&l->control);
	close_fd(&l->pidfd);
	*l = LIVE_NONE;
	return e;
}

/* --------------------------------------------------------------------- notes
 */

static enum live_event
could_not(const struct note *n)
{
	(void)live_failed(step_name(n->step), n->error);
	return LIVE_HAS_ENDED;
}

static enum live_event
born(struct live *l)
{
	const struct note go = {.step = STEP_STARTED};

	if (l->driver->born(l) == -1) {
		(void)live_failed(step_name(STEP_IDS), errno);
		return LIVE_HAS_ENDED;
	}
	if (note_send(l->control, &go, -1) == -1)
		return LIVE_HAS_ENDED;
	l->state = LIVE_MAKING;
	return LIVE_NOTHING;
}

/* A copy comes along where one is needed, and nowhere else. */
static void
take_still(struct live *l, const struct note *n, int *fd)
{
	/* what was asked for before, and comes late, is not of now */
	if (n->round != l->still_round)
		return;
	l->still = l->asked_still;
	if (!l->driver->copies)
		return;
	l->still = l->asked_still && *fd != -1;
	close_fd(&l->out);
	l->out = *fd;
	*fd = -1;
}

/* SECURITY: a box may lie; what it says is taken only where it is expected. */
static enum live_event
understand(struct live *l, const struct note *n, int *fd)
{
	if (l->state == LIVE_BORN)
		return n->step == STEP_STARTED ? born(l) : could_not(n);
	if (l->state == LIVE_MAKING) {
		if (n->step != STEP_MADE || (*fd == -1) != l->driver->copies)
			return could_not(n);
		l->out = *fd;
		*fd = -1;
		l->state = LIVE_READY;
		return LIVE_IS_READY;
	}
	if (n->step == STEP_STILL) {
		take_still(l, n, fd);
		return LIVE_NOTHING;
	}
	if (n->step == STEP_FILE)
		return LIVE_FILE;
	if (n->terminal < 0 || n->terminal >= LIVE_TERMINALS_MAX)
		return LIVE_NOTHING;
	if (n->step == STEP_TERMINAL)
		return LIVE_TERMINAL;
	return n->step == STEP_SHELL ? LIVE_SHELL_ENDED : LIVE_NOTHING;
}

enum live_event
live_read(struct live *l, struct note *note, int *fd)
{
	enum live_event event;

	*fd = -1;
	while (l->control != -1) {
		if (note_receive(l->control, note, fd) == -1)
			return errno == EAGAIN ? LIVE_NOTHING : LIVE_HAS_ENDED;
		event = understand(l, note, fd);
		if (event != LIVE_TERMINAL)
			close_fd(fd);
		if (event != LIVE_NOTHING)
			return event;
	}
	return LIVE_NOTHING;
}

enum err
live_open_terminal(struct live *l, int terminal, unsigned round, unsigned rows,
    unsigned columns)
{
	const struct note n = {
	    .step = STEP_TERMINAL,
	    .terminal = terminal,
	    .round = round,
	    .rows = (unsigned short)rows,
	    .columns = (unsigned short)columns,
	};

	if (l->state != LIVE_READY || note_send(l->control, &n, -1) == -1)
		return ERR_UNAVAILABLE;
	return ERR_OK;
}

enum err
live_put(struct live *l, const char *name, unsigned round, int fd)
{
	struct note n = {.step = STEP_FILE, .round = round};

	(void)snprintf(n.name, sizeof(n.name), "%s", name);
	if (l->state != LIVE_READY || note_send(l->control, &n, fd) == -1)
		return ERR_UNAVAILABLE;
	return ERR_OK;
}

enum err
live_resize(
    struct live *l, int terminal, int fd, unsigned rows, unsigned columns)
{
	return l->driver->resize(l, terminal, fd, rows, columns);
}

/* ------------------------------------------------------------- standing still
 */

enum err
live_ask_still(struct live *l, bool still)
{
	const struct note n = {
	    .step = STEP_STILL, .status = still, .round = ++l->still_round};

	return note_send(l->control, &n, -1) == 0 ? ERR_OK : ERR_UNAVAILABLE;
}

enum err
live_freeze(struct live *l)
{
	if (l->state != LIVE_READY)
		return ERR_UNAVAILABLE;
	l->still = false;
	l->asked_still = true;
	return l->driver->still(l, true);
}

bool
live_is_still(struct live *l)
{
	if (l->driver->is_still != NULL && l->asked_still)
		l->still = l->driver->is_still(l);
	return l->still;
}

void
live_thaw(struct live *l)
{
	if (!l->asked_still)
		return;
	l->asked_still = l->still = false;
	if (l->control != -1 && l->driver->still(l, false) != ERR_OK)
		live_kill(l);
}

/* ------------------------------------------------------------------------ end
 */

void
live_kill(struct live *l)
{
	if (l->state == LIVE_GONE || l->state == LIVE_ENDING)
		return;
	l->state = LIVE_ENDING;
	l->driver->kill(l);
	close_fd(&l->control);
	close_fd(&l->out);
}

bool
live_reap(struct live *l)
{
	if (l->state == LIVE_GONE)
		return true;
	/* a zombie only when the last process of its namespace is gone */
	if (l->pid > 0 && waitpid(l->pid, NULL, WNOHANG) != l->pid)
		return false;
	l->pid = 0;
	close_fd(&l->pidfd);
	if (!l->driver->bury(l))
		return false;
	*l = LIVE_NONE;
	return true;
}
