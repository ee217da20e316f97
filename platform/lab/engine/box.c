/*
 * The maker's side of a box: copies itself into new namespaces, gives the
 * copy its ids and its cgroup, watches it, takes out what it left.
 *
 *	maker                           process 1 of the box
 *	clone(new namespaces) --------> started
 *	cgroup, uid_map, gid_map  go -> ids, mounts, privileges dropped
 *	                             <- made (with the work directory)
 *	go ---------------------------> fork, filter, limits, execve
 *	reads the pipes                 waits
 *	                             <- ended (status)
 *	collects the work directory
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/making.h"

/* One box while it is made and runs. */
struct making {
	const struct box_job *job;
	struct cgroup group;
	int control[2], out[2], err[2]; /* [0]: ours */
	int work; /* its work directory, or -1 */
	pid_t pid;
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/* -------------------------------------------------------------------- start */

static int
open_channels(struct making *m)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, m->control) ==
	    -1)
		return -1;
	return pipe2(m->out, O_CLOEXEC) == -1 || pipe2(m->err, O_CLOEXEC) == -1
	    ? -1
	    : 0;
}

/* Waits for a note; a box that fails says at which step. */
static int
expect(struct making *m, enum step step, struct note *failure)
{
	struct note n;
	int fd;

	if (note_receive(m->control[0], &n, &fd) == -1) {
		*failure = (struct note){.step = step, .error = ECHILD};
		return -1;
	}
	if (n.step != step) {
		if (fd != -1)
			(void)close(fd);
		*failure = n;
		return -1;
	}
	if (fd != -1) {
		close_fd(&m->work);
		m->work = fd;
	}
	return 0;
}

static int
say_go(const struct making *m)
{
	const struct note n = {.step = STEP_STARTED};

	return note_send(m->control[0], &n, -1);
}

static int
fail(struct note *failure, enum step step, int error)
{
	*failure = (struct note){.step = step, .error = error};
	return -1;
}

static int
start(struct making *m, struct inside *in, struct note *failure)
{
	int rc;

	if (open_channels(m) == -1)
		return fail(failure, STEP_FORK, errno);
	if ((rc = cgroup_make(&m->group, m->job->memory_mb, m->job->disk_mb,
		 m->job->processes_max)) != 0)
		return fail(failure, STEP_LIMITS, -rc);
	in->control = m->control[1];
	in->out = m->out[1];
	in->err = m->err[1];
	if ((m->pid = birth_copy(m->job->caps->image)) == -1)
		return fail(failure, STEP_STARTED, errno);
	if (m->pid == 0)
		inside_main(in);
	close_fd(&m->control[1]);
	close_fd(&m->out[1]);
	close_fd(&m->err[1]);
	if (expect(m, STEP_STARTED, failure) == -1)
		return -1;
	if ((rc = cgroup_enter(&m->group, m->pid)) != 0)
		return fail(failure, STEP_LIMITS, -rc);
	if (birth_give_ids(m->pid, m->job->caps) == -1)
		return fail(failure, STEP_IDS, errno);
	if (say_go(m) == -1 || expect(m, STEP_MADE, failure) == -1 ||
	    say_go(m) == -1)
		return failure->step == STEP_STARTED
		    ? fail(failure, STEP_MADE, ECHILD)
		    : -1;
	return 0;
}

/* ---------------------------------------------------------------------- end */

/* Whatever happened: no process, no cgroup, no descriptor stays. */
static void
finish(struct making *m)
{
	int i;

	if (m->pid > 0) {
		(void)kill(m->pid, SIGKILL); /* ESRCH when it was reaped */
		while (waitpid(m->pid, NULL, 0) == -1 && errno == EINTR)
			;
	}
	cgroup_remove(&m->group);
	close_fd(&m->work);
	for (i = 0; i < 2; i++) {
		close_fd(&m->control[i]);
		close_fd(&m->out[i]);
		close_fd(&m->err[i]);
	}
}

static enum err
run_to_end(struct making *m, struct arena *a, struct box_result *out,
    struct note *failure)
{
	const struct watch w = {
	    .control = m->control[0],
	    .out = m->out[0],
	    .err = m->err[0],
	    .seconds = m->job->seconds,
	    .pid = m->pid,
	    .arena = a,
	};
	struct watched seen;

	watch_until_end(&w, &seen);
	m->pid = 0;
	if (seen.note.step != STEP_ENDED && seen.note.error != 0) {
		*failure = seen.note;
		if (seen.note.step != STEP_EXEC)
			return ERR_UNAVAILABLE;
		out->end = BOX_NO_PROGRAM;
		out->code = seen.note.error;
		return ERR_OK;
	}
	out->end = verdict(m->job, &m->group, &seen, &out->code);
	out->out = seen.out;
	out->out_size = seen.out_size;
	out->err = seen.err;
	out->err_size = seen.err_size;
	return collect_files(m->work, m->job, a, out);
}

/* ---------------------------------------------------------------------- all */

static enum err
check_job(const struct box_job *job)
{
	size_t i;

	for (i = 0; i < job->n_files; i++)
		if (!tree_path_is_plain(job->files[i].path))
			return ERR_INVALID;
	if (job->collect != NULL && !tree_path_is_plain(job->collect))
		return ERR_INVALID;
	return ERR_OK;
}

enum err
box_make_and_run(const struct box_job *job, struct arena *a,
    struct box_result *out, struct note *failure)
{
	struct making m = {
	    .job = job,
	    .group = {.caps = job->caps},
	    .control = {-1, -1},
	    .out = {-1, -1},
	    .err = {-1, -1},
	    .work = -1,
	};
	struct inside in = {.job = job};
	struct box_result result = {.out = "", .err = ""};
	int64_t began = clock_real();
	struct box_file *home;
	enum err e;

	if ((e = check_job(job)) != ERR_OK)
		return e;
	if (job->home != NULL) {
		if ((e = tree_read(job->home, a, &home, &in.n_home)) != ERR_OK)
			return e;
		in.home = home;
	}
	*failure = (struct note){.step = STEP_STARTED};
	e = start(&m, &in, failure) == -1 ? ERR_UNAVAILABLE
					  : run_to_end(&m, a, &result, failure);
	finish(&m);
	if (e != ERR_OK)
		return e;
	result.ms = clock_real() - began;
	*out = result;
	return ERR_OK;
}

enum err
box_run(const struct box_job *job, struct arena *a, struct box_result *out)
{
	struct note failure;
	enum err e;

	if (job->caps->level == 0) {
		log_error("box", "%s", job->caps->sentence);
		return ERR_UNAVAILABLE;
	}
	e = box_make_and_run(job, a, out, &failure);
	if (e == ERR_UNAVAILABLE)
		log_error("box", "no box could be made: %s: %s",
		    step_name(failure.step), strerror(failure.error));
	return e;
}
