/*
 * The root that a box sees: a small tmpfs with /usr of this machine bound
 * into it, files of its own and nothing else. Runs in the box's mount
 * namespace with the capabilities of its user namespace, before any of the
 * lab's code.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab/engine/parts.h"

/* Any directory that is always there: it is covered in this box only. */
#define ROOT "/tmp"
#define LD_CACHE "/etc/ld.so.cache"
#define PATH_BYTES 512
#define WORK_FILES_EXTRA 256 /* inodes besides what may be collected */
#define TMP_OPTIONS "size=16m,nr_inodes=1024,mode=1777"
#define COPY_BYTES ((size_t)1 << 20)

struct link {
	const char *at, *to;
};

/* As on this machine, where /usr has them. */
static const struct link merged[] = {
    {"/bin", "usr/bin"},
    {"/sbin", "usr/sbin"},
    {"/lib", "usr/lib"},
    {"/lib32", "usr/lib32"},
    {"/lib64", "usr/lib64"},
    {NULL, NULL},
};

static const struct link standard[] = {
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
    {NULL, NULL},
};

/* What an administrator may have put below /usr is nobody's business. */
static const char *const covered[] = {"/usr/local", "/usr/src", NULL};

static const char *const devices[] = {
    "null", "zero", "full", "random", "urandom", NULL};

static const struct {
	const char *path, *text;
} etc[] = {
    {ROOT "/etc/passwd", "lab:x:1000:1000::" BOX_WORK ":/usr/sbin/nologin\n"},
    {ROOT "/etc/group", "lab:x:1000:\n"},
    {ROOT "/etc/nsswitch.conf", "passwd: files\ngroup: files\n"},
    {NULL, NULL},
};

static const char *const directories[] = {ROOT "/usr", ROOT "/etc", ROOT "/dev",
    ROOT "/proc", ROOT "/tmp", ROOT "/home", ROOT BOX_HOME, ROOT BOX_WORK,
    NULL};

/* Like all here: 0, or -1 and errno. */
static int
put_file(const char *path, const void *data, size_t n, mode_t mode)
{
	const char *p = data;
	ssize_t wrote;
	int fd, saved;

	fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd == -1)
		return -1;
	while (n > 0) {
		if ((wrote = write(fd, p, n)) == -1)
			break;
		p += wrote;
		n -= (size_t)wrote;
	}
	saved = errno;
	(void)close(fd);
	errno = saved;
	return n == 0 ? 0 : -1;
}

static int
make_parents(char *path, size_t from)
{
	char *p;

	for (p = strchr(path + from, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(path, 0755) == -1 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return 0;
}

/* The files below a directory of the new root. */
static int
put_files(const char *dir, const struct box_file *files, size_t n, mode_t mode)
{
	char path[PATH_BYTES];
	size_t i;
	int len;

	for (i = 0; i < n; i++) {
		len = snprintf(path, sizeof(path), "%s/%s", dir, files[i].path);
		if (len < 0 || (size_t)len >= sizeof(path)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if (make_parents(path, strlen(dir) + 1) == -1 ||
		    put_file(path, files[i].data, files[i].size, mode) == -1)
			return -1;
	}
	return 0;
}

/* Adds attributes to a mount; those that it has already stay. */
static int
restrict_mount(int fd, const char *path, unsigned flags, uint64_t attributes)
{
	struct mount_attr a = {.attr_set = attributes};

	return mount_setattr(fd, path, flags, &a, sizeof(a));
}

/* A path of this machine and what is mounted below it, at another one. */
static int
bind_tree(const char *from, const char *to, uint64_t attributes)
{
	int fd, rc, saved;

	fd = open_tree(
	    AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (fd == -1)
		return -1;
	rc = restrict_mount(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, attributes);
	if (rc == 0)
		rc = move_mount(fd, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return rc;
}

static int
make_links(const struct link *l)
{
	char path[PATH_BYTES];

	for (; l->at != NULL; l++) {
		(void)snprintf(path, sizeof(path), ROOT "%s", l->at);
		if (symlink(l->to, path) == -1)
			return -1;
	}
	return 0;
}

/* The loader's list of libraries: names of files below /usr. */
static int
copy_ld_cache(void)
{
	int from, to, rc = -1;
	ssize_t n = -1;

	if ((from = open(LD_CACHE, O_RDONLY | O_CLOEXEC)) == -1)
		return errno == ENOENT ? 0 : -1;
	to = open(ROOT LD_CACHE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (to != -1) {
		while ((n = sendfile(to, from, NULL, COPY_BYTES)) > 0)
			;
		rc = n == 0 ? 0 : -1;
		(void)close(to);
	}
	(void)close(from);
	return rc;
}

static int
make_root(void)
{
	size_t i;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("box", ROOT, "tmpfs", MS_NOSUID | MS_NODEV,
		"size=2m,nr_inodes=128,mode=755") == -1)
		return -1;
	for (i = 0; directories[i] != NULL; i++)
		if (mkdir(directories[i], 0755) == -1)
			return -1;
	for (i = 0; etc[i].path != NULL; i++)
		if (put_file(etc[i].path, etc[i].text, strlen(etc[i].text),
			0644) == -1)
			return -1;
	if (copy_ld_cache() == -1)
		return -1;
	return make_links(merged);
}

static int
make_usr(void)
{
	const uint64_t attributes =
	    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	char path[PATH_BYTES];
	size_t i;

	if (bind_tree("/usr", ROOT "/usr", attributes) == -1)
		return -1;
	for (i = 0; covered[i] != NULL; i++) {
		(void)snprintf(path, sizeof(path), ROOT "%s", covered[i]);
		if (access(path, F_OK) == -1)
			continue;
		if (mount("box", path, "tmpfs",
			MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
			"size=4k,nr_inodes=2,mode=755") == -1)
			return -1;
	}
	return 0;
}

/* The scripts, in a file system that then takes no more writing. */
static int
make_home(const struct inside *in)
{
	if (mount("box", ROOT BOX_HOME, "tmpfs", MS_NOSUID | MS_NODEV,
		"size=32m,nr_inodes=1024,mode=755") == -1 ||
	    put_files(ROOT BOX_HOME, in->home, in->n_home, 0555) == -1)
		return -1;
	return restrict_mount(AT_FDCWD, ROOT BOX_HOME, 0, MOUNT_ATTR_RDONLY);
}

static int
make_work(const struct box_job *job)
{
	char options[128];

	(void)snprintf(options, sizeof(options),
	    "size=%dm,nr_inodes=%d,mode=755", job->disk_mb,
	    job->collect_files_max + (int)job->n_files + WORK_FILES_EXTRA);
	if (mount("box", ROOT BOX_WORK, "tmpfs", MS_NOSUID | MS_NODEV,
		options) == -1)
		return -1;
	return mount("box", ROOT "/tmp", "tmpfs",
	    MS_NOSUID | MS_NODEV | MS_NOEXEC, TMP_OPTIONS);
}

static int
make_dev(void)
{
	char from[64], to[64];
	size_t i;
	int fd;

	for (i = 0; devices[i] != NULL; i++) {
		(void)snprintf(from, sizeof(from), "/dev/%s", devices[i]);
		(void)snprintf(to, sizeof(to), ROOT "/dev/%s", devices[i]);
		fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd == -1)
			return -1;
		(void)close(fd);
		if (bind_tree(
			from, to, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC) == -1)
			return -1;
	}
	return make_links(standard);
}

/* SECURITY: nothing of /proc but the box's own processes. */
static int
make_proc(void)
{
	return mount("proc", ROOT "/proc", "proc",
	    MS_NOSUID | MS_NODEV | MS_NOEXEC, "subset=pid,hidepid=invisible");
}

/* pivot_root(2): the old root lands on top of the new one and is let go. */
static int
enter_root(void)
{
	if (chdir(ROOT) == -1 || syscall(SYS_pivot_root, ".", ".") == -1 ||
	    umount2(".", MNT_DETACH) == -1 || chdir("/") == -1)
		return -1;
	return restrict_mount(AT_FDCWD, "/", 0, MOUNT_ATTR_RDONLY);
}

enum step
mounts_make(const struct inside *in)
{
	const struct box_job *job = in->job;

	if (make_root() == -1)
		return STEP_ROOT;
	if (make_usr() == -1)
		return STEP_USR;
	if (make_home(in) == -1)
		return STEP_HOME;
	if (make_work(job) == -1)
		return STEP_WORK;
	if (put_files(ROOT BOX_WORK, job->files, job->n_files, 0644) == -1)
		return STEP_FILES;
	if (make_dev() == -1)
		return STEP_DEV;
	if (make_proc() == -1)
		return STEP_PROC;
	if (enter_root() == -1)
		return STEP_PIVOT;
	return STEP_MADE;
}
