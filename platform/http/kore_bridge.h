/*
 * Between the files of the bridge: a browser's websocket on one side, a
 * stream socket of a daemon on the other (struct server_bridge in server.h).
 *
 *	message  type, payload   ◀─▶   frame  length (32), type, payload
 *
 * Everything here belongs to the main thread. A bridge lives until both sides
 * are closed and nothing that Kore still has to send points to it.
 */
#ifndef HTTP_KORE_BRIDGE_H
#define HTTP_KORE_BRIDGE_H

#include <kore/kore.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/server.h"

#define BRIDGE_MESSAGE_MAX ((size_t)8 * 1024) /* from a browser */
#define BRIDGE_FRAME_MAX ((size_t)64 * 1024) /* from the daemon */
#define BRIDGE_HEAD 4 /* bytes of a frame's length */
/* of messages that wait for the daemon: more, and the browser is not read */
#define BRIDGE_IN_HIGH ((size_t)64 * 1024)
#define BRIDGE_IN_LOW ((size_t)16 * 1024)
#define BRIDGE_IN_MAX (BRIDGE_IN_HIGH + BRIDGE_MESSAGE_MAX + BRIDGE_HEAD)

/*
 * A message of ours, not the daemon's: how many bytes of messages the
 * browser has dealt with (32 bits, big end first). A browser takes from the
 * network whatever comes; without this a flood would fill its memory.
 */
#define BRIDGE_TAKEN 0x01
#define BRIDGE_TAKEN_BYTES 5
#define BRIDGE_WINDOW ((size_t)256 * 1024) /* sent and not yet dealt with */

/* Codes of RFC 6455, 7.4.1 and its registry. */
enum bridge_close {
	BRIDGE_CLOSE_NORMAL = 1000,
	BRIDGE_CLOSE_PROTOCOL = 1002,
	BRIDGE_CLOSE_POLICY = 1008,
	BRIDGE_CLOSE_AGAIN_LATER = 1013,
};

struct bridge {
	struct kore_event event; /* first: epoll hands it back */
	int fd; /* to the daemon; -1: not greeted yet, or over */
	struct connection *c; /* the browser's; NULL once it is gone */
	uint64_t opened_at, closing_at; /* kore_time_ms; closing 0: open */

	uint8_t *in; /* browser to daemon: in_from to in_to wait */
	size_t in_from, in_to;
	bool admitted; /* the daemon's first frame was no refusal */
	bool in_paused; /* the browser is not read */
	bool wants_write; /* the daemon's side was full */

	uint8_t *out; /* daemon to browser: a frame that is being read */
	size_t out_length;
	bool out_paused; /* the daemon is not read */
	size_t untaken; /* bytes sent that the browser has not dealt with */
	size_t queued; /* bytes that Kore still has to send */
	unsigned unsent; /* netbufs of Kore's that point to us */
};

/*
 * Begins the end (RFC 6455, 7.1.2): what was queued for the browser still
 * goes out, then the closing frame. When the browser has answered that, or
 * takes too long, it is disconnected; who was never admitted, as soon as all is
 * sent. The daemon's side is closed at once. Does nothing twice.
 */
void bridge_close(struct bridge *b, enum bridge_close code);

/* The browser is gone, or must be at once. */
void bridge_drop(struct bridge *b);

/* Registers what the daemon's side waits for. */
void bridge_poll(struct bridge *b);

/* The browser is read again, if it was not. */
void bridge_listen(struct bridge *b);

/* A frame for the daemon. False: the bridge was closed. */
bool bridge_put(struct bridge *b, const uint8_t *message, size_t length);

/* The browser says that it has dealt with so many bytes. */
void bridge_taken(struct bridge *b, size_t bytes);

/* The daemon's socket has something to say: struct kore_event's handle. */
void bridge_event(void *arg, int error);

/* Kore's callbacks, found by name. */
void
bridge_message(struct connection *c, uint8_t op, void *data, size_t length);
void bridge_gone(struct connection *c);

#endif
