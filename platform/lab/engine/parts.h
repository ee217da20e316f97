/* What the files of the box share; nobody else includes it. */
#ifndef LAB_ENGINE_PARTS_H
#define LAB_ENGINE_PARTS_H

#include <linux/filter.h>
#include <sys/types.h>

#include "lab/engine/box.h"

/* The one id that exists inside. */
#define INSIDE_ID 1000

/* ---------------------------------------------------- messages of the box */

/* How far it came. On failure `error` says why; 0 otherwise. */
enum step {
	STEP_STARTED, /* the copy runs: it wants its ids */
	STEP_CGROUP_NS, /* … from here on: what failed */
	STEP_IDS,
	STEP_ROOT,
	STEP_USR,
	STEP_HOME,
	STEP_WORK,
	STEP_FILES,
	STEP_DEV,
	STEP_PROC,
	STEP_PIVOT,
	STEP_DROP,
	STEP_FORK,
	STEP_LIMITS,
	STEP_SECCOMP,
	STEP_EXEC,
	STEP_MADE, /* all is in place; carries the work directory */
	STEP_ENDED, /* the command is over */
	/* a live box: to it, and back when it is done */
	STEP_TERMINAL, /* carries the pty */
	STEP_STILL, /* all its processes are stopped; status 0: go on */
	STEP_SHELL, /* from it: the shell of a terminal is over */
	STEP_FILE, /* carries a file for /lab/work */
	STEP_SIZE, /* another size of a terminal */
	STEP_HOST, /* the container host: what failed */
};

#define NOTE_NAME_MAX 100 /* LABD_NAME_MAX */

struct note {
	enum step step;
	int error;
	int status; /* of the command, as waitpid(2) says */
	int disk_full; /* bool */
	int cpu_seconds; /* that it took, rounded up */
	/* of a terminal: which, the how manyeth shell of it, its size */
	int terminal;
	unsigned round;
	unsigned short rows, columns;
	char name[NOTE_NAME_MAX + 1]; /* of a file */
};

const char *step_name(enum step s);

/* fd -1: none. 0 or -1. */
int note_send(int socket, const struct note *n, int fd);
/* A descriptor that came along goes to *fd, which is -1 otherwise. */
int note_receive(int socket, struct note *n, int *fd);

/* ------------------------------------------------------------------- birth */

/*
 * As fork(2), into new namespaces, where the copy stands in the image's
 * directory, if there is one. The caller has no threads.
 */
pid_t birth_copy(const struct box_image *image);

/* The maps of the copy's user namespace. 0 or -1. */
int birth_give_ids(pid_t pid, const struct box_caps *caps);

/* ---------------------------------------------------------------- the inside
 */

/* Process 1's descriptors, its socket to the maker first. */
#define ENTER_CONTROL 3
#define ENTER_DESCRIPTORS_MAX 4
#define ENTER_BROKEN 125 /* status; nobody reads it: a note has told why */

/* Tells the maker what failed, and ends. */
_Noreturn void enter_give_up(enum step step, int error);

/* n descriptors to their places; all others are closed, 0 to 2 as well. */
void enter_keep(const int *descriptors, int n);

/* Says that we are there, and waits until the maker has given us ids. */
void enter_started(void);
void enter_ids(const struct box_caps *caps);

/* Gives up every privilege; ends with our maker. */
void enter_seal(void);

/* Waits for the maker; its end closes the socket, and then we end too. */
void enter_wait_for_go(void);
void enter_default_signals(void);

struct limits {
	int seconds; /* of one process's CPU; 0: no limit */
	int memory_mb, disk_mb, processes_max, open_files_max;
	bool behind_cgroup; /* which counts memory and processes as they are */
};

/* Of this process and what it starts. 0 or -1. */
int limits_set(const struct limits *l);

struct inside {
	const struct box_job *job;
	const struct box_file *home; /* the scripts, read before */
	size_t n_home;
	int control, out, err; /* descriptors, renumbered inside */
};

/* Process 1 of the box. */
_Noreturn void inside_main(struct inside *in);

/* Builds the root and enters it. STEP_MADE, or what failed with errno. */
enum step mounts_make(const struct inside *in);

/* No capabilities, no way to get one. 0 or -1. */
int drop_everything(void);

/* ------------------------------------------------------------------- filter */

enum filter_kind {
	FILTER_COMMAND, /* reads, computes and writes */
	FILTER_SHELL, /* also has terminals and jobs */
};

/* Makes and loads the list for a command. 0 or -errno. */
int filter_load(void);

/* A list made once and loaded in many processes: making it takes long. */
#define FILTER_CODE_MAX 2048

struct filter {
	struct sock_filter code[FILTER_CODE_MAX];
	unsigned short n;
};

int filter_make(enum filter_kind kind, struct filter *out);
int filter_use(const struct filter *f);

/* -------------------------------------------------------------------- files */

/* Files of a directory of this machine; links and the like are left out. */
MUST_USE enum err
tree_read(const char *dir, struct arena *a, struct box_file **out, size_t *n);

/* Relative, short, no "." or ".." part, only harmless characters. */
bool tree_path_is_plain(const char *path);

/*
 * Opens a name below a directory for reading, without following links and
 * without waiting for a FIFO. -1 and errno. What it is has to be looked at.
 */
int collect_open(int dir, const char *name);

/* What the command left below work/collect. */
MUST_USE enum err collect_files(int work, const struct box_job *job,
    struct arena *a, struct box_result *out);

/* ------------------------------------------------------------------- cgroup */

#define CGROUP_NAME_MAX 48

struct cgroup {
	bool gives_way; /* set before cgroup_make: others' work goes first */
	const struct box_caps *caps;
	char name[CGROUP_NAME_MAX]; /* "" when there is none */
};

/* Fills cgroup and groups from /proc/self/cgroup; sweeps what is left over. */
void cgroup_find(struct box_caps *caps);

/*
 * Ends and removes what makers left that are no more; cgroup_find does it,
 * too. False: processes are still ending, look again soon.
 */
bool cgroup_sweep(const struct box_caps *caps);

/* The group that a hierarchy of /proc/self/cgroup has us in; false: none. */
bool
cgroup_own(const char *text, const char *controller, char *out, size_t size);

/* 0 or -errno; with no cgroup at all 0. */
int
cgroup_make(struct cgroup *g, int memory_mb, int disk_mb, int processes_max);
int cgroup_enter(const struct cgroup *g, pid_t pid);

/* What the kernel refused: out of memory, no more processes. */
int64_t cgroup_out_of_memory(const struct cgroup *g);
int64_t cgroup_out_of_processes(const struct cgroup *g);
void cgroup_remove(struct cgroup *g);

/* Once, without waiting. True when nothing is left of it. */
bool cgroup_try_remove(struct cgroup *g);

/*
 * Lets all its processes stand still, or go on; that takes a moment. False
 * where cgroups cannot (cgroup_can_freeze).
 */
bool cgroup_can_freeze(const struct cgroup *g);
int cgroup_freeze(const struct cgroup *g, bool still); /* 0 or -errno */
bool cgroup_is_frozen(const struct cgroup *g);

/* -------------------------------------------------------------------- watch */

struct watch {
	int control, out, err;
	int seconds;
	pid_t pid;
	struct arena *arena;
};

struct watched {
	bool timeout, flood, ended; /* ended: the note is STEP_ENDED */
	struct note note;
	char *out, *err;
	size_t out_size, err_size;
};

/* Reads until the box is over and all its processes are gone. */
void watch_until_end(const struct watch *w, struct watched *out);

/* How the command ended; code as in struct box_result. */
enum box_end verdict(const struct box_job *job, const struct cgroup *group,
    const struct watched *w, int *code);

#endif
