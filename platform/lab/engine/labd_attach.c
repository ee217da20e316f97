/*
 * Connections of a terminal that come and go, and its shell, which begins with
 * the first that types and whose end is theirs.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/labd_parts.h"

#define DRAIN_PIECES 8 /* after the shell's end: more than a pty holds */

static void
refuse(struct labd *d, struct connection *c, enum labd_ended why)
{
	const uint8_t reason = (uint8_t)why;

	(void)terminal_put(c, LABD_TERMINAL_ENDED, &reason, 1);
	connection_end(d, c);
}

static void
open_shell(struct labd *d, struct terminal *t)
{
	if (t->state != TERMINAL_NONE)
		return;
	t->round++;
	t->state = TERMINAL_OPENING;
	if (live_open_terminal(&t->room->live, t->number, t->round, t->rows,
		t->columns) != ERR_OK) {
		log_warning("labd", "a box does not listen");
		terminal_ended(d, t, LABD_ENDED_SHELL);
	}
}

static bool
is_full(const struct terminal *t, bool watches)
{
	return watches ? t->n - t->writers >= WATCHERS_MAX
		       : t->writers >= WRITERS_MAX;
}

bool
terminal_attach(
    struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);
	char text[LABD_TICKET_CHARS];
	unsigned rows, columns;
	struct ticket ticket;
	struct terminal *t;
	struct room *room;

	wire_bytes(&f, text, sizeof(text));
	rows = wire_u16(&f);
	columns = wire_u16(&f);
	if (!wire_fields_end(&f))
		return false;
	if (!ticket_use(&d->tickets, text, d->now_real, &ticket) ||
	    (room = room_find(d, ticket.box)) == NULL) {
		refuse(d, c, LABD_ENDED_TICKET);
		return true;
	}
	t = &room->terminals[ticket.terminal];
	if (is_full(t, ticket.watch)) {
		refuse(d, c, LABD_ENDED_BUSY);
		return true;
	}
	c->terminal = t;
	c->watches = ticket.watch;
	t->connections[t->n++] = c;
	t->writers += !ticket.watch;
	if (ticket.watch)
		watch_begin(d, c, &ticket);
	terminal_replay(d, c);
	if (!ticket.watch) {
		c->news_due = true;
		watch_say(c);
		room->active_at = d->now;
		terminal_resize(t, rows, columns);
		open_shell(d, t);
	}
	terminal_want(d, t);
	return true;
}

void
terminal_detach(struct labd *d, struct connection *c)
{
	struct terminal *t = c->terminal;
	int i;

	c->terminal = NULL;
	for (i = 0; i < t->n && t->connections[i] != c; i++)
		;
	if (i == t->n)
		return;
	t->connections[i] = t->connections[--t->n];
	t->writers -= !c->watches;
	if (c->watches)
		watch_ended(d, t);
	terminal_want(d, t);
}

void
terminal_opened(struct labd *d, struct terminal *t, int fd, int error)
{
	int i;

	if (t->state != TERMINAL_OPENING || fd == -1) {
		if (fd != -1)
			(void)close(fd);
		else
			log_warning("labd", "no shell: %s", strerror(error));
		terminal_ended(d, t, LABD_ENDED_SHELL);
		return;
	}
	if (fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
		log_error("labd", "pty: %s", strerror(errno));
	t->pty = (struct event){.fd = fd, .on = terminal_on_pty, .owner = t};
	t->state = TERMINAL_OPEN;
	terminal_resize(t, t->rows, t->columns);
	for (i = t->n - 1; i >= 0; i--)
		connection_go_on(d, t->connections[i]);
	terminal_want(d, t);
}

void
terminal_leave(struct labd *d, struct terminal *t, enum labd_ended why)
{
	while (t->n > 0) {
		struct connection *c = t->connections[t->n - 1];

		if (c->behind)
			terminal_replay(d, c);
		terminal_detach(d, c);
		refuse(d, c, why);
	}
}

void
terminal_ended(struct labd *d, struct terminal *t, enum labd_ended why)
{
	ssize_t n;
	int i;

	/* its last words */
	for (i = 0; i < DRAIN_PIECES && t->pty.fd != -1; i++)
		if (!terminal_read(d, t, &n) || n <= 0)
			break;
	event_close(d, &t->pty);
	t->state = TERMINAL_NONE;
	terminal_leave(d, t, why);
	ring_close(&t->ring);
}
