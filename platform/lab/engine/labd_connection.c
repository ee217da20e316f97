/*
 * Connections: who may come in, frames in, frames out, their end. What one
 * holds in memory is bounded; a peer that sends nonsense is let go.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/labd_parts.h"

/* What a terminal may owe its reader: a replay and what comes on top. */
#define OUT_BYTES (4 * RING_BYTES)
#define SOCKET_BYTES (128 * 1024)
#define CALL_MS (2 * LABD_CALL_MS) /* a call that takes longer is forgotten */
#define PAUSE_MS 100 /* without accepting, when there is no room */
#define LINGER_MS 5000 /* to read what is still to be said */

/* SECURITY: whom we serve, root, and ourselves. */
static bool
is_welcome(const struct labd *d, int fd)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == -1)
		return false;
	return peer.uid == d->options->uid || peer.uid == 0 ||
	    peer.uid == geteuid();
}

/* Frames until there is no whole one, or one that has to wait. */
static void
take_frames(struct labd *d, struct connection *c)
{
	struct wire_frame frame;
	enum wire_state s;

	while (c->socket.fd != -1 && !c->ending && c->wait == WAIT_NOTHING) {
		if ((s = wire_in_frame(&c->in, &frame)) == WIRE_READY) {
			if (c->terminal != NULL)
				s = terminal_take(d, c, &frame);
			else if (!request_take(d, c, &frame))
				s = WIRE_BROKEN;
		}
		if (s == WIRE_BROKEN)
			connection_close(d, c);
		if (s != WIRE_READY)
			return;
		/* a collection reads its frame again when it may look */
		if (c->socket.fd != -1 && c->wait != WAIT_COLLECT)
			wire_in_done(&c->in);
	}
}

/* Has it a frame that waits for the pty? */
static bool
is_held(const struct connection *c)
{
	struct wire_frame frame;

	return c->terminal != NULL &&
	    wire_in_frame(&c->in, &frame) == WIRE_READY;
}

static void
want(struct labd *d, struct connection *c)
{
	uint32_t wanted = 0;

	/* one that waits is read all the same: it may go away */
	if (!c->ending && !is_held(c))
		wanted |= EPOLLIN;
	if (!wire_out_is_empty(&c->out))
		wanted |= EPOLLOUT;
	event_want(d, &c->socket, wanted);
}

void
connection_flush(struct labd *d, struct connection *c)
{
	if (c->socket.fd == -1)
		return;
	switch (wire_out_send(&c->out, c->socket.fd)) {
	case WIRE_READY:
		if (c->ending) {
			connection_close(d, c);
			return;
		}
		break;
	case WIRE_WAIT:
		break;
	default:
		connection_close(d, c);
		return;
	}
	want(d, c);
}

void
connection_go_on(struct labd *d, struct connection *c)
{
	take_frames(d, c);
	connection_flush(d, c);
}

/* Takes in what is there. False when it is gone. */
static bool
read_more(struct labd *d, struct connection *c)
{
	struct wire_frame frame;
	enum wire_state s;

	/* whoever waits for a reply has nothing more to say */
	if (c->wait != WAIT_NOTHING &&
	    (c->wait != WAIT_COLLECT ||
		wire_in_frame(&c->in, &frame) != WIRE_READY)) {
		s = wire_in_read(&c->in, c->socket.fd);
		if (s != WIRE_WAIT)
			connection_close(d, c);
		return s == WIRE_WAIT;
	}
	if (wire_in_read(&c->in, c->socket.fd) == WIRE_ENDED) {
		connection_close(d, c);
		return false;
	}
	return true;
}

static void
on_connection(struct labd *d, struct event *event, uint32_t ready)
{
	struct connection *c = event->owner;

	if ((ready & EPOLLOUT) != 0)
		connection_flush(d, c);
	if (c->socket.fd == -1 || (ready & ~(uint32_t)EPOLLOUT) == 0)
		return;
	if (c->ending) { /* it hung up before it had read all */
		connection_close(d, c);
		return;
	}
	if (read_more(d, c))
		connection_go_on(d, c);
}

void
connection_accept(struct labd *d, struct event *event, uint32_t ready)
{
	int bytes = SOCKET_BYTES, fd;
	struct connection *c;

	(void)ready;
	fd = accept4(event->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd == -1) {
		/* out of descriptors: else the loop would not sleep */
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
			log_warning("labd", "accept: %s", strerror(errno));
			event_want(d, event, 0);
			labd_wake_in(d, PAUSE_MS);
		}
		return;
	}
	if (d->n_connections == CONNECTIONS_MAX || !is_welcome(d, fd)) {
		log_warning("labd", "a connection was refused: %s",
		    d->n_connections == CONNECTIONS_MAX ? "too many"
							: "another user");
		(void)close(fd);
		return;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	if ((c = calloc(1, sizeof(*c))) == NULL)
		abort();
	c->socket = (struct event){.fd = fd, .on = on_connection, .owner = c};
	c->since = d->now_real;
	wire_in_open(&c->in);
	wire_out_open(&c->out, OUT_BYTES);
	c->next = d->connections;
	d->connections = c;
	d->n_connections++;
	event_want(d, &c->socket, EPOLLIN);
}

void
connection_close(struct labd *d, struct connection *c)
{
	if (c->socket.fd == -1)
		return;
	event_close(d, &c->socket);
	c->wait = WAIT_NOTHING;
	upload_free(d, c);
	put_free(d, c);
	if (c->terminal != NULL)
		terminal_detach(d, c);
}

void
connection_end(struct labd *d, struct connection *c)
{
	if (c->ending)
		return;
	c->ending = true;
	c->since = d->now_real;
	connection_flush(d, c);
}

static bool
is_late(const struct labd *d, const struct connection *c)
{
	int64_t age = d->now_real - c->since;

	if (c->ending)
		return age > LINGER_MS;
	return c->terminal == NULL && age > CALL_MS;
}

/* The closed ones are freed here, when nobody looks at them any more. */
void
connection_tick(struct labd *d)
{
	struct connection **at = &d->connections, *c;

	event_want(d, &d->listener, EPOLLIN);
	while ((c = *at) != NULL) {
		if (c->socket.fd != -1 && is_late(d, c))
			connection_close(d, c);
		if (c->socket.fd != -1) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		wire_in_close(&c->in);
		wire_out_close(&c->out);
		free(c);
		d->n_connections--;
	}
}
