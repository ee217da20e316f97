#include "support/labd_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

int64_t
monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

void
wait_ms(int ms)
{
	const struct timespec t = {
	    .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	(void)nanosleep(&t, NULL);
}

size_t
resident_bytes(pid_t pid)
{
	unsigned long size = 0, resident = 0;
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	if ((f = fopen(path, "re")) == NULL)
		return 0;
	if (fscanf(f, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	(void)fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* ---------------------------------------------------------------------- daemon
 */

void
labd_bench_start(struct labd_bench *b)
{
	int64_t until = monotonic_ms() + LABD_BENCH_MS;
	struct labd_status *list;
	size_t n;

	(void)fflush(NULL);
	b->daemon = fork();
	assert_int_not_equal(b->daemon, -1);
	if (b->daemon == 0) {
		/* a test that fails goes without a word */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(labd_serve(&b->options) == ERR_OK ? 0 : 1);
	}
	while (labd_list(b->socket, b->arena, &list, &n) != ERR_OK) {
		assert_true(monotonic_ms() < until);
		wait_ms(10);
	}
}

int
labd_bench_end(struct labd_bench *b, int signal)
{
	int status;

	assert_int_equal(kill(b->daemon, signal), 0);
	assert_int_equal(waitpid(b->daemon, &status, 0), b->daemon);
	b->daemon = 0;
	return status;
}

const char *labd_bench_images;

void
labd_bench_open(struct labd_bench *b)
{
	*b = (struct labd_bench){.arena = arena_new()};
	directory_make(b->directory);
	(void)snprintf(
	    b->socket, sizeof(b->socket), "%s/" LABD_SOCKET, b->directory);
	b->options = (struct labd_options){
	    .socket = b->socket,
	    .uid = geteuid(),
	    .gid = getegid(),
	    .least_level = 'D',
	    .boxes_max = 20,
	    .images = labd_bench_images,
	};
	labd_bench_start(b);
}

void
labd_bench_close(struct labd_bench *b)
{
	if (b->daemon != 0)
		assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	directory_remove(b->directory);
	arena_free(b->arena);
}

struct labd_spec
labd_bench_spec(int64_t box)
{
	return (struct labd_spec){
	    .box = box,
	    .memory_mb = 64,
	    .disk_mb = 16,
	    .processes_max = 32,
	    .deadline_at = clock_now() + HOUR_MS,
	    .idle_seconds = 3600,
	};
}

void
labd_bench_box(struct labd_bench *b, int64_t box)
{
	const struct labd_spec spec = labd_bench_spec(box);
	struct labd_status s;

	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_OK);
	assert_int_equal(s.box, box);
}

/* ---------------------------------------------------------------------- screen
 */

void
screen_attach(struct screen *s, const char *socket_path, const char *ticket)
{
	static const uint8_t size[] = {0, 24, 0, 80};
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	uint8_t attach[LABD_TICKET_CHARS + sizeof(size)];

	*s = (struct screen){.ended = -1};
	wire_in_open(&s->in);
	assert_true(strlen(socket_path) < sizeof(name.sun_path));
	memcpy(name.sun_path, socket_path, strlen(socket_path));
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
	    connect(s->fd, (struct sockaddr *)&name, sizeof(name)), 0);
	memcpy(attach, ticket, LABD_TICKET_CHARS);
	memcpy(attach + LABD_TICKET_CHARS, size, sizeof(size));
	screen_send(s, LABD_ATTACH, attach, sizeof(attach));
}

void
screen_open(struct screen *s, struct labd_bench *b, int64_t box, int terminal,
    bool watch)
{
	char ticket[LABD_TICKET_CHARS + 1];

	assert_int_equal(
	    labd_ticket(b->socket, box, terminal, watch, ticket), ERR_OK);
	screen_attach(s, b->socket, ticket);
}

void
screen_close(struct screen *s)
{
	(void)close(s->fd);
	wire_in_close(&s->in);
	buf_free(&s->text);
}

void
screen_clear(struct screen *s)
{
	buf_free(&s->text);
}

void
screen_send(struct screen *s, uint8_t type, const void *p, size_t n)
{
	uint8_t frame[WIRE_HEAD + WIRE_FRAME_MAX];
	size_t size = n + 1, at = 0;
	ssize_t sent;

	assert_true(size <= WIRE_FRAME_MAX);
	frame[0] = (uint8_t)(size >> 24);
	frame[1] = (uint8_t)(size >> 16);
	frame[2] = (uint8_t)(size >> 8);
	frame[3] = (uint8_t)size;
	frame[4] = type;
	if (n > 0)
		memcpy(frame + WIRE_HEAD + 1, p, n);
	while (at < WIRE_HEAD + size) {
		sent = send(
		    s->fd, frame + at, WIRE_HEAD + size - at, MSG_NOSIGNAL);
		if (sent <= 0)
			return; /* it ended: screen_end tells why */
		at += (size_t)sent;
	}
}

void
screen_type(struct screen *s, const char *keys)
{
	screen_send(s, LABD_TERMINAL_INPUT, keys, strlen(keys));
}

static void
take(struct screen *s, const struct wire_frame *frame)
{
	switch (frame->type) {
	case LABD_TERMINAL_REPLAY:
		s->replays++;
		s->replayed += frame->size;
		buf_put(&s->text, frame->payload, frame->size);
		break;
	case LABD_TERMINAL_OUTPUT:
		buf_put(&s->text, frame->payload, frame->size);
		break;
	case LABD_TERMINAL_ENDED:
		assert_int_equal(frame->size, 1);
		s->ended = frame->payload[0];
		break;
	case LABD_TERMINAL_NEWS:
		assert_int_equal(frame->size, 1);
		s->news++;
		s->watchers = frame->payload[0];
		break;
	case LABD_TERMINAL_SIZE:
		assert_int_equal(frame->size, 4);
		s->rows = frame->payload[0] << 8 | frame->payload[1];
		s->columns = frame->payload[2] << 8 | frame->payload[3];
		break;
	default:
		fail_msg("frame %x", frame->type);
	}
}

bool
screen_read(struct screen *s, int ms)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	struct wire_frame frame;
	enum wire_state state;

	if (poll(&p, 1, ms) <= 0)
		return false;
	if (wire_in_read(&s->in, s->fd) == WIRE_ENDED) {
		if (s->ended == -1)
			s->ended = -2;
		return false;
	}
	while ((state = wire_in_frame(&s->in, &frame)) == WIRE_READY) {
		take(s, &frame);
		wire_in_done(&s->in);
	}
	assert_int_equal(state, WIRE_WAIT);
	return true;
}

bool
screen_shows(struct screen *s, const char *what)
{
	int64_t until = monotonic_ms() + LABD_BENCH_MS, left;

	/* a NUL in between would hide what follows: nothing here prints one */
	while (strstr(buf_text(&s->text), what) == NULL) {
		left = until - monotonic_ms();
		if (left <= 0 || s->ended != -1) {
			print_error("waited for '%s', ended %d, saw: %s\n",
			    what, s->ended, buf_text(&s->text));
			return false;
		}
		(void)screen_read(s, (int)left);
	}
	return true;
}

int
screen_end(struct screen *s)
{
	int64_t until = monotonic_ms() + LABD_BENCH_MS;

	while (s->ended == -1 && monotonic_ms() < until)
		(void)screen_read(s, 100);
	return s->ended;
}

void
screen_plain(struct screen *s)
{
	assert_true(screen_shows(s, "$ "));
	screen_type(s, "exec env PS1= PS2= sh\n");
	screen_type(s, "stty -echo -onlcr; echo READ''Y\n");
	assert_true(screen_shows(s, "READY\n"));
	/* nothing is on its way any more */
	screen_type(s, "echo STEA''DY\n");
	assert_true(screen_shows(s, "STEADY\n"));
	screen_clear(s);
}

const char *
screen_run(struct screen *s, const char *command, int *status)
{
	char *end, *text;

	screen_clear(s);
	screen_type(s, command);
	screen_type(s, "\necho @@$?@@\n");
	assert_true(screen_shows(s, "@@\n"));
	text = buf_take(&s->text, NULL);
	end = strstr(text, "@@");
	assert_non_null(end);
	*status = atoi(end + 2);
	*end = '\0';
	buf_puts(&s->text, text);
	free(text);
	return buf_text(&s->text);
}
