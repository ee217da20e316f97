/* One call of labd.h while it lasts: for the files of the caller's side. */
#ifndef LAB_ENGINE_LABD_CALL_H
#define LAB_ENGINE_LABD_CALL_H

#include "lab/engine/labd_wire.h"

#define CALL_AGAIN_MS 10 /* before another try at a daemon that is busy */

struct call {
	int fd;
	int64_t until; /* call_clock */
	struct wire_in in;
	struct wire_out out; /* of one frame */
};

int64_t call_clock(void); /* monotonic, in milliseconds */
void call_pause(int ms);

/* Close it, whatever open says. */
MUST_USE enum err call_open(struct call *c, const char *socket, int64_t until);
void call_close(struct call *c);

/* Sends the frame that was begun in c->out. */
MUST_USE enum err call_send(struct call *c);

/* A frame of any kind; wire_in_done(&c->in) lets go of it. */
MUST_USE enum err call_receive(struct call *c, struct wire_frame *frame);

/* The error of a reply; its fields are what stands behind. */
MUST_USE enum err
call_read_reply(const struct wire_frame *frame, struct wire_fields *f);
MUST_USE enum err call_reply(struct call *c, struct wire_fields *f);
MUST_USE enum err
call_take_status(struct wire_fields *f, struct labd_status *out);

/* Logs it: ERR_INTERNAL. */
MUST_USE enum err call_not_understood(void);

#endif
