/* Waits for the end of a box: reads what it says, and ends it in time. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "lab/engine/parts.h"

enum { AT_CONTROL, AT_OUT, AT_ERR, N_WATCHED };

struct stream {
	int fd; /* -1: at its end */
	char *text;
	size_t size, max;
	bool full;
};

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

/* Reads what is there; what is over the limit is dropped. */
static void
read_stream(struct stream *s)
{
	char dropped[4096];
	ssize_t n;

	for (;;) {
		if (s->size < s->max) {
			n = read(s->fd, s->text + s->size, s->max - s->size);
			if (n > 0)
				s->size += (size_t)n;
		} else {
			n = read(s->fd, dropped, sizeof(dropped));
			if (n > 0)
				s->full = true;
			if (n > 0)
				return; /* a flood: the clock has a say too */
		}
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
	}
	if (n == 0 || errno != EAGAIN)
		s->fd = -1;
}

/* True when the box says that it is over, or says nothing any more. */
static bool
read_control(const struct watch *w, struct watched *out)
{
	int fd;

	if (note_receive(w->control, &out->note, &fd) == -1)
		return true;
	if (fd != -1)
		(void)close(fd);
	out->ended = out->note.step == STEP_ENDED;
	return true;
}

static void
watch_loop(const struct watch *w, struct stream s[2], struct watched *out)
{
	int64_t end = monotonic_ms() + (int64_t)w->seconds * SECOND_MS, left;
	struct pollfd p[N_WATCHED] = {
	    [AT_CONTROL] = {.fd = w->control, .events = POLLIN},
	};

	for (;;) {
		p[AT_OUT] = (struct pollfd){.fd = s[0].fd, .events = POLLIN};
		p[AT_ERR] = (struct pollfd){.fd = s[1].fd, .events = POLLIN};
		if ((left = end - monotonic_ms()) <= 0) {
			out->timeout = true;
			return;
		}
		if (poll(p, N_WATCHED, (int)left) == -1)
			continue; /* a signal */
		if (p[AT_OUT].revents != 0)
			read_stream(&s[0]);
		if (p[AT_ERR].revents != 0)
			read_stream(&s[1]);
		if (s[0].full) {
			out->flood = true;
			return;
		}
		if (p[AT_CONTROL].revents != 0 && read_control(w, out))
			return;
	}
}

void
watch_until_end(const struct watch *w, struct watched *out)
{
	struct stream s[2] = {
	    {.fd = w->out, .max = BOX_OUT_MAX},
	    {.fd = w->err, .max = BOX_ERR_MAX},
	};
	int i;

	*out = (struct watched){0};
	for (i = 0; i < 2; i++) {
		s[i].text = arena_alloc(w->arena, s[i].max + 1);
		(void)fcntl(s[i].fd, F_SETFL, O_NONBLOCK);
	}
	watch_loop(w, s, out);
	/*
	 * Process 1 becomes a zombie only when the last process of its pid
	 * namespace is gone: nothing of the box runs after this.
	 */
	(void)kill(w->pid, SIGKILL);
	while (waitpid(w->pid, NULL, 0) == -1 && errno == EINTR)
		;
	/* the pipes hold 64 KiB at most by now */
	for (i = 0; i < 2; i++)
		while (s[i].fd != -1)
			read_stream(&s[i]);
	out->flood = out->flood || s[0].full;
	out->out = s[0].text;
	out->out_size = s[0].size;
	out->err = s[1].text;
	out->err_size = s[1].size;
}
