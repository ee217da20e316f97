/*
 * The frames of labd (labd.h): a length of 32 bits, big end first, of what
 * follows; a type of 8 bits; a payload of numbers, big end first, and texts.
 * For both ends: the daemon with sockets that do not block, its callers with
 * such that do.
 *
 * A frame in memory is either whole or not there; nothing a peer sends makes
 * a buffer larger than it was made.
 */
#ifndef LAB_ENGINE_WIRE_H
#define LAB_ENGINE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define WIRE_HEAD ((size_t)4) /* bytes of the length */
#define WIRE_FRAME_MAX ((size_t)64 * 1024) /* type and payload */
#define WIRE_PAYLOAD_MAX (WIRE_FRAME_MAX - 1)
#define WIRE_TEXT_MAX 255

/* ---------------------------------------------------------------- reading */

struct wire_frame {
	uint8_t type;
	const uint8_t *payload; /* in the reader's memory, until wire_done */
	size_t size;
};

/* What has come and has not been used. */
struct wire_in {
	uint8_t *bytes; /* pages of WIRE_HEAD + WIRE_FRAME_MAX */
	size_t start, end;
};

enum wire_state {
	WIRE_READY, /* a frame, some bytes */
	WIRE_WAIT, /* no whole frame yet; nothing to read or no room to write */
	WIRE_ENDED, /* the peer has gone */
	WIRE_BROKEN, /* no frame of ours: the connection is to be closed */
};

void wire_in_open(struct wire_in *in);
void wire_in_close(struct wire_in *in);

/* One read(2) of what is there: READY, WAIT or ENDED. */
enum wire_state wire_in_read(struct wire_in *in, int fd);

/* The first frame that is here whole: READY, WAIT or BROKEN. */
enum wire_state wire_in_frame(const struct wire_in *in, struct wire_frame *out);

/* Lets go of the frame that wire_in_frame gave. */
void wire_in_done(struct wire_in *in);

/*
 * The fields of a payload, in order. Reading past its end gives zeros and
 * sets `broken`; so does a text with a NUL or too long. Ask once, at the end.
 */
struct wire_fields {
	const uint8_t *at;
	size_t left;
	bool broken;
};

struct wire_fields wire_fields(const struct wire_frame *frame);
uint8_t wire_u8(struct wire_fields *f);
uint16_t wire_u16(struct wire_fields *f);
uint32_t wire_u32(struct wire_fields *f);
int64_t wire_i64(struct wire_fields *f);
void wire_bytes(struct wire_fields *f, void *out, size_t n);
void wire_text(struct wire_fields *f, char out[WIRE_TEXT_MAX + 1]);

/* Everything was there, and nothing is left. */
bool wire_fields_end(const struct wire_fields *f);

/* ---------------------------------------------------------------- writing */

/* What has not been sent yet. */
struct wire_out {
	uint8_t *bytes; /* pages of `max` */
	size_t start, end, max;
	size_t frame; /* where the frame that is being made begins */
	bool full; /* … and that it did not fit: it is left out */
};

void wire_out_open(struct wire_out *out, size_t max);
void wire_out_close(struct wire_out *out);

/* Bytes of payloads in one frame that still fit. */
size_t wire_out_room(const struct wire_out *out);
bool wire_out_is_empty(const struct wire_out *out);

/* One frame after the other. End answers false when it was left out. */
void wire_begin(struct wire_out *out, uint8_t type);
void wire_put_u8(struct wire_out *out, uint8_t n);
void wire_put_u16(struct wire_out *out, uint16_t n);
void wire_put_u32(struct wire_out *out, uint32_t n);
void wire_put_i64(struct wire_out *out, int64_t n);
void wire_put_bytes(struct wire_out *out, const void *p, size_t n);
void wire_put_text(struct wire_out *out, const char *s);
bool wire_end(struct wire_out *out);

/* Sends what the socket takes: READY when all is sent, WAIT or ENDED. */
enum wire_state wire_out_send(struct wire_out *out, int fd);

#endif
