/* A start: its fields, its files in pieces, and then the box. */
#include <stdlib.h>
#include <string.h>

#include "lab/engine/labd_parts.h"
#include "lab/engine/pages.h"

#define MEMORY_MB_MIN 16
#define MEMORY_MB_MAX 8192
#define DISK_MB_MAX 4096
#define PROCESSES_MIN 4
#define PROCESSES_MAX 1024
#define IDLE_SECONDS_MAX (7 * 24 * 3600)

static enum err
check(const struct labd_start *s)
{
	if (s->box <= 0 || s->memory_mb < MEMORY_MB_MIN ||
	    s->memory_mb > MEMORY_MB_MAX || s->disk_mb < 1 ||
	    s->disk_mb > DISK_MB_MAX || s->processes_max < PROCESSES_MIN ||
	    s->processes_max > PROCESSES_MAX || s->idle_seconds < 1 ||
	    s->idle_seconds > IDLE_SECONDS_MAX)
		return ERR_INVALID;
	if (s->files > LABD_FILES_MAX || s->bytes > LABD_FILES_BYTES_MAX ||
	    (uint64_t)s->bytes > (uint64_t)s->disk_mb << 20)
		return ERR_TOO_LARGE;
	return ERR_OK;
}

/* One block: the files, their paths, their bytes. */
static void
make_room_for(struct upload *u)
{
	size_t files = u->start.files * sizeof(*u->files);
	size_t paths = u->start.files * sizeof(*u->paths);
	uint8_t *p;

	u->pages_bytes = files + paths + u->start.bytes + 1;
	p = u->pages = pages_new(u->pages_bytes);
	u->files = (struct box_file *)u->pages;
	u->paths = (char(*)[WIRE_TEXT_MAX + 1])(p + files);
	u->data = p + files + paths;
}

/*
 * A reply is given at once, whatever of the start still comes: its sender
 * looks for it before every piece.
 */
static bool
take_start(struct labd *d, struct connection *c, struct wire_fields f)
{
	const struct labd_start s = labd_take_start(&f);
	struct room *room;
	enum err e;

	if (!wire_fields_end(&f) || c->upload != NULL)
		return false;
	room = room_find(d, s.box);
	if (room != NULL && room->live.state == LIVE_READY) {
		request_reply_status(d, c, room);
		return true;
	}
	level_look_again(d);
	e = d->unavailable ? ERR_UNAVAILABLE : check(&s);
	if (e == ERR_OK && room == NULL &&
	    room_count(d) >= d->options->boxes_max)
		e = ERR_THROTTLED;
	if (e == ERR_OK && d->n_uploads == UPLOADS_MAX)
		e = ERR_BUSY;
	if (e != ERR_OK) {
		request_reply(d, c, e);
		return true;
	}
	if ((c->upload = calloc(1, sizeof(*c->upload))) == NULL)
		abort();
	d->n_uploads++;
	c->upload->start = s;
	make_room_for(c->upload);
	return true;
}

static bool
path_is_right(const char *path)
{
	return tree_path_is_plain(path) &&
	    (strncmp(path, "in/", 3) == 0 || strncmp(path, "work/", 5) == 0 ||
		strncmp(path, "out/", 4) == 0);
}

static bool
take_file(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct upload *u = c->upload;
	char *path;
	size_t size;

	if (u->missing > 0 || u->n_files == u->start.files)
		return false;
	path = u->paths[u->n_files];
	wire_text(&f, path);
	size = wire_u32(&f);
	if (!wire_fields_end(&f) || size > u->start.bytes - u->used)
		return false;
	if (!path_is_right(path)) {
		request_reply(d, c, ERR_INVALID);
		return true;
	}
	u->files[u->n_files++] = (struct box_file){
	    .path = path, .data = u->data + u->used, .size = size};
	u->missing = size;
	return true;
}

static bool
take_data(struct upload *u, const struct wire_frame *frame)
{
	if (frame->size == 0 || frame->size > u->missing)
		return false;
	memcpy(u->data + u->used, frame->payload, frame->size);
	u->used += frame->size;
	u->missing -= frame->size;
	return true;
}

static bool
take_go(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct upload *u = c->upload;
	struct room *room;
	enum err e;

	if (!wire_fields_end(&f) || u->missing > 0 ||
	    u->n_files != u->start.files)
		return false;
	/* two starts of one number, both on their way */
	if ((room = room_find(d, u->start.box)) == NULL) {
		e = room_count(d) >= d->options->boxes_max
		    ? ERR_THROTTLED
		    : room_begin(d, u, &room);
		if (e != ERR_OK) {
			request_reply(d, c, e);
			return true;
		}
	}
	upload_free(d, c);
	c->room = room;
	c->wait = WAIT_START;
	if (room->live.state == LIVE_READY)
		request_reply_status(d, c, room);
	return true;
}

bool
upload_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);

	if (frame->type == LABD_CALL_START)
		return take_start(d, c, f);
	if (c->upload == NULL)
		return false;
	switch (frame->type) {
	case LABD_CALL_FILE:
		return take_file(d, c, f);
	case LABD_CALL_DATA:
		return take_data(c->upload, frame);
	default:
		return take_go(d, c, f);
	}
}

void
upload_free(struct labd *d, struct connection *c)
{
	if (c->upload == NULL)
		return;
	pages_free(c->upload->pages, c->upload->pages_bytes);
	free(c->upload);
	c->upload = NULL;
	d->n_uploads--;
}
