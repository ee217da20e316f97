/* What became of a command, from its status and what the kernel refused. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "lab/engine/parts.h"

/* What Python says of itself when an allocation was refused. */
static bool
says_memory_error(const struct watched *w)
{
	static const char word[] = "MemoryError";
	size_t i, n = sizeof(word) - 1;

	/* its last line */
	for (i = w->err_size; i > 0 && w->err[i - 1] == '\n'; i--)
		;
	while (i > 0 && w->err[i - 1] != '\n')
		i--;
	return w->err_size - i >= n && memcmp(w->err + i, word, n) == 0;
}

enum box_end
verdict(const struct box_job *job, const struct cgroup *group,
    const struct watched *w, int *code)
{
	int status = w->note.status;

	*code = 0;
	if (w->flood)
		return BOX_OUTPUT;
	if (w->timeout)
		return BOX_TIMEOUT;
	if (cgroup_out_of_memory(group) > 0)
		return BOX_MEMORY;
	if (!w->ended) { /* process 1 was killed: only the kernel does that */
		*code = SIGKILL;
		return BOX_SIGNALLED;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return BOX_EXITED;
	/* RLIMIT_CPU: first the one, then the other */
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGXCPU ||
		(WTERMSIG(status) == SIGKILL &&
		    w->note.cpu_seconds > job->seconds)))
		return BOX_TIMEOUT;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return BOX_DISK;
	if (says_memory_error(w))
		return BOX_MEMORY;
	if (w->note.disk_full)
		return BOX_DISK;
	if (cgroup_out_of_processes(group) > 0)
		return BOX_PROCESSES;
	if (WIFSIGNALED(status)) {
		*code = WTERMSIG(status);
		return BOX_SIGNALLED;
	}
	*code = WEXITSTATUS(status);
	return BOX_EXITED;
}

const char *
box_end_name(enum box_end end)
{
	static const char *const names[BOX_END__MAX] = {
	    [BOX_EXITED] = "exited",
	    [BOX_SIGNALLED] = "signalled",
	    [BOX_TIMEOUT] = "timeout",
	    [BOX_MEMORY] = "memory",
	    [BOX_OUTPUT] = "output",
	    [BOX_DISK] = "disk",
	    [BOX_PROCESSES] = "processes",
	    [BOX_NO_PROGRAM] = "no program",
	};

	return names[end];
}
