/*
 * The one handler that Kore knows:
 *
 *	request ─▶ copy ─▶ row ─▶ lane's queue │ lane's thread: dispatch()
 *	   ▲ asleep                            │        │
 *	answer ◀── job ◀── done list ◀─ eventfd ────────┘
 *
 * Kore's structures are touched by the main thread alone. A client that
 * leaves takes its request along; the job is freed when its lane is done.
 */
#include <kore/kore.h>
#include <kore/http.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/dispatch.h"
#include "http/kore_job.h"

#define EVENT_TYPE 1001 /* none of Kore's */
#define BODY_BYTES_OPEN_MAX ((uint64_t)128 * 1024 * 1024)
#define BUSY_RETRY_SECONDS 2
#define SLOW_MS 1000

int kore_handle(struct http_request *from);

/* This worker, from kore_handle_start on. */
static struct {
	const struct site *site;
	struct server_lanes lanes;
	struct kore_event event;
	int event_fd;
	pthread_mutex_t lock; /* guards done */
	struct kore_job *done;
	atomic_uint_fast64_t answers[6], requests_open, body_bytes_open;
} own = {.event_fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

void
server_figures(struct server_figures *out)
{
	size_t i;

	for (i = 0; i < 6; i++)
		out->answers[i] = atomic_load(&own.answers[i]);
	out->requests_open = atomic_load(&own.requests_open);
	out->body_bytes_open = atomic_load(&own.body_bytes_open);
	kore_bridge_figures(out);
}

/* ------------------------------------------------------- a lane's thread */

/* A lane may run a task again whose transaction gave way to another. */
static void
reply_reset(struct kore_job *job)
{
	buf_free(&job->reply.body);
	job->reply = (struct reply){0};
	job->req.viewer = NULL;
	job->req.marks = NULL;
}

static enum err
job_run(struct db *db, struct task *t)
{
	struct kore_job *job = (struct kore_job *)(void *)t;
	struct req *r = &job->req;
	enum err e;

	reply_reset(job);
	r->db = db;
	r->now = clock_now();
	if (r->form.list == NULL && (e = kore_request_form(r)) != ERR_OK) {
		dispatch_error(r, &job->reply, e);
		return job->outcome = e;
	}
	return job->outcome = dispatch(r, &job->reply);
}

/*
 * What dispatch answered stands, unless the lane could not keep what it
 * wrote: then nobody is told that it was saved.
 */
static void
job_done(struct task *t, enum err result)
{
	struct kore_job *job = (struct kore_job *)(void *)t;
	uint64_t one = 1;
	bool first;

	job->req.db = NULL;
	if (result != job->outcome) {
		reply_reset(job);
		job->reply.retry_after_seconds = BUSY_RETRY_SECONDS;
		dispatch_error(&job->req, &job->reply, result);
	}
	(void)pthread_mutex_lock(&own.lock);
	first = own.done == NULL;
	job->next = own.done;
	own.done = job;
	(void)pthread_mutex_unlock(&own.lock);
	if (first)
		(void)!write(own.event_fd, &one, sizeof(one));
}

/* ------------------------------------------------------- the main thread */

static struct kore_job *
job_new(struct http_request *from)
{
	struct kore_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		fatalx("out of memory");
	job->task.run = job_run;
	job->task.done = job_done;
	job->from = from;
	job->arena = arena_new();
	job->began_at = kore_time_ms();
	job->req.site = own.site;
	(void)atomic_fetch_add(&own.requests_open, 1);
	return job;
}

static void
job_free(struct kore_job *job)
{
	(void)atomic_fetch_sub(&own.requests_open, 1);
	(void)atomic_fetch_sub(&own.body_bytes_open, job->req.body_size);
	buf_free(&job->reply.body);
	arena_free(job->arena);
	free(job);
}

/* Called by Kore when it frees a request, perhaps more than once. */
static void
request_freed(struct http_request *from)
{
	struct kore_job *job = from->hdlr_extra;

	from->hdlr_extra = NULL;
	if (job == NULL)
		return;
	job->from = NULL;
	if (job->is_done)
		job_free(job);
}

static void
jobs_collect(void)
{
	struct kore_job *job, *next;

	(void)pthread_mutex_lock(&own.lock);
	job = own.done;
	own.done = NULL;
	(void)pthread_mutex_unlock(&own.lock);
	for (; job != NULL; job = next) {
		next = job->next;
		job->is_done = true;
		if (job->from == NULL)
			job_free(job);
		else
			http_request_wakeup(job->from);
	}
}

static void
on_event(void *arg, int error)
{
	uint64_t n;

	(void)arg;
	(void)error;
	own.event.flags = 0;
	(void)!read(own.event_fd, &n, sizeof(n));
	jobs_collect();
}

static struct lane *
lane_of(const struct route *route)
{
	switch (dispatch_lane(route)) {
	case LANE_CHOICE_WRITE:
		return own.lanes.writer;
	case LANE_CHOICE_PASSWORD:
		return own.lanes.password;
	case LANE_CHOICE_CALLS:
		return own.lanes.calls;
	case LANE_CHOICE_READ:
		break;
	}
	return own.lanes.reader;
}

/* A page that is not there still knows who is looking: a reader's work. */
static enum err
job_submit(struct kore_job *job)
{
	struct req *r = &job->req;
	enum err e;

	if (job->from->method != HTTP_METHOD_GET &&
	    job->from->method != HTTP_METHOD_POST &&
	    job->from->method != HTTP_METHOD_HEAD)
		return ERR_METHOD;
	if (atomic_load(&own.body_bytes_open) > BODY_BYTES_OPEN_MAX)
		return ERR_BUSY;
	e = dispatch_find(own.site, r->method, r->path, r);
	if (e == ERR_NOT_FOUND)
		return lane_submit(own.lanes.reader, &job->task);
	if (e != ERR_OK)
		return e;
	return lane_submit(lane_of(r->route), &job->task);
}

/*
 * What failed or was slow is told by its pattern: an address may hold a
 * token. The rest is counted.
 */
static void
note_answer(const struct kore_job *job, uint64_t ms)
{
	const struct route *route = job->req.route;
	int status = job->reply.status, class = status / 100;

	if (class >= 0 && class < 6)
		(void)atomic_fetch_add(&own.answers[class], 1);
	if (class >= 5 || ms > SLOW_MS)
		log_warning("request", "%s %d after %llu ms",
		    route == NULL ? "(no page)" : route->pattern, status,
		    (unsigned long long)ms);
}

static void
answer(struct kore_job *job, struct http_request *to)
{
	note_answer(job, kore_time_ms() - job->began_at);
	kore_reply_send(to, &job->reply);
}

/* Without a lane and without the database. */
static void
refuse(struct kore_job *job, enum err e, int status)
{
	job->is_done = true;
	job->req.now = clock_now();
	if (e == ERR_BUSY)
		job->reply.retry_after_seconds = BUSY_RETRY_SECONDS;
	dispatch_error(&job->req, &job->reply, e);
	if (status != 0)
		job->reply.status = status;
}

int
kore_handle(struct http_request *from)
{
	struct kore_job *job = from->hdlr_extra;
	enum err e;

	if (job != NULL && !job->is_done) {
		http_request_sleep(from);
		return KORE_RESULT_RETRY;
	}
	if (job != NULL) {
		answer(job, from);
		return KORE_RESULT_OK;
	}
	if (kore_bridge_takes(from))
		return KORE_RESULT_OK;
	job = job_new(from);
	from->hdlr_extra = job;
	from->onfree = request_freed;
	from->flags |= HTTP_REQUEST_RETAIN_EXTRA;
	from->owner->http_timeout = 0; /* all of it is here */
	e = kore_request_copy(from, job);
	(void)atomic_fetch_add(&own.body_bytes_open, job->req.body_size);
	if (e != ERR_OK)
		refuse(job, e, HTTP_STATUS_BAD_REQUEST);
	else if ((e = job_submit(job)) != ERR_OK)
		refuse(job, e, 0);
	if (job->is_done) {
		answer(job, from);
		return KORE_RESULT_OK;
	}
	http_request_sleep(from);
	return KORE_RESULT_RETRY;
}

/* ---------------------------------------------------------- start and end */

bool
kore_handle_start(void)
{
	const struct server *s = kore_server_of_ours;

	own.event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (own.event_fd == -1)
		return false;
	own.event.type = EVENT_TYPE;
	own.event.handle = on_event;
	kore_platform_event_schedule(own.event_fd, EPOLLIN, 0, &own.event);
	return s->open(s->ctx, worker->id - 1u, &own.site, &own.lanes) ==
	    ERR_OK;
}

void
kore_handle_end(void)
{
	const struct server *s = kore_server_of_ours;

	s->close(s->ctx);
	jobs_collect();
}
