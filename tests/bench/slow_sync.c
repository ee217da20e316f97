/*
 * A disk whose syncs take their time, for programs started with LD_PRELOAD:
 * each takes SLOW_SYNC_US microseconds at least. What group commit is worth
 * depends on what a sync costs, and the disk of a machine that benches are
 * run on often says "done" from a cache.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MICROSECONDS 1000000L

static long least_us;
static int (*real_fdatasync)(int fd);
static int (*real_fsync)(int fd);

__attribute__((constructor)) static void
prepare(void)
{
	const char *us = getenv("SLOW_SYNC_US");

	least_us = us != NULL ? strtol(us, NULL, 10) : 0;
	*(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
	*(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
	if (real_fdatasync == NULL || real_fsync == NULL)
		abort();
}

static int
slowly(int (*sync)(int fd), int fd)
{
	struct timespec until;
	int result, e;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	result = sync(fd);
	e = errno;
	until.tv_sec += least_us / MICROSECONDS;
	until.tv_nsec += least_us % MICROSECONDS * 1000;
	if (until.tv_nsec >= 1000 * MICROSECONDS) {
		until.tv_sec++;
		until.tv_nsec -= 1000 * MICROSECONDS;
	}
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	    EINTR)
		;
	errno = e;
	return result;
}

int
fdatasync(int fd)
{
	return slowly(real_fdatasync, fd);
}

int
fsync(int fd)
{
	return slowly(real_fsync, fd);
}
