/*
 * What the roots of both kinds of boxes are made of: a small tmpfs with /usr
 * of this machine, or of an image, bound into it and files of its own. Runs in
 * the box's mount namespace with the capabilities of its user namespace,
 * before any of the lab's code.
 *
 * Files of either belong to nobody inside: only one id exists there, and none
 * of them is its own. So nothing would be gained by mapping their owners.
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

#include "lab/engine/mounts.h"

#define LD_CACHE "/etc/ld.so.cache"
#define ALTERNATIVES "/etc/alternatives"
#define COPY_BYTES ((size_t)1 << 20)

/* As on this machine, where /usr has them. */
static const struct mounts_link merged[] = {
    {"/bin", "usr/bin"},
    {"/sbin", "usr/sbin"},
    {"/lib", "usr/lib"},
    {"/lib32", "usr/lib32"},
    {"/lib64", "usr/lib64"},
    {NULL, NULL},
};

static const struct mounts_link standard[] = {
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
    {NULL, NULL},
};

/* What an administrator may have put below /usr is nobody's business. */
static const char *const covered[] = {"/usr/local", "/usr/src", NULL};

int
mounts_put_file(const char *path, const void *data, size_t n, mode_t mode)
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

int
mounts_put_files(
    const char *dir, const struct box_file *files, size_t n, mode_t mode)
{
	char path[MOUNTS_PATH_BYTES];
	size_t i;
	int len;

	for (i = 0; i < n; i++) {
		len = snprintf(path, sizeof(path), "%s/%s", dir, files[i].path);
		if (len < 0 || (size_t)len >= sizeof(path)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if (make_parents(path, strlen(dir) + 1) == -1 ||
		    mounts_put_file(path, files[i].data, files[i].size, mode) ==
			-1)
			return -1;
	}
	return 0;
}

int
mounts_restrict(int fd, const char *path, unsigned flags, uint64_t attributes)
{
	struct mount_attr a = {.attr_set = attributes};

	return mount_setattr(fd, path, flags, &a, sizeof(a));
}

int
mounts_bind(const char *from, const char *to, uint64_t attributes)
{
	int fd, rc, saved;

	fd = open_tree(
	    AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (fd == -1)
		return -1;
	rc = mounts_restrict(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, attributes);
	if (rc == 0)
		rc = move_mount(fd, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return rc;
}

static int
make_links(const struct mounts_link *l)
{
	char path[MOUNTS_PATH_BYTES];

	for (; l->at != NULL; l++) {
		(void)snprintf(path, sizeof(path), MOUNTS_ROOT "%s", l->at);
		if (symlink(l->to, path) == -1)
			return -1;
	}
	return 0;
}

enum mounts_from
mounts_from(const struct box_caps *caps)
{
	return caps->image == NULL ? MOUNTS_FROM_MACHINE : MOUNTS_FROM_IMAGE;
}

/* A path of the machine ("/usr"), or the same of the image where we stand. */
static const char *
source(enum mounts_from from, const char *path)
{
	return from == MOUNTS_FROM_IMAGE ? path + 1 : path;
}

/* The loader's list of libraries: names of files below /usr. */
static int
copy_ld_cache(enum mounts_from where)
{
	int from, to, rc = -1;
	ssize_t n = -1;

	from = open(source(where, LD_CACHE), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (from == -1)
		return errno == ENOENT ? 0 : -1;
	to = open(MOUNTS_ROOT LD_CACHE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0644);
	if (to != -1) {
		while ((n = sendfile(to, from, NULL, COPY_BYTES)) > 0)
			;
		rc = n == 0 ? 0 : -1;
		(void)close(to);
	}
	(void)close(from);
	return rc;
}

/*
 * Of an image's /etc everything, under the files of ours. Of this machine's,
 * and where the kernel has no layers for us, only the names below /usr that
 * lead through it (awk, vi, nc), for boxes that have a place for them.
 */
static int
add_etc(enum mounts_from from)
{
	const char *names = source(from, ALTERNATIVES);

	if (from == MOUNTS_FROM_IMAGE &&
	    mount("etc", MOUNTS_ROOT "/etc", "overlay",
		MS_RDONLY | MS_NOSUID | MS_NODEV,
		"lowerdir=" MOUNTS_ROOT "/etc:etc,userxattr") == 0)
		return 0;
	if (access(names, F_OK) == -1 ||
	    access(MOUNTS_ROOT ALTERNATIVES, F_OK) == -1)
		return 0;
	return mounts_bind(names, MOUNTS_ROOT ALTERNATIVES,
	    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

int
mounts_root(enum mounts_from from, const char *const *directories,
    const struct mounts_text *etc)
{
	char path[MOUNTS_PATH_BYTES];
	size_t i;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("box", MOUNTS_ROOT, "tmpfs", MS_NOSUID | MS_NODEV,
		"size=2m,nr_inodes=256,mode=755") == -1)
		return -1;
	for (i = 0; directories[i] != NULL; i++) {
		(void)snprintf(
		    path, sizeof(path), MOUNTS_ROOT "%s", directories[i]);
		if (mkdir(path, 0755) == -1)
			return -1;
	}
	for (i = 0; etc[i].path != NULL; i++) {
		(void)snprintf(
		    path, sizeof(path), MOUNTS_ROOT "%s", etc[i].path);
		if (mounts_put_file(
			path, etc[i].text, strlen(etc[i].text), 0644) == -1)
			return -1;
	}
	if (copy_ld_cache(from) == -1 || add_etc(from) == -1)
		return -1;
	return make_links(merged);
}

/* A layer shows one file system, a bound tree what is mounted in it, too. */
static bool
usr_is_one(void)
{
	static const char *const parts[] = {
	    "/usr/bin", "/usr/lib", "/usr/sbin", "/usr/share", NULL};
	struct stat usr, part;
	size_t i;

	if (stat("/usr", &usr) == -1)
		return false;
	for (i = 0; parts[i] != NULL; i++)
		if (stat(parts[i], &part) == 0 && part.st_dev != usr.st_dev)
			return false;
	return true;
}

/* Two layers are the least: /usr and nothing. */
static int
layer_usr(enum mounts_from from)
{
	return mount("usr", MOUNTS_ROOT "/usr", "overlay",
	    MS_RDONLY | MS_NOSUID | MS_NODEV,
	    from == MOUNTS_FROM_IMAGE
		? "lowerdir=usr:" MOUNTS_ROOT "/var,userxattr"
		: "lowerdir=/usr:" MOUNTS_ROOT "/var,userxattr");
}

/* What is the administrator's of this machine. */
static int
cover_own(void)
{
	char path[MOUNTS_PATH_BYTES];
	size_t i;

	for (i = 0; covered[i] != NULL; i++) {
		(void)snprintf(
		    path, sizeof(path), MOUNTS_ROOT "%s", covered[i]);
		if (access(path, F_OK) == -1)
			continue;
		if (mount("box", path, "tmpfs",
			MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
			"size=4k,nr_inodes=2,mode=755") == -1)
			return -1;
	}
	return 0;
}

int
mounts_usr(enum mounts_from from, bool apart)
{
	const uint64_t attributes =
	    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	bool is_one = from == MOUNTS_FROM_IMAGE || usr_is_one();

	if ((!apart || !is_one || layer_usr(from) == -1) &&
	    mounts_bind(source(from, "/usr"), MOUNTS_ROOT "/usr", attributes) ==
		-1)
		return -1;
	return from == MOUNTS_FROM_IMAGE ? 0 : cover_own();
}

int
mounts_dev(const char *const *devices)
{
	char from[64], to[64];
	size_t i;
	int fd;

	for (i = 0; devices[i] != NULL; i++) {
		(void)snprintf(from, sizeof(from), "/dev/%s", devices[i]);
		(void)snprintf(
		    to, sizeof(to), MOUNTS_ROOT "/dev/%s", devices[i]);
		fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd == -1)
			return -1;
		(void)close(fd);
		if (mounts_bind(
			from, to, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC) == -1)
			return -1;
	}
	return make_links(standard);
}

/* The old root lands on top of the new one and is let go. */
int
mounts_enter(void)
{
	if (chdir(MOUNTS_ROOT) == -1 ||
	    syscall(SYS_pivot_root, ".", ".") == -1 ||
	    umount2(".", MNT_DETACH) == -1 || chdir("/") == -1)
		return -1;
	return mounts_restrict(AT_FDCWD, "/", 0, MOUNT_ATTR_RDONLY);
}
