/*
 * The lab daemon: boxes that live, with terminals in them.
 *
 *	worker, jobs ──calls──▶ VAR/run/labd.sock ◀──frames── a browser's
 *	(this header)           `tanren labd`                 terminal, bridged
 *
 * labd makes boxes (box.h says what a box is), keeps their terminals, and
 * ends them. It knows nothing of people, courses or HTTP: a box has a number
 * that the caller gives it (the lab run's), terminals are opened with tickets
 * that it hands to the caller. It talks only to the user whom the platform
 * runs as (SO_PEERCRED). When it dies every box dies with it; started again
 * it sweeps what is left over, and its boxes are gone, which callers are told
 * (ERR_NOT_FOUND).
 *
 * Inside a live box:
 *
 *	/lab/in     what setup made, read-only
 *	/lab/out    answers: what is collected when they are handed in
 *	/lab/work   free
 *	/home/learner, /tmp   free; all of it is the box's tmpfs, limited
 *
 * Wire. Both directions, on one stream socket: a frame is a length (32 bits,
 * big end first, of what follows, 1 to LABD_FRAME_MAX), a type (8 bits) and
 * a payload. A call is one request frame and one reply frame; a terminal is a
 * connection that began with LABD_ATTACH and then carries LABD_TERMINAL_*.
 * A frame that cannot be read ends the connection, nothing else. Two calls
 * are longer: a start is LABD_CALL_START, the files in pieces, LABD_CALL_GO;
 * the answer to a collection is the files in pieces and then the reply
 * (labd_wire.h).
 */
#ifndef LAB_ENGINE_LABD_H
#define LAB_ENGINE_LABD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "lab/engine/box.h"

#define LABD_SOCKET "labd.sock" /* below VAR/run */
#define LABD_FRAME_MAX ((size_t)64 * 1024)
#define LABD_TERMINALS_MAX 4 /* of one box */
#define LABD_TICKET_CHARS 32 /* hex digits */
#define LABD_TICKET_SECONDS 30 /* until it is used */
#define LABD_TICKETS_MAX 8 /* of one box; one more ends its oldest */
#define LABD_WATCH_SECONDS 90 /* one watches, without renewing */
#define LABD_CALL_MS 5000 /* what a call waits for an answer at most */
#define LABD_FILES_MAX 512 /* put into a box, or asked for */
#define LABD_FILES_BYTES_MAX ((size_t)8 * 1024 * 1024) /* all together */
#define LABD_PUT_BYTES_MAX ((size_t)1024 * 1024) /* into a box that lives */
#define LABD_NAME_MAX 100 /* characters of its name */

/* ------------------------------------------------------------------- calls */

struct labd_spec {
	int64_t box; /* the caller's number, above 0 */
	const struct box_file *files; /* put below /lab, "in/access.log" */
	size_t n_files;
	int memory_mb, disk_mb, processes_max;
	int64_t deadline_at; /* the box ends then; ms since 1970 UTC */
	int idle_seconds; /* without a key pressed it ends, too */
};

struct labd_status {
	int64_t box;
	char level; /* isolation, 'A' to 'D' as in struct box_caps */
	int64_t started_at, deadline_at, active_at; /* ms since 1970 UTC */
	int terminals, watchers; /* connections that are open now */
	/* what it was made of, as box_root_name says; "" in a list */
	char root[BOX_DIGEST_CHARS + 1];
};

/*
 * Each call opens a connection to `socket` (a path) and closes it. For any
 * thread; blocks for at most LABD_CALL_MS. ERR_UNAVAILABLE: there is no
 * daemon, or it cannot make boxes here. ERR_NOT_FOUND: no such box.
 * ERR_INTERNAL: the daemon answered what this header does not know.
 */

/*
 * Makes the box. One of that number that is alive already stays as it is and
 * its status is given. ERR_THROTTLED: as many boxes as this machine may have.
 * ERR_INVALID: a file that is not below in/, work/ or out/ or whose path is
 * not plain, a limit that makes no sense. ERR_TOO_LARGE: more files than
 * LABD_FILES_MAX, LABD_FILES_BYTES_MAX or disk_mb. ERR_BUSY: too many starts
 * at this moment, for as long as it could wait.
 */
MUST_USE enum err labd_start(
    const char *socket, const struct labd_spec *spec, struct labd_status *out);

MUST_USE enum err
labd_status(const char *socket, int64_t box, struct labd_status *out);

/* All boxes, in order of their numbers. */
MUST_USE enum err labd_list(
    const char *socket, struct arena *a, struct labd_status **out, size_t *n);

/*
 * A ticket for one connection to a terminal (0 to LABD_TERMINALS_MAX - 1) of
 * a box; the terminal's shell starts with the first connection. watch: sees
 * and cannot type. SECURITY: single use, ends after LABD_TICKET_SECONDS, or
 * when LABD_TICKETS_MAX later ones of the box wait to be used.
 */
MUST_USE enum err labd_ticket(const char *socket, int64_t box, int terminal,
    bool watch, char out[LABD_TICKET_CHARS + 1]);

/*
 * A ticket for somebody who watches: a number of the caller's, above 0, says
 * on whose behalf, for labd_unwatch. Watching ends LABD_WATCH_SECONDS after
 * it began, unless the connection sends LABD_TERMINAL_RENEW with another
 * ticket of the same terminal and holder: so whoever may not watch any more
 * gets none and sees no more. Whoever types there is told before anything is
 * shown to who watches (LABD_TERMINAL_NEWS).
 */
MUST_USE enum err labd_watch_ticket(const char *socket, int64_t box,
    int terminal, int64_t holder, char out[LABD_TICKET_CHARS + 1]);

/* Ends a holder's tickets and watching, of all boxes. */
MUST_USE enum err labd_unwatch(const char *socket, int64_t holder);

/*
 * There is something new for whoever types in the box, that they find where
 * the caller keeps it: each gets a LABD_TERMINAL_NEWS.
 */
MUST_USE enum err labd_tell(const char *socket, int64_t box);

/*
 * Copies of regular files below /lab/out, while the box stands still. Links,
 * devices, what is too large or deep is left out and counted. max_bytes is of
 * each file; paths without "." and ".." parts; one that is not there is not
 * in the list.
 */
struct labd_want {
	const char *path;
	size_t max_bytes;
};

MUST_USE enum err labd_collect(const char *socket, int64_t box,
    const struct labd_want *want, size_t n_want, struct arena *a,
    struct box_file **out, size_t *n, size_t *n_refused);

/*
 * A file for /lab/work of a box that lives, in the place of what has that
 * name; the box's owner writes it, whole or not at all. The name is letters,
 * digits, "._-", not a point in front. ERR_INVALID, ERR_TOO_LARGE: not such a
 * name, more than LABD_PUT_BYTES_MAX. ERR_NO_SPACE: the box is full.
 * ERR_CONFLICT: a directory has the name. ERR_BUSY as in labd_start.
 */
MUST_USE enum err labd_put(const char *socket, int64_t box, const char *name,
    const void *data, size_t size);

MUST_USE enum err
labd_extend(const char *socket, int64_t box, int64_t deadline_at);

/* Gone when it returns. Of a box that is not there: ERR_OK. */
MUST_USE enum err labd_stop(const char *socket, int64_t box);

/*
 * Ends the box's tickets and the connections to its terminals, which are told
 * LABD_ENDED_TICKET: whoever may still have one comes back with another. The
 * box, its shells and its files stay.
 */
MUST_USE enum err labd_detach(const char *socket, int64_t box);

/* Does a daemon listen? One that hangs does, too. Never waits. */
bool labd_is_there(const char *socket);

/* --------------------------------------------------------------- terminals */

/*
 * The types of the frames of a terminal. The browser's bridge passes them on
 * as websocket messages: type and payload, the length being the message's.
 *
 * A REPLAY is the first frame after an attach (to who watches, after a SIZE),
 * empty for a new shell, and comes again to whoever read too slowly: the
 * terminal is cleared (its own reset, not an escape sequence) and then written;
 * OUTPUT goes on from there. What the terminal answers by itself to a REPLAY
 * (cursor reports and the like) is not to be sent as INPUT. NEWS follows the
 * first REPLAY of whoever types, and comes whenever another number watches the
 * box. ENDED is followed by the end of the connection.
 */
enum labd_terminal_frame {
	LABD_ATTACH = 0x10, /* to labd: the ticket, then rows, columns (16) */
	LABD_TERMINAL_INPUT = 0x20, /* to labd: keys */
	LABD_TERMINAL_RESIZE = 0x21, /* to labd: rows, columns (16 bits each) */
	LABD_TERMINAL_ALIVE = 0x22, /* to labd: nothing; keeps bridges open */
	LABD_TERMINAL_RENEW = 0x23, /* to labd: a ticket; of who watches */
	LABD_TERMINAL_OUTPUT = 0x30, /* from labd */
	LABD_TERMINAL_REPLAY = 0x31, /* from labd: what was on the screen */
	LABD_TERMINAL_ENDED = 0x32, /* from labd: one of labd_ended; the last */
	LABD_TERMINAL_NEWS = 0x33, /* from labd: how many watch (8) */
	LABD_TERMINAL_SIZE = 0x34, /* from labd: rows, columns (16); watching */
};

/* Why a terminal ended. */
enum labd_ended {
	LABD_ENDED_SHELL, /* the learner left it: attach again for a new one */
	LABD_ENDED_BOX, /* stopped, reset */
	LABD_ENDED_DEADLINE,
	LABD_ENDED_IDLE,
	LABD_ENDED_TICKET, /* unknown, used, too old, taken back */
	LABD_ENDED_BUSY, /* too many connections to this terminal */
};

#endif
