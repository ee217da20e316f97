/*
 * A container host as the daemon sees it: looked at by a process of its own,
 * which answers on a pipe, since a host may take its time. One that is not
 * there is looked at again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/labd_parts.h"

#define FIRST_MS 10000 /* the daemon waits for the first answer */
#define AGAIN_MS 2000 /* then twice as long each time, up to … */
#define AGAIN_MS_MAX 60000
#define ANSWER 3 /* where whoever looks writes it */

static void
take(struct labd *d, const struct container_found *f)
{
	static char sentence[sizeof(f->sentence)];

	/* one that is still not there is said once */
	if (f->level == d->caps.level && strcmp(f->sentence, sentence) == 0)
		return;
	memcpy(sentence, f->sentence, sizeof(sentence));
	d->caps = (struct box_caps){
	    .ids = f->ids,
	    .cgroup = f->cgroup,
	    .seccomp = f->seccomp,
	    .level = f->level,
	    .sentence = sentence,
	    .image = &d->image,
	};
	memcpy(d->image.digest, f->root, sizeof(d->image.digest));
	level_decide(d);
}

static void
look_later(struct labd *d)
{
	d->look_ms = d->look_ms == 0	    ? AGAIN_MS
	    : d->look_ms * 2 > AGAIN_MS_MAX ? AGAIN_MS_MAX
					    : d->look_ms * 2;
	d->look_at = d->now_real + d->look_ms;
}

static void
on_answer(struct labd *d, struct event *event, uint32_t ready)
{
	struct container_found f;
	ssize_t n = read(event->fd, &f, sizeof(f));

	(void)ready;
	event_close(d, event);
	(void)waitpid(d->looker_pid, NULL, 0); /* it ends when it has told */
	d->looker_pid = 0;
	look_later(d);
	if (n == (ssize_t)sizeof(f))
		take(d, &f);
	else
		log_error("labd", "the container host could not be looked at");
}

static void
look(struct labd *d)
{
	struct container_found f;
	int pipe_of[2];

	d->look_at = d->now_real + AGAIN_MS;
	if (pipe2(pipe_of, O_CLOEXEC) == -1) {
		log_error("labd", "pipe: %s", strerror(errno));
		return;
	}
	if ((d->looker_pid = fork()) == 0) {
		/* nothing of the daemon's stays open longer for it */
		(void)dup2(pipe_of[1], ANSWER);
		(void)close_range(ANSWER + 1, ~0U, 0);
		/* no box of ours lives while we do not know the host */
		container_look(&d->options->host, d->rooms == NULL, &f);
		(void)!write(ANSWER, &f, sizeof(f));
		_exit(0);
	}
	(void)close(pipe_of[1]);
	if (d->looker_pid == -1) {
		log_error("labd", "fork: %s", strerror(errno));
		d->looker_pid = 0;
		(void)close(pipe_of[0]);
		return;
	}
	d->looker = (struct event){.fd = pipe_of[0], .on = on_answer};
	event_want(d, &d->looker, EPOLLIN);
}

void
host_find(struct labd *d)
{
	struct pollfd p = {.events = POLLIN};

	d->unavailable = true;
	look(d);
	if ((p.fd = d->looker.fd) != -1 && poll(&p, 1, FIRST_MS) == 1)
		on_answer(d, &d->looker, EPOLLIN);
}

void
host_tick(struct labd *d)
{
	if (d->driver != &driver_container || !d->unavailable ||
	    d->looker_pid != 0)
		return;
	if (d->now_real >= d->look_at)
		look(d);
	else
		labd_wake_in(d, d->look_at - d->now_real);
}

void
host_end(struct labd *d)
{
	if (d->looker_pid == 0)
		return;
	(void)kill(d->looker_pid, SIGKILL);
	(void)waitpid(d->looker_pid, NULL, 0);
	event_close(d, &d->looker);
}
