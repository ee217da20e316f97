/*
 * What happens around requests in a worker: its start inside the sandbox, a
 * tick, and an end that answers what was asked.
 */
#include <kore/kore.h>
#include <kore/http.h>
#include <kore/hooks.h>

#include <unistd.h>

#include "base/log.h"
#include "http/kore_job.h"

#define TICK_MS 500
#define DRAIN_MS ((uint64_t)10000)
#define OPEN_PAUSE_SECONDS 1

#ifdef TANREN_COVERAGE
void __gcov_dump(void);
#endif

/* Kore looks at its timeouts only when something wakes it. */
static void
on_tick(void *arg, u_int64_t now)
{
	const struct server *s = kore_server_of_ours;

	(void)arg;
	(void)now;
	kore_bridge_tick();
	if (s->tick != NULL)
		s->tick(s->ctx);
}

void
kore_worker_configure(void)
{
	if (!kore_handle_start()) {
		/* Kore starts another at once: not too often */
		(void)sleep(OPEN_PAUSE_SECONDS);
		fatalx("the worker could not open what it needs");
	}
	(void)kore_timer_add(on_tick, TICK_MS, NULL, 0);
}

static bool
has_work(void)
{
	struct connection *c;

	if (http_request_count > 0)
		return true;
	TAILQ_FOREACH(c, &connections, list)
	if (c->proto == CONN_PROTO_HTTP && !TAILQ_EMPTY(&c->send_queue))
		return true;
	return false;
}

static void
stop_listening(void)
{
	struct kore_server *s;
	struct listener *l;

	LIST_FOREACH(s, &kore_servers, list)
	{
		LIST_FOREACH(l, &s->listeners, list)
		{
			if (l->fd != -1)
				(void)close(l->fd);
			l->fd = -1;
		}
	}
}

/*
 * Kore would drop what is on its way: finish it first, for a bounded time.
 * Connections that wait in the listener's queue were never asked anything.
 */
static void
drain(void)
{
	uint64_t now = kore_time_ms(), end = now + DRAIN_MS;

	stop_listening();
	for (; has_work() && now < end; now = kore_time_ms()) {
		kore_platform_event_wait(20);
		kore_timer_run(now);
		http_process();
		kore_connection_prune(KORE_CONNECTION_PRUNE_DISCONNECT);
	}
	if (has_work())
		log_warning("server", "ended with %u requests open",
		    (unsigned)http_request_count);
}

void
kore_worker_teardown(void)
{
	drain();
	kore_handle_end();
#ifdef TANREN_COVERAGE
	__gcov_dump();
#endif
}
