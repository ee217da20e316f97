/*
 * The box: runs one command to its end where nothing of this machine is to be
 * seen but its programs. It is used for what labs bring along: generators of
 * artefacts and checkers of answers, Python 3.
 *
 *	host                          inside the box
 *	/usr (read-only)         ->   /usr, /bin /lib /lib64 /sbin -> usr/…
 *	an image's, when there is one (image.h), with what it has in /etc
 *	job.home (a copy)        ->   /home/lab   read-only
 *	job.files (copies)       ->   /lab/…      a tmpfs of limited size
 *	nothing                  ->   /tmp /dev /proc /etc   its own
 *
 * The command runs in its own user, mount, pid, net, ipc, uts and cgroup
 * namespaces, without a network, without capabilities, behind a list of
 * allowed system calls, within limits of time, memory, processes and disk.
 * When it ends, or its parent does, everything it started is gone. Where a
 * box cannot be made nothing runs at all: there is no way around it.
 *
 * A caller has one thread: the box begins as a copy of the calling process,
 * and a copy of a process with threads may hold another thread's lock for
 * ever. `tanren jobs` and the command line are such callers; the web worker
 * is not, it asks the jobs. SIGCHLD must not be ignored.
 *
 * Source of the method: namespaces(7), user_namespaces(7), pivot_root(2),
 * cgroups(7), seccomp(2), openat2(2).
 */
#ifndef LAB_ENGINE_BOX_H
#define LAB_ENGINE_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define BOX_HOME "/home/lab" /* where job.home is */
#define BOX_WORK "/lab" /* where files are put and collected */
#define BOX_PYTHON "/usr/bin/python3"

#define BOX_OUT_MAX ((size_t)64 * 1024) /* of standard output */
#define BOX_ERR_MAX ((size_t)16 * 1024) /* kept of standard error */

/* ----------------------------------------------------- what this machine has
 */

/* Who the command is, seen from outside. */
enum box_ids {
	BOX_IDS_NONE,
	BOX_IDS_SINGLE, /* the user who calls: an escape is that user */
	BOX_IDS_OWN, /* an id of a private range that nothing else uses */
	BOX_IDS_SHARED, /* one of a range that all containers of a host use */
};

enum box_cgroup { BOX_CGROUP_NONE, BOX_CGROUP_V1, BOX_CGROUP_V2 };

/* Why no box can be made. */
enum box_missing {
	BOX_MISSING_NOTHING,
	BOX_MISSING_USER_NS, /* user namespaces are forbidden */
	BOX_MISSING_MOUNTS, /* no root of its own, no /proc */
	BOX_MISSING_SECCOMP, /* the filter cannot be loaded */
	BOX_MISSING_PYTHON, /* no BOX_PYTHON below /usr */
	BOX_MISSING__MAX
};

#define BOX_CGROUP_PATH_MAX 512
#define BOX_DIGEST_CHARS 64

/* A root file system that is not this machine's; see image.h. */
struct box_image {
	int fd; /* of its directory, O_PATH; -1: closed */
	char digest[BOX_DIGEST_CHARS + 1]; /* hex digits */
};

/*
 * The parts of a v1 hierarchy that limit something, and the one that lets a
 * box stand still, which may be missing.
 */
enum box_controller {
	BOX_MEMORY_V1,
	BOX_PIDS_V1,
	BOX_CPU_V1,
	BOX_FREEZER_V1,
	BOX_V1__MAX
};

struct box_caps {
	enum box_ids ids;
	enum box_cgroup cgroup;
	bool seccomp;
	/*
	 * A: own id and cgroup. C: single id and cgroup. D: no cgroup, so no
	 * limit over all its processes together. 0: no box can be made. B: a
	 * shared range, which containers can have (container.h).
	 */
	char level;
	enum box_missing missing;
	const char *sentence; /* English, for the log; never NULL */
	char groups[BOX_V1__MAX][BOX_CGROUP_PATH_MAX]; /* v2: the first; "" */
	const struct box_image *image; /* NULL: /usr of this machine */
};

/*
 * Finds out by making a box and running a command in it. May move the calling
 * process into a leaf of its own cgroup (v2 allows limits only there).
 */
void box_probe(struct box_caps *out);

/*
 * As box_probe, with an image, which out->image then is; it must live as long.
 * Where no box can be made of it, a warning says so and out is what box_probe
 * answers. NULL: none.
 */
void box_probe_image(const struct box_image *image, struct box_caps *out);

/* What boxes are made of, for the record: a digest, or "host". */
const char *box_root_name(const struct box_caps *caps);

/* Whether a program (a plain name) is in /usr/bin or /usr/sbin of boxes. */
bool box_root_has(const struct box_caps *caps, const char *program);

/*
 * For a process that will start others who make boxes: moves it, and so all of
 * them, into a leaf of its own cgroup (v2). Where that is not needed or not
 * allowed nothing happens.
 */
void box_prepare(void);

/* "A own-range v1 seccomp", "none", for the record. Static storage. */
const char *box_ids_name(enum box_ids ids);
const char *box_cgroup_name(enum box_cgroup cgroup);

/* A short name of what is missing, for settings: "user_namespaces". */
const char *box_missing_name(enum box_missing m);

/* --------------------------------------------------------------- one command
 */

/* A regular file; path is relative, without "." and ".." parts. */
struct box_file {
	const char *path;
	const void *data;
	size_t size;
};

struct box_job {
	const struct box_caps *caps; /* as box_probe filled them */
	const char *const *argv; /* argv[0] is a path in the box; NULL ends */
	const char *const *env; /* "NAME=value"; NULL ends; nothing else */
	const char *home; /* a directory of this machine; NULL: none */
	const struct box_file *files; /* put below BOX_WORK */
	size_t n_files;
	const char *collect; /* a directory below BOX_WORK; NULL: nothing */
	int seconds; /* of the clock, and of one process's CPU */
	int memory_mb;
	int disk_mb;
	int processes_max;
	int collect_files_max;
	size_t collect_bytes_max; /* all files together */
};

/* How the command ended. */
enum box_end {
	BOX_EXITED, /* code: its exit status */
	BOX_SIGNALLED, /* code: the signal */
	BOX_TIMEOUT,
	BOX_MEMORY, /* more than memory_mb was wanted */
	BOX_OUTPUT, /* more than BOX_OUT_MAX was written */
	BOX_DISK, /* it failed with its disk full (bytes or files) */
	BOX_PROCESSES, /* it failed at the limit of processes */
	BOX_NO_PROGRAM, /* argv[0] cannot be run; code: errno */
	BOX_END__MAX
};

/* Why something below `collect` was left there. */
enum box_refusal {
	BOX_TAKEN,
	BOX_NOT_REGULAR, /* a link, FIFO, socket or device */
	BOX_NOT_READABLE,
	BOX_TOO_LARGE,
	BOX_TOO_MANY,
	BOX_TOO_DEEP,
	BOX_BAD_NAME, /* anything but A-Z a-z 0-9 . _ - */
	BOX_REFUSAL__MAX
};

struct box_result {
	enum box_end end;
	int code;
	const char *out, *err; /* NUL-terminated, may hold NULs */
	size_t out_size, err_size;
	struct box_file *files; /* below `collect`, in order of their paths */
	size_t n_files;
	size_t n_refused;
	enum box_refusal refusal; /* of the first that was refused */
	int64_t ms; /* how long it took */
};

/*
 * Runs the command and waits for its end. ERR_OK when it was started,
 * whatever became of it. ERR_UNAVAILABLE when no box can be made here (the
 * cause is logged), ERR_INVALID for a file's path, ERR_TOO_LARGE when `home`
 * is larger than a lab's scripts may be, ERR_INTERNAL otherwise.
 */
MUST_USE enum err
box_run(const struct box_job *job, struct arena *a, struct box_result *out);

/* A word for the log: "timeout". */
const char *box_end_name(enum box_end end);

#endif
