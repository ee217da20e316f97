/*
 * The root of a box that runs one command: scripts and work directory, and
 * nothing of /proc but its own processes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>

#include "lab/engine/mounts.h"

#define WORK_FILES_EXTRA 256 /* inodes besides what may be collected */
#define TMP_OPTIONS "size=16m,nr_inodes=1024,mode=1777"

static const char *const devices[] = {
    "null", "zero", "full", "random", "urandom", NULL};

static const struct mounts_text etc[] = {
    {"/etc/passwd", "lab:x:1000:1000::" BOX_WORK ":/usr/sbin/nologin\n"},
    {"/etc/group", "lab:x:1000:\n"},
    {"/etc/nsswitch.conf", "passwd: files\ngroup: files\n"},
    {NULL, NULL},
};

static const char *const directories[] = {
    "/usr", "/etc", "/dev", "/proc", "/tmp", "/home", BOX_HOME, BOX_WORK, NULL};

/* The scripts, in a file system that then takes no more writing. */
static int
make_home(const struct inside *in)
{
	if (mount("box", MOUNTS_ROOT BOX_HOME, "tmpfs", MS_NOSUID | MS_NODEV,
		"size=32m,nr_inodes=1024,mode=755") == -1 ||
	    mounts_put_files(
		MOUNTS_ROOT BOX_HOME, in->home, in->n_home, 0555) == -1)
		return -1;
	return mounts_restrict(
	    AT_FDCWD, MOUNTS_ROOT BOX_HOME, 0, MOUNT_ATTR_RDONLY);
}

static int
make_work(const struct box_job *job)
{
	char options[128];

	(void)snprintf(options, sizeof(options),
	    "size=%dm,nr_inodes=%d,mode=755", job->disk_mb,
	    job->collect_files_max + (int)job->n_files + WORK_FILES_EXTRA);
	if (mount("box", MOUNTS_ROOT BOX_WORK, "tmpfs", MS_NOSUID | MS_NODEV,
		options) == -1)
		return -1;
	return mount("box", MOUNTS_ROOT "/tmp", "tmpfs",
	    MS_NOSUID | MS_NODEV | MS_NOEXEC, TMP_OPTIONS);
}

/* SECURITY: nothing of /proc but the box's own processes. */
static int
make_proc(void)
{
	return mount("proc", MOUNTS_ROOT "/proc", "proc",
	    MS_NOSUID | MS_NODEV | MS_NOEXEC, "subset=pid,hidepid=invisible");
}

enum step
mounts_make(const struct inside *in)
{
	const struct box_job *job = in->job;
	enum mounts_from from = mounts_from(job->caps);

	if (mounts_root(from, directories, etc) == -1)
		return STEP_ROOT;
	if (mounts_usr(from, false) == -1)
		return STEP_USR;
	if (make_home(in) == -1)
		return STEP_HOME;
	if (make_work(job) == -1)
		return STEP_WORK;
	if (mounts_put_files(
		MOUNTS_ROOT BOX_WORK, job->files, job->n_files, 0644) == -1)
		return STEP_FILES;
	if (mounts_dev(devices) == -1)
		return STEP_DEV;
	if (make_proc() == -1)
		return STEP_PROC;
	if (mounts_enter() == -1)
		return STEP_PIVOT;
	return STEP_MADE;
}
