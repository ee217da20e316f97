/* A disk that is full when a test wants it. */
#include "support/small_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH_BYTES 256
#define FILLER "filler"

static bool
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok;

	if (fd == -1)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	(void)close(fd);
	return ok;
}

/* Without root: in a user namespace, under our own ids, mounting is ours. */
static bool
enter_as_user(void)
{
	char uids[64], gids[64];

	(void)snprintf(uids, sizeof(uids), "%u %u 1", getuid(), getuid());
	(void)snprintf(gids, sizeof(gids), "%u %u 1", getgid(), getgid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
	    write_text("/proc/self/setgroups", "deny") &&
	    write_text("/proc/self/uid_map", uids) &&
	    write_text("/proc/self/gid_map", gids);
}

bool
small_disk_enter(void)
{
	if ((geteuid() == 0 ? unshare(CLONE_NEWNS) == 0 : enter_as_user()) &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		return true;
	fprintf(stderr,
	    "A full disk needs a small one: run this test as root "
	    "or allow user namespaces (%s).\n",
	    strerror(errno));
	return false;
}

bool
small_disk_mount(const char *directory, unsigned kib)
{
	char options[64];

	(void)snprintf(options, sizeof(options), "size=%uk,mode=0777", kib);
	if (mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, options) ==
	    0)
		return true;
	fprintf(stderr, "A small disk could not be mounted: %s.\n",
	    strerror(errno));
	return false;
}

void
small_disk_unmount(const char *directory)
{
	if (umount2(directory, MNT_DETACH) != 0)
		perror(directory);
}

static void
filler_path(char out[PATH_BYTES], const char *directory)
{
	(void)snprintf(out, PATH_BYTES, "%s/" FILLER, directory);
}

void
small_disk_fill(const char *directory, unsigned leave)
{
	char path[PATH_BYTES];
	struct statvfs st;
	off_t n;
	int fd;

	filler_path(path, directory);
	if (statvfs(directory, &st) != 0)
		abort();
	n = (off_t)st.f_bavail * (off_t)st.f_frsize - (off_t)leave * 1024;
	if ((fd = open(path, O_WRONLY | O_CREAT, 0600)) == -1 || n <= 0 ||
	    posix_fallocate(fd, 0, n) != 0 || close(fd) != 0) {
		perror(path);
		abort();
	}
}

void
small_disk_free(const char *directory)
{
	char path[PATH_BYTES];

	filler_path(path, directory);
	if (unlink(path) != 0) {
		perror(path);
		abort();
	}
}
