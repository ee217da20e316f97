/*
 * How a box comes into the world, seen by its maker: a copy of the maker in
 * new namespaces, which is then given its ids. For boxes of both kinds.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab/engine/parts.h"

/* Above what systemd, adduser and container engines hand out. */
#define OWN_IDS 0x70000000U

#define NAMESPACES                                                             \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |           \
	    CLONE_NEWIPC | CLONE_NEWUTS)

/*
 * Both processes come back from it; what libc would do around fork(2)
 * concerns threads, and there are none.
 */
static pid_t
copy(void)
{
	return (pid_t)syscall(
	    SYS_clone, NAMESPACES | SIGCHLD, NULL, NULL, NULL, 0);
}

/*
 * Why the maker goes there and back: the copy has no rights any more to go
 * through what is above the image, and a descriptor of ours is of a mount
 * that is not in its namespace. Where its maker stands is carried over.
 */
pid_t
birth_copy(const struct box_image *image)
{
	int here, error;
	pid_t pid;

	if (image == NULL)
		return copy();
	here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* first: is there a way back? */
	if (here == -1 || fchdir(here) == -1 || fchdir(image->fd) == -1) {
		error = errno;
		if (here != -1)
			(void)close(here);
		errno = error;
		return -1;
	}
	if ((pid = copy()) == 0)
		return 0; /* which closes everything soon */
	error = errno;
	if (fchdir(here) == -1)
		abort(); /* relative paths of ours would lead elsewhere */
	(void)close(here);
	errno = error;
	return pid;
}

static int
write_map(pid_t pid, const char *file, uint32_t outside)
{
	char path[64], map[64];
	int fd, rc = 0, n;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	n = snprintf(map, sizeof(map), "%d %u 1", INSIDE_ID, outside);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	if (write(fd, map, (size_t)n) != n)
		rc = -1;
	(void)close(fd);
	return rc;
}

/* user_namespaces(7): without privilege one id, and groups stay. */
static int
deny_setgroups(pid_t pid)
{
	char path[64];
	int fd, rc = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/setgroups", pid);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	if (write(fd, "deny", 4) != 4)
		rc = -1;
	(void)close(fd);
	return rc;
}

int
birth_give_ids(pid_t pid, const struct box_caps *caps)
{
	uint32_t own = OWN_IDS + (uint32_t)pid;

	if (caps->ids == BOX_IDS_OWN)
		return write_map(pid, "gid_map", own) == 0 &&
			write_map(pid, "uid_map", own) == 0
		    ? 0
		    : -1;
	if (deny_setgroups(pid) == -1 ||
	    write_map(pid, "gid_map", getegid()) == -1)
		return -1;
	return write_map(pid, "uid_map", geteuid());
}
