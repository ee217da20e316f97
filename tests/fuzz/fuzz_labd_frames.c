/*
 * Any bytes as what the lab daemon or its caller receives: whole frames come
 * out in order and inside the buffer, fields never read past their frame, and
 * what is understood is written again as it was.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lab/engine/labd_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What was begun and ended in `out` is the frame that came. */
static void
must_be_same(const struct wire_out *out, const struct wire_frame *frame)
{
	must(out->end - out->start == WIRE_HEAD + 1 + frame->size);
	must(memcmp(out->bytes + out->start + WIRE_HEAD + 1, frame->payload,
		 frame->size) == 0);
}

static void
read_files(struct wire_fields f)
{
	char path[WIRE_TEXT_MAX + 1];
	size_t left;

	while (!f.broken && f.left > 0) {
		left = f.left;
		(void)wire_u32(&f);
		wire_text(&f, path);
		must(strlen(path) <= WIRE_TEXT_MAX);
		must(f.broken || f.left < left);
	}
}

static void
understand(struct wire_out *out, const struct wire_frame *frame)
{
	struct wire_fields f = wire_fields(frame);
	struct labd_status status;
	struct labd_start start;

	read_files(f);
	start = labd_take_start(&f);
	if (wire_fields_end(&f)) {
		wire_begin(out, frame->type);
		labd_put_start(out, &start);
		must(wire_end(out));
		must_be_same(out, frame);
		out->start = out->end = 0;
	}
	f = wire_fields(frame);
	status = labd_take_status(&f);
	if (wire_fields_end(&f)) {
		wire_begin(out, frame->type);
		labd_put_status(out, &status);
		must(wire_end(out));
		must_be_same(out, frame);
		out->start = out->end = 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_out out;
	static struct wire_in in;
	struct wire_frame frame;
	size_t used = 0;

	if (in.bytes == NULL) {
		wire_in_open(&in);
		wire_out_open(&out, WIRE_HEAD + WIRE_FRAME_MAX);
	}
	if (size > WIRE_FRAME_MAX)
		size = WIRE_FRAME_MAX;
	memcpy(in.bytes, data, size);
	in.start = 0;
	in.end = size;
	while (wire_in_frame(&in, &frame) == WIRE_READY) {
		must(frame.payload == in.bytes + used + WIRE_HEAD + 1);
		used += WIRE_HEAD + 1 + frame.size;
		must(used <= size);
		understand(&out, &frame);
		wire_in_done(&in);
	}
	return 0;
}
