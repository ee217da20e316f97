/*
 * Process 1 of a live box: builds the room, gives up every privilege, opens
 * terminals when its maker asks for them, and buries the dead. It ends when
 * its maker does, and the kernel then ends everything in its pid namespace.
 *
 * SECURITY: see enter.c. It listens to its maker only; a learner cannot send
 * it a signal that it would take (pid_namespaces(7)).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "lab/engine/live.h"

#define OPEN_FILES_MAX 1024
#define LIKELY_OOM "500" /* a learner's process dies before process 1 does */

static const char *const environment[] = {"HOME=" LIVE_HOME, "USER=learner",
    "LOGNAME=learner", "SHELL=/bin/bash", "PATH=/usr/bin:/usr/sbin",
    "TERM=xterm-256color", "LANG=C.UTF-8", "PS1=learner@lab:$PWD$ ", NULL};

/* The first that is there. */
static const char *const shells[][3] = {
    {"/bin/bash", "-bash", NULL},
    {"/bin/sh", "-sh", NULL},
};

struct shell {
	pid_t pid; /* 0: none */
	unsigned round;
};

struct inside_live {
	const struct live_spec *spec;
	struct shell shells[LIVE_TERMINALS_MAX];
	int children; /* signalfd(2) of SIGCHLD */
};

/* ---------------------------------------------------------------- one shell */

static void
set_size(int fd, const struct note *n)
{
	const struct winsize size = {.ws_row = n->rows, .ws_col = n->columns};

	(void)ioctl(fd, TIOCSWINSZ, &size);
}

/* Both ends of a new pty of the box. 0 or -1. */
static int
open_pty(const struct note *n, int *master, int *slave)
{
	struct termios t;
	int unlocked = 0;

	*master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master == -1)
		return -1;
	if (ioctl(*master, TIOCSPTLCK, &unlocked) == -1 ||
	    (*slave = ioctl(
		 *master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1) {
		(void)close(*master);
		return -1;
	}
	set_size(*master, n);
	/* rubbing out takes a whole character away */
	if (tcgetattr(*slave, &t) == 0) {
		t.c_iflag |= IUTF8;
		(void)tcsetattr(*slave, TCSANOW, &t);
	}
	return 0;
}

static void
set_likely_oom(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	(void)!write(fd, LIKELY_OOM, strlen(LIKELY_OOM));
	(void)close(fd);
}

static _Noreturn void
run_shell(const struct live_spec *spec, int slave)
{
	const struct limits limits = {
	    .memory_mb = spec->memory_mb,
	    .disk_mb = spec->disk_mb,
	    .processes_max = spec->processes_max,
	    .open_files_max = OPEN_FILES_MAX,
	    .behind_cgroup = spec->caps->cgroup != BOX_CGROUP_NONE,
	};
	size_t i;

	enter_default_signals();
	(void)umask(022);
	if (setsid() == -1 || ioctl(slave, TIOCSCTTY, 0) == -1 ||
	    dup2(slave, 0) == -1 || dup2(slave, 1) == -1 ||
	    dup2(slave, 2) == -1 || close_range(3, ~0U, 0) == -1 ||
	    chdir(BOX_WORK "/work") == -1)
		_exit(ENTER_BROKEN);
	set_likely_oom();
	if (limits_set(&limits) == -1)
		_exit(ENTER_BROKEN);
	for (i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		(void)execve(shells[i][0],
		    (char *const *)(uintptr_t)(shells[i] + 1),
		    (char *const *)(uintptr_t)environment);
	_exit(ENTER_BROKEN);
}

/* ------------------------------------------------------------- what is asked
 */

static void
tell(const struct note *n, int fd)
{
	/* without a maker there is nothing to do any more */
	if (note_send(ENTER_CONTROL, n, fd) == -1)
		_exit(0);
}

static void
open_terminal(struct inside_live *in, struct note *n)
{
	struct shell *s = &in->shells[n->terminal];
	int master = -1, slave = -1;
	pid_t pid;

	if (s->pid > 0)
		(void)kill(-s->pid, SIGKILL);
	s->pid = 0;
	n->error = 0;
	if (open_pty(n, &master, &slave) == -1) {
		n->error = errno;
		tell(n, -1);
		return;
	}
	if ((pid = fork()) == 0)
		run_shell(in->spec, slave);
	if (pid == -1)
		n->error = errno;
	else
		*s = (struct shell){.pid = pid, .round = n->round};
	tell(n, pid == -1 ? -1 : master);
	(void)close(slave);
	(void)close(master);
}

static void
obey(struct inside_live *in)
{
	struct note n;
	int fd;

	if (note_receive(ENTER_CONTROL, &n, &fd) == -1)
		_exit(0);
	if (n.step == STEP_TERMINAL && n.terminal >= 0 &&
	    n.terminal < LIVE_TERMINALS_MAX)
		open_terminal(in, &n);
	if (n.step == STEP_FILE) {
		n.name[NOTE_NAME_MAX] = '\0';
		n.error = live_inside_put(n.name, fd) == -1 ? errno : 0;
		tell(&n, -1);
	}
	if (fd != -1)
		(void)close(fd);
	if (n.step == STEP_STILL) {
		/* all but us: ESRCH when nobody is there */
		(void)kill(-1, n.status != 0 ? SIGSTOP : SIGCONT);
		tell(&n, -1);
	}
}

static void
bury(struct inside_live *in)
{
	struct signalfd_siginfo unused;
	struct note n = {.step = STEP_SHELL};
	pid_t pid;
	int i;

	(void)!read(in->children, &unused, sizeof(unused));
	while ((pid = waitpid(-1, &n.status, WNOHANG)) > 0) {
		for (i = 0; i < LIVE_TERMINALS_MAX; i++) {
			if (in->shells[i].pid != pid)
				continue;
			in->shells[i].pid = 0;
			n.terminal = i;
			n.round = in->shells[i].round;
			tell(&n, -1);
		}
	}
}

static _Noreturn void
serve(struct inside_live *in)
{
	struct pollfd p[] = {
	    {.fd = ENTER_CONTROL, .events = POLLIN},
	    {.fd = in->children, .events = POLLIN},
	};

	for (;;) {
		if (poll(p, 2, -1) == -1)
			continue; /* a signal */
		if (p[1].revents != 0)
			bury(in);
		if (p[0].revents != 0)
			obey(in);
	}
}

/* --------------------------------------------------------------------- start
 */

static void
make_room(const struct live_spec *spec)
{
	enum step s;

	if ((s = live_mounts(spec)) != STEP_MADE)
		enter_give_up(s, errno);
	if (sethostname("lab", 3) == -1)
		enter_give_up(STEP_ROOT, errno);
}

/* 0 to 2, so that what is opened later is none of them. */
static void
fill_standard(void)
{
	int i, fd;

	for (i = 0; i < 3; i++) {
		fd = open("/dev/null", O_RDWR);
		if (fd != i)
			enter_give_up(STEP_DEV, fd == -1 ? errno : EBUSY);
	}
}

static void
listen_to_children(struct inside_live *in)
{
	sigset_t all, child;

	(void)sigfillset(&all);
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	(void)signal(SIGCHLD, SIG_DFL);
	in->children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (in->children == -1)
		enter_give_up(STEP_FORK, errno);
}

void
live_inside_main(const struct live_spec *spec, int control)
{
	struct inside_live in = {.spec = spec};
	const struct note made = {.step = STEP_MADE};
	int out, rc;

	enter_keep(&control, 1);
	enter_started();
	enter_ids(spec->caps);
	(void)umask(022);
	make_room(spec);
	fill_standard();
	out = open(BOX_WORK "/out", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out == -1)
		enter_give_up(STEP_WORK, errno);
	enter_seal();
	(void)prctl(PR_SET_NAME, "lab");
	listen_to_children(&in);
	/* from here on us, too: shells are born behind it */
	if ((rc = filter_use(spec->filter)) != 0)
		enter_give_up(STEP_SECCOMP, -rc);
	tell(&made, out);
	(void)close(out);
	serve(&in);
}
