/*
 * What happens inside the box: process 1 builds the room, gives up every
 * privilege, starts the command and waits for it. When it ends, the kernel
 * ends everything else in its pid namespace.
 *
 * SECURITY: process 1 is a copy of its maker, secrets and all, and has the
 * command's id. It is not dumpable, its memory belongs to the maker's user
 * namespace, and the command can neither ptrace(2) nor read /proc/1/mem.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/engine/parts.h"

#define CONTROL 3
#define OUT 4
#define ERR 5
#define RAISED 16 /* while they are moved */
#define OPEN_FILES_MAX 256
#define EXIT_BROKEN 125 /* nobody reads it: the note has told why */

static _Noreturn void
give_up(enum step step, int error)
{
	const struct note n = {.step = step, .error = error};

	(void)note_send(CONTROL, &n, -1);
	_exit(EXIT_BROKEN);
}

/* The three descriptors to their places, all others closed. */
static void
keep_descriptors(const struct inside *in)
{
	int control = fcntl(in->control, F_DUPFD_CLOEXEC, RAISED);
	int out = fcntl(in->out, F_DUPFD_CLOEXEC, RAISED);
	int err = fcntl(in->err, F_DUPFD_CLOEXEC, RAISED);

	if (control == -1 || out == -1 || err == -1 ||
	    dup3(control, CONTROL, O_CLOEXEC) == -1 ||
	    dup3(out, OUT, O_CLOEXEC) == -1 ||
	    dup3(err, ERR, O_CLOEXEC) == -1 || close_range(0, 2, 0) == -1 ||
	    close_range(ERR + 1, ~0U, 0) == -1)
		_exit(EXIT_BROKEN);
}

/* The maker says go; its end closes the socket, and then we end too. */
static void
wait_for_go(void)
{
	struct note n;
	int fd;

	if (note_receive(CONTROL, &n, &fd) == -1)
		_exit(EXIT_BROKEN);
}

static void
say_started(void)
{
	const struct note n = {.step = STEP_STARTED};

	/* else our maps belong to root, and an ordinary maker cannot write */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == -1 ||
	    note_send(CONTROL, &n, -1) == -1)
		_exit(EXIT_BROKEN);
	wait_for_go();
}

static void
take_ids(const struct box_caps *caps)
{
	/* the maker has put us into our cgroup: it is our root from now on */
	if (unshare(CLONE_NEWCGROUP) == -1)
		give_up(STEP_CGROUP_NS, errno);
	/* an ordinary maker may not give up its groups: the kernel's rule */
	if (caps->ids == BOX_IDS_OWN && setgroups(0, NULL) == -1)
		give_up(STEP_IDS, errno);
	if (setresgid(INSIDE_ID, INSIDE_ID, INSIDE_ID) == -1 ||
	    setresuid(INSIDE_ID, INSIDE_ID, INSIDE_ID) == -1)
		give_up(STEP_IDS, errno);
}

static void
make_room(const struct inside *in)
{
	struct note n = {.step = STEP_MADE};
	enum step s;
	int work;

	if ((s = mounts_make(in)) != STEP_MADE)
		give_up(s, errno);
	if (sethostname("lab", 3) == -1)
		give_up(STEP_ROOT, errno);
	work = open(BOX_WORK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (work == -1)
		give_up(STEP_WORK, errno);
	if (drop_everything() == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 ||
	    /* last: a change of credentials clears it */
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		give_up(STEP_DROP, errno);
	if (note_send(CONTROL, &n, work) == -1)
		_exit(EXIT_BROKEN);
	(void)close(work);
	/* a maker that died before the line above has closed the socket */
	wait_for_go();
}

static int
limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit l;

	if (getrlimit(what, &l) == -1)
		return -1;
	/* hard limits of ours that are lower already cannot be raised */
	l.rlim_max = l.rlim_max < hard ? l.rlim_max : hard;
	l.rlim_cur = l.rlim_max < soft ? l.rlim_max : soft;
	return setrlimit(what, &l);
}

static int
set_limits(const struct box_job *job)
{
	const rlim_t mb = (rlim_t)1 << 20;
	rlim_t memory = (rlim_t)job->memory_mb * mb;
	rlim_t processes = (rlim_t)job->processes_max + 1;

	/*
	 * A cgroup counts the real memory and says what it refused; these
	 * are then a second line behind it.
	 */
	if (job->caps->cgroup != BOX_CGROUP_NONE) {
		memory = 4 * memory + 1024 * mb;
		processes *= 2;
	}
	if (limit(RLIMIT_AS, memory, memory) == -1 ||
	    limit(RLIMIT_CPU, (rlim_t)job->seconds, (rlim_t)job->seconds + 1) ==
		-1 ||
	    limit(RLIMIT_FSIZE, (rlim_t)job->disk_mb * mb,
		(rlim_t)job->disk_mb * mb) == -1 ||
	    limit(RLIMIT_NPROC, processes, processes) == -1 ||
	    limit(RLIMIT_NOFILE, OPEN_FILES_MAX, OPEN_FILES_MAX) == -1 ||
	    limit(RLIMIT_MEMLOCK, 64 * 1024, 64 * 1024) == -1 ||
	    limit(RLIMIT_SIGPENDING, 256, 256) == -1)
		return -1;
	return limit(RLIMIT_CORE, 0, 0);
}

static void
default_signals(void)
{
	sigset_t none;
	int s;

	for (s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
run_command(const struct box_job *job)
{
	int null, rc;

	default_signals();
	(void)umask(022);
	if (setsid() == -1 || chdir(BOX_WORK) == -1)
		give_up(STEP_FORK, errno);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null == -1)
		give_up(STEP_DEV, errno);
	/* null may be 0 already, and dup2 onto itself keeps O_CLOEXEC */
	if (fcntl(null, F_SETFD, 0) == -1 || dup2(null, 0) == -1 ||
	    dup2(OUT, 1) == -1 || dup2(ERR, 2) == -1)
		give_up(STEP_FORK, errno);
	if ((rc = filter_load()) != 0)
		give_up(STEP_SECCOMP, -rc);
	/* after the filter, which needs memory to be made */
	if (set_limits(job) == -1)
		give_up(STEP_LIMITS, errno);
	/* CONTROL, OUT and ERR close by themselves */
	(void)execve(job->argv[0], (char *const *)(uintptr_t)job->argv,
	    (char *const *)(uintptr_t)job->env);
	give_up(STEP_EXEC, errno);
}

/* Out of bytes or out of files. */
static bool
is_full(const char *path)
{
	struct statvfs s;

	return statvfs(path, &s) == 0 && (s.f_bavail == 0 || s.f_favail == 0);
}

/* Of the command and what it waited for. */
static int
cpu_seconds(void)
{
	struct rusage u;

	if (getrusage(RUSAGE_CHILDREN, &u) == -1)
		return 0;
	return (int)(u.ru_utime.tv_sec + u.ru_stime.tv_sec + 1);
}

static _Noreturn void
wait_for_command(pid_t command)
{
	struct note n = {.step = STEP_ENDED};
	int status;
	pid_t pid;

	/* orphans of the command become ours */
	do
		pid = waitpid(-1, &status, 0);
	while (pid != command && (pid != -1 || errno == EINTR));
	n.status = status;
	n.cpu_seconds = cpu_seconds();
	n.disk_full = is_full(BOX_WORK) || is_full("/tmp");
	(void)note_send(CONTROL, &n, -1);
	_exit(0);
}

void
inside_main(struct inside *in)
{
	pid_t pid;

	keep_descriptors(in);
	say_started();
	take_ids(in->job->caps);
	make_room(in);
	pid = fork();
	if (pid == -1)
		give_up(STEP_FORK, errno);
	if (pid == 0)
		run_command(in->job);
	/* only the command may hold the ends that its maker reads */
	(void)close(OUT);
	(void)close(ERR);
	wait_for_command(pid);
}
