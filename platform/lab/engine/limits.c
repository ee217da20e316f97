/* Limits of one process, getrlimit(2): what a cgroup does not know of. */
#include <sys/resource.h>

#include "lab/engine/parts.h"

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

int
limits_set(const struct limits *l)
{
	const rlim_t mb = (rlim_t)1 << 20;
	rlim_t memory = (rlim_t)l->memory_mb * mb;
	rlim_t disk = (rlim_t)l->disk_mb * mb;
	rlim_t processes = (rlim_t)l->processes_max + 1;
	rlim_t files = (rlim_t)l->open_files_max;
	rlim_t seconds = (rlim_t)l->seconds;

	/*
	 * A cgroup counts the real memory and says what it refused; these
	 * are then a second line behind it.
	 */
	if (l->behind_cgroup) {
		memory = 4 * memory + 1024 * mb;
		processes *= 2;
	}
	if (limit(RLIMIT_AS, memory, memory) == -1 ||
	    (seconds > 0 && limit(RLIMIT_CPU, seconds, seconds + 1) == -1) ||
	    limit(RLIMIT_FSIZE, disk, disk) == -1 ||
	    limit(RLIMIT_NPROC, processes, processes) == -1 ||
	    limit(RLIMIT_NOFILE, files, files) == -1 ||
	    limit(RLIMIT_MEMLOCK, 64 * 1024, 64 * 1024) == -1 ||
	    limit(RLIMIT_SIGPENDING, 256, 256) == -1)
		return -1;
	return limit(RLIMIT_CORE, 0, 0);
}
