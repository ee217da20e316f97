/* The fields that both ends of a call write and read. */
#include "lab/engine/labd_wire.h"

void
labd_put_start(struct wire_out *out, const struct labd_start *s)
{
	wire_put_i64(out, s->box);
	wire_put_u32(out, s->memory_mb);
	wire_put_u32(out, s->disk_mb);
	wire_put_u32(out, s->processes_max);
	wire_put_i64(out, s->deadline_at);
	wire_put_u32(out, s->idle_seconds);
	wire_put_u32(out, s->files);
	wire_put_u32(out, s->bytes);
}

struct labd_start
labd_take_start(struct wire_fields *f)
{
	struct labd_start s = {.box = wire_i64(f)};

	s.memory_mb = wire_u32(f);
	s.disk_mb = wire_u32(f);
	s.processes_max = wire_u32(f);
	s.deadline_at = wire_i64(f);
	s.idle_seconds = wire_u32(f);
	s.files = wire_u32(f);
	s.bytes = wire_u32(f);
	return s;
}

void
labd_put_status(struct wire_out *out, const struct labd_status *s)
{
	wire_put_i64(out, s->box);
	wire_put_u8(out, (uint8_t)s->level);
	wire_put_i64(out, s->started_at);
	wire_put_i64(out, s->deadline_at);
	wire_put_i64(out, s->active_at);
	wire_put_u16(out, (uint16_t)s->terminals);
	wire_put_u16(out, (uint16_t)s->watchers);
}

struct labd_status
labd_take_status(struct wire_fields *f)
{
	struct labd_status s = {.box = wire_i64(f)};

	s.level = (char)wire_u8(f);
	s.started_at = wire_i64(f);
	s.deadline_at = wire_i64(f);
	s.active_at = wire_i64(f);
	s.terminals = wire_u16(f);
	s.watchers = wire_u16(f);
	return s;
}
