/*
 * A file for a box that lives: its fields, its bytes in pieces, and then the
 * box's own process 1 writes it down (live_put.c). The bytes wait in a
 * memfd_create(2) file, which the box gets sealed and reads for itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/labd_parts.h"

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

_Static_assert(NOTE_NAME_MAX == LABD_NAME_MAX, "one limit");

static bool
name_is_right(const char *name)
{
	return tree_path_is_plain(name) && strchr(name, '/') == NULL &&
	    name[0] != '.' && strlen(name) <= NOTE_NAME_MAX;
}

static enum err
check(struct labd *d, const struct put *p, const char *name)
{
	const struct room *room = room_find(d, p->box);

	if (!name_is_right(name))
		return ERR_INVALID;
	if (p->missing > LABD_PUT_BYTES_MAX)
		return ERR_TOO_LARGE;
	if (room == NULL || room->live.state != LIVE_READY)
		return ERR_NOT_FOUND;
	return d->n_uploads == UPLOADS_MAX ? ERR_BUSY : ERR_OK;
}

/* As a start: refused at once, whatever still comes. */
static bool
take_put(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct put p = {.box = wire_i64(&f), .missing = wire_u32(&f)};
	char name[WIRE_TEXT_MAX + 1];
	enum err e;

	wire_text(&f, name);
	if (!wire_fields_end(&f) || c->put != NULL || c->upload != NULL)
		return false;
	e = check(d, &p, name);
	if (e == ERR_OK) {
		p.fd = memfd_create("sent", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		if (p.fd == -1) {
			log_error("labd", "memfd_create: %s", strerror(errno));
			e = ERR_UNAVAILABLE;
		}
	}
	if (e != ERR_OK) {
		request_reply(d, c, e);
		return true;
	}
	memcpy(p.name, name, strlen(name) + 1);
	if ((c->put = malloc(sizeof(*c->put))) == NULL)
		abort();
	*c->put = p;
	d->n_uploads++;
	return true;
}

static bool
take_data(struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct put *p = c->put;
	size_t done;
	ssize_t n;

	if (frame->size == 0 || frame->size > p->missing)
		return false;
	for (done = 0; done < frame->size; done += (size_t)n)
		if ((n = write(p->fd, frame->payload + done,
			 frame->size - done)) == -1) {
			log_error("labd", "a file: %s", strerror(errno));
			request_reply(d, c, ERR_UNAVAILABLE);
			return true;
		}
	p->missing -= frame->size;
	return true;
}

static bool
take_go(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct put *p = c->put;
	struct room *room = room_find(d, p->box);
	enum err e = ERR_NOT_FOUND;

	if (!wire_fields_end(&f) || p->missing > 0)
		return false;
	if (room != NULL && fcntl(p->fd, F_ADD_SEALS, SEALS) == -1) {
		log_error("labd", "seals: %s", strerror(errno));
		e = ERR_UNAVAILABLE;
	} else if (room != NULL) {
		p->round = ++room->puts;
		room->active_at = d->now;
		e = live_put(&room->live, p->name, p->round, p->fd);
	}
	if (e != ERR_OK) {
		request_reply(d, c, e);
		return true;
	}
	c->room = room;
	c->wait = WAIT_PUT;
	return true;
}

bool
put_take(struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);

	switch (frame->type) {
	case LABD_CALL_PUT:
		return take_put(d, c, f);
	case LABD_CALL_DATA:
		return take_data(d, c, frame);
	case LABD_CALL_GO:
		return take_go(d, c, f);
	default:
		return false;
	}
}

static enum err
meaning(int error)
{
	switch (error) {
	case 0:
		return ERR_OK;
	case ENOSPC:
	case EDQUOT:
		return ERR_NO_SPACE;
	case EISDIR:
	case ENOTDIR:
	case EEXIST:
		return ERR_CONFLICT;
	default:
		log_warning("labd", "a file: %s", strerror(error));
		return ERR_UNAVAILABLE;
	}
}

void
put_done(struct labd *d, struct room *room, unsigned round, int error)
{
	struct connection *c;

	for (c = d->connections; c != NULL; c = c->next)
		if (c->wait == WAIT_PUT && c->room == room &&
		    c->put->round == round)
			request_reply(d, c, meaning(error));
}

void
put_free(struct labd *d, struct connection *c)
{
	if (c->put == NULL)
		return;
	(void)close(c->put->fd);
	free(c->put);
	c->put = NULL;
	d->n_uploads--;
}
