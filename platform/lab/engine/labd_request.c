/* Calls: one frame, one reply. */
#include <string.h>

#include "base/clock.h"
#include "lab/engine/labd_parts.h"

static void
begin_reply(struct connection *c, enum err e)
{
	wire_begin(&c->out, LABD_REPLY);
	wire_put_u8(&c->out, (uint8_t)e);
}

/* One call, one connection. */
static void
finish_reply(struct labd *d, struct connection *c)
{
	c->wait = WAIT_NOTHING;
	(void)wire_end(&c->out); /* there is room: it is the only one */
	connection_end(d, c);
}

void
request_reply(struct labd *d, struct connection *c, enum err e)
{
	begin_reply(c, e);
	finish_reply(d, c);
}

void
request_reply_status(
    struct labd *d, struct connection *c, const struct room *room)
{
	const struct labd_status s = room_status(d, room);

	begin_reply(c, ERR_OK);
	labd_put_status(&c->out, &s);
	wire_put_text(&c->out, s.root);
	finish_reply(d, c);
}

void
request_tell(struct labd *d, struct room *room, enum wait what, enum err e)
{
	struct connection *c;

	for (c = d->connections; c != NULL; c = c->next) {
		if (c->wait != what || c->room != room)
			continue;
		if (what == WAIT_START && e == ERR_OK)
			request_reply_status(d, c, room);
		else
			request_reply(d, c, e);
	}
}

/* ----------------------------------------------------------------------- calls
 */

static bool
take_status(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct room *room = room_find(d, wire_i64(&f));

	if (!wire_fields_end(&f))
		return false;
	if (room == NULL || room->live.state != LIVE_READY)
		request_reply(d, c, ERR_NOT_FOUND);
	else
		request_reply_status(d, c, room);
	return true;
}

/* They are kept in order of their numbers. */
static bool
take_list(struct labd *d, struct connection *c, struct wire_fields f)
{
	const struct room *room;
	struct labd_status s;
	uint32_t n = 0;

	if (!wire_fields_end(&f))
		return false;
	for (room = d->rooms; room != NULL; room = room->next)
		n += !room->ending && room->live.state == LIVE_READY;
	begin_reply(c, ERR_OK);
	wire_put_u32(&c->out, n);
	for (room = d->rooms; room != NULL; room = room->next) {
		if (room->ending || room->live.state != LIVE_READY)
			continue;
		s = room_status(d, room);
		labd_put_status(&c->out, &s);
	}
	finish_reply(d, c);
	return true;
}

static bool
take_ticket(struct labd *d, struct connection *c, struct wire_fields f)
{
	char text[LABD_TICKET_CHARS + 1];
	struct ticket what = {.box = wire_i64(&f)};
	enum err e = ERR_OK;

	what.terminal = wire_u8(&f);
	what.watch = wire_u8(&f) != 0;
	what.holder = wire_i64(&f);
	if (!wire_fields_end(&f))
		return false;
	if (what.terminal >= LABD_TERMINALS_MAX)
		e = ERR_INVALID;
	else if (room_find(d, what.box) == NULL)
		e = ERR_NOT_FOUND;
	else
		e = ticket_new(&d->tickets, what, text);
	begin_reply(c, e);
	if (e == ERR_OK)
		wire_put_bytes(&c->out, text, LABD_TICKET_CHARS);
	finish_reply(d, c);
	explicit_bzero(text, sizeof(text));
	return true;
}

static bool
take_extend(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct room *room = room_find(d, wire_i64(&f));
	int64_t deadline_at = wire_i64(&f);

	if (!wire_fields_end(&f))
		return false;
	if (room != NULL)
		room->deadline_at = deadline_at;
	request_reply(d, c, room == NULL ? ERR_NOT_FOUND : ERR_OK);
	return true;
}

static struct room *
find_ending(struct labd *d, int64_t number)
{
	struct room *room;

	for (room = d->rooms; room != NULL; room = room->next)
		if (room->number == number)
			break;
	return room;
}

static bool
take_stop(struct labd *d, struct connection *c, struct wire_fields f)
{
	int64_t number = wire_i64(&f);
	struct room *room;

	if (!wire_fields_end(&f))
		return false;
	if ((room = room_find(d, number)) == NULL)
		room = find_ending(d, number);
	if (room == NULL) {
		request_reply(d, c, ERR_OK);
		return true;
	}
	c->wait = WAIT_STOP;
	c->room = room;
	room_end(d, room, LABD_ENDED_BOX);
	return true;
}

static bool
take_detach(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct room *room = room_find(d, wire_i64(&f));
	int i;

	if (!wire_fields_end(&f))
		return false;
	if (room != NULL) {
		ticket_forget(&d->tickets, room->number);
		for (i = 0; i < LABD_TERMINALS_MAX; i++)
			terminal_leave(
			    d, &room->terminals[i], LABD_ENDED_TICKET);
	}
	request_reply(d, c, room == NULL ? ERR_NOT_FOUND : ERR_OK);
	return true;
}

static bool
take_tell(struct labd *d, struct connection *c, struct wire_fields f)
{
	struct room *room = room_find(d, wire_i64(&f));

	if (!wire_fields_end(&f))
		return false;
	if (room != NULL)
		watch_tell(d, room);
	request_reply(d, c, room == NULL ? ERR_NOT_FOUND : ERR_OK);
	return true;
}

static bool
take_unwatch(struct labd *d, struct connection *c, struct wire_fields f)
{
	int64_t holder = wire_i64(&f);

	if (!wire_fields_end(&f))
		return false;
	if (holder > 0)
		watch_end_holder(d, holder);
	request_reply(d, c, holder > 0 ? ERR_OK : ERR_INVALID);
	return true;
}

bool
request_take(
    struct labd *d, struct connection *c, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);

	if (frame->type == LABD_CALL_PUT || c->put != NULL)
		return put_take(d, c, frame);
	switch (frame->type) {
	case LABD_CALL_START:
	case LABD_CALL_FILE:
	case LABD_CALL_DATA:
	case LABD_CALL_GO:
		return upload_take(d, c, frame);
	case LABD_CALL_STATUS:
		return take_status(d, c, f);
	case LABD_CALL_LIST:
		return take_list(d, c, f);
	case LABD_CALL_TICKET:
		return take_ticket(d, c, f);
	case LABD_CALL_COLLECT:
		return collect_take(d, c, frame);
	case LABD_CALL_EXTEND:
		return take_extend(d, c, f);
	case LABD_CALL_STOP:
		return take_stop(d, c, f);
	case LABD_CALL_DETACH:
		return take_detach(d, c, f);
	case LABD_CALL_TELL:
		return take_tell(d, c, f);
	case LABD_CALL_UNWATCH:
		return take_unwatch(d, c, f);
	case LABD_ATTACH:
		return terminal_attach(d, c, frame);
	default:
		return false;
	}
}
