/*
 * Live boxes of this machine: a copy of the daemon in namespaces of its own,
 * which is the box's process 1 (live_inside.c), and a cgroup around it.
 *
 * Why process 1 forks the shells: they are born into the box's namespaces,
 * cgroup and filter, so there is no moment at which a process of the maker's
 * stands inside with something of the maker's about it, as with setns(2).
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/live.h"

static enum err
start(struct live *l, const struct live_spec *spec)
{
	int rc, theirs;

	l->group.caps = spec->caps;
	/* a class that computes does not slow the pages of all others */
	l->group.gives_way = true;
	if ((rc = cgroup_make(&l->group, spec->memory_mb, spec->disk_mb,
		 spec->processes_max)) != 0)
		return live_failed(step_name(STEP_LIMITS), -rc);
	if (live_control(l, &theirs) == -1)
		return live_failed("socketpair", errno);
	if ((l->pid = birth_copy(spec->caps->image)) == 0)
		live_inside_main(spec, theirs);
	(void)close(theirs);
	if (l->pid == -1) {
		l->pid = 0;
		return live_failed(step_name(STEP_STARTED), errno);
	}
	if ((rc = cgroup_enter(&l->group, l->pid)) != 0)
		return live_failed(step_name(STEP_LIMITS), -rc);
	l->state = LIVE_BORN;
	return ERR_OK;
}

static enum err
begin(struct live *l, const struct live_spec *spec)
{
	enum err e = start(l, spec);

	if (e == ERR_OK)
		return ERR_OK;
	if (l->pid > 0) {
		(void)kill(l->pid, SIGKILL);
		(void)waitpid(l->pid, NULL, 0); /* it has nothing to do yet */
	}
	cgroup_remove(&l->group);
	return e;
}

static int
born(struct live *l)
{
	return birth_give_ids(l->pid, l->group.caps);
}

static enum err
resize(struct live *l, int terminal, int fd, unsigned rows, unsigned columns)
{
	const struct winsize size = {
	    .ws_row = (unsigned short)rows,
	    .ws_col = (unsigned short)columns,
	};

	(void)l;
	(void)terminal;
	if (ioctl(fd, TIOCSWINSZ, &size) == 0)
		return ERR_OK;
	log_warning("live", "resize: %s", strerror(errno));
	return ERR_UNAVAILABLE;
}

static enum err
still(struct live *l, bool on)
{
	int rc;

	if (!cgroup_can_freeze(&l->group))
		return live_ask_still(l, on);
	if ((rc = cgroup_freeze(&l->group, on)) == 0)
		return ERR_OK;
	log_error("live", "a box does not %s: %s", on ? "stand still" : "go on",
	    strerror(-rc));
	return ERR_UNAVAILABLE;
}

static bool
is_still(struct live *l)
{
	return cgroup_can_freeze(&l->group) ? cgroup_is_frozen(&l->group)
					    : l->still;
}

static void
end(struct live *l)
{
	(void)syscall(SYS_pidfd_send_signal, l->pidfd, SIGKILL, NULL, 0);
	/* what stands still (cgroup v1) dies when it goes on */
	if (l->asked_still && cgroup_can_freeze(&l->group))
		(void)still(l, false);
	l->asked_still = l->still = false;
}

static bool
bury(struct live *l)
{
	return cgroup_try_remove(&l->group);
}

const struct driver driver_native = {
    .name = "native",
    .begin = begin,
    .born = born,
    .resize = resize,
    .still = still,
    .is_still = is_still,
    .kill = end,
    .bury = bury,
};
