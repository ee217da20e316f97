/*
 * A file that a learner sends into a box, written down by its process 1: with
 * the learner's id, behind the filter, inside the box's limits. It is written
 * beside its place and then moved there, so that neither a FIFO nor a link of
 * that name is opened, and nobody sees half of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/engine/live.h"

#define PLACE BOX_WORK "/work"
#define BESIDE ".sent" /* no name that is sent begins so */

static int
copy(int from, int to)
{
	uint8_t piece[16 * 1024];
	ssize_t n, put, done;
	off_t at = 0;

	while ((n = pread(from, piece, sizeof(piece), at)) > 0) {
		for (done = 0; done < n; done += put)
			if ((put = write(
				 to, piece + done, (size_t)(n - done))) == -1)
				return -1;
		at += n;
	}
	return n == 0 ? 0 : -1;
}

static int
write_beside(int dir, int from)
{
	int fd, rc;

	(void)unlinkat(dir, BESIDE, 0);
	fd = openat(dir, BESIDE,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd == -1)
		return -1;
	rc = copy(from, fd);
	/* what did not fit may be told only now */
	return close(fd) == -1 ? -1 : rc;
}

int
live_inside_put(const char *name, int fd)
{
	int dir, rc, error;

	/* the learner may have removed it */
	(void)mkdir(PLACE, 0755);
	dir = open(PLACE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return -1;
	rc = write_beside(dir, fd);
	if (rc == 0)
		rc = renameat(dir, BESIDE, dir, name);
	error = errno;
	if (rc == -1)
		(void)unlinkat(dir, BESIDE, 0);
	(void)close(dir);
	errno = error;
	return rc;
}
