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
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/engine/parts.h"

#define OUT (ENTER_CONTROL + 1)
#define ERR (ENTER_CONTROL + 2)
#define OPEN_FILES_MAX 256

static void
make_room(const struct inside *in)
{
	struct note n = {.step = STEP_MADE};
	enum step s;
	int work;

	if ((s = mounts_make(in)) != STEP_MADE)
		enter_give_up(s, errno);
	if (sethostname("lab", 3) == -1)
		enter_give_up(STEP_ROOT, errno);
	work = open(BOX_WORK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (work == -1)
		enter_give_up(STEP_WORK, errno);
	enter_seal();
	if (note_send(ENTER_CONTROL, &n, work) == -1)
		_exit(ENTER_BROKEN);
	(void)close(work);
	/* a maker that died before the line above has closed the socket */
	enter_wait_for_go();
}

static _Noreturn void
run_command(const struct box_job *job)
{
	const struct limits limits = {
	    .seconds = job->seconds,
	    .memory_mb = job->memory_mb,
	    .disk_mb = job->disk_mb,
	    .processes_max = job->processes_max,
	    .open_files_max = OPEN_FILES_MAX,
	    .behind_cgroup = job->caps->cgroup != BOX_CGROUP_NONE,
	};
	int null, rc;

	enter_default_signals();
	(void)umask(022);
	if (setsid() == -1 || chdir(BOX_WORK) == -1)
		enter_give_up(STEP_FORK, errno);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null == -1)
		enter_give_up(STEP_DEV, errno);
	/* null may be 0 already, and dup2 onto itself keeps O_CLOEXEC */
	if (fcntl(null, F_SETFD, 0) == -1 || dup2(null, 0) == -1 ||
	    dup2(OUT, 1) == -1 || dup2(ERR, 2) == -1)
		enter_give_up(STEP_FORK, errno);
	if ((rc = filter_load()) != 0)
		enter_give_up(STEP_SECCOMP, -rc);
	/* after the filter, which needs memory to be made */
	if (limits_set(&limits) == -1)
		enter_give_up(STEP_LIMITS, errno);
	/* CONTROL, OUT and ERR close by themselves */
	(void)execve(job->argv[0], (char *const *)(uintptr_t)job->argv,
	    (char *const *)(uintptr_t)job->env);
	enter_give_up(STEP_EXEC, errno);
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
	(void)note_send(ENTER_CONTROL, &n, -1);
	_exit(0);
}

void
inside_main(struct inside *in)
{
	const int descriptors[] = {in->control, in->out, in->err};
	pid_t pid;

	enter_keep(descriptors, 3);
	enter_started();
	enter_ids(in->job->caps);
	make_room(in);
	pid = fork();
	if (pid == -1)
		enter_give_up(STEP_FORK, errno);
	if (pid == 0)
		run_command(in->job);
	/* only the command may hold the ends that its maker reads */
	(void)close(OUT);
	(void)close(ERR);
	wait_for_command(pid);
}
