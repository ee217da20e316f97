/*
 * The first steps of process 1 of a box, the same for boxes of both kinds.
 *
 * SECURITY: process 1 is a copy of its maker, secrets and all, and has the
 * command's id. It is not dumpable, its memory belongs to the maker's user
 * namespace, and the command can neither ptrace(2) nor read /proc/1/mem.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lab/engine/parts.h"

#define RAISED 16 /* while they are moved */

_Noreturn void
enter_give_up(enum step step, int error)
{
	const struct note n = {.step = step, .error = error};

	(void)note_send(ENTER_CONTROL, &n, -1);
	_exit(ENTER_BROKEN);
}

void
enter_keep(const int *descriptors, int n)
{
	int i, raised[ENTER_DESCRIPTORS_MAX];

	for (i = 0; i < n; i++)
		if ((raised[i] = fcntl(
			 descriptors[i], F_DUPFD_CLOEXEC, RAISED)) == -1)
			_exit(ENTER_BROKEN);
	for (i = 0; i < n; i++)
		if (dup3(raised[i], ENTER_CONTROL + i, O_CLOEXEC) == -1)
			_exit(ENTER_BROKEN);
	if (close_range(0, ENTER_CONTROL - 1, 0) == -1 ||
	    close_range((unsigned)(ENTER_CONTROL + n), ~0U, 0) == -1)
		_exit(ENTER_BROKEN);
}

void
enter_wait_for_go(void)
{
	struct note n;
	int fd;

	if (note_receive(ENTER_CONTROL, &n, &fd) == -1)
		_exit(ENTER_BROKEN);
}

void
enter_started(void)
{
	const struct note n = {.step = STEP_STARTED};

	/* else our maps belong to root, and an ordinary maker cannot write */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1 ||
	    note_send(ENTER_CONTROL, &n, -1) == -1)
		_exit(ENTER_BROKEN);
	enter_wait_for_go();
}

void
enter_ids(const struct box_caps *caps)
{
	/* the maker has put us into our cgroup: it is our root from now on */
	if (unshare(CLONE_NEWCGROUP) == -1)
		enter_give_up(STEP_CGROUP_NS, errno);
	/* an ordinary maker may not give up its groups: the kernel's rule */
	if (caps->ids == BOX_IDS_OWN && setgroups(0, NULL) == -1)
		enter_give_up(STEP_IDS, errno);
	if (setresgid(INSIDE_ID, INSIDE_ID, INSIDE_ID) == -1 ||
	    setresuid(INSIDE_ID, INSIDE_ID, INSIDE_ID) == -1)
		enter_give_up(STEP_IDS, errno);
}

void
enter_seal(void)
{
	if (drop_everything() == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 ||
	    /* last: a change of credentials clears it */
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		enter_give_up(STEP_DROP, errno);
}

void
enter_default_signals(void)
{
	sigset_t none;
	int s;

	for (s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}
