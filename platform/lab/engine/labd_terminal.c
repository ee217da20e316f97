/*
 * Terminals: a pty on one side, connections on the other, and back pressure
 * between them.
 *
 *	to the box	a connection is not read while the pty takes no more
 *	from the box	the pty is not read while nobody who types has room;
 *			whoever misses something gets it as a replay
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/labd_parts.h"

#define PIECE_BYTES ((size_t)16 * 1024) /* read from the pty at once */
#define OWED_MAX RING_BYTES /* to one reader, before it is behind */
#define REST_MS 25 /* between two pieces that nobody sees */

static size_t
owed(const struct connection *c)
{
	return c->out.end - c->out.start;
}

static bool
has_room(const struct connection *c)
{
	return !c->behind && owed(c) < OWED_MAX;
}

/* ---------------------------------------------------------------- what is next
 */

static bool
somebody_types(const struct terminal *t)
{
	struct wire_frame frame;
	int i;

	for (i = 0; i < t->n; i++)
		if (!t->connections[i]->watches &&
		    wire_in_frame(&t->connections[i]->in, &frame) == WIRE_READY)
			return true;
	return false;
}

static bool
somebody_reads(struct labd *d, const struct terminal *t)
{
	int i;

	if (t->writers == 0) {
		if (d->now_real >= t->rests_until)
			return true;
		labd_wake_in(d, t->rests_until - d->now_real);
		return false;
	}
	for (i = 0; i < t->n; i++)
		if (!t->connections[i]->watches && has_room(t->connections[i]))
			return true;
	return false;
}

void
terminal_want(struct labd *d, struct terminal *t)
{
	uint32_t wanted = 0;

	if (t->state != TERMINAL_OPEN)
		return;
	if (somebody_reads(d, t))
		wanted |= EPOLLIN;
	if (somebody_types(t))
		wanted |= EPOLLOUT;
	event_want(d, &t->pty, wanted);
}

/* ---------------------------------------------------------------- from the box
 */

bool
terminal_put(struct connection *c, uint8_t type, const uint8_t *p, size_t n)
{
	wire_begin(&c->out, type);
	wire_put_bytes(&c->out, p, n);
	return wire_end(&c->out);
}

void
terminal_replay(struct labd *d, struct connection *c)
{
	size_t n = ring_copy(&c->terminal->ring, d->chunk), at = 0, part;
	uint8_t type = LABD_TERMINAL_REPLAY;

	c->behind = false;
	do {
		part = n - at < PIECE_BYTES ? n - at : PIECE_BYTES;
		(void)terminal_put(
		    c, type, d->chunk + at, part); /* see OUT_BYTES */
		type = LABD_TERMINAL_OUTPUT;
		at += part;
	} while (at < n);
}

void
terminal_tick(struct labd *d, struct terminal *t)
{
	struct connection *c;
	int i;

	watch_tick(d, t);
	for (i = t->n - 1; i >= 0; i--) {
		c = t->connections[i];
		if (!c->behind || !wire_out_is_empty(&c->out))
			continue;
		terminal_replay(d, c);
		connection_flush(d, c);
	}
	terminal_want(d, t);
}

static void
show(struct labd *d, struct terminal *t, const uint8_t *p, size_t n)
{
	struct connection *c;
	int i;

	ring_put(&t->ring, p, n);
	/* backwards: one that is closed meanwhile is taken out of the list */
	for (i = t->n - 1; i >= 0; i--) {
		c = t->connections[i];
		if (!has_room(c) ||
		    !terminal_put(c, LABD_TERMINAL_OUTPUT, p, n))
			c->behind = true;
		connection_flush(d, c);
	}
}

bool
terminal_read(struct labd *d, struct terminal *t, ssize_t *n)
{
	*n = read(t->pty.fd, d->piece, PIECE_BYTES);
	if (*n > 0)
		show(d, t, d->piece, (size_t)*n);
	return *n > 0 || (*n == -1 && (errno == EAGAIN || errno == EINTR));
}

/* ------------------------------------------------------------------ to the box
 */

static unsigned
between(unsigned n, unsigned max)
{
	return n < 1 ? 1 : n > max ? max : n;
}

void
terminal_resize(struct terminal *t, unsigned rows, unsigned columns)
{
	int i;

	t->rows = between(rows, LIVE_ROWS_MAX);
	t->columns = between(columns, LIVE_COLUMNS_MAX);
	for (i = 0; i < t->n; i++)
		t->connections[i]->size_due = t->connections[i]->watches;
	if (t->state == TERMINAL_OPEN &&
	    live_resize(&t->room->live, t->number, t->pty.fd, t->rows,
		t->columns) != ERR_OK)
		log_warning("labd", "a terminal keeps its size");
}

static enum wire_state
type_in(struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct terminal *t = c->terminal;
	ssize_t n;

	t->room->active_at = d->now;
	if (t->state != TERMINAL_OPEN)
		return WIRE_WAIT;
	while (c->typed < frame->size) {
		n = write(t->pty.fd, frame->payload + c->typed,
		    frame->size - c->typed);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			terminal_want(d, t);
			/* at its end the shell's end comes, too */
			return WIRE_WAIT;
		}
		c->typed += (size_t)n;
	}
	c->typed = 0;
	return WIRE_READY;
}

enum wire_state
terminal_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);
	unsigned rows, columns;

	switch (frame->type) {
	case LABD_TERMINAL_INPUT:
		/* SECURITY: whoever watches cannot type */
		return c->watches ? WIRE_READY : type_in(d, c, frame);
	case LABD_TERMINAL_RESIZE:
		rows = wire_u16(&f);
		columns = wire_u16(&f);
		if (!wire_fields_end(&f))
			return WIRE_BROKEN;
		if (!c->watches)
			terminal_resize(c->terminal, rows, columns);
		return WIRE_READY;
	case LABD_TERMINAL_ALIVE:
		return WIRE_READY;
	case LABD_TERMINAL_RENEW:
		return watch_renew(d, c, frame) ? WIRE_READY : WIRE_BROKEN;
	default:
		return WIRE_BROKEN;
	}
}

void
terminal_on_pty(struct labd *d, struct event *event, uint32_t ready)
{
	struct terminal *t = event->owner;
	ssize_t n;
	int i;

	if ((ready & EPOLLOUT) != 0)
		for (i = t->n - 1; i >= 0 && t->pty.fd != -1; i--)
			connection_go_on(d, t->connections[i]);
	if (t->pty.fd != -1 && (ready & ~(uint32_t)EPOLLOUT) != 0) {
		if (!terminal_read(d, t, &n)) {
			/* its shell may live on without it: killed next time */
			terminal_ended(d, t, LABD_ENDED_SHELL);
			return;
		}
		if (t->writers == 0)
			t->rests_until = d->now_real + REST_MS;
	}
	terminal_want(d, t);
}
