/*
 * Between the files that know Kore: a request on its way through a lane. Made
 * and ended by the main thread; in between the lane's thread has it.
 */
#ifndef HTTP_KORE_JOB_H
#define HTTP_KORE_JOB_H

#include <stdbool.h>

#include "db/lane.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/server.h"

struct http_request;

struct kore_job {
	struct task task; /* first: the lane hands it back */
	struct kore_job *next; /* in the list of those that are done */
	struct http_request *from; /* main thread; NULL: the client has left */
	bool is_done; /* main thread */
	uint64_t began_at; /* kore_time_ms */
	enum err outcome; /* of dispatch, in the lane's thread */
	struct arena *arena;
	struct req req;
	struct reply reply;
};

/* What this process runs, set by server_run before Kore starts, and who. */
extern const struct server *kore_server_of_ours;
extern int kore_parent_of_ours;

/*
 * Copies everything of the request that a handler may read into the job's
 * arena. ERR_INVALID for an address that is none; the form is left to
 * kore_request_form, which the lane's thread calls.
 */
MUST_USE enum err
kore_request_copy(struct http_request *from, struct kore_job *job);
MUST_USE enum err kore_request_form(struct req *r);

/*
 * The handler's part of a worker's start and end. False: what it needs could
 * not be opened; the cause is logged.
 */
bool kore_handle_start(void);
void kore_handle_end(void);

/* Sends the answer; its body is handed over and freed when it is sent. */
void kore_reply_send(struct http_request *to, struct reply *re);

/*
 * The bridge (server.h): true when the request was for it, and is answered.
 * A tick twice a second ends what is over.
 */
bool kore_bridge_takes(struct http_request *r);
void kore_bridge_tick(void);
void kore_bridge_figures(struct server_figures *out);

#endif
