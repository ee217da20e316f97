/* Rooms: live boxes with what the daemon knows of them, begun and ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/labd_parts.h"
#include "lab/engine/pages.h"

#define LOOK_AGAIN_MS 5 /* at what the kernel is still ending */
#define MAKING_MS 4000 /* a caller waits no longer than LABD_CALL_MS */
#define ENDING_LOG_MS 5000

struct room *
room_find(struct labd *d, int64_t number)
{
	struct room *room;

	for (room = d->rooms; room != NULL; room = room->next)
		if (room->number == number && !room->ending)
			return room;
	return NULL;
}

int
room_count(const struct labd *d)
{
	const struct room *room;
	int n = 0;

	for (room = d->rooms; room != NULL; room = room->next)
		n += !room->ending;
	return n;
}

struct labd_status
room_status(const struct labd *d, const struct room *room)
{
	struct labd_status s = {
	    .box = room->number,
	    .level = d->caps.level,
	    .started_at = room->started_at,
	    .deadline_at = room->deadline_at,
	    .active_at = room->active_at,
	};
	int i;

	memcpy(s.root, room->root, sizeof(s.root));
	for (i = 0; i < LABD_TERMINALS_MAX; i++) {
		s.terminals += room->terminals[i].writers;
		s.watchers += room->terminals[i].n - room->terminals[i].writers;
	}
	return s;
}

/* ---------------------------------------------------------------------- events
 */

/* A container's name may have got another image since it was looked at. */
static void
take_root(struct room *room, const struct note *n)
{
	if (room->live.driver->copies)
		(void)snprintf(room->root, sizeof(room->root), "%.*s",
		    BOX_DIGEST_CHARS, n->name);
}

static void
on_control(struct labd *d, struct event *event, uint32_t ready)
{
	struct room *room = event->owner;
	struct note n;
	int fd;

	(void)ready;
	for (;;) {
		switch (live_read(&room->live, &n, &fd)) {
		case LIVE_NOTHING:
			return;
		case LIVE_IS_READY:
			take_root(room, &n);
			request_tell(d, room, WAIT_START, ERR_OK);
			break;
		case LIVE_TERMINAL:
			if (n.round == room->terminals[n.terminal].round)
				terminal_opened(d, &room->terminals[n.terminal],
				    fd, n.error);
			else if (fd != -1)
				(void)close(fd);
			break;
		case LIVE_SHELL_ENDED:
			if (n.round == room->terminals[n.terminal].round)
				terminal_ended(d, &room->terminals[n.terminal],
				    LABD_ENDED_SHELL);
			break;
		case LIVE_FILE:
			put_done(d, room, n.round, n.error);
			break;
		case LIVE_HAS_ENDED:
			if (!room->ending)
				log_warning("labd", "a box ended by itself");
			room_end(d, room, LABD_ENDED_BOX);
			return;
		}
	}
}

static void
on_ended(struct labd *d, struct event *event, uint32_t ready)
{
	struct room *room = event->owner;

	(void)ready;
	/* only now can it be reaped: see bury */
	event_want(d, event, 0);
	room_end(d, room, LABD_ENDED_BOX);
}

/* ----------------------------------------------------------------------- begin
 */

/* In order of the numbers. */
static void
insert(struct labd *d, struct room *room)
{
	struct room **at = &d->rooms;

	while (*at != NULL && (*at)->number < room->number)
		at = &(*at)->next;
	room->next = *at;
	*at = room;
}

static void
open_events(struct labd *d, struct room *room)
{
	struct terminal *t;
	int i;

	room->control = (struct event){
	    .fd = room->live.control, .on = on_control, .owner = room};
	room->ended = (struct event){
	    .fd = room->live.pidfd, .on = on_ended, .owner = room};
	event_want(d, &room->control, EPOLLIN);
	event_want(d, &room->ended, EPOLLIN);
	for (i = 0; i < LABD_TERMINALS_MAX; i++) {
		t = &room->terminals[i];
		t->room = room;
		t->number = i;
		t->pty.fd = -1;
	}
}

enum err
room_begin(struct labd *d, const struct upload *u, struct room **out)
{
	const struct live_spec spec = {
	    .driver = d->driver,
	    .host = &d->options->host,
	    .box = u->start.box,
	    .caps = &d->caps,
	    .filter = &d->filter,
	    .files = u->files,
	    .n_files = u->n_files,
	    .memory_mb = (int)u->start.memory_mb,
	    .disk_mb = (int)u->start.disk_mb,
	    .processes_max = (int)u->start.processes_max,
	};
	struct room *room = calloc(1, sizeof(*room));
	enum err e;

	if (room == NULL)
		abort();
	/* its own files, and nothing else of pages_new, go into its copy */
	pages_share(u->pages, u->pages_bytes);
	if ((e = live_begin(&room->live, &spec)) != ERR_OK) {
		free(room);
		return e;
	}
	room->number = u->start.box;
	(void)snprintf(
	    room->root, sizeof(room->root), "%s", box_root_name(&d->caps));
	room->began = d->now_real;
	room->started_at = room->active_at = d->now;
	room->deadline_at = u->start.deadline_at;
	room->idle_ms = (int64_t)u->start.idle_seconds * SECOND_MS;
	open_events(d, room);
	insert(d, room);
	*out = room;
	return ERR_OK;
}

/* ------------------------------------------------------------------------- end
 */

void
room_end(struct labd *d, struct room *room, enum labd_ended why)
{
	int i;

	if (room->ending)
		return;
	room->ending = true;
	room->ending_since = d->now_real;
	ticket_forget(&d->tickets, room->number);
	for (i = 0; i < LABD_TERMINALS_MAX; i++)
		terminal_ended(d, &room->terminals[i], why);
	request_tell(d, room, WAIT_START, ERR_UNAVAILABLE);
	request_tell(d, room, WAIT_COLLECT, ERR_NOT_FOUND);
	request_tell(d, room, WAIT_PUT, ERR_NOT_FOUND);
	/* live_kill closes them */
	event_want(d, &room->control, 0);
	room->control.fd = -1;
	live_kill(&room->live);
	labd_wake_in(d, 0);
}

/* True when nothing is left, and it was freed. */
static bool
bury(struct labd *d, struct room **at)
{
	struct room *room = *at;

	/* its descriptor closes with it: nothing may be wanted of it then */
	if (room->ended.wanted != 0 || !live_reap(&room->live)) {
		if (d->now_real - room->ending_since > ENDING_LOG_MS) {
			log_error("labd", "a box does not end");
			room->ending_since = d->now_real;
		}
		labd_wake_in(d, LOOK_AGAIN_MS);
		return false;
	}
	request_tell(d, room, WAIT_STOP, ERR_OK);
	*at = room->next;
	free(room);
	return true;
}

static void
look_at(struct labd *d, struct room *room)
{
	int64_t idle_at = room->active_at + room->idle_ms;
	int i;

	if (room->live.state != LIVE_READY) {
		if (d->now_real - room->began > MAKING_MS) {
			log_error("labd", "a box took too long to make");
			room_end(d, room, LABD_ENDED_BOX);
		}
		return;
	}
	if (d->now >= room->deadline_at) {
		room_end(d, room, LABD_ENDED_DEADLINE);
		return;
	}
	if (d->now >= idle_at) {
		room_end(d, room, LABD_ENDED_IDLE);
		return;
	}
	labd_wake_in(d, room->deadline_at - d->now);
	labd_wake_in(d, idle_at - d->now);
	collect_tick(d, room);
	for (i = 0; i < LABD_TERMINALS_MAX; i++)
		terminal_tick(d, &room->terminals[i]);
}

void
room_tick(struct labd *d)
{
	struct room **at = &d->rooms, *room;

	while ((room = *at) != NULL) {
		if (!room->ending)
			look_at(d, room);
		if (!room->ending || !bury(d, at))
			at = &room->next;
	}
}
