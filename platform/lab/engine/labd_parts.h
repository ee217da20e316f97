/* What the files of the daemon share; nobody else includes it. */
#ifndef LAB_ENGINE_LABD_PARTS_H
#define LAB_ENGINE_LABD_PARTS_H

#include "lab/engine/labd_serve.h"
#include "lab/engine/labd_wire.h"
#include "lab/engine/live.h"

#define CONNECTIONS_MAX 512
#define UPLOADS_MAX 8 /* starts and puts whose files are on their way */
#define WRITERS_MAX 4 /* connections of one terminal */
#define WATCHERS_MAX 8
#define RING_BYTES ((size_t)64 * 1024)

struct labd;

/* A descriptor that the loop looks at. */
struct event {
	int fd; /* -1: none */
	uint32_t wanted; /* EPOLLIN, EPOLLOUT; 0: not looked at */
	void (*on)(struct labd *d, struct event *event, uint32_t ready);
	void *owner;
};

/* Says what is wanted of it; from 0 to 0 does nothing. */
void event_want(struct labd *d, struct event *event, uint32_t wanted);
void event_close(struct labd *d, struct event *event);

/* -------------------------------------------------------------------- tickets
 */

struct ticket {
	char text[LABD_TICKET_CHARS];
	int64_t box, until;
	int64_t holder; /* of one to watch; 0: nobody's */
	uint64_t number; /* of all that were made: the order */
	int terminal;
	bool valid, watch;
};

/*
 * SECURITY: a place for every ticket that every box may have, so that no box
 * takes one from another: of its own it loses the oldest.
 */
struct tickets {
	struct ticket *list; /* pages */
	size_t n;
	uint64_t made;
};

void tickets_open(struct tickets *t, int boxes_max);
void tickets_close(struct tickets *t);

/* ERR_THROTTLED cannot be while only boxes that live have tickets. */
MUST_USE enum err ticket_new(
    struct tickets *t, struct ticket what, char out[LABD_TICKET_CHARS + 1]);

/* Uses it up. False: unknown, used, too old. Takes as long either way. */
bool ticket_use(struct tickets *t, const char text[LABD_TICKET_CHARS],
    int64_t now, struct ticket *out);

/* Those of a box that is no more. */
void ticket_forget(struct tickets *t, int64_t box);
/* Those of a holder, above 0. */
void ticket_forget_holder(struct tickets *t, int64_t holder);

/* ----------------------------------------------------------------------- ring
 */

/* The last RING_BYTES that a terminal showed. */
struct ring {
	uint8_t *bytes; /* pages; NULL: nothing yet */
	uint64_t n; /* ever put in */
};

void ring_put(struct ring *r, const void *p, size_t n);
void ring_close(struct ring *r);

/*
 * Copies it out, oldest first, and answers how many bytes. What was cut off
 * in front is a whole line, or at least a whole character.
 */
size_t ring_copy(const struct ring *r, uint8_t out[RING_BYTES]);

/* ------------------------------------------------------------------------- box
 */

enum terminal_state {
	TERMINAL_NONE, /* its shell starts with the next connection */
	TERMINAL_OPENING,
	TERMINAL_OPEN,
};

struct terminal {
	struct event pty;
	enum terminal_state state;
	struct room *room;
	int number;
	unsigned round; /* of its shell */
	unsigned rows, columns;
	struct ring ring;
	struct connection *connections[WRITERS_MAX + WATCHERS_MAX];
	int n, writers;
	int64_t rests_until; /* read by nobody: not faster than this */
};

/* A live box and what belongs to it. */
struct room {
	struct room *next;
	int64_t number;
	struct live live;
	struct event control, ended;
	struct terminal terminals[LABD_TERMINALS_MAX];
	int64_t started_at, deadline_at, active_at, idle_ms;
	int64_t still_since; /* 0: nobody collects */
	unsigned puts; /* files that were put into it */
	int64_t began, ending_since; /* clock_real */
	bool ending;
	char root[BOX_DIGEST_CHARS + 1]; /* as box_root_name says */
};

/* ------------------------------------------------------------------ connection
 */

/* What a caller waits for. */
enum wait { WAIT_NOTHING, WAIT_START, WAIT_STOP, WAIT_COLLECT, WAIT_PUT };

struct upload {
	struct labd_start start;
	void *pages; /* files, their paths, their bytes */
	size_t pages_bytes;
	struct box_file *files;
	char (*paths)[WIRE_TEXT_MAX + 1];
	uint8_t *data;
	size_t n_files, used, missing; /* bytes of the last file */
};

/* A file on its way into a box that lives. */
struct put {
	int fd; /* memfd_create(2): what has come of it */
	int64_t box;
	size_t missing;
	unsigned round;
	char name[NOTE_NAME_MAX + 1];
};

struct connection {
	struct connection *next;
	struct event socket;
	struct wire_in in;
	struct wire_out out;
	int64_t since; /* it began, or was told to end */
	bool ending; /* when all is sent */

	/* a caller */
	enum wait wait;
	struct room *room;
	struct upload *upload;
	struct put *put;

	/* a terminal's */
	struct terminal *terminal;
	bool watches;
	int64_t holder, watches_until; /* clock_real */
	bool news_due, size_due; /* to be said, see labd_watch.c */
	bool behind; /* it missed output: gets a replay when it has read */
	size_t typed; /* bytes of its first frame that the pty has taken */
};

struct labd {
	const struct labd_options *options;
	const struct driver *driver;
	struct box_caps caps;
	struct box_image image; /* which caps may name */
	char image_seen[BOX_DIGEST_CHARS + 1]; /* looked at last */
	struct filter filter;
	bool unavailable; /* no boxes here, or below the least level */
	/* of a container host: who looks at it, and when next */
	struct event looker;
	pid_t looker_pid; /* 0: nobody */
	int64_t look_at, look_ms; /* clock_real, and how long until then */
	int epoll;
	struct event listener, signals;
	struct connection *connections;
	struct room *rooms;
	struct tickets tickets;
	/*
	 * Pages of RING_BYTES each, for what is being copied. SECURITY: never
	 * on the stack, which a box gets a copy of.
	 */
	uint8_t *piece, *chunk;
	int n_connections, n_uploads;
	bool ends;
	int64_t now, now_real; /* of this turn: clock_now, clock_real */
	int64_t wake_at; /* clock_real; the loop sleeps no longer */
	int64_t sweep_at, sweep_until; /* clock_real; 0: it is swept */
};

/* The next turn is not later than `ms` from now. */
void labd_wake_in(struct labd *d, int64_t ms);

/* -- labd_level.c: what boxes can be made here, and of what */
void level_find(struct labd *d);
/* Again, when another image is in use. Waits for a trial then, once. */
void level_look_again(struct labd *d);
/* Of d->caps, as found by whoever looked: are there boxes? */
void level_decide(struct labd *d);

/* -- labd_host.c: the same of a container host, in a process of its own */
/* Waits for the first answer, but not for ever. */
void host_find(struct labd *d);
/* A host that was not there may have come. */
void host_tick(struct labd *d);
void host_end(struct labd *d);

/* -- labd_socket.c */
MUST_USE enum err listener_open(const struct labd_options *o, int *out);

/* -- labd_connection.c */
void connection_accept(struct labd *d, struct event *event, uint32_t ready);
void connection_close(struct labd *d, struct connection *c);
/* When what it is to be told is sent. */
void connection_end(struct labd *d, struct connection *c);
/* Sends what can be sent, and says what is wanted next. */
void connection_flush(struct labd *d, struct connection *c);
/* Frames that were held back. */
void connection_go_on(struct labd *d, struct connection *c);
void connection_tick(struct labd *d);

/* -- labd_request.c: false when the frame is none of its kind or broken */
bool request_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame);
void request_reply(struct labd *d, struct connection *c, enum err e);
void request_reply_status(
    struct labd *d, struct connection *c, const struct room *room);
/* Everybody who waits for that of a room. */
void
request_tell(struct labd *d, struct room *room, enum wait what, enum err e);

/* -- labd_upload.c */
bool upload_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame);
void upload_free(struct labd *d, struct connection *c);

/* -- labd_put.c: false as request_take */
bool
put_take(struct labd *d, struct connection *c, const struct wire_frame *frame);
/* A box says that it is there; error as errno. */
void put_done(struct labd *d, struct room *room, unsigned round, int error);
void put_free(struct labd *d, struct connection *c);

/* -- labd_room.c */
struct room *room_find(struct labd *d, int64_t number); /* NULL: none alive */
int room_count(const struct labd *d);
MUST_USE enum err
room_begin(struct labd *d, const struct upload *u, struct room **out);
void room_end(struct labd *d, struct room *room, enum labd_ended why);
void room_tick(struct labd *d);
struct labd_status room_status(const struct labd *d, const struct room *room);

/* -- labd_collect.c */
bool collect_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame);
void collect_tick(struct labd *d, struct room *room);

/* -- labd_attach.c */
bool terminal_attach(
    struct labd *d, struct connection *c, const struct wire_frame *frame);
void terminal_detach(struct labd *d, struct connection *c);
void terminal_opened(struct labd *d, struct terminal *t, int fd, int error);
void terminal_ended(struct labd *d, struct terminal *t, enum labd_ended why);
/* Its connections end; the shell goes on. */
void terminal_leave(struct labd *d, struct terminal *t, enum labd_ended why);

/* -- labd_watch.c */
/* Before anything is shown to c: those who type are told. */
void
watch_begin(struct labd *d, struct connection *c, const struct ticket *ticket);
/* c, which watched, is out of the list of its terminal. */
void watch_ended(struct labd *d, struct terminal *t);
bool watch_renew(
    struct labd *d, struct connection *c, const struct wire_frame *frame);
void watch_end_holder(struct labd *d, int64_t holder);
/* Everybody who types in a box is told how many watch, now. */
void watch_tell(struct labd *d, struct room *room);
/* Says what is due and has room. */
void watch_say(struct connection *c);
/* Ends what was not renewed; says what is due. */
void watch_tick(struct labd *d, struct terminal *t);

/* -- labd_terminal.c */
/* WIRE_WAIT: the pty takes no more now, the frame stays. */
enum wire_state terminal_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame);
void terminal_on_pty(struct labd *d, struct event *event, uint32_t ready);
/* Every turn ends here: what was held back and has room now goes on. */
void terminal_tick(struct labd *d, struct terminal *t);
/* What the pty is to be watched for. */
void terminal_want(struct labd *d, struct terminal *t);
void terminal_resize(struct terminal *t, unsigned rows, unsigned columns);
bool
terminal_put(struct connection *c, uint8_t type, const uint8_t *p, size_t n);
/* All that is remembered: the first piece clears the screen. */
void terminal_replay(struct labd *d, struct connection *c);
/* Reads and shows one piece. False at its end: no process has it open. */
bool terminal_read(struct labd *d, struct terminal *t, ssize_t *n);

#endif
