/*
 * The maker's side of a live box: begins it, listens to it, ends it.
 *
 *	maker                           process 1 of the box
 *	clone(new namespaces) --------> started
 *	cgroup, uid_map, gid_map  go -> ids, mounts, privileges dropped, filter
 *	                             <- made (with /lab/out)
 *	a terminal, please -----------> pty, fork, execve of a shell
 *	                             <- here it is (with the pty)
 *	                             <- its shell is over
 *	closes the socket, or dies ---> ends, and everything with it
 *
 * Why process 1 forks the shells: they are born into the box's namespaces,
 * cgroup and filter, so there is no moment at which a process of the maker's
 * stands inside with something of the maker's about it, as with setns(2).
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

static enum err
failed(const char *what, int error)
{
	log_error(
	    "live", "no box could be made: %s: %s", what, strerror(error));
	return ERR_UNAVAILABLE;
}

static enum err
begin(struct live *l, const struct live_spec *spec)
{
	int rc, control[2];

	l->group.caps = spec->caps;
	/* a class that computes does not slow the pages of all others */
	l->group.gives_way = true;
	if ((rc = cgroup_make(&l->group, spec->memory_mb, spec->disk_mb,
		 spec->processes_max)) != 0)
		return failed(step_name(STEP_LIMITS), -rc);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) ==
	    -1)
		return failed("socketpair", errno);
	l->control = control[0];
	if ((l->pid = birth_copy(spec->caps->image)) == 0)
		live_inside_main(spec, control[1]);
	(void)close(control[1]);
	if (l->pid == -1) {
		l->pid = 0;
		return failed(step_name(STEP_STARTED), errno);
	}
	l->pidfd = (int)syscall(SYS_pidfd_open, l->pid, 0);
	if (l->pidfd == -1 || fcntl(l->control, F_SETFL, O_NONBLOCK) == -1)
		return failed("pidfd_open", errno);
	if ((rc = cgroup_enter(&l->group, l->pid)) != 0)
		return failed(step_name(STEP_LIMITS), -rc);
	l->state = LIVE_BORN;
	return ERR_OK;
}

enum err
live_begin(struct live *l, const struct live_spec *spec)
{
	enum err e;

	*l = LIVE_NONE;
	if ((e = begin(l, spec)) == ERR_OK)
		return ERR_OK;
	if (l->pid > 0) {
		(void)kill(l->pid, SIGKILL);
		(void)waitpid(l->pid, NULL, 0); /* it has nothing to do yet */
	}
	close_fd(&l->control);
	close_fd(&l->pidfd);
	cgroup_remove(&l->group);
	*l = LIVE_NONE;
	return e;
}

/* --------------------------------------------------------------------- notes
 */

static enum live_event
could_not(const struct note *n)
{
	(void)failed(step_name(n->step), n->error);
	return LIVE_HAS_ENDED;
}

static enum live_event
give_ids(struct live *l)
{
	const struct note go = {.step = STEP_STARTED};

	if (birth_give_ids(l->pid, l->group.caps) == -1) {
		(void)failed(step_name(STEP_IDS), errno);
		return LIVE_HAS_ENDED;
	}
	if (note_send(l->control, &go, -1) == -1)
		return LIVE_HAS_ENDED;
	l->state = LIVE_MAKING;
	return LIVE_NOTHING;
}

/* SECURITY: a box may lie; what it says is taken only where it is expected. */
static enum live_event
understand(struct live *l, const struct note *n, int *fd)
{
	if (l->state == LIVE_BORN)
		return n->step == STEP_STARTED ? give_ids(l) : could_not(n);
	if (l->state == LIVE_MAKING) {
		if (n->step != STEP_MADE || *fd == -1)
			return could_not(n);
		l->out = *fd;
		*fd = -1;
		l->state = LIVE_READY;
		return LIVE_IS_READY;
	}
	if (n->step == STEP_STILL) {
		l->still = l->asked_still;
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

/* ------------------------------------------------------------- standing still
 */

static enum err
ask_still(struct live *l, bool still)
{
	const struct note n = {.step = STEP_STILL, .status = still};

	return note_send(l->control, &n, -1) == 0 ? ERR_OK : ERR_UNAVAILABLE;
}

enum err
live_freeze(struct live *l)
{
	int rc;

	if (l->state != LIVE_READY)
		return ERR_UNAVAILABLE;
	l->still = false;
	l->asked_still = true;
	if (!cgroup_can_freeze(&l->group))
		return ask_still(l, true);
	if ((rc = cgroup_freeze(&l->group, true)) == 0)
		return ERR_OK;
	log_error("live", "a box does not stand still: %s", strerror(-rc));
	return ERR_UNAVAILABLE;
}

bool
live_is_still(struct live *l)
{
	if (cgroup_can_freeze(&l->group))
		l->still = l->asked_still && cgroup_is_frozen(&l->group);
	return l->still;
}

void
live_thaw(struct live *l)
{
	if (!l->asked_still)
		return;
	l->asked_still = l->still = false;
	if (cgroup_can_freeze(&l->group)) {
		if (cgroup_freeze(&l->group, false) != 0)
			log_error("live", "a box does not go on");
	} else if (l->control != -1 && ask_still(l, false) != ERR_OK)
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
	(void)syscall(SYS_pidfd_send_signal, l->pidfd, SIGKILL, NULL, 0);
	/* what stands still (cgroup v1) dies when it goes on */
	live_thaw(l);
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
	if (!cgroup_try_remove(&l->group))
		return false;
	*l = LIVE_NONE;
	return true;
}
