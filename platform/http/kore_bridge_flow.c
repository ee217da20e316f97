/*
 * What goes through a bridge, in both directions, without growing:
 *
 *	browser ─▶ daemon   more than BRIDGE_IN_HIGH bytes wait: the browser is
 *	                    not read until there are BRIDGE_IN_LOW
 *	daemon ─▶ browser   more than BRIDGE_WINDOW bytes that the browser has
 *	                    not dealt with, or that could not yet be sent: the
 *	                    daemon is not read
 *
 * SECURITY: what the browser says about itself only slows us down, it never
 * makes us hold more: the bytes that wait here are counted here.
 */
#include "http/kore_bridge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/kore_job.h"

#define FRAMES_AT_ONCE 16 /* then others have their turn */
#define WS_HEAD_MAX 10

static size_t
read_32(const uint8_t *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 |
	    (size_t)p[3];
}

void
bridge_poll(struct bridge *b)
{
	int events = EPOLLRDHUP;

	if (!b->out_paused)
		events |= EPOLLIN;
	if (b->wants_write)
		events |= EPOLLOUT;
	/* level triggered: adds or changes */
	kore_platform_event_schedule(b->fd, events, 0, b);
}

/* ------------------------------------------------------ browser to daemon */

static void
browser_pause(struct bridge *b)
{
	struct connection *c = b->c;

	if (b->in_paused)
		return;
	b->in_paused = true;
	/* ends the loop that reads, too */
	c->evt.flags &= ~KORE_EVENT_READ;
	kore_platform_event_schedule(
	    c->fd, EPOLLOUT | EPOLLRDHUP | EPOLLET, 0, c);
}

void
bridge_listen(struct bridge *b)
{
	if (!b->in_paused)
		return;
	b->in_paused = false;
	/* edge triggered: what waits is told anew */
	kore_platform_event_all(b->c->fd, b->c);
}

/* False: the daemon is gone. */
static bool
drain(struct bridge *b)
{
	bool full = false;
	ssize_t n;

	while (b->in_from < b->in_to) {
		n = send(b->fd, b->in + b->in_from, b->in_to - b->in_from,
		    MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno != EAGAIN)
			return false;
		if (n == -1) {
			full = true;
			break;
		}
		b->in_from += (size_t)n;
	}
	if (b->in_from == b->in_to)
		b->in_from = b->in_to = 0;
	if (full != b->wants_write) {
		b->wants_write = full;
		bridge_poll(b);
	}
	return true;
}

bool
bridge_put(struct bridge *b, const uint8_t *message, size_t length)
{
	uint8_t *to;

	if (b->in_to + BRIDGE_HEAD + length > BRIDGE_IN_MAX) {
		memmove(b->in, b->in + b->in_from, b->in_to - b->in_from);
		b->in_to -= b->in_from;
		b->in_from = 0;
	}
	/* Kore delivers a message at a time, none while we do not read */
	if (b->in_to + BRIDGE_HEAD + length > BRIDGE_IN_MAX) {
		bridge_close(b, BRIDGE_CLOSE_POLICY);
		return false;
	}
	to = b->in + b->in_to;
	to[0] = to[1] = 0;
	to[2] = (uint8_t)(length >> 8);
	to[3] = (uint8_t)length;
	memcpy(to + BRIDGE_HEAD, message, length);
	b->in_to += BRIDGE_HEAD + length;
	if (!drain(b)) {
		bridge_close(b, BRIDGE_CLOSE_AGAIN_LATER);
		return false;
	}
	if (b->in_to - b->in_from > BRIDGE_IN_HIGH)
		browser_pause(b);
	return true;
}

/* ------------------------------------------------------ daemon to browser */

static bool
is_full(const struct bridge *b)
{
	return b->untaken >= BRIDGE_WINDOW || b->queued >= BRIDGE_WINDOW;
}

static void
daemon_resume(struct bridge *b)
{
	if (!b->out_paused || b->fd == -1 || is_full(b))
		return;
	b->out_paused = false;
	bridge_poll(b);
}

void
bridge_taken(struct bridge *b, size_t bytes)
{
	if (bytes > b->untaken) {
		bridge_close(b, BRIDGE_CLOSE_PROTOCOL);
		return;
	}
	b->untaken -= bytes;
	daemon_resume(b);
}

static int
message_sent(struct netbuf *nb)
{
	struct bridge *b = nb->extra;

	free(nb->buf);
	b->unsent--;
	b->queued -= nb->b_len;
	daemon_resume(b);
	return KORE_RESULT_OK;
}

/* The head of a whole, unmasked, binary message (RFC 6455, 5.2). */
static size_t
put_head(uint8_t *f, size_t length)
{
	size_t bytes = length <= 125 ? 0 : length <= 0xffff ? 2 : 8, i;

	f[0] = 0x80 | WEBSOCKET_OP_BINARY;
	f[1] = (uint8_t)(bytes == 0 ? length : bytes == 2 ? 126 : 127);
	for (i = 0; i < bytes; i++)
		f[2 + i] = (uint8_t)((uint64_t)length >> 8 * (bytes - 1 - i));
	return 2 + bytes;
}

static bool
send_message(struct bridge *b, const uint8_t *data, size_t length)
{
	struct netbuf *nb;
	uint8_t *f;
	size_t head;

	if ((f = malloc(length + WS_HEAD_MAX)) == NULL)
		fatalx("out of memory");
	head = put_head(f, length);
	memcpy(f + head, data, length);
	net_send_stream(b->c, f, length + head, message_sent, &nb);
	nb->extra = b;
	b->unsent++;
	b->queued += nb->b_len;
	b->untaken += length;
	return net_send_flush(b->c) == KORE_RESULT_OK;
}

enum got { GOT_FRAME, GOT_PART, GOT_END };

/* Reads on with the frame that comes next. */
static enum got
read_frame(struct bridge *b)
{
	size_t want;
	ssize_t n;

	for (;;) {
		want = BRIDGE_HEAD;
		if (b->out_length >= BRIDGE_HEAD) {
			want += read_32(b->out);
			if (want == BRIDGE_HEAD ||
			    want > BRIDGE_HEAD + BRIDGE_FRAME_MAX)
				return GOT_END;
			if (b->out_length == want)
				return GOT_FRAME;
		}
		n = recv(
		    b->fd, b->out + b->out_length, want - b->out_length, 0);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return GOT_PART;
		if (n <= 0)
			return GOT_END;
		b->out_length += (size_t)n;
	}
}

static void
forward(struct bridge *b)
{
	enum got got;
	int i;

	for (i = 0; i < FRAMES_AT_ONCE && !is_full(b); i++) {
		got = read_frame(b);
		if (got == GOT_PART)
			return;
		if (got == GOT_END) {
			bridge_close(b, BRIDGE_CLOSE_NORMAL);
			return;
		}
		if (b->out[BRIDGE_HEAD] !=
		    kore_server_of_ours->bridge.refused_type)
			b->admitted = true;
		if (!send_message(
			b, b->out + BRIDGE_HEAD, b->out_length - BRIDGE_HEAD)) {
			bridge_drop(b);
			return;
		}
		b->out_length = 0;
		if (b->fd == -1)
			return; /* it ended while it was sent */
	}
	if (is_full(b)) {
		b->out_paused = true;
		bridge_poll(b);
	}
}

void
bridge_event(void *arg, int error)
{
	struct bridge *b = arg;
	int flags = b->event.flags;

	b->event.flags = 0; /* level triggered: told again */
	if (b->fd == -1)
		return; /* of the same batch, after the end */
	if ((flags & KORE_EVENT_WRITE) != 0) {
		if (!drain(b)) {
			bridge_close(b, BRIDGE_CLOSE_AGAIN_LATER);
			return;
		}
		if (b->in_to - b->in_from <= BRIDGE_IN_LOW)
			bridge_listen(b);
	}
	/*
	 * The daemon has hung up. What it said last is read when the browser
	 * takes more; until then epoll would say the same without end.
	 */
	if (b->out_paused && error)
		kore_platform_disable_read(b->fd);
	else if ((flags & KORE_EVENT_READ) != 0 || error)
		forward(b);
}
