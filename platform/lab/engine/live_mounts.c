/*
 * The root of a live box: places that its learner may fill, devices with
 * terminals, and of /proc what programs for people need.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/engine/live.h"
#include "lab/engine/mounts.h"

#define DISK MOUNTS_ROOT "/lab" /* until its parts are where they belong */
#define INODES_MAX 16384
#define EMPTY "/mnt"
#define PROCESS "0123456789"

static const char *const directories[] = {"/usr", "/etc", "/etc/alternatives",
    "/dev", "/dev/pts", "/dev/shm", "/proc", "/tmp", EMPTY, "/home", LIVE_HOME,
    BOX_WORK, BOX_WORK "/in", BOX_WORK "/out", BOX_WORK "/work", "/var", "/run",
    NULL};

static const char *const devices[] = {
    "null", "zero", "full", "random", "urandom", "tty", NULL};

static const struct mounts_text etc[] = {
    {"/etc/passwd",
	"learner:x:1000:1000:learner:" LIVE_HOME ":/bin/bash\n"
	"nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n"},
    {"/etc/group", "learner:x:1000:\nnogroup:x:65534:\n"},
    {"/etc/nsswitch.conf",
	"passwd: files\ngroup: files\nhosts: files\nservices: files\n"},
    {"/etc/hostname", "lab\n"},
    {"/etc/hosts", "127.0.0.1 localhost lab\n::1 localhost lab\n"},
    {"/etc/shells", "/bin/sh\n/bin/bash\n"},
    {"/etc/profile", "[ -n \"$BASH\" ] && . /etc/bash.bashrc\n"},
    {"/etc/bash.bashrc",
	"[ -z \"$PS1\" ] && return\n"
	"PS1='learner@lab:\\w\\$ '\n"
	"shopt -s checkwinsize\n"
	"alias ls='ls --color=auto' grep='grep --color=auto'\n"},
    {NULL, NULL},
};

/* The parts of the disk, and where they go. */
static const struct {
	const char *name, *to;
	mode_t mode;
	uint64_t attributes;
} parts[] = {
    {"in", BOX_WORK "/in", 0755, MOUNT_ATTR_RDONLY},
    {"out", BOX_WORK "/out", 0755, 0},
    {"work", BOX_WORK "/work", 0755, 0},
    {"home", LIVE_HOME, 0755, 0},
    {"tmp", "/tmp", 01777, 0},
    {"shm", "/dev/shm", 01777, MOUNT_ATTR_NOEXEC},
};

#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

/* Besides processes; everything else of /proc is covered. */
static const char *const shown[] = {"self", "thread-self", "mounts", "net",
    "cpuinfo", "meminfo", "stat", "uptime", "loadavg", "filesystems", "version",
    NULL};

static int
make_parts(const struct live_spec *spec)
{
	char options[128], path[MOUNTS_PATH_BYTES];
	size_t i;

	(void)snprintf(options, sizeof(options),
	    "size=%dm,nr_inodes=%d,mode=755", spec->disk_mb, INODES_MAX);
	if (mount("lab", DISK, "tmpfs", MS_NOSUID | MS_NODEV, options) == -1)
		return -1;
	for (i = 0; i < N_PARTS; i++) {
		(void)snprintf(path, sizeof(path), DISK "/%s", parts[i].name);
		if (mkdir(path, 0755) == -1 || chmod(path, parts[i].mode) == -1)
			return -1;
	}
	return 0;
}

/*
 * One file system, so that one limit holds for all of it, seen in as many
 * places: cloned mounts of its directories, its own root is let go.
 */
static int
place_parts(void)
{
	char path[MOUNTS_PATH_BYTES];
	int fd[N_PARTS];
	size_t i;

	for (i = 0; i < N_PARTS; i++) {
		(void)snprintf(path, sizeof(path), DISK "/%s", parts[i].name);
		fd[i] = open_tree(
		    AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (fd[i] == -1 ||
		    mounts_restrict(
			fd[i], "", AT_EMPTY_PATH, parts[i].attributes) == -1)
			return -1;
	}
	if (umount2(DISK, MNT_DETACH) == -1)
		return -1;
	for (i = 0; i < N_PARTS; i++) {
		(void)snprintf(
		    path, sizeof(path), MOUNTS_ROOT "%s", parts[i].to);
		if (move_mount(fd[i], "", AT_FDCWD, path,
			MOVE_MOUNT_F_EMPTY_PATH) == -1)
			return -1;
		(void)close(fd[i]);
	}
	return 0;
}

static int
make_dev(void)
{
	if (mounts_dev(devices) == -1 ||
	    mount("devpts", MOUNTS_ROOT "/dev/pts", "devpts",
		MS_NOSUID | MS_NOEXEC,
		"newinstance,ptmxmode=0666,mode=0620,max=32") == -1)
		return -1;
	return symlink("pts/ptmx", MOUNTS_ROOT "/dev/ptmx");
}

static bool
is_shown(const char *name)
{
	size_t i;

	if (strspn(name, PROCESS) == strlen(name))
		return true;
	for (i = 0; shown[i] != NULL; i++)
		if (strcmp(name, shown[i]) == 0)
			return true;
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int
cover(const struct dirent *entry)
{
	const uint64_t attributes =
	    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
	char path[MOUNTS_PATH_BYTES];

	(void)snprintf(
	    path, sizeof(path), MOUNTS_ROOT "/proc/%.200s", entry->d_name);
	if (entry->d_type == DT_LNK)
		return 0; /* to something that is covered or shown */
	return mounts_bind(
	    entry->d_type == DT_DIR ? MOUNTS_ROOT EMPTY : "/dev/null", path,
	    attributes);
}

/*
 * SECURITY: a list of what is shown, not of what is covered: kernels grow.
 * The short form (subset=pid) shows too little: ps, free and uptime break.
 */
static int
make_proc(void)
{
	struct dirent *entry;
	int rc = 0, saved;
	DIR *d;

	if (mount("proc", MOUNTS_ROOT "/proc", "proc",
		MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=invisible") == -1)
		return -1;
	if ((d = opendir(MOUNTS_ROOT "/proc")) == NULL)
		return -1;
	while (rc == 0 && (entry = readdir(d)) != NULL)
		if (!is_shown(entry->d_name))
			rc = cover(entry);
	saved = errno;
	(void)closedir(d);
	errno = saved;
	return rc;
}

enum step
live_mounts(const struct live_spec *spec)
{
	enum mounts_from from = mounts_from(spec->caps);

	if (mounts_root(from, directories, etc) == -1)
		return STEP_ROOT;
	if (mounts_usr(from, true) == -1)
		return STEP_USR;
	if (make_parts(spec) == -1)
		return STEP_WORK;
	if (mounts_put_files(DISK, spec->files, spec->n_files, 0644) == -1)
		return STEP_FILES;
	if (place_parts() == -1)
		return STEP_WORK;
	if (make_dev() == -1)
		return STEP_DEV;
	if (make_proc() == -1)
		return STEP_PROC;
	if (mounts_enter() == -1)
		return STEP_PIVOT;
	return STEP_MADE;
}
