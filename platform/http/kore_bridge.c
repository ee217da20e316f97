/*
 * Opens, counts and ends the bridges between browsers' websockets and a
 * daemon (kore_bridge_flow.c moves their bytes).
 *
 *	GET path, Upgrade ─▶ checks ─▶ 101 ─▶ greeting ─▶ connect ─▶ frames
 *
 * SECURITY: what lets somebody in is the token in the browser's first message:
 * there it stands in no address, no header and so in nobody's log. Until it
 * has come nothing is opened towards the daemon; who sends none, or not in
 * time, is disconnected. Whether it is a real one the daemon knows: until it
 * has said so, too, only so many may wait.
 */
#include "http/kore_bridge.h"

#include <kore/http.h>

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/kore_job.h"

#define EVENT_TYPE 1002 /* none of Kore's */
#define BRIDGES_MAX 384 /* of Kore's connections, most are for pages */
#define WAITING_MAX 96 /* not admitted */
#define GREETING_MS 10000
#define LINGER_MS 5000 /* for a browser that does not close, too */
#define STATUS_UPGRADE_REQUIRED 426

static struct {
	struct bridge *list[BRIDGES_MAX];
	size_t n;
	/* read by whoever shows the figures */
	atomic_uint_fast64_t open, opened, refused;
} own;

/* ------------------------------------------------------------------- an end */

static void
daemon_close(struct bridge *b)
{
	if (b->fd != -1)
		(void)close(b->fd); /* leaves epoll's set, too */
	b->fd = -1;
}

static int
close_sent(struct netbuf *nb)
{
	struct bridge *b = nb->extra;

	free(nb->buf);
	b->unsent--;
	return KORE_RESULT_OK;
}

void
bridge_close(struct bridge *b, enum bridge_close code)
{
	struct connection *c = b->c;
	struct netbuf *nb;
	uint8_t *f;

	daemon_close(b);
	if (c == NULL || b->closing_at != 0)
		return;
	b->closing_at = kore_time_ms();
	if ((f = malloc(4)) == NULL)
		fatalx("out of memory");
	f[0] = 0x80 | WEBSOCKET_OP_CLOSE;
	f[1] = 2;
	f[2] = (uint8_t)((unsigned)code >> 8);
	f[3] = (uint8_t)code;
	net_send_stream(c, f, 4, close_sent, &nb);
	nb->extra = b;
	b->unsent++;
	c->flags |= CONN_WS_CLOSE_SENT;
	/*
	 * What the browser says meanwhile is read and dropped until it closes,
	 * too: an edge that cannot hand it on would give up at once, and with
	 * it what it has for the browser. Who was never admitted is not waited
	 * for: a crowd of those would fill all places.
	 */
	if (!b->admitted)
		c->flags |= CONN_CLOSE_EMPTY;
	else
		bridge_listen(b);
	if (net_send_flush(c) != KORE_RESULT_OK)
		kore_connection_disconnect(c);
}

void
bridge_drop(struct bridge *b)
{
	daemon_close(b);
	if (b->c != NULL)
		kore_connection_disconnect(b->c);
}

/* Called by Kore, once, however the browser's connection ends. */
void
bridge_gone(struct connection *c)
{
	struct bridge *b = c->hdlr_extra;

	c->hdlr_extra = NULL; /* Kore would free it */
	if (b == NULL)
		return;
	b->c = NULL;
	daemon_close(b);
}

static void
bridge_free(struct bridge *b)
{
	free(b->in);
	free(b->out);
	free(b);
}

/*
 * Only between two rounds of events: nothing of the round before can point to
 * what is freed here.
 */
static void
bury(void)
{
	struct bridge *b;
	size_t i = 0;

	while (i < own.n) {
		b = own.list[i];
		if (b->c != NULL || b->unsent > 0) {
			i++;
			continue;
		}
		own.list[i] = own.list[--own.n];
		bridge_free(b);
	}
}

/* Twice a second, between two rounds of events. */
void
kore_bridge_tick(void)
{
	uint64_t now = kore_time_ms();
	struct bridge *b;
	size_t i;

	for (i = 0; i < own.n; i++) {
		b = own.list[i];
		if (b->c != NULL && b->closing_at != 0 &&
		    now - b->closing_at > LINGER_MS)
			bridge_drop(b);
		else if (b->c != NULL && b->closing_at == 0 && b->fd == -1 &&
		    now - b->opened_at > GREETING_MS)
			bridge_close(b, BRIDGE_CLOSE_POLICY);
	}
	bury();
	atomic_store(&own.open, own.n);
}

void
kore_bridge_figures(struct server_figures *out)
{
	out->bridges_open = atomic_load(&own.open);
	out->bridges_opened = atomic_load(&own.opened);
	out->bridges_refused = atomic_load(&own.refused);
}

/* -------------------------------------------------------------- a greeting */

static int
connect_to(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static bool
is_greeting(
    const struct server_bridge *s, const uint8_t *message, size_t length)
{
	size_t i;

	if (length != s->greeting_bytes || message[0] != s->greeting_type)
		return false;
	for (i = 1; i <= s->token_digits; i++)
		if (!isdigit(message[i]) &&
		    !(message[i] >= 'a' && message[i] <= 'f'))
			return false;
	return true;
}

static void
greet(struct bridge *b, const uint8_t *message, size_t length)
{
	const struct server_bridge *s = &kore_server_of_ours->bridge;

	if (!is_greeting(s, message, length)) {
		(void)atomic_fetch_add(&own.refused, 1);
		bridge_close(b, BRIDGE_CLOSE_POLICY);
		return;
	}
	if ((b->fd = connect_to(s->socket)) == -1) {
		bridge_close(b, BRIDGE_CLOSE_AGAIN_LATER);
		return;
	}
	if ((b->in = malloc(BRIDGE_IN_MAX)) == NULL ||
	    (b->out = malloc(BRIDGE_HEAD + BRIDGE_FRAME_MAX)) == NULL)
		fatalx("out of memory");
	bridge_poll(b);
	(void)bridge_put(b, message, length);
}

/* Called by Kore with a whole message. */
void
bridge_message(struct connection *c, uint8_t op, void *data, size_t length)
{
	const struct server_bridge *s = &kore_server_of_ours->bridge;
	struct bridge *b = c->hdlr_extra;
	const uint8_t *m = data;

	if (b == NULL || b->closing_at != 0)
		return;
	if (op == WEBSOCKET_OP_PING || op == WEBSOCKET_OP_PONG) {
		/* no browser does before it has said who it is */
		if (b->fd == -1)
			bridge_close(b, BRIDGE_CLOSE_POLICY);
		return;
	}
	if (op != WEBSOCKET_OP_BINARY || length == 0) {
		bridge_close(b, BRIDGE_CLOSE_PROTOCOL);
		return;
	}
	if (b->fd == -1) {
		greet(b, m, length);
		return;
	}
	if (m[0] == BRIDGE_TAKEN && length == BRIDGE_TAKEN_BYTES)
		bridge_taken(b,
		    (size_t)m[1] << 24 | (size_t)m[2] << 16 |
			(size_t)m[3] << 8 | (size_t)m[4]);
	else if (m[0] >= s->first_type && m[0] <= s->last_type)
		(void)bridge_put(b, m, length);
	else
		bridge_close(b, BRIDGE_CLOSE_PROTOCOL);
}

/* ------------------------------------------------------------------ opening */

static const char *
header(struct http_request *r, const char *name)
{
	const char *value;

	return http_request_header(r, name, &value) ? value : "";
}

/* The status that refuses a request; 0: it may go on. */
static int
refusal(const struct server_bridge *s, struct http_request *r)
{
	const char *site = header(r, "sec-fetch-site");

	if (r->method != HTTP_METHOD_GET)
		return HTTP_STATUS_METHOD_NOT_ALLOWED;
	if (strcasecmp(header(r, "upgrade"), "websocket") != 0)
		return STATUS_UPGRADE_REQUIRED;
	if (strcmp(header(r, "sec-websocket-version"), "13") != 0 ||
	    strlen(header(r, "sec-websocket-key")) != 24)
		return HTTP_STATUS_BAD_REQUEST;
	/*
	 * SECURITY: no other site's page opens one (the browser says whose it
	 * is, and scripts cannot change that).
	 */
	if (strcmp(header(r, "origin"), s->origin) != 0 ||
	    (*site != '\0' && strcmp(site, "same-origin") != 0))
		return HTTP_STATUS_FORBIDDEN;
	if (own.n == BRIDGES_MAX)
		bury(); /* Kore handles requests after a round */
	return own.n < BRIDGES_MAX ? 0 : HTTP_STATUS_SERVICE_UNAVAILABLE;
}

/* Is it `a` rather than `b` that makes room? */
static bool
goes_first(const struct bridge *a, const struct bridge *b)
{
	if ((a->fd == -1) != (b->fd == -1))
		return a->fd == -1;
	return a->opened_at < b->opened_at;
}

/*
 * Of those who are not admitted the one who waits longest makes room: a crowd
 * of them keeps nobody out. Who waits for the daemon goes last.
 */
static void
limit_waiting(void)
{
	struct bridge *first = NULL, *b;
	size_t i, n = 0;

	for (i = 0; i < own.n; i++) {
		b = own.list[i];
		if (b->c == NULL || b->admitted)
			continue;
		n++;
		if (first == NULL || goes_first(b, first))
			first = b;
	}
	if (n < WAITING_MAX)
		return;
	bridge_close(first, BRIDGE_CLOSE_POLICY);
	bridge_drop(first); /* even if it does not read */
}

static void
open_bridge(struct http_request *r)
{
	struct bridge *b = calloc(1, sizeof(*b));

	if (b == NULL)
		fatalx("out of memory");
	b->event.type = EVENT_TYPE;
	b->event.handle = bridge_event;
	b->fd = -1;
	b->opened_at = kore_time_ms();
	b->c = r->owner;
	r->owner->hdlr_extra = b;
	kore_websocket_handshake(r, NULL, "bridge_message", "bridge_gone");
	if (r->owner->proto != CONN_PROTO_WEBSOCKET) {
		r->owner->hdlr_extra = NULL; /* it was answered with why */
		bridge_free(b);
		(void)atomic_fetch_add(&own.refused, 1);
		return;
	}
	own.list[own.n++] = b;
	(void)atomic_fetch_add(&own.opened, 1);
}

bool
kore_bridge_takes(struct http_request *r)
{
	const struct server_bridge *s = &kore_server_of_ours->bridge;
	int status;

	if (s->path == NULL || strcmp(r->path, s->path) != 0)
		return false;
	if ((status = refusal(s, r)) != 0) {
		(void)atomic_fetch_add(&own.refused, 1);
		if (status == STATUS_UPGRADE_REQUIRED)
			http_response_header(r, "upgrade", "websocket");
		http_response_header(r, "cache-control", "no-store");
		http_response(r, status, NULL, 0);
		return true;
	}
	limit_waiting();
	open_bridge(r);
	return true;
}
