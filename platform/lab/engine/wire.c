/* Frames and their fields, in buffers that do not grow. */
#include "lab/engine/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "lab/engine/pages.h"

#define IN_BYTES (WIRE_HEAD + WIRE_FRAME_MAX)

static uint32_t
read_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static void
write_u32(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)(n >> 24);
	p[1] = (uint8_t)(n >> 16);
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
}

/* ---------------------------------------------------------------- reading */

void
wire_in_open(struct wire_in *in)
{
	*in = (struct wire_in){.bytes = pages_new(IN_BYTES)};
}

void
wire_in_close(struct wire_in *in)
{
	pages_free(in->bytes, IN_BYTES);
	*in = (struct wire_in){0};
}

enum wire_state
wire_in_read(struct wire_in *in, int fd)
{
	ssize_t n;

	if (in->start > 0) {
		memmove(in->bytes, in->bytes + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->end == IN_BYTES)
		return WIRE_READY; /* a whole frame is here */
	n = read(fd, in->bytes + in->end, IN_BYTES - in->end);
	if (n == 0)
		return WIRE_ENDED;
	if (n == -1)
		return errno == EAGAIN || errno == EINTR ? WIRE_WAIT
							 : WIRE_ENDED;
	in->end += (size_t)n;
	return WIRE_READY;
}

enum wire_state
wire_in_frame(const struct wire_in *in, struct wire_frame *out)
{
	const uint8_t *p = in->bytes + in->start;
	size_t have = in->end - in->start, size;

	if (have < WIRE_HEAD)
		return WIRE_WAIT;
	size = read_u32(p);
	if (size < 1 || size > WIRE_FRAME_MAX)
		return WIRE_BROKEN;
	if (have < WIRE_HEAD + size)
		return WIRE_WAIT;
	*out = (struct wire_frame){
	    .type = p[WIRE_HEAD],
	    .payload = p + WIRE_HEAD + 1,
	    .size = size - 1,
	};
	return WIRE_READY;
}

void
wire_in_done(struct wire_in *in)
{
	struct wire_frame frame;

	if (wire_in_frame(in, &frame) == WIRE_READY)
		in->start += WIRE_HEAD + 1 + frame.size;
}

struct wire_fields
wire_fields(const struct wire_frame *frame)
{
	return (struct wire_fields){.at = frame->payload, .left = frame->size};
}

/* n bytes, or NULL. */
static const uint8_t *
take(struct wire_fields *f, size_t n)
{
	const uint8_t *p = f->at;

	if (f->broken || f->left < n) {
		f->broken = true;
		return NULL;
	}
	f->at += n;
	f->left -= n;
	return p;
}

uint8_t
wire_u8(struct wire_fields *f)
{
	const uint8_t *p = take(f, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t
wire_u16(struct wire_fields *f)
{
	const uint8_t *p = take(f, 2);

	return (uint16_t)(p == NULL ? 0 : p[0] << 8 | p[1]);
}

uint32_t
wire_u32(struct wire_fields *f)
{
	const uint8_t *p = take(f, 4);

	return p == NULL ? 0 : read_u32(p);
}

int64_t
wire_i64(struct wire_fields *f)
{
	const uint8_t *p = take(f, 8);

	return p == NULL
	    ? 0
	    : (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4));
}

void
wire_bytes(struct wire_fields *f, void *out, size_t n)
{
	const uint8_t *p = take(f, n);

	if (p == NULL)
		memset(out, 0, n);
	else
		memcpy(out, p, n);
}

void
wire_text(struct wire_fields *f, char out[WIRE_TEXT_MAX + 1])
{
	size_t n = wire_u8(f);
	const uint8_t *p = take(f, n);

	out[0] = '\0';
	if (p == NULL)
		return;
	if (memchr(p, '\0', n) != NULL) {
		f->broken = true;
		return;
	}
	memcpy(out, p, n);
	out[n] = '\0';
}

bool
wire_fields_end(const struct wire_fields *f)
{
	return !f->broken && f->left == 0;
}

/* ---------------------------------------------------------------- writing */

void
wire_out_open(struct wire_out *out, size_t max)
{
	*out = (struct wire_out){.bytes = pages_new(max), .max = max};
}

void
wire_out_close(struct wire_out *out)
{
	pages_free(out->bytes, out->max);
	*out = (struct wire_out){0};
}

size_t
wire_out_room(const struct wire_out *out)
{
	size_t left = out->max - (out->end - out->start);

	if (left <= WIRE_HEAD + 1)
		return 0;
	left -= WIRE_HEAD + 1;
	return left < WIRE_PAYLOAD_MAX ? left : WIRE_PAYLOAD_MAX;
}

bool
wire_out_is_empty(const struct wire_out *out)
{
	return out->start == out->end;
}

void
wire_put_bytes(struct wire_out *out, const void *p, size_t n)
{
	if (out->full || n > out->max - out->end) {
		out->full = true;
		return;
	}
	if (n > 0)
		memcpy(out->bytes + out->end, p, n);
	out->end += n;
}

void
wire_put_u8(struct wire_out *out, uint8_t n)
{
	wire_put_bytes(out, &n, 1);
}

void
wire_put_u16(struct wire_out *out, uint16_t n)
{
	const uint8_t p[2] = {(uint8_t)(n >> 8), (uint8_t)n};

	wire_put_bytes(out, p, sizeof(p));
}

void
wire_put_u32(struct wire_out *out, uint32_t n)
{
	uint8_t p[4];

	write_u32(p, n);
	wire_put_bytes(out, p, sizeof(p));
}

void
wire_put_i64(struct wire_out *out, int64_t n)
{
	wire_put_u32(out, (uint32_t)((uint64_t)n >> 32));
	wire_put_u32(out, (uint32_t)n);
}

void
wire_put_text(struct wire_out *out, const char *s)
{
	size_t n = strlen(s);

	if (n > WIRE_TEXT_MAX) {
		out->full = true;
		return;
	}
	wire_put_u8(out, (uint8_t)n);
	wire_put_bytes(out, s, n);
}

void
wire_begin(struct wire_out *out, uint8_t type)
{
	/* what is sent makes room again */
	if (out->start > 0) {
		memmove(
		    out->bytes, out->bytes + out->start, out->end - out->start);
		out->end -= out->start;
		out->start = 0;
	}
	out->frame = out->end;
	out->full = false;
	wire_put_u32(out, 0);
	wire_put_u8(out, type);
}

bool
wire_end(struct wire_out *out)
{
	size_t size = out->end - out->frame;

	if (out->full || size > WIRE_HEAD + WIRE_FRAME_MAX) {
		out->end = out->frame;
		return false;
	}
	write_u32(out->bytes + out->frame, (uint32_t)(size - WIRE_HEAD));
	return true;
}

enum wire_state
wire_out_send(struct wire_out *out, int fd)
{
	ssize_t n;

	while (out->start < out->end) {
		n = send(fd, out->bytes + out->start, out->end - out->start,
		    MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return errno == EAGAIN ? WIRE_WAIT : WIRE_ENDED;
		out->start += (size_t)n;
	}
	out->start = out->end = 0;
	return WIRE_READY;
}
