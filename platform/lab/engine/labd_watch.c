/*
 * Watching: who types in a box is told how many see it, before they see
 * anything; who watches is told how large the screen is, and sees it for a
 * bounded time that another ticket renews.
 *
 * What is to be said is a mark on the connection, so that it is said once,
 * the newest, whatever happened meanwhile, and takes no memory of somebody who
 * does not read.
 */
#include "base/clock.h"
#include "lab/engine/labd_parts.h"

/* Left in a connection's memory, for a replay and what comes on top. */
#define ROOM_BYTES (2 * RING_BYTES)

static int
watchers(const struct room *room)
{
	int i, n = 0;

	for (i = 0; i < LABD_TERMINALS_MAX; i++)
		n += room->terminals[i].n - room->terminals[i].writers;
	return n;
}

void
watch_say(struct connection *c)
{
	const struct terminal *t = c->terminal;
	uint8_t number, size[4];

	if (c->out.max - (c->out.end - c->out.start) < ROOM_BYTES)
		return;
	if (c->size_due && t->rows > 0) {
		size[0] = (uint8_t)(t->rows >> 8);
		size[1] = (uint8_t)t->rows;
		size[2] = (uint8_t)(t->columns >> 8);
		size[3] = (uint8_t)t->columns;
		if (terminal_put(c, LABD_TERMINAL_SIZE, size, sizeof(size)))
			c->size_due = false;
	}
	if (c->news_due) {
		number = (uint8_t)watchers(t->room);
		if (terminal_put(c, LABD_TERMINAL_NEWS, &number, 1))
			c->news_due = false;
	}
}

static void
mark(struct room *room)
{
	struct terminal *t;
	int i, j;

	for (i = 0; i < LABD_TERMINALS_MAX; i++) {
		t = &room->terminals[i];
		for (j = 0; j < t->n; j++)
			t->connections[j]->news_due =
			    !t->connections[j]->watches;
	}
}

void
watch_tell(struct labd *d, struct room *room)
{
	struct terminal *t;
	struct connection *c;
	int i, j;

	mark(room);
	for (i = 0; i < LABD_TERMINALS_MAX; i++) {
		t = &room->terminals[i];
		/* backwards: one that is closed is taken out of the list */
		for (j = t->n - 1; j >= 0; j--) {
			c = t->connections[j];
			if (c->watches)
				continue;
			watch_say(c);
			connection_flush(d, c);
		}
	}
}

static int64_t
watch_until(const struct labd *d)
{
	int seconds = d->options->watch_seconds;

	if (seconds == 0)
		seconds = LABD_WATCH_SECONDS;
	return d->now_real + seconds * SECOND_MS;
}

/*
 * SECURITY: those who type are told first: what they are sent is in their
 * sockets before the screen is in that of who watches.
 */
void
watch_begin(struct labd *d, struct connection *c, const struct ticket *ticket)
{
	c->holder = ticket->holder;
	c->watches_until = watch_until(d);
	watch_tell(d, c->terminal->room);
	c->size_due = true;
	watch_say(c);
}

/* Not at once: whoever calls may be going through the list. */
void
watch_ended(struct labd *d, struct terminal *t)
{
	if (t->room->ending)
		return;
	mark(t->room);
	labd_wake_in(d, 0);
}

bool
watch_renew(
    struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);
	char text[LABD_TICKET_CHARS];
	struct ticket ticket;

	wire_bytes(&f, text, sizeof(text));
	if (!wire_fields_end(&f) || !c->watches)
		return false;
	if (ticket_use(&d->tickets, text, d->now_real, &ticket) &&
	    ticket.watch && ticket.holder == c->holder &&
	    ticket.box == c->terminal->room->number &&
	    ticket.terminal == c->terminal->number)
		c->watches_until = watch_until(d);
	return true;
}

static void
end_of_terminal(
    struct labd *d, struct terminal *t, int64_t holder, int64_t before)
{
	const uint8_t reason = LABD_ENDED_TICKET;
	struct connection *c;
	int i;

	for (i = t->n - 1; i >= 0; i--) {
		c = t->connections[i];
		if (!c->watches || (holder != 0 && c->holder != holder) ||
		    c->watches_until > before)
			continue;
		terminal_detach(d, c);
		(void)terminal_put(c, LABD_TERMINAL_ENDED, &reason, 1);
		connection_end(d, c);
	}
}

void
watch_end_holder(struct labd *d, int64_t holder)
{
	struct room *room;
	int i;

	ticket_forget_holder(&d->tickets, holder);
	for (room = d->rooms; room != NULL; room = room->next)
		for (i = 0; i < LABD_TERMINALS_MAX && !room->ending; i++)
			end_of_terminal(
			    d, &room->terminals[i], holder, INT64_MAX);
}

void
watch_tick(struct labd *d, struct terminal *t)
{
	struct connection *c;
	int i;

	end_of_terminal(d, t, 0, d->now_real);
	for (i = t->n - 1; i >= 0; i--) {
		c = t->connections[i];
		if (c->watches)
			labd_wake_in(d, c->watches_until - d->now_real);
		if (!c->news_due && !c->size_due)
			continue;
		watch_say(c);
		connection_flush(d, c);
	}
}
