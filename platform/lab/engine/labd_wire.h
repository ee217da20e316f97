/*
 * The frames of calls (labd.h has those of terminals). Numbers are of 64, 32,
 * 16 or 8 bits; a text is its length (8 bits) and its bytes; see wire.h.
 *
 *	START	box 64, memory_mb 32, disk_mb 32, processes_max 32,
 *		deadline_at 64, idle_seconds 32, files 32, bytes 32
 *	FILE	path text, size 32; then DATA until its bytes are there
 *	DATA	bytes of the file that was named last
 *	GO	nothing: all files are there			-> status
 *	STATUS	box 64						-> status
 *	LIST	nothing				-> n 32, statuses
 *	TICKET	box 64, terminal 8, watch 8, holder 64		-> ticket
 *	COLLECT	box 64, n 32, n times: max_bytes 32, path text
 *					-> FILE, DATA …, then refused 32
 *	PUT	box 64, size 32, name text; then DATA, GO	-> nothing
 *	EXTEND	box 64, deadline_at 64				-> nothing
 *	STOP	box 64						-> nothing
 *	DETACH	box 64						-> nothing
 *	TELL	box 64						-> nothing
 *	UNWATCH	holder 64					-> nothing
 *
 *	REPLY	enum err 8, and after ERR_OK what stands behind the arrow
 *	status	box 64, level 8, started_at 64, deadline_at 64, active_at 64,
 *		terminals 16, watchers 16; of one box also: root text
 */
#ifndef LAB_ENGINE_LABD_WIRE_H
#define LAB_ENGINE_LABD_WIRE_H

#include "lab/engine/labd.h"
#include "lab/engine/wire.h"

enum labd_call_frame {
	LABD_CALL_START = 0x01,
	LABD_CALL_FILE = 0x02,
	LABD_CALL_DATA = 0x03,
	LABD_CALL_GO = 0x04,
	LABD_CALL_STATUS = 0x05,
	LABD_CALL_LIST = 0x06,
	LABD_CALL_TICKET = 0x07,
	LABD_CALL_COLLECT = 0x08,
	LABD_CALL_EXTEND = 0x09,
	LABD_CALL_STOP = 0x0a,
	LABD_CALL_DETACH = 0x0b,
	LABD_CALL_TELL = 0x0c,
	LABD_CALL_UNWATCH = 0x0d,
	LABD_CALL_PUT = 0x0e,
	LABD_REPLY = 0x80,
};

#define LABD_DATA_MAX ((size_t)32 * 1024) /* bytes of a DATA frame */
#define LABD_STATUS_BYTES ((size_t)37)
#define LABD_BOXES_MAX 1000 /* so that a list fits into one frame */

_Static_assert(LABD_FRAME_MAX == WIRE_FRAME_MAX, "one limit");
_Static_assert(
    LABD_BOXES_MAX *LABD_STATUS_BYTES + 16 < WIRE_FRAME_MAX, "a list fits");

/* The fields of a START. */
struct labd_start {
	int64_t box, deadline_at;
	uint32_t memory_mb, disk_mb, processes_max, idle_seconds;
	uint32_t files, bytes;
};

void labd_put_start(struct wire_out *out, const struct labd_start *s);
struct labd_start labd_take_start(struct wire_fields *f);

void labd_put_status(struct wire_out *out, const struct labd_status *s);
struct labd_status labd_take_status(struct wire_fields *f);

#endif
