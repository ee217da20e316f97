/*
 * The caller's side of labd.h: one connection, one call, one deadline. It
 * keeps nothing between calls, so any thread may call.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/labd_call.h"

int64_t
call_clock(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

void
call_pause(int ms)
{
	const struct timespec t = {.tv_nsec = (long)ms * 1000000};

	(void)nanosleep(&t, NULL);
}

/* ------------------------------------------------------------------ connection
 */

static enum err
open_socket(const char *path, struct sockaddr_un *name, int *fd)
{
	*name = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(name->sun_path)) {
		log_error("labd", "the socket's path is too long");
		return ERR_INTERNAL;
	}
	memcpy(name->sun_path, path, strlen(path));
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd == -1) {
		log_error("labd", "socket: %s", strerror(errno));
		return ERR_INTERNAL;
	}
	return ERR_OK;
}

bool
labd_is_there(const char *socket)
{
	struct sockaddr_un name;
	bool there;
	int fd;

	if (open_socket(socket, &name, &fd) != ERR_OK)
		return false;
	there =
	    connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0 ||
	    errno == EAGAIN;
	(void)close(fd);
	return there;
}

/* A full backlog (EAGAIN) is tried again until the deadline. */
static enum err
connect_to(struct call *c, const char *path)
{
	struct sockaddr_un name;
	enum err e;

	if ((e = open_socket(path, &name, &c->fd)) != ERR_OK)
		return e;
	while (connect(c->fd, (const struct sockaddr *)&name, sizeof(name)) ==
	    -1) {
		if ((errno != EAGAIN && errno != EINTR) ||
		    call_clock() >= c->until)
			return ERR_UNAVAILABLE;
		call_pause(CALL_AGAIN_MS);
	}
	return ERR_OK;
}

enum err
call_open(struct call *c, const char *socket, int64_t until)
{
	*c = (struct call){.fd = -1, .until = until};
	wire_in_open(&c->in);
	wire_out_open(&c->out, WIRE_HEAD + WIRE_FRAME_MAX);
	return connect_to(c, socket);
}

void
call_close(struct call *c)
{
	if (c->fd != -1)
		(void)close(c->fd);
	wire_in_close(&c->in);
	wire_out_close(&c->out);
}

static enum err
wait_for(struct call *c, short events)
{
	struct pollfd p = {.fd = c->fd, .events = events};
	int64_t left = c->until - call_clock();

	if (left <= 0)
		return ERR_UNAVAILABLE;
	return poll(&p, 1, (int)left) == -1 && errno != EINTR ? ERR_INTERNAL
							      : ERR_OK;
}

enum err
call_send(struct call *c)
{
	enum wire_state s;
	enum err e;

	if (!wire_end(&c->out))
		return ERR_TOO_LARGE;
	while ((s = wire_out_send(&c->out, c->fd)) == WIRE_WAIT)
		if ((e = wait_for(c, POLLOUT)) != ERR_OK)
			return e;
	/* a daemon that has replied and gone: the reply is there to be read */
	return s == WIRE_READY ? ERR_OK : ERR_UNAVAILABLE;
}

enum err
call_receive(struct call *c, struct wire_frame *frame)
{
	enum wire_state s;
	enum err e;

	while ((s = wire_in_frame(&c->in, frame)) == WIRE_WAIT) {
		if ((s = wire_in_read(&c->in, c->fd)) == WIRE_ENDED)
			return ERR_UNAVAILABLE;
		if (s == WIRE_WAIT && (e = wait_for(c, POLLIN)) != ERR_OK)
			return e;
	}
	return s == WIRE_READY ? ERR_OK : ERR_INTERNAL;
}

enum err
call_not_understood(void)
{
	log_error("labd", "an answer is not understood");
	return ERR_INTERNAL;
}

enum err
call_read_reply(const struct wire_frame *frame, struct wire_fields *f)
{
	unsigned e;

	*f = wire_fields(frame);
	e = wire_u8(f);
	if (frame->type != LABD_REPLY || f->broken || e >= ERR__MAX)
		return call_not_understood();
	return (enum err)e;
}

enum err
call_reply(struct call *c, struct wire_fields *f)
{
	struct wire_frame frame;
	enum err e;

	if ((e = call_receive(c, &frame)) != ERR_OK)
		return e;
	return call_read_reply(&frame, f);
}

/* Sends the frame that was begun and waits for the reply. */
static enum err
call_ask(struct call *c, struct wire_fields *f)
{
	enum err e = call_send(c);

	return e == ERR_OK ? call_reply(c, f) : e;
}

enum err
call_take_status(struct wire_fields *f, struct labd_status *out)
{
	struct labd_status s = labd_take_status(f);
	char root[WIRE_TEXT_MAX + 1];

	wire_text(f, root);
	if (!wire_fields_end(f) || strlen(root) >= sizeof(s.root))
		return call_not_understood();
	memcpy(s.root, root, strlen(root) + 1);
	*out = s;
	return ERR_OK;
}

/* ---------------------------------------------------------------- one frame
 */

enum err
labd_status(const char *socket, int64_t box, struct labd_status *out)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	e = call_open(&c, socket, call_clock() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, LABD_CALL_STATUS);
		wire_put_i64(&c.out, box);
		if ((e = call_ask(&c, &f)) == ERR_OK)
			e = call_take_status(&f, out);
	}
	call_close(&c);
	return e;
}

static enum err
take_list(
    struct wire_fields *f, struct arena *a, struct labd_status **out, size_t *n)
{
	struct labd_status *list;
	uint32_t i, count = wire_u32(f);

	if (f->broken || f->left != count * LABD_STATUS_BYTES)
		return call_not_understood();
	list = ARENA_ARRAY(a, struct labd_status, count);
	for (i = 0; i < count; i++)
		list[i] = labd_take_status(f);
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
labd_list(
    const char *socket, struct arena *a, struct labd_status **out, size_t *n)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	e = call_open(&c, socket, call_clock() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, LABD_CALL_LIST);
		if ((e = call_ask(&c, &f)) == ERR_OK)
			e = take_list(&f, a, out, n);
	}
	call_close(&c);
	return e;
}

static enum err
ask_ticket(const char *socket, int64_t box, int terminal, bool watch,
    int64_t holder, char out[LABD_TICKET_CHARS + 1])
{
	char text[LABD_TICKET_CHARS];
	struct wire_fields f;
	struct call c;
	enum err e;

	if (terminal < 0 || terminal >= LABD_TERMINALS_MAX)
		return ERR_INVALID;
	e = call_open(&c, socket, call_clock() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, LABD_CALL_TICKET);
		wire_put_i64(&c.out, box);
		wire_put_u8(&c.out, (uint8_t)terminal);
		wire_put_u8(&c.out, watch);
		wire_put_i64(&c.out, holder);
		e = call_ask(&c, &f);
	}
	if (e == ERR_OK) {
		wire_bytes(&f, text, sizeof(text));
		if (wire_fields_end(&f)) {
			memcpy(out, text, sizeof(text));
			out[LABD_TICKET_CHARS] = '\0';
		} else {
			e = call_not_understood();
		}
	}
	call_close(&c);
	return e;
}

enum err
labd_ticket(const char *socket, int64_t box, int terminal, bool watch,
    char out[LABD_TICKET_CHARS + 1])
{
	return ask_ticket(socket, box, terminal, watch, 0, out);
}

enum err
labd_watch_ticket(const char *socket, int64_t box, int terminal, int64_t holder,
    char out[LABD_TICKET_CHARS + 1])
{
	if (holder <= 0)
		return ERR_INVALID;
	return ask_ticket(socket, box, terminal, true, holder, out);
}

/* Calls of one shape: a number or two, and nothing back. */
static enum err
tell(const char *socket, uint8_t type, int64_t box, const int64_t *more)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	e = call_open(&c, socket, call_clock() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, type);
		wire_put_i64(&c.out, box);
		if (more != NULL)
			wire_put_i64(&c.out, *more);
		e = call_ask(&c, &f);
	}
	call_close(&c);
	return e;
}

enum err
labd_extend(const char *socket, int64_t box, int64_t deadline_at)
{
	return tell(socket, LABD_CALL_EXTEND, box, &deadline_at);
}

enum err
labd_stop(const char *socket, int64_t box)
{
	return tell(socket, LABD_CALL_STOP, box, NULL);
}

enum err
labd_detach(const char *socket, int64_t box)
{
	return tell(socket, LABD_CALL_DETACH, box, NULL);
}

enum err
labd_tell(const char *socket, int64_t box)
{
	return tell(socket, LABD_CALL_TELL, box, NULL);
}

enum err
labd_unwatch(const char *socket, int64_t holder)
{
	return tell(socket, LABD_CALL_UNWATCH, holder, NULL);
}
