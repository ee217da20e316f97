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
#include "lab/engine/labd_wire.h"

#define AGAIN_MS 10 /* before another try at a daemon that is busy */

struct call {
	int fd;
	int64_t until; /* monotonic_ms */
	struct wire_in in;
	struct wire_out out;
};

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

static void
pause_ms(int ms)
{
	const struct timespec t = {.tv_nsec = (long)ms * 1000000};

	(void)nanosleep(&t, NULL);
}

/* ------------------------------------------------------------------ connection
 */

/* A full backlog (EAGAIN) is tried again until the deadline. */
static enum err
connect_to(struct call *c, const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(name.sun_path)) {
		log_error("labd", "the socket's path is too long");
		return ERR_INTERNAL;
	}
	memcpy(name.sun_path, path, strlen(path));
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd == -1) {
		log_error("labd", "socket: %s", strerror(errno));
		return ERR_INTERNAL;
	}
	while (connect(c->fd, (const struct sockaddr *)&name, sizeof(name)) ==
	    -1) {
		if ((errno != EAGAIN && errno != EINTR) ||
		    monotonic_ms() >= c->until)
			return ERR_UNAVAILABLE;
		pause_ms(AGAIN_MS);
	}
	return ERR_OK;
}

static enum err
call_open(struct call *c, const char *socket, int64_t until)
{
	*c = (struct call){.fd = -1, .until = until};
	wire_in_open(&c->in);
	wire_out_open(&c->out, WIRE_HEAD + WIRE_FRAME_MAX);
	return connect_to(c, socket);
}

static void
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
	int64_t left = c->until - monotonic_ms();

	if (left <= 0)
		return ERR_UNAVAILABLE;
	return poll(&p, 1, (int)left) == -1 && errno != EINTR ? ERR_INTERNAL
							      : ERR_OK;
}

/* Sends the frame that was begun. */
static enum err
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

static enum err
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

static enum err
not_understood(void)
{
	log_error("labd", "an answer is not understood");
	return ERR_INTERNAL;
}

/* The error of a reply; its fields are what stands behind. */
static enum err
read_reply(const struct wire_frame *frame, struct wire_fields *f)
{
	unsigned e;

	*f = wire_fields(frame);
	e = wire_u8(f);
	if (frame->type != LABD_REPLY || f->broken || e >= ERR__MAX)
		return not_understood();
	return (enum err)e;
}

static enum err
call_reply(struct call *c, struct wire_fields *f)
{
	struct wire_frame frame;
	enum err e;

	if ((e = call_receive(c, &frame)) != ERR_OK)
		return e;
	return read_reply(&frame, f);
}

/* Sends the frame that was begun and waits for the reply. */
static enum err
call_ask(struct call *c, struct wire_fields *f)
{
	enum err e = call_send(c);

	return e == ERR_OK ? call_reply(c, f) : e;
}

static enum err
take_status(struct wire_fields *f, struct labd_status *out)
{
	const struct labd_status s = labd_take_status(f);

	if (!wire_fields_end(f))
		return not_understood();
	*out = s;
	return ERR_OK;
}

/* ----------------------------------------------------------------------- start
 */

static enum err
send_file(struct call *c, const struct box_file *file)
{
	const uint8_t *p = file->data;
	size_t at, part;
	enum err e;

	wire_begin(&c->out, LABD_CALL_FILE);
	wire_put_text(&c->out, file->path);
	wire_put_u32(&c->out, (uint32_t)file->size);
	e = call_send(c);
	for (at = 0; e == ERR_OK && at < file->size; at += part) {
		part = file->size - at < LABD_DATA_MAX ? file->size - at
						       : LABD_DATA_MAX;
		wire_begin(&c->out, LABD_CALL_DATA);
		wire_put_bytes(&c->out, p + at, part);
		e = call_send(c);
	}
	return e;
}

static enum err
send_start(struct call *c, const struct labd_spec *spec, uint32_t bytes)
{
	const struct labd_start s = {
	    .box = spec->box,
	    .deadline_at = spec->deadline_at,
	    .memory_mb = (uint32_t)spec->memory_mb,
	    .disk_mb = (uint32_t)spec->disk_mb,
	    .processes_max = (uint32_t)spec->processes_max,
	    .idle_seconds = (uint32_t)spec->idle_seconds,
	    .files = (uint32_t)spec->n_files,
	    .bytes = bytes,
	};
	enum err e;
	size_t i;

	wire_begin(&c->out, LABD_CALL_START);
	labd_put_start(&c->out, &s);
	e = call_send(c);
	for (i = 0; e == ERR_OK && i < spec->n_files; i++)
		e = send_file(c, &spec->files[i]);
	if (e != ERR_OK)
		return e;
	wire_begin(&c->out, LABD_CALL_GO);
	return call_send(c);
}

static enum err
try_start(const char *socket, const struct labd_spec *spec, uint32_t bytes,
    int64_t until, struct labd_status *out)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	if ((e = call_open(&c, socket, until)) == ERR_OK) {
		/* refused halfway, it cannot be sent, and the reply says why */
		(void)send_start(&c, spec, bytes);
		if ((e = call_reply(&c, &f)) == ERR_OK)
			e = take_status(&f, out);
	}
	call_close(&c);
	return e;
}

enum err
labd_start(
    const char *socket, const struct labd_spec *spec, struct labd_status *out)
{
	int64_t until = monotonic_ms() + LABD_CALL_MS;
	size_t bytes = 0, i;
	enum err e;

	if (spec->n_files > LABD_FILES_MAX)
		return ERR_TOO_LARGE;
	for (i = 0; i < spec->n_files; i++) {
		if (strlen(spec->files[i].path) > WIRE_TEXT_MAX)
			return ERR_INVALID;
		if (spec->files[i].size > LABD_FILES_BYTES_MAX - bytes)
			return ERR_TOO_LARGE;
		bytes += spec->files[i].size;
	}
	/* many at once: each has its turn */
	while ((e = try_start(socket, spec, (uint32_t)bytes, until, out)) ==
		ERR_BUSY &&
	    monotonic_ms() < until)
		pause_ms(AGAIN_MS);
	return e;
}

/* -------------------------------------------------------------------- one
 * frame
 */

enum err
labd_status(const char *socket, int64_t box, struct labd_status *out)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	e = call_open(&c, socket, monotonic_ms() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, LABD_CALL_STATUS);
		wire_put_i64(&c.out, box);
		if ((e = call_ask(&c, &f)) == ERR_OK)
			e = take_status(&f, out);
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
		return not_understood();
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

	e = call_open(&c, socket, monotonic_ms() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, LABD_CALL_LIST);
		if ((e = call_ask(&c, &f)) == ERR_OK)
			e = take_list(&f, a, out, n);
	}
	call_close(&c);
	return e;
}

enum err
labd_ticket(const char *socket, int64_t box, int terminal, bool watch,
    char out[LABD_TICKET_CHARS + 1])
{
	char text[LABD_TICKET_CHARS];
	struct wire_fields f;
	struct call c;
	enum err e;

	if (terminal < 0 || terminal >= LABD_TERMINALS_MAX)
		return ERR_INVALID;
	e = call_open(&c, socket, monotonic_ms() + LABD_CALL_MS);
	if (e == ERR_OK) {
		wire_begin(&c.out, LABD_CALL_TICKET);
		wire_put_i64(&c.out, box);
		wire_put_u8(&c.out, (uint8_t)terminal);
		wire_put_u8(&c.out, watch);
		e = call_ask(&c, &f);
	}
	if (e == ERR_OK) {
		wire_bytes(&f, text, sizeof(text));
		if (wire_fields_end(&f)) {
			memcpy(out, text, sizeof(text));
			out[LABD_TICKET_CHARS] = '\0';
		} else {
			e = not_understood();
		}
	}
	call_close(&c);
	return e;
}

/* Two calls of one shape: a number or two, and nothing back. */
static enum err
tell(const char *socket, uint8_t type, int64_t box, const int64_t *more)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	e = call_open(&c, socket, monotonic_ms() + LABD_CALL_MS);
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

/* --------------------------------------------------------------------- collect
 */

/* What has come of a collection. */
struct taken {
	struct arena *arena;
	struct box_file *files;
	size_t n, bytes, missing; /* bytes of the last file */
	uint8_t *at;
};

static enum err
take_file(struct taken *t, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);
	char path[WIRE_TEXT_MAX + 1];
	size_t size;

	wire_text(&f, path);
	size = wire_u32(&f);
	if (!wire_fields_end(&f) || t->missing > 0 || t->n == LABD_FILES_MAX ||
	    size > LABD_FILES_BYTES_MAX - t->bytes)
		return not_understood();
	t->at = arena_alloc(t->arena, size + 1);
	*ARENA_PUSH(t->arena, t->files, t->n) = (struct box_file){
	    .path = arena_strdup(t->arena, path), .data = t->at, .size = size};
	t->missing = size;
	t->bytes += size;
	return ERR_OK;
}

static enum err
take_data(struct taken *t, const struct wire_frame *frame)
{
	if (frame->size > t->missing)
		return not_understood();
	memcpy(t->at, frame->payload, frame->size);
	t->at += frame->size;
	t->missing -= frame->size;
	return ERR_OK;
}

/* Files in pieces, and then the reply. */
static enum err
take_all(struct call *c, struct taken *t, size_t *n_refused)
{
	struct wire_frame frame;
	struct wire_fields f;
	enum err e;

	while ((e = call_receive(c, &frame)) == ERR_OK &&
	    frame.type != LABD_REPLY) {
		if (frame.type == LABD_CALL_FILE)
			e = take_file(t, &frame);
		else if (frame.type == LABD_CALL_DATA)
			e = take_data(t, &frame);
		else
			e = not_understood();
		if (e != ERR_OK)
			return e;
		wire_in_done(&c->in);
	}
	if (e != ERR_OK || (e = read_reply(&frame, &f)) != ERR_OK)
		return e;
	*n_refused = wire_u32(&f);
	return wire_fields_end(&f) && t->missing == 0 ? ERR_OK
						      : not_understood();
}

static enum err
send_want(struct call *c, int64_t box, const struct labd_want *want, size_t n)
{
	size_t i;

	wire_begin(&c->out, LABD_CALL_COLLECT);
	wire_put_i64(&c->out, box);
	wire_put_u32(&c->out, (uint32_t)n);
	for (i = 0; i < n; i++) {
		wire_put_u32(&c->out,
		    want[i].max_bytes < LABD_FILES_BYTES_MAX
			? (uint32_t)want[i].max_bytes
			: (uint32_t)LABD_FILES_BYTES_MAX);
		wire_put_text(&c->out, want[i].path);
	}
	return call_send(c);
}

enum err
labd_collect(const char *socket, int64_t box, const struct labd_want *want,
    size_t n_want, struct arena *a, struct box_file **out, size_t *n,
    size_t *n_refused)
{
	struct taken t = {.arena = a};
	size_t refused = 0;
	struct call c;
	enum err e;

	if (n_want > LABD_FILES_MAX)
		return ERR_TOO_LARGE;
	e = call_open(&c, socket, monotonic_ms() + LABD_CALL_MS);
	if (e == ERR_OK && (e = send_want(&c, box, want, n_want)) == ERR_OK)
		e = take_all(&c, &t, &refused);
	call_close(&c);
	if (e != ERR_OK)
		return e;
	*out = t.files;
	*n = t.n;
	*n_refused = refused;
	return ERR_OK;
}
