/*
 * A live box: one that stays, for a person at terminals. Made like the box of
 * one command (box.h), with a process 1 of ours that opens terminals when it
 * is told to and otherwise only buries the dead.
 *
 *	this machine                  inside the box
 *	/usr, or an image's      ->   /usr, /bin /lib /lib64 /sbin -> usr/…
 *	spec.files (copies)      ->   /lab/in (read-only), /lab/work, /lab/out
 *	nothing                  ->   /home/learner /tmp /dev /etc /proc
 *
 * /lab, /home/learner, /tmp and /dev/shm are one tmpfs of disk_mb. Of /proc
 * there are the box's own processes and a few figures that programs cannot do
 * without (meminfo, stat, uptime, loadavg: those of this machine).
 *
 * Nothing here waits, but for the kernel: a box is made step by step while
 * its maker polls `control`. One thread, as in box.h.
 */
#ifndef LAB_ENGINE_LIVE_H
#define LAB_ENGINE_LIVE_H

#include "lab/engine/driver.h"
#include "lab/engine/parts.h"

#define LIVE_HOME "/home/learner"
#define LIVE_TERMINALS_MAX 4
#define LIVE_ROWS_MAX 500
#define LIVE_COLUMNS_MAX 1000

struct container_host;

struct live_spec {
	const struct driver *driver;
	const struct box_caps *caps; /* level is not 0; of a native box */
	const struct filter *filter; /* FILTER_SHELL; likewise */
	const struct container_host *host; /* of a container */
	int64_t box; /* the caller's number */
	const struct box_file *files; /* below /lab: in/… work/… out/… */
	size_t n_files;
	int memory_mb, disk_mb, processes_max;
};

enum live_state {
	LIVE_GONE, /* no process, no group, no descriptor */
	LIVE_BORN, /* wants its ids */
	LIVE_MAKING, /* builds its room */
	LIVE_READY,
	LIVE_ENDING, /* killed, or ended by itself: until live_reap */
};

struct live {
	enum live_state state;
	const struct driver *driver;
	struct cgroup group;
	pid_t pid; /* of process 1, or of who speaks for it */
	int pidfd; /* readable when it has ended */
	int control; /* readable when the box says something */
	int out; /* its /lab/out, or a copy while it stands still; or -1 */
	bool asked_still, still; /* see live_freeze */
	unsigned still_round; /* of what was asked last, in a note */
};

/* What live_read found. */
enum live_event {
	LIVE_NOTHING,
	LIVE_IS_READY,
	LIVE_TERMINAL, /* of note.terminal; fd is the pty, -1: note.error */
	LIVE_SHELL_ENDED, /* of note.terminal, note.round */
	LIVE_FILE, /* of note.round is there, or note.error */
	LIVE_HAS_ENDED, /* by itself, or not made (logged): live_kill it */
};

#define LIVE_NONE ((struct live){.pidfd = -1, .control = -1, .out = -1})

/*
 * Begins to make a box. The spec and what it points to are read before it
 * returns. ERR_UNAVAILABLE when the machine refuses (logged).
 */
MUST_USE enum err live_begin(struct live *l, const struct live_spec *spec);

/* One event; call again until LIVE_NOTHING. *fd is then the caller's. */
enum live_event live_read(struct live *l, struct note *note, int *fd);

/*
 * Asks for a shell at a pty of its own. `round` comes back with everything
 * that is told of it. A shell that this terminal had before is killed.
 */
MUST_USE enum err live_open_terminal(struct live *l, int terminal,
    unsigned round, unsigned rows, unsigned columns);

/* Another size of a terminal; fd is what LIVE_TERMINAL brought. */
MUST_USE enum err live_resize(
    struct live *l, int terminal, int fd, unsigned rows, unsigned columns);

/*
 * Puts a file into /lab/work, with the learner's rights: `name` is one part
 * of at most NOTE_NAME_MAX characters, `fd` is read from its start. It takes
 * the place of what had the name, whole or not at all.
 */
MUST_USE enum err
live_put(struct live *l, const char *name, unsigned round, int fd);

/*
 * Lets everything stand still, then (live_is_still) it may be looked at.
 * Where there is no cgroup that can do it all processes are sent SIGSTOP:
 * live_thaw then also wakes what the learner had stopped himself.
 */
MUST_USE enum err live_freeze(struct live *l);
bool live_is_still(struct live *l);
void live_thaw(struct live *l);

/* Kills all that is in it. */
void live_kill(struct live *l);

/*
 * After live_kill or LIVE_HAS_ENDED, when pidfd is readable, or again later:
 * true when nothing of it is left. It may be used again then.
 */
bool live_reap(struct live *l);

/* ---------------------------------------------------------- for drivers only
 */

/* Says which step failed: ERR_UNAVAILABLE. */
enum err live_failed(const char *what, int error);

/* A pair for notes: ours does not block. 0 or -1. */
int live_control(struct live *l, int *theirs);

/* Asks in a note. */
enum err live_ask_still(struct live *l, bool still);

/* Process 1. */
_Noreturn void live_inside_main(const struct live_spec *spec, int control);

/* A file of /lab/work, from fd; 0, or -1 and errno. */
int live_inside_put(const char *name, int fd);

/* Builds the root and enters it. STEP_MADE, or what failed with errno. */
enum step live_mounts(const struct live_spec *spec);

#endif
