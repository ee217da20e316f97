/*
 * The daemon's loop: one thread, one epoll(7), nothing that waits.
 *
 *	listener ─▶ connections ─┬─ calls ──▶ rooms (live boxes)
 *	                         └─ terminals ◀──▶ ptys of rooms
 *
 * Whatever takes time (a box being made, standing still, ending) is a state
 * that the next turn looks at again.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/image.h"
#include "lab/engine/labd_parts.h"
#include "lab/engine/pages.h"
#include "lab/engine/parts.h"

#define EVENTS_PER_TURN 64
#define TURN_MS 1000 /* longest sleep: the clock of tests may be moved */
#define END_MS 5000
#define SWEEP_MS 200 /* what a daemon before us left may still be ending */
#define SWEEP_FOR_MS 30000

static enum err
failed(const char *what)
{
	log_error("labd", "%s: %s", what, strerror(errno));
	return ERR_INTERNAL;
}

/* ---------------------------------------------------------------------- events
 */

void
event_want(struct labd *d, struct event *event, uint32_t wanted)
{
	struct epoll_event e = {.events = wanted, .data.ptr = event};
	int what;

	if (event->fd == -1 || event->wanted == wanted)
		return;
	/* even a descriptor of which nothing is wanted would tell its end */
	what = event->wanted == 0 ? EPOLL_CTL_ADD
	    : wanted == 0	  ? EPOLL_CTL_DEL
				  : EPOLL_CTL_MOD;
	if (epoll_ctl(d->epoll, what, event->fd, &e) == -1)
		(void)failed("epoll_ctl");
	event->wanted = wanted;
}

void
event_close(struct labd *d, struct event *event)
{
	event_want(d, event, 0);
	if (event->fd != -1)
		(void)close(event->fd);
	event->fd = -1;
}

void
labd_wake_in(struct labd *d, int64_t ms)
{
	if (ms >= TURN_MS)
		return;
	if (ms < 0)
		ms = 0;
	if (d->now_real + ms < d->wake_at)
		d->wake_at = d->now_real + ms;
}

/* --------------------------------------------------------------------- signals
 */

static void
on_signal(struct labd *d, struct event *event, uint32_t ready)
{
	struct signalfd_siginfo s;

	(void)ready;
	if (read(event->fd, &s, sizeof(s)) == (ssize_t)sizeof(s))
		d->ends = true;
}

static enum err
open_signals(struct labd *d)
{
	sigset_t ending;

	(void)sigemptyset(&ending);
	(void)sigaddset(&ending, SIGTERM);
	(void)sigaddset(&ending, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ending, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	/* boxes are our children, and are waited for */
	(void)signal(SIGCHLD, SIG_DFL);
	d->signals.fd = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	return d->signals.fd == -1 ? failed("signalfd") : ERR_OK;
}

/* ------------------------------------------------------------------------ turn
 */

static void
read_clocks(struct labd *d)
{
	d->now = clock_now();
	d->now_real = clock_real();
	d->wake_at = d->now_real + TURN_MS;
}

static void
sweep_tick(struct labd *d)
{
	if (d->sweep_until == 0)
		return;
	if (d->now_real >= d->sweep_at) {
		if (cgroup_sweep(&d->caps) || d->now_real >= d->sweep_until) {
			d->sweep_until = 0;
			return;
		}
		d->sweep_at = d->now_real + SWEEP_MS;
	}
	labd_wake_in(d, d->sweep_at - d->now_real);
}

static void
turn(struct labd *d, int64_t sleep_ms)
{
	struct epoll_event events[EVENTS_PER_TURN];
	struct event *event;
	int i, n;

	n = epoll_wait(d->epoll, events, EVENTS_PER_TURN, (int)sleep_ms);
	read_clocks(d);
	for (i = 0; i < n; i++) {
		event = events[i].data.ptr;
		/* one before it may have closed it; memory stays till later */
		if (event->fd != -1)
			event->on(d, event, events[i].events);
	}
	room_tick(d);
	connection_tick(d);
	sweep_tick(d);
	host_tick(d);
}

static void
end_all(struct labd *d)
{
	int64_t until = d->now_real + END_MS;
	struct room *room;

	event_close(d, &d->listener);
	for (room = d->rooms; room != NULL; room = room->next)
		room_end(d, room, LABD_ENDED_BOX);
	while (d->rooms != NULL && d->now_real < until)
		turn(d, 5);
	if (d->rooms != NULL)
		log_error("labd", "%d boxes did not end", room_count(d));
	while (d->connections != NULL) {
		connection_close(d, d->connections);
		connection_tick(d);
	}
}

/* ----------------------------------------------------------------------- start
 */

/* A box takes up to seven descriptors; what may be had is taken. */
static void
raise_files(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) == -1)
		return;
	l.rlim_cur = l.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &l) == -1)
		log_warning("labd", "open files: %s", strerror(errno));
}

static enum err
start(struct labd *d)
{
	enum err e;

	raise_files();
	if ((d->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1)
		return failed("epoll_create1");
	if ((e = open_signals(d)) != ERR_OK)
		return e;
	level_find(d);
	/* what is left of containers whoever looks first removes */
	if (d->driver == &driver_native)
		d->sweep_until = d->now_real + SWEEP_FOR_MS;
	if ((e = listener_open(d->options, &d->listener.fd)) != ERR_OK)
		return e;
	event_want(d, &d->signals, EPOLLIN);
	event_want(d, &d->listener, EPOLLIN);
	return ERR_OK;
}

enum err
labd_serve(const struct labd_options *o)
{
	static struct labd d;
	enum err e;

	d = (struct labd){
	    .options = o,
	    .epoll = -1,
	    .listener = {.fd = -1, .on = connection_accept},
	    .signals = {.fd = -1, .on = on_signal},
	    .image = {.fd = -1},
	    .driver =
		o->host.socket == NULL ? &driver_native : &driver_container,
	    .looker = {.fd = -1},
	    .piece = pages_new(RING_BYTES),
	    .chunk = pages_new(RING_BYTES),
	};
	tickets_open(&d.tickets, o->boxes_max);
	read_clocks(&d);
	if ((e = start(&d)) == ERR_OK) {
		while (!d.ends)
			turn(&d,
			    d.wake_at > d.now_real ? d.wake_at - d.now_real
						   : 0);
		end_all(&d);
		(void)unlink(o->socket);
	}
	host_end(&d);
	event_close(&d, &d.signals);
	event_close(&d, &d.listener);
	if (d.epoll != -1)
		(void)close(d.epoll);
	image_close(&d.image);
	tickets_close(&d.tickets);
	pages_free(d.piece, RING_BYTES);
	pages_free(d.chunk, RING_BYTES);
	return e;
}
