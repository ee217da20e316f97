/*
 * Copies of what a learner wants to hand in: while the box stands still, by
 * the rules of collect.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/labd_parts.h"

#define STILL_MS 4000 /* until it stands still; below LABD_CALL_MS */
#define LOOK_AGAIN_MS 1
#define DEPTH_MAX 8
#define OUT_EXTRA ((size_t)512 * 1024) /* heads of frames, and paths */

struct basket {
	struct labd *d;
	struct connection *c;
	size_t left;
	uint32_t refused;
};

static bool
is_deep(const char *path)
{
	int n = 0;

	for (; *path != '\0'; path++)
		n += *path == '/';
	return n >= DEPTH_MAX;
}

/* False when it got shorter meanwhile: nothing in the box could do that. */
static bool
put_data(struct labd *d, struct wire_out *out, int fd, size_t size)
{
	size_t want;
	ssize_t n;

	for (; size > 0; size -= (size_t)n) {
		want = size < LABD_DATA_MAX ? size : LABD_DATA_MAX;
		if ((n = read(fd, d->piece, want)) <= 0)
			return false;
		wire_begin(out, LABD_CALL_DATA);
		wire_put_bytes(out, d->piece, (size_t)n);
		if (!wire_end(out))
			return false;
	}
	return true;
}

static bool
put_file(struct basket *b, int fd, const char *path, size_t max)
{
	struct wire_out *out = &b->c->out;
	struct stat st;
	size_t size;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    (st.st_mode & S_IRUSR) == 0 || (uint64_t)st.st_size > max ||
	    (uint64_t)st.st_size > b->left) {
		b->refused++;
		return true;
	}
	size = (size_t)st.st_size;
	b->left -= size;
	wire_begin(out, LABD_CALL_FILE);
	wire_put_text(out, path);
	wire_put_u32(out, (uint32_t)size);
	return wire_end(out) && put_data(b->d, out, fd, size);
}

static bool
take_one(struct basket *b, int dir, const char *path, size_t max)
{
	bool good;
	int fd;

	if (!tree_path_is_plain(path) || is_deep(path)) {
		b->refused++;
		return true;
	}
	if ((fd = collect_open(dir, path)) == -1) {
		b->refused += errno != ENOENT;
		return true;
	}
	good = put_file(b, fd, path, max);
	(void)close(fd);
	return good;
}

/* The frame is still where it was read. */
static void
answer(struct labd *d, struct connection *c, int dir)
{
	struct basket b = {.d = d, .c = c, .left = LABD_FILES_BYTES_MAX};
	char path[WIRE_TEXT_MAX + 1];
	struct wire_frame frame;
	struct wire_fields f;
	bool good = true;
	uint32_t i, n;
	size_t max;

	if (wire_in_frame(&c->in, &frame) != WIRE_READY) {
		connection_close(d, c);
		return;
	}
	wire_out_close(&c->out);
	wire_out_open(&c->out, LABD_FILES_BYTES_MAX + OUT_EXTRA);
	f = wire_fields(&frame);
	(void)wire_i64(&f);
	n = wire_u32(&f);
	for (i = 0; i < n && good; i++) {
		max = wire_u32(&f);
		wire_text(&f, path);
		good = take_one(&b, dir, path, max);
	}
	if (!good) {
		log_error(
		    "labd", "a file could not be copied: %s", strerror(errno));
		connection_close(d, c);
		return;
	}
	wire_begin(&c->out, LABD_REPLY);
	wire_put_u8(&c->out, ERR_OK);
	wire_put_u32(&c->out, b.refused);
	(void)wire_end(&c->out);
	c->wait = WAIT_NOTHING;
	connection_end(d, c);
}

void
collect_tick(struct labd *d, struct room *room)
{
	struct connection *c;

	if (room->still_since == 0)
		return;
	if (!live_is_still(&room->live)) {
		labd_wake_in(d, LOOK_AGAIN_MS);
		if (d->now_real - room->still_since < STILL_MS)
			return;
		log_error("labd", "a box does not stand still");
		request_tell(d, room, WAIT_COLLECT, ERR_UNAVAILABLE);
	}
	for (c = d->connections; c != NULL; c = c->next)
		if (c->wait == WAIT_COLLECT && c->room == room)
			answer(d, c, room->live.out);
	live_thaw(&room->live);
	room->still_since = 0;
}

static bool
is_right(const struct wire_frame *frame, int64_t *box)
{
	struct wire_fields f = wire_fields(frame);
	char path[WIRE_TEXT_MAX + 1];
	uint32_t i, n;

	*box = wire_i64(&f);
	n = wire_u32(&f);
	if (n > LABD_FILES_MAX)
		return false;
	for (i = 0; i < n; i++) {
		(void)wire_u32(&f);
		wire_text(&f, path);
	}
	return wire_fields_end(&f);
}

bool
collect_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct room *room;
	int64_t box;
	enum err e;

	if (!is_right(frame, &box))
		return false;
	room = room_find(d, box);
	if (room == NULL || room->live.state != LIVE_READY) {
		request_reply(d, c, ERR_NOT_FOUND);
		return true;
	}
	if (room->still_since == 0) {
		if ((e = live_freeze(&room->live)) != ERR_OK) {
			request_reply(d, c, e);
			return true;
		}
		room->still_since = d->now_real;
	}
	c->wait = WAIT_COLLECT;
	c->room = room;
	labd_wake_in(d, 0);
	return true;
}
