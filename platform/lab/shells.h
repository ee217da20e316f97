/*
 * Shells: live boxes with terminals in the browser (lab/engine/labd.h), for
 * those who work on a lab. The box of a run has the run's id as its number,
 * gets the run's artefacts below /lab/in, and lives for a bounded time.
 *
 *	no shell ──open──▶ live ──extend──▶ live ──▶ over: time, idleness, the
 *	                    │                        shell service ended
 *	                    └──reset──▶ live, without what was in it
 *
 * Everything that lasts is elsewhere: artefacts and handed-in answers are
 * rows. These acts wait for the daemon: they belong on the lane of
 * ROUTE_CALLS. Their db is only read; what they write goes through
 * lane_write_on.
 */
#ifndef LAB_SHELLS_H
#define LAB_SHELLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "db/scope.h"
#include "lab/engine/labd.h"
#include "lab/lab.h"

struct db;
struct site;

#define SHELL_TERMINALS "/terminal" /* the websocket; also in nginx.conf.in */

#define SHELL_SECONDS (2 * 60 * 60) /* from its start */
#define SHELL_MORE_SECONDS (30 * 60) /* what "extend" adds */
#define SHELL_SECONDS_MAX (4 * 60 * 60) /* from its start, extended */
#define SHELL_IDLE_SECONDS (30 * 60)

/* What a process knows of the daemon; in struct site. */
struct shells {
	const char *socket; /* a path */
	atomic_int state; /* enum shells_state */
	atomic_bool hangs; /* it listens and says nothing: nobody waits */
};

enum shells_state {
	SHELLS_UNKNOWN, /* not asked yet: they are offered */
	SHELLS_OFFERED,
	SHELLS_SILENT, /* the daemon does not answer */
	SHELLS_REFUSED, /* it cannot make boxes on this machine */
};

/* NULL: this process has none, which is SHELLS_SILENT. */
enum shells_state shells_state(const struct shells *s);

/* The daemon's socket; NULL without one, and while it hangs. */
const char *shells_socket(const struct shells *s);

/*
 * Of a call that is answered at once: after ERR_UNAVAILABLE of a daemon that
 * is there nobody else waits for it until shells_ask hears it. Answers e.
 */
enum err shells_heard(struct shells *s, enum err e);

/* Asks the daemon and keeps the answer. Waits for at most LABD_CALL_MS. */
void shells_ask(struct shells *s);

/* ------------------------------------------------------------------- rules */

/* When a box that starts now ends. ms since 1970 UTC, like all of these. */
int64_t shell_first_deadline(int64_t now);

/* The deadline after "extend"; `deadline` itself when it cannot be later. */
int64_t shell_next_deadline(int64_t started_at, int64_t deadline_at);

/*
 * What is written down about a run: how its artefacts were made and the level
 * of its shell ("A own-range v1, shell A").
 */
const char *shell_isolation(struct arena *a, const char *isolation, char level);

/* -------------------------------------------------------------------- acts */

struct shell {
	bool is_live;
	char level; /* 'A' to 'D', when live */
	char image[LAB_DIGEST_CHARS + 1]; /* a digest, or "host" */
	int64_t started_at, deadline_at;
};

/*
 * What all acts need. The look is the viewer's own (lab_look), so that its
 * run is, too: another's is never reached.
 */
struct shell_of {
	const struct site *site;
	struct db *db;
	struct scope own;
	const struct lab *lab;
	const struct lab_look *look;
	bool is_member; /* of an organisation: boxes are made for nobody else */
	int64_t now;
	struct arena *arena;
};

/*
 * All of them: ERR_UNAVAILABLE when the daemon is not there or makes no
 * boxes, ERR_GONE when the run's shell does not live. Without a run that is
 * ready: ERR_CONFLICT to those that change something, ERR_NOT_FOUND to others.
 */

/* ERR_OK without a box or a run, too. */
MUST_USE enum err shell_look(const struct shell_of *of, struct shell *out);

/*
 * Opens the run's shell, or goes on with the one that lives. Boxes of draws
 * that are over are ended. ERR_CONFLICT: the run is not ready;
 * ERR_THROTTLED: as many boxes as this machine may have. ERR_FORBIDDEN: not a
 * member. ERR_UNAVAILABLE also when boxes lack what the lab needs.
 */
MUST_USE enum err shell_open(const struct shell_of *of, struct shell *out);

/* Ends the box with all that is in it, and opens another. */
MUST_USE enum err shell_reset(const struct shell_of *of, struct shell *out);

/* ERR_CONFLICT: it lives as long as it can. */
MUST_USE enum err shell_extend(const struct shell_of *of, struct shell *out);

/* A ticket for a terminal, from 0. ERR_INVALID: there is no such. */
MUST_USE enum err shell_ticket(const struct shell_of *of, int64_t terminal,
    char out[LABD_TICKET_CHARS + 1]);

/*
 * Jobs, outside of any transaction. Somebody signed out or has another
 * password (subject: the person): terminals end, the boxes stay. Somebody
 * left (subject: the membership): the boxes end. Without a daemon there is
 * nothing to end; one that does not answer is asked again later.
 */
MUST_USE enum err shells_signed_out(
    struct db *db, const struct site *site, const char *subject, int64_t now);
MUST_USE enum err shells_left(
    struct db *db, const struct site *site, const char *subject, int64_t now);

/*
 * A name for /lab/work, of one that a browser gives: its last part, with "_"
 * for every other character than letters, digits and "._-".
 */
const char *shell_file_name(struct arena *a, const char *name);

/*
 * A file of the learner's own, into /lab/work. ERR_TOO_LARGE, ERR_NO_SPACE,
 * ERR_CONFLICT as labd_put.
 */
MUST_USE enum err shell_put(
    const struct shell_of *of, const char *name, const void *data, size_t size);

/* What lies in /lab/out, a line for each of lab->collect, in its order. */
struct shell_file {
	struct lab_file file; /* data NULL: it is not there */
	enum file_problem problem;
};

/* n_refused: links, devices and the like that were left out. */
MUST_USE enum err shell_collect(
    const struct shell_of *of, struct shell_file **out, size_t *n_refused);

/* Hands in those of `files` that are fine, as lab_submit does. */
MUST_USE enum err
shell_submit(const struct shell_of *of, const struct shell_file *files);

#endif
