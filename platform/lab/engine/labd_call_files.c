/* The calls of labd.h that carry files: a start, a put, a collection. */
#include <string.h>

#include "lab/engine/labd_call.h"

/* ----------------------------------------------------------------------- start
 */

static enum err
send_data(struct call *c, const uint8_t *p, size_t size)
{
	enum err e = ERR_OK;
	size_t at, part;

	for (at = 0; e == ERR_OK && at < size; at += part) {
		part = size - at < LABD_DATA_MAX ? size - at : LABD_DATA_MAX;
		wire_begin(&c->out, LABD_CALL_DATA);
		wire_put_bytes(&c->out, p + at, part);
		e = call_send(c);
	}
	return e;
}

static enum err
send_file(struct call *c, const struct box_file *file)
{
	enum err e;

	wire_begin(&c->out, LABD_CALL_FILE);
	wire_put_text(&c->out, file->path);
	wire_put_u32(&c->out, (uint32_t)file->size);
	e = call_send(c);
	return e == ERR_OK ? send_data(c, file->data, file->size) : e;
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
			e = call_take_status(&f, out);
	}
	call_close(&c);
	return e;
}

enum err
labd_start(
    const char *socket, const struct labd_spec *spec, struct labd_status *out)
{
	int64_t until = call_clock() + LABD_CALL_MS;
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
	    call_clock() < until)
		call_pause(CALL_AGAIN_MS);
	return e;
}

/* ------------------------------------------------------------------------- put
 */

static enum err
send_put(struct call *c, int64_t box, const struct box_file *file)
{
	enum err e;

	wire_begin(&c->out, LABD_CALL_PUT);
	wire_put_i64(&c->out, box);
	wire_put_u32(&c->out, (uint32_t)file->size);
	wire_put_text(&c->out, file->path);
	e = call_send(c);
	if (e == ERR_OK)
		e = send_data(c, file->data, file->size);
	if (e != ERR_OK)
		return e;
	wire_begin(&c->out, LABD_CALL_GO);
	return call_send(c);
}

static enum err
try_put(
    const char *socket, int64_t box, const struct box_file *file, int64_t until)
{
	struct wire_fields f;
	struct call c;
	enum err e;

	if ((e = call_open(&c, socket, until)) == ERR_OK) {
		/* as in try_start */
		(void)send_put(&c, box, file);
		if ((e = call_reply(&c, &f)) == ERR_OK && !wire_fields_end(&f))
			e = call_not_understood();
	}
	call_close(&c);
	return e;
}

enum err
labd_put(const char *socket, int64_t box, const char *name, const void *data,
    size_t size)
{
	const struct box_file file = {.path = name, .data = data, .size = size};
	int64_t until = call_clock() + LABD_CALL_MS;
	enum err e;

	if (size > LABD_PUT_BYTES_MAX)
		return ERR_TOO_LARGE;
	if (strlen(name) > LABD_NAME_MAX)
		return ERR_INVALID;
	while ((e = try_put(socket, box, &file, until)) == ERR_BUSY &&
	    call_clock() < until)
		call_pause(CALL_AGAIN_MS);
	return e;
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
		return call_not_understood();
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
		return call_not_understood();
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
			e = call_not_understood();
		if (e != ERR_OK)
			return e;
		wire_in_done(&c->in);
	}
	if (e != ERR_OK || (e = call_read_reply(&frame, &f)) != ERR_OK)
		return e;
	*n_refused = wire_u32(&f);
	return wire_fields_end(&f) && t->missing == 0 ? ERR_OK
						      : call_not_understood();
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
	e = call_open(&c, socket, call_clock() + LABD_CALL_MS);
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
