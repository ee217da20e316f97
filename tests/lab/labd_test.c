/*
 * The lab daemon: real boxes of a real daemon. Run by root, all rules are
 * proved twice: as root and as an ordinary user. The level that this machine
 * gives is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "support/labd_bench.h"
#include "support/processes.h"

#define NOBODY 65534
#define PASTE_BYTES ((size_t)1024 * 1024)
#define FLOOD_GROWTH_MAX ((size_t)4 * 1024 * 1024)
#define ANSWER_MS_MAX 100
#define ANSWER_TRIES 60
#define STOP_MS_MAX 1500

static char level; /* of this machine, for this user */

static int
set_up(void **state)
{
	struct labd_bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	labd_bench_open(b);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct labd_bench *b = *state;

	labd_bench_close(b);
	free(b);
	return 0;
}

/* The status of a box, or what kept it from being had. */
static enum err
status_of(struct labd_bench *b, int64_t box)
{
	struct labd_status s;

	return labd_status(b->socket, box, &s);
}

static void
wait_until_gone(struct labd_bench *b, int64_t box)
{
	int64_t until = monotonic_ms() + LABD_BENCH_MS;

	while (status_of(b, box) != ERR_NOT_FOUND) {
		assert_true(monotonic_ms() < until);
		wait_ms(20);
	}
}

/* ----------------------------------------------------------------------- calls
 */

static void
boxes_are_started_listed_and_stopped(void **state)
{
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(30);
	struct labd_status s, again, *list;
	size_t n;

	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_OK);
	assert_int_equal(s.level, level);
	assert_true(s.deadline_at == spec.deadline_at);
	labd_bench_box(b, 10);
	labd_bench_box(b, 20);
	/* one that is there stays as it is */
	spec.deadline_at += HOUR_MS;
	assert_int_equal(labd_start(b->socket, &spec, &again), ERR_OK);
	assert_true(again.started_at == s.started_at);
	assert_true(again.deadline_at == s.deadline_at);
	assert_int_equal(labd_extend(b->socket, 30, spec.deadline_at), ERR_OK);
	assert_int_equal(labd_list(b->socket, b->arena, &list, &n), ERR_OK);
	assert_int_equal(n, 3);
	assert_int_equal(list[0].box, 10);
	assert_int_equal(list[1].box, 20);
	assert_int_equal(list[2].box, 30);
	assert_true(list[2].deadline_at == spec.deadline_at);
	assert_int_equal(labd_stop(b->socket, 20), ERR_OK);
	assert_int_equal(labd_stop(b->socket, 20), ERR_OK);
	assert_int_equal(status_of(b, 20), ERR_NOT_FOUND);
	assert_int_equal(labd_extend(b->socket, 20, 1), ERR_NOT_FOUND);
	assert_int_equal(labd_list(b->socket, b->arena, &list, &n), ERR_OK);
	assert_int_equal(n, 2);
}

static void
a_spec_that_makes_no_sense_is_refused(void **state)
{
	static const char *const bad[] = {"a", "etc/passwd", "/lab/in/a",
	    "in/../../x", "in/", "in", "work//x", "in/a b", NULL};
	struct labd_bench *b = *state;
	struct box_file file = {.path = "in/a", .data = "x", .size = 1};
	struct labd_spec spec = labd_bench_spec(1);
	struct labd_status s;
	size_t i;

	spec.files = &file;
	spec.n_files = 1;
	for (i = 0; bad[i] != NULL; i++) {
		file.path = bad[i];
		assert_int_equal(labd_start(b->socket, &spec, &s), ERR_INVALID);
	}
	file.path = "in/a";
	file.size = LABD_FILES_BYTES_MAX + 1;
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_TOO_LARGE);
	spec = labd_bench_spec(0);
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_INVALID);
	spec = labd_bench_spec(1);
	spec.memory_mb = -1;
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_INVALID);
	assert_int_equal(status_of(b, 1), ERR_NOT_FOUND);
}

static void
large_files_arrive_whole(void **state)
{
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(1);
	struct labd_want want[] = {{"big", LABD_FILES_BYTES_MAX}};
	struct labd_status s;
	struct box_file file = {.path = "out/big"}, *got;
	uint8_t *data = malloc(LABD_FILES_BYTES_MAX);
	size_t n, refused;

	assert_non_null(data);
	random_bytes(data, LABD_FILES_BYTES_MAX);
	file.data = data;
	file.size = LABD_FILES_BYTES_MAX;
	spec.files = &file;
	spec.n_files = 1;
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_OK);
	assert_int_equal(
	    labd_collect(b->socket, 1, want, 1, b->arena, &got, &n, &refused),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(refused, 0);
	assert_int_equal(got[0].size, file.size);
	assert_memory_equal(got[0].data, data, file.size);
	free(data);
}

static void
there_are_only_so_many_boxes(void **state)
{
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(3);
	struct labd_status s;

	assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	b->options.boxes_max = 2;
	labd_bench_start(b);
	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_THROTTLED);
	assert_int_equal(labd_stop(b->socket, 1), ERR_OK);
	labd_bench_box(b, 3);
}

static void
below_the_least_level_there_are_none(void **state)
{
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(3);
	struct labd_status s;

	if (level == 'A') {
		print_message("level A: nothing is below it here\n");
		return;
	}
	assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	b->options.least_level = 'A';
	labd_bench_start(b);
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_UNAVAILABLE);
	assert_int_equal(status_of(b, 3), ERR_NOT_FOUND);
}

static void
without_a_daemon_callers_are_told(void **state)
{
	struct labd_bench *b = *state;
	struct labd_status s;

	assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	assert_int_equal(labd_status(b->socket, 1, &s), ERR_UNAVAILABLE);
	assert_false(labd_is_there(b->socket));
	labd_bench_start(b);
	assert_true(labd_is_there(b->socket));
	assert_int_equal(labd_status(b->socket, 1, &s), ERR_NOT_FOUND);
}

/* As another user; answers what labd_status said. */
static int
call_as(struct labd_bench *b, uid_t uid)
{
	struct labd_status s;
	int status;
	pid_t pid;

	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		if (setgroups(0, NULL) == -1 || setgid(uid) == -1 ||
		    setuid(uid) == -1)
			_exit(100);
		_exit((int)labd_status(b->socket, 1, &s));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
only_its_own_user_is_served(void **state)
{
	struct labd_bench *b = *state;
	struct stat st;

	assert_int_equal(stat(b->socket, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	if (geteuid() != 0) {
		print_message("only root can be somebody else\n");
		return;
	}
	assert_int_equal(chmod(b->directory, 0755), 0);
	assert_int_equal(call_as(b, NOBODY), ERR_UNAVAILABLE);
	/* the file's mode apart, the daemon itself looks who it is */
	assert_int_equal(chmod(b->socket, 0666), 0);
	assert_int_equal(call_as(b, NOBODY), ERR_UNAVAILABLE);
	assert_int_equal(call_as(b, 0), ERR_NOT_FOUND);
	assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	assert_int_equal(chown(b->directory, NOBODY, NOBODY), 0);
	b->options.uid = b->options.gid = NOBODY;
	labd_bench_start(b);
	assert_int_equal(stat(b->socket, &st), 0);
	assert_int_equal(st.st_uid, NOBODY);
	assert_int_equal(call_as(b, NOBODY), ERR_NOT_FOUND);
	assert_int_equal(chmod(b->socket, 0666), 0);
	assert_int_equal(call_as(b, NOBODY - 1), ERR_UNAVAILABLE);
}

/* Bytes that are no frame of ours: the connection ends, nothing else. */
static void
nonsense_ends_the_connection(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
	    {"GET / HTTP/1.1\r\n\r\n", 18}, {"\0\0\0\0", 4},
	    {"\0\0\0\1\x77", 5}, {"\0\0\0\1\x04", 5}, /* GO without a START */
	    {"\0\0\0\2\x05x", 6}, /* a STATUS that is cut */
	    {"\0\0\0\4\x20ls\n", 8}, /* keys without a terminal */
	};
	struct labd_bench *b = *state;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct pollfd p = {.events = POLLIN};
	char byte;
	size_t i;

	(void)strcpy(name.sun_path, b->socket);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		p.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(
		    connect(p.fd, (struct sockaddr *)&name, sizeof(name)), 0);
		assert_int_equal(
		    send(p.fd, cases[i].bytes, cases[i].n, MSG_NOSIGNAL),
		    cases[i].n);
		assert_int_equal(poll(&p, 1, LABD_BENCH_MS), 1);
		assert_true(read(p.fd, &byte, 1) <= 0);
		(void)close(p.fd);
	}
	assert_int_equal(status_of(b, 1), ERR_NOT_FOUND);
}

/* ------------------------------------------------------------------- terminals
 */

static void
a_shell_is_a_person_s(void **state)
{
	const struct box_file files[] = {
	    {"in/access.log", "GET /\n", 6}, {"work/deep/notes", "x", 1}};
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(1);
	struct labd_status st;
	struct screen s;
	int status;

	spec.files = files;
	spec.n_files = 2;
	assert_int_equal(labd_start(b->socket, &spec, &st), ERR_OK);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "learner@lab:/lab/work$ "));
	assert_int_equal(s.replays, 1);
	screen_plain(&s);
	assert_string_equal(
	    screen_run(&s, "id -un; hostname; pwd; tty; umask", &status),
	    "learner\nlab\n/lab/work\n/dev/pts/0\n0022\n");
	assert_string_equal(
	    screen_run(&s, "echo $TERM $LANG $HOME $USER", &status),
	    "xterm-256color C.UTF-8 /home/learner learner\n");
	assert_string_equal(
	    screen_run(&s, "cat /lab/in/access.log deep/notes", &status),
	    "GET /\nx");
	(void)screen_run(&s, "touch /lab/in/x", &status);
	assert_int_equal(status, 1);
	(void)screen_run(
	    &s, "touch /lab/out/x x /home/learner/x /tmp/x", &status);
	assert_int_equal(status, 0);
	/* jobs: in the background, stopped, in the foreground again */
	(void)screen_run(&s,
	    "bash -ic 'sleep 60 & jobs -r; kill -STOP %1; kill -CONT %1;"
	    " kill %1; wait %1; echo ended $?' 2>&1 | grep -q 'ended 143'",
	    &status);
	assert_int_equal(status, 0);
	(void)screen_run(
	    &s, "ps aux | grep -q learner && free | grep -q Mem", &status);
	assert_int_equal(status, 0);
	assert_string_equal(
	    screen_run(&s, "python3 -c 'print(6 * 7)'", &status), "42\n");
	screen_close(&s);
}

static void
keys_interrupt(void **state)
{
	struct labd_bench *b = *state;
	struct screen s;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s, "sleep 600\r");
	wait_ms(200);
	screen_type(&s, "\x03");
	screen_type(&s, "echo ag''ain\r");
	assert_true(screen_shows(&s, "again\r\n"));
	screen_type(&s, "sleep 600\r");
	wait_ms(200);
	screen_type(&s, "\x1a");
	assert_true(screen_shows(&s, "Stopped"));
	screen_close(&s);
}

static void
a_shell_goes_on_without_its_reader(void **state)
{
	struct labd_bench *b = *state;
	struct screen s;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s, "x=kept; echo fir''st; sleep 0.3; echo sec''ond\r");
	assert_true(screen_shows(&s, "first"));
	screen_close(&s);
	wait_ms(600);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "second"));
	assert_int_equal(s.replays, 1);
	assert_non_null(strstr(buf_text(&s.text), "first"));
	screen_type(&s, "echo $x-it\r");
	assert_true(screen_shows(&s, "kept-it"));
	/* the end of the shell; the next connection has a new one */
	screen_type(&s, "exit\r");
	assert_int_equal(screen_end(&s), LABD_ENDED_SHELL);
	screen_close(&s);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	assert_null(strstr(buf_text(&s.text), "first"));
	screen_type(&s, "echo \"<$x>\"\r");
	assert_true(screen_shows(&s, "<>"));
	screen_close(&s);
}

static void
terminals_are_apart_and_can_be_shared(void **state)
{
	struct labd_bench *b = *state;
	struct screen first, second, same;
	struct labd_status s;

	labd_bench_box(b, 1);
	screen_open(&first, b, 1, 0, false);
	screen_open(&second, b, 1, 3, false);
	assert_true(screen_shows(&first, "$ "));
	assert_true(screen_shows(&second, "$ "));
	screen_type(&second, "echo only-he''re > /tmp/x; tty\r");
	assert_true(screen_shows(&second, "/dev/pts/1"));
	screen_open(&same, b, 1, 0, false);
	screen_type(&first, "cat /tmp/x\r");
	assert_true(screen_shows(&first, "only-here"));
	assert_true(screen_shows(&same, "only-here"));
	assert_null(strstr(buf_text(&first.text), "pts/1"));
	assert_int_equal(labd_status(b->socket, 1, &s), ERR_OK);
	assert_int_equal(s.terminals, 3);
	assert_int_equal(s.watchers, 0);
	screen_close(&first);
	screen_close(&second);
	screen_close(&same);
}

static void
whoever_watches_cannot_type(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, watcher;
	struct labd_status st;
	int status;

	labd_bench_box(b, 1);
	screen_open(&watcher, b, 1, 0, true);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&watcher, "$ "));
	assert_int_equal(labd_status(b->socket, 1, &st), ERR_OK);
	assert_int_equal(st.watchers, 1);
	screen_plain(&s);
	screen_type(&watcher, "touch /tmp/typed\n");
	screen_send(&watcher, LABD_TERMINAL_RESIZE, "\0\7\0\7", 4);
	(void)screen_run(
	    &s, "sleep 0.3; stty size; test -e /tmp/typed", &status);
	assert_int_equal(status, 1);
	assert_string_equal(buf_text(&s.text), "24 80\n");
	assert_true(screen_shows(&watcher, "24 80"));
	screen_close(&s);
	screen_close(&watcher);
}

static void
sizes_are_seen_and_clamped(void **state)
{
	static const struct {
		const char *bytes, *seen;
	} cases[] = {
	    {"\0\62\0\204", "50 132\n"},
	    {"\0\0\0\0", "1 1\n"},
	    {"\377\377\377\377", "500 1000\n"},
	};
	struct labd_bench *b = *state;
	struct screen s;
	int status;
	size_t i;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	assert_string_equal(screen_run(&s, "stty size", &status), "24 80\n");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		screen_send(&s, LABD_TERMINAL_RESIZE, cases[i].bytes, 4);
		assert_string_equal(
		    screen_run(&s, "stty size", &status), cases[i].seen);
	}
	screen_send(&s, LABD_TERMINAL_RESIZE, "\0\1", 2);
	assert_int_equal(screen_end(&s), -2);
	screen_close(&s);
}

static void
too_many_connections_are_told(void **state)
{
	struct labd_bench *b = *state;
	struct screen s[5];
	size_t i;

	labd_bench_box(b, 1);
	for (i = 0; i < 5; i++)
		screen_open(&s[i], b, 1, 0, false);
	assert_int_equal(screen_end(&s[4]), LABD_ENDED_BUSY);
	assert_true(screen_shows(&s[0], "$ "));
	for (i = 0; i < 5; i++)
		screen_close(&s[i]);
}

static void
tickets_work_once(void **state)
{
	struct labd_bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];
	struct screen s, again;

	assert_int_equal(
	    labd_ticket(b->socket, 1, 0, false, ticket), ERR_NOT_FOUND);
	labd_bench_box(b, 1);
	assert_int_equal(
	    labd_ticket(b->socket, 1, LABD_TERMINALS_MAX, false, ticket),
	    ERR_INVALID);
	assert_int_equal(labd_ticket(b->socket, 1, 0, false, ticket), ERR_OK);
	screen_attach(&s, b->socket, ticket);
	assert_true(screen_shows(&s, "$ "));
	screen_attach(&again, b->socket, ticket);
	assert_int_equal(screen_end(&again), LABD_ENDED_TICKET);
	screen_close(&again);
	screen_attach(&again, b->socket, "00000000000000000000000000000000");
	assert_int_equal(screen_end(&again), LABD_ENDED_TICKET);
	screen_close(&again);
	/* of a box that is no more */
	assert_int_equal(labd_ticket(b->socket, 1, 0, false, ticket), ERR_OK);
	assert_int_equal(labd_stop(b->socket, 1), ERR_OK);
	assert_int_equal(screen_end(&s), LABD_ENDED_BOX);
	screen_close(&s);
	labd_bench_box(b, 1);
	screen_attach(&again, b->socket, ticket);
	assert_int_equal(screen_end(&again), LABD_ENDED_TICKET);
	screen_close(&again);
}

/* However many one asks for: its own oldest end, a neighbour's stay. */
static void
tickets_of_one_box_are_no_other_s(void **state)
{
	struct labd_bench *b = *state;
	char theirs[LABD_TICKET_CHARS + 1], own[512][LABD_TICKET_CHARS + 1];
	struct screen s;
	size_t i, n = sizeof(own) / sizeof(own[0]);

	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	assert_int_equal(labd_ticket(b->socket, 2, 0, false, theirs), ERR_OK);
	for (i = 0; i < n; i++)
		assert_int_equal(
		    labd_ticket(b->socket, 1, 0, false, own[i]), ERR_OK);
	screen_attach(&s, b->socket, own[n - LABD_TICKETS_MAX - 1]);
	assert_int_equal(screen_end(&s), LABD_ENDED_TICKET);
	screen_close(&s);
	screen_attach(&s, b->socket, own[n - LABD_TICKETS_MAX]);
	assert_true(screen_shows(&s, "$ "));
	screen_close(&s);
	screen_attach(&s, b->socket, theirs);
	assert_true(screen_shows(&s, "$ "));
	screen_close(&s);
	assert_int_equal(labd_ticket(b->socket, 2, 1, false, theirs), ERR_OK);
}

/* Whoever may not be there any more goes; what they did stays. */
static void
a_detached_box_goes_on(void **state)
{
	struct labd_bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];
	struct screen s, watcher, again;
	int status;

	assert_int_equal(labd_detach(b->socket, 1), ERR_NOT_FOUND);
	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	(void)screen_run(&s, "here=yes; echo kept >note", &status);
	screen_open(&watcher, b, 1, 0, true);
	assert_int_equal(labd_ticket(b->socket, 1, 0, false, ticket), ERR_OK);
	assert_int_equal(labd_detach(b->socket, 1), ERR_OK);
	assert_int_equal(screen_end(&s), LABD_ENDED_TICKET);
	assert_int_equal(screen_end(&watcher), LABD_ENDED_TICKET);
	screen_close(&s);
	screen_close(&watcher);
	screen_attach(&again, b->socket, ticket);
	assert_int_equal(screen_end(&again), LABD_ENDED_TICKET);
	screen_close(&again);
	/* the same shell, for whoever gets a new ticket */
	screen_open(&s, b, 1, 0, false);
	screen_type(&s, "echo \"$here $(cat note)\"\n");
	assert_true(screen_shows(&s, "yes kept"));
	screen_close(&s);
}

/* --------------------------------------------------------------- back pressure
 */

/* Lines of 64 bytes, the last "end\n". */
static void
make_paste(char *p)
{
	size_t i;

	for (i = 0; i < PASTE_BYTES; i++)
		p[i] = i % 64 == 63 ? '\n' : (char)('a' + (i / 64 + i) % 26);
	memcpy(p + PASTE_BYTES - 4, "end\n", 4);
}

static void
a_paste_arrives_whole(void **state)
{
	static char paste[PASTE_BYTES], command[128];
	struct labd_bench *b = *state;
	char digest[2 * DIGEST_BYTES + 1];
	uint8_t sum[DIGEST_BYTES];
	struct screen s;
	size_t at, part;
	int status;

	make_paste(paste);
	digest_sha256(paste, sizeof(paste), sum);
	(void)snprintf(digest, sizeof(digest), "%s",
	    hex_encode(b->arena, sum, sizeof(sum)));
	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	screen_type(&s, "cat >x\n");
	for (at = 0; at < sizeof(paste); at += part) {
		part = sizeof(paste) - at < 60000 ? sizeof(paste) - at : 60000;
		screen_send(&s, LABD_TERMINAL_INPUT, paste + at, part);
	}
	screen_type(&s, "\x04");
	(void)snprintf(command, sizeof(command),
	    "wc -c <x; sha256sum <x | grep %s", digest);
	(void)screen_run(&s, command, &status);
	assert_int_equal(status, 0);
	assert_int_equal(strncmp(buf_text(&s.text), "1048576\n", 8), 0);
	screen_close(&s);
}

static int
by_size(const void *a, const void *b)
{
	const int64_t *one = a, *two = b;

	return (*one > *two) - (*one < *two);
}

/*
 * How long a call takes while something else goes on: what nine of ten take
 * at most, since this machine has more to do than us.
 */
static int64_t
usual_answer(struct labd_bench *b)
{
	int64_t took[ANSWER_TRIES], began;
	size_t i;

	for (i = 0; i < ANSWER_TRIES; i++) {
		began = monotonic_ms();
		assert_int_equal(status_of(b, 1), ERR_OK);
		took[i] = monotonic_ms() - began;
		wait_ms(10);
	}
	qsort(took, ANSWER_TRIES, sizeof(took[0]), by_size);
	return took[ANSWER_TRIES * 9 / 10];
}

static void
a_flood_without_a_reader_costs_nothing(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, other;
	size_t before, after;
	int64_t usual;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_open(&other, b, 1, 1, false);
	assert_true(screen_shows(&s, "$ "));
	before = resident_bytes(b->daemon);
	screen_type(&s, "yes\r");
	usual = usual_answer(b);
	after = resident_bytes(b->daemon);
	printf("flood, nobody reads: %zu KiB more, a call takes %lld ms\n",
	    after > before ? (after - before) / 1024 : 0, (long long)usual);
	assert_true(after < before + FLOOD_GROWTH_MAX);
	assert_true(usual <= ANSWER_MS_MAX);
	/* neighbours go on */
	screen_type(&other, "echo ne''xt\r");
	assert_true(screen_shows(&other, "next"));
	screen_close(&other);
	/* and it can be ended */
	screen_type(&s, "\x03");
	screen_type(&s, "echo ov''er\r");
	assert_true(screen_shows(&s, "over"));
	/* with nobody there at all */
	screen_type(&s, "yes\r");
	screen_close(&s);
	usual = usual_answer(b);
	assert_true(resident_bytes(b->daemon) < before + FLOOD_GROWTH_MAX);
	assert_true(usual <= ANSWER_MS_MAX);
}

static void
a_slow_watcher_holds_nobody_up(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, watcher;
	int64_t until;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_open(&watcher, b, 1, 0, true);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s, "seq 300000; echo all-th''ere\r");
	assert_true(screen_shows(&s, "all-there"));
	/* it catches up by a replay, and sees the end */
	until = monotonic_ms() + LABD_BENCH_MS;
	while (watcher.replays < 2 && monotonic_ms() < until)
		(void)screen_read(&watcher, 100);
	assert_true(watcher.replays >= 2);
	assert_true(screen_shows(&watcher, "all-there"));
	assert_true(watcher.text.len < s.text.len);
	screen_close(&s);
	screen_close(&watcher);
}

/* ------------------------------------------------------------------ collecting
 */

static void
only_plain_files_are_collected(void **state)
{
	static const struct labd_want want[] = {{"good", 100},
	    {"deep/good", 100}, {"missing", 100}, {"link", 100},
	    {"deeplink/good", 100}, {"magic", 100}, {"fifo", 100},
	    {"directory", 100}, {"large", 100}, {"sparse", 1 << 20},
	    {"closed", 100}, {"../../home/learner/else", 100},
	    {"/etc/passwd", 100}};
	struct labd_bench *b = *state;
	struct box_file *files;
	size_t n, refused;
	struct screen s;
	int status;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	(void)screen_run(&s,
	    "cd /lab/out && mkdir deep directory && echo one >good &&"
	    " echo two >deep/good && echo no >~/else &&"
	    " ln -s good link && ln -s deep deeplink &&"
	    " ln -s /proc/self/environ magic && mkfifo fifo &&"
	    " head -c 101 /dev/zero >large && truncate -s 60G sparse;"
	    " truncate -s 8M sparse && echo x >closed && chmod 0 closed",
	    &status);
	assert_int_equal(status, 0);
	assert_int_equal(
	    labd_collect(b->socket, 1, want, sizeof(want) / sizeof(want[0]),
		b->arena, &files, &n, &refused),
	    ERR_OK);
	assert_int_equal(n, 2);
	assert_string_equal(files[0].path, "good");
	assert_int_equal(files[0].size, 4);
	assert_memory_equal(files[0].data, "one\n", 4);
	assert_string_equal(files[1].path, "deep/good");
	assert_memory_equal(files[1].data, "two\n", 4);
	assert_int_equal(refused, 10);
	/* the box goes on */
	assert_string_equal(screen_run(&s, "echo on", &status), "on\n");
	assert_int_equal(
	    labd_collect(b->socket, 2, want, 1, b->arena, &files, &n, &refused),
	    ERR_NOT_FOUND);
	screen_close(&s);
}

static void
a_file_is_put_into_a_box_that_lives(void **state)
{
	static const char *const bad[] = {"", ".", "..", ".profile", "a/b",
	    "/etc/passwd", "a b", "\xe3\x81\x82", NULL};
	struct labd_bench *b = *state;
	uint8_t *data = malloc(LABD_PUT_BYTES_MAX + 1);
	char name[LABD_NAME_MAX + 2];
	struct screen s;
	int status;
	size_t i;

	assert_non_null(data);
	memset(data, 'x', LABD_PUT_BYTES_MAX + 1);
	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	assert_int_equal(
	    labd_put(b->socket, 1, "notes.txt", "one\n", 4), ERR_OK);
	assert_string_equal(
	    screen_run(&s, "cat /lab/work/notes.txt", &status), "one\n");
	assert_string_equal(
	    screen_run(
		&s, "cd /lab/work; ls -A1; stat -c %u.%a notes.txt", &status),
	    "notes.txt\n1000.644\n");
	assert_int_equal(labd_put(b->socket, 1, "empty", "", 0), ERR_OK);
	assert_int_equal(
	    labd_put(b->socket, 1, "big", data, LABD_PUT_BYTES_MAX), ERR_OK);
	assert_string_equal(screen_run(&s, "wc -c <big; wc -c <empty", &status),
	    "1048576\n0\n");
	/* it takes the place of what is there, and follows nothing */
	(void)screen_run(&s,
	    "echo kept >~/kept; rm big; mkfifo fifo; ln -s ~/kept link;"
	    " mkdir dir; ln -s ~/kept .sent",
	    &status);
	assert_int_equal(labd_put(b->socket, 1, "fifo", "a", 1), ERR_OK);
	assert_int_equal(labd_put(b->socket, 1, "link", "b", 1), ERR_OK);
	assert_int_equal(labd_put(b->socket, 1, "dir", "c", 1), ERR_CONFLICT);
	assert_string_equal(
	    screen_run(&s, "cat fifo link ~/kept; ls -A1", &status),
	    "abkept\ndir\nempty\nfifo\nlink\nnotes.txt\n");
	for (i = 0; bad[i] != NULL; i++)
		assert_int_equal(
		    labd_put(b->socket, 1, bad[i], "x", 1), ERR_INVALID);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(labd_put(b->socket, 1, name, "x", 1), ERR_INVALID);
	assert_int_equal(labd_put(b->socket, 1, name + 1, "x", 1), ERR_OK);
	assert_int_equal(
	    labd_put(b->socket, 1, "b", data, LABD_PUT_BYTES_MAX + 1),
	    ERR_TOO_LARGE);
	assert_int_equal(labd_put(b->socket, 2, "b", "x", 1), ERR_NOT_FOUND);
	/* a full box keeps what it has and says so */
	(void)screen_run(&s, "head -c 99M /dev/zero >/tmp/x 2>&1", &status);
	assert_int_equal(
	    labd_put(b->socket, 1, "notes.txt", data, LABD_PUT_BYTES_MAX),
	    ERR_NO_SPACE);
	assert_string_equal(
	    screen_run(&s, "rm /tmp/x; cat notes.txt; ls -A .sent", &status),
	    "one\nls: cannot access '.sent': No such file or directory\n");
	(void)screen_run(&s, "cd; rm -rf /lab/work", &status);
	assert_int_equal(labd_put(b->socket, 1, "again", "x", 1), ERR_OK);
	assert_string_equal(
	    screen_run(&s, "cat /lab/work/again", &status), "x");
	screen_close(&s);
	free(data);
}

static void
a_file_that_is_written_stands_still(void **state)
{
	const struct labd_want want = {"n", 4096};
	struct labd_bench *b = *state;
	struct box_file *files;
	size_t n, refused;
	struct screen s;
	int i;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s,
	    "python3 -c \"import os\n"
	    "while 1:\n"
	    "    f = open('/lab/out/n', 'w'); f.write('x' * 4096); f.close()\n"
	    "    os.unlink('/lab/out/n')\"\r");
	for (i = 0; i < 20; i++) {
		assert_int_equal(labd_collect(b->socket, 1, &want, 1, b->arena,
				     &files, &n, &refused),
		    ERR_OK);
		assert_true(
		    n == 0 || files[0].size == 0 || files[0].size == 4096);
		wait_ms(10);
	}
	screen_close(&s);
}

/* ------------------------------------------------------------------------- end
 */

static void
deadline_and_idleness_end_a_box(void **state)
{
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(1);
	struct labd_status st;
	struct screen s;

	spec.deadline_at = clock_now() + 1500;
	assert_int_equal(labd_start(b->socket, &spec, &st), ERR_OK);
	screen_open(&s, b, 1, 0, false);
	assert_int_equal(screen_end(&s), LABD_ENDED_DEADLINE);
	assert_in_range(clock_now(), spec.deadline_at, spec.deadline_at + 1500);
	screen_close(&s);
	wait_until_gone(b, 1);

	spec = labd_bench_spec(2);
	spec.idle_seconds = 2;
	assert_int_equal(labd_start(b->socket, &spec, &st), ERR_OK);
	screen_open(&s, b, 2, 0, false);
	wait_ms(1200);
	screen_type(&s, "x"); /* a key: from here on */
	wait_ms(1200);
	screen_send(&s, LABD_TERMINAL_ALIVE, NULL, 0); /* is none */
	assert_int_equal(status_of(b, 2), ERR_OK);
	assert_int_equal(screen_end(&s), LABD_ENDED_IDLE);
	screen_close(&s);
	wait_until_gone(b, 2);
}

/* Starts something in a box that can be found from outside. */
static void
leave_mark(struct labd_bench *b, int64_t box, char mark[64])
{
	char command[256];
	struct screen s;
	int status;

	(void)snprintf(mark, 64, "labd-mark-%d-%lld", getpid(), (long long)box);
	labd_bench_box(b, box);
	screen_open(&s, b, box, 0, false);
	screen_plain(&s);
	(void)snprintf(command, sizeof(command),
	    "for i in 1 2 3; do setsid nohup sh -c 'sleep 600; : %s' "
	    ">/dev/null 2>&1 & done",
	    mark);
	(void)screen_run(&s, command, &status);
	screen_close(&s);
	while (processes_with(mark) < 3)
		wait_ms(20);
}

static void
nothing_survives_a_stop(void **state)
{
	struct labd_bench *b = *state;
	char mark[64];
	int64_t began;

	leave_mark(b, 1, mark);
	began = monotonic_ms();
	assert_int_equal(labd_stop(b->socket, 1), ERR_OK);
	printf("stop: %lld ms\n", (long long)(monotonic_ms() - began));
	assert_int_equal(processes_with(mark), 0);
}

static void
nothing_survives_the_daemon(void **state)
{
	static const int signals[] = {SIGKILL, SIGTERM};
	struct labd_bench *b = *state;
	int64_t until;
	char mark[64];
	size_t i;

	for (i = 0; i < 2; i++) {
		leave_mark(b, 1, mark);
		(void)labd_bench_end(b, signals[i]);
		until = monotonic_ms() + LABD_BENCH_MS;
		while (processes_with(mark) > 0 && monotonic_ms() < until)
			wait_ms(10);
		assert_int_equal(processes_with(mark), 0);
		labd_bench_start(b);
		assert_int_equal(status_of(b, 1), ERR_NOT_FOUND);
		labd_bench_box(b, 1);
		assert_int_equal(labd_stop(b->socket, 1), ERR_OK);
	}
}

/* Where the daemon's boxes are in cgroups that can stand still: one of them. */
static bool
freeze_by_hand(struct labd_bench *b, const struct box_caps *caps)
{
	const bool v2 = caps->cgroup == BOX_CGROUP_V2;
	const char *dir = caps->groups[v2 ? BOX_MEMORY_V1 : BOX_FREEZER_V1];
	char path[BOX_CGROUP_PATH_MAX + 300], prefix[64];
	struct dirent *entry;
	bool done = false;
	FILE *f;
	DIR *d;

	if (caps->cgroup == BOX_CGROUP_NONE || *dir == '\0')
		return false;
	(void)snprintf(prefix, sizeof(prefix), "tanren-box-%d-", b->daemon);
	assert_non_null(d = opendir(dir));
	while ((entry = readdir(d)) != NULL) {
		if (!text_starts(entry->d_name, prefix))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s/%s", dir,
		    entry->d_name, v2 ? "cgroup.freeze" : "freezer.state");
		assert_non_null(f = fopen(path, "we"));
		assert_true(fputs(v2 ? "1" : "FROZEN", f) >= 0);
		assert_int_equal(fclose(f), 0);
		done = true;
	}
	(void)closedir(d);
	return done;
}

/* A daemon killed in the middle of a collection. */
static void
what_stood_still_is_ended_by_the_next(void **state)
{
	struct labd_bench *b = *state;
	struct box_caps caps;
	int64_t until;
	char mark[64];

	leave_mark(b, 1, mark);
	box_probe(&caps);
	if (!freeze_by_hand(b, &caps)) {
		print_message("level %c: nothing stands still here\n", level);
		return;
	}
	wait_ms(200);
	(void)labd_bench_end(b, SIGKILL);
	labd_bench_start(b);
	until = monotonic_ms() + LABD_BENCH_MS;
	while (processes_with(mark) > 0 && monotonic_ms() < until)
		wait_ms(10);
	assert_int_equal(processes_with(mark), 0);
}

/* How often a process has some bytes in memory that it can read. */
static int
times_in_memory(pid_t pid, const char *what)
{
	static char bytes[1 << 20];
	unsigned long from, to;
	char path[64], line[512], may[8];
	size_t n = strlen(what), size;
	FILE *maps, *mem;
	int found = 0;
	char *p;

	(void)snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	assert_non_null(maps = fopen(path, "re"));
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	assert_non_null(mem = fopen(path, "re"));
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, may) != 3 ||
		    may[0] != 'r' || may[1] != 'w' ||
		    to - from > ((unsigned long)64 << 20))
			continue;
		for (; from < to; from += sizeof(bytes)) {
			size = to - from < sizeof(bytes) ? to - from
							 : sizeof(bytes);
			if (fseeko(mem, (off_t)from, SEEK_SET) != 0)
				break;
			size = fread(bytes, 1, size, mem);
			for (p = bytes; size >= n &&
			     (p = memmem(p, size - (size_t)(p - bytes), what,
				  n)) != NULL;
			     p++)
				found++;
		}
	}
	(void)fclose(maps);
	(void)fclose(mem);
	return found;
}

/* Process 1 of the box that was made last. */
static pid_t
newest_child(pid_t parent)
{
	char path[64];
	int pid = 0, next;
	FILE *f;

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	assert_non_null(f = fopen(path, "re"));
	while (fscanf(f, "%d", &next) == 1)
		pid = next;
	(void)fclose(f);
	assert_true(pid > 0);
	return pid;
}

/*
 * A box begins as a copy of the daemon: nothing of what others see, type or
 * have in their files may be in it, nor a ticket.
 */
static void
a_box_has_nothing_of_others_in_memory(void **state)
{
	const struct labd_want want = {"theirs", 1024};
	struct labd_bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];
	struct box_file *files;
	size_t n, refused;
	struct screen s;
	int status;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	(void)screen_run(&s, "echo SECR''ET-OF-ONE", &status);
	(void)screen_run(&s, "echo FI''LE-OF-ONE >/lab/out/theirs", &status);
	assert_int_equal(labd_collect(b->socket, 1, &want, 1, b->arena, &files,
			     &n, &refused),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(labd_ticket(b->socket, 1, 0, false, ticket), ERR_OK);
	labd_bench_box(b, 2);
	if (geteuid() != 0) {
		print_message("only root can look into its memory\n");
	} else {
		/* the daemon has them: the search works */
		assert_true(times_in_memory(b->daemon, "SECRET-OF-ONE") > 0);
		assert_true(times_in_memory(b->daemon, ticket) > 0);
		n = (size_t)newest_child(b->daemon);
		assert_int_equal(times_in_memory((pid_t)n, "SECRET-OF-ONE"), 0);
		assert_int_equal(times_in_memory((pid_t)n, "FILE-OF-ONE"), 0);
		assert_int_equal(times_in_memory((pid_t)n, ticket), 0);
	}
	screen_close(&s);
}

static void
groups_are_swept(void **state)
{
	struct labd_bench *b = *state;
	struct box_caps caps;
	char prefix[64];
	int64_t until;
	int i;

	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	(void)snprintf(prefix, sizeof(prefix), "tanren-box-%d-", b->daemon);
	box_probe(&caps); /* which sweeps, too: before */
	(void)labd_bench_end(b, SIGKILL);
	/* what was in them is still ending: the first look is too early */
	labd_bench_start(b);
	until = monotonic_ms() + LABD_BENCH_MS;
	for (i = 0; i < BOX_V1__MAX; i++)
		if (caps.cgroup != BOX_CGROUP_NONE && caps.groups[i][0] != '\0')
			while (entries_of(caps.groups[i], prefix) > 0) {
				assert_true(monotonic_ms() < until);
				wait_ms(20);
			}
}

/* ----------------------------------------------------------------------- bombs
 */

static void
a_fork_bomb_stays_in_its_box(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, neighbour;
	int64_t began, took, usual;

	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	screen_open(&neighbour, b, 2, 0, false);
	assert_true(screen_shows(&neighbour, "$ "));
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s, ":(){ :|:& };:\r");
	usual = usual_answer(b);
	began = monotonic_ms();
	screen_type(&neighbour, "echo fi''ne\r");
	assert_true(screen_shows(&neighbour, "fine"));
	took = monotonic_ms() - began;
	printf("fork bomb: a call takes %lld ms, a neighbour's echo "
	       "%lld ms,",
	    (long long)usual, (long long)took);
	assert_true(usual <= ANSWER_MS_MAX);
	began = monotonic_ms();
	assert_int_equal(labd_stop(b->socket, 1), ERR_OK);
	took = monotonic_ms() - began;
	printf(" stop %lld ms\n", (long long)took);
	assert_true(took < STOP_MS_MAX);
	screen_close(&s);
	screen_close(&neighbour);
}

static void
a_memory_bomb_stays_in_its_box(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, neighbour;
	int status;

	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	screen_open(&neighbour, b, 2, 0, false);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&neighbour);
	screen_plain(&s);
	(void)screen_run(&s,
	    "python3 -c \"l = []\nwhile 1: l.append(bytearray(1 << 20))\" "
	    ">/dev/null 2>&1",
	    &status);
	assert_int_not_equal(status, 0);
	/* its shell, the neighbour and the daemon go on */
	assert_string_equal(screen_run(&s, "echo on", &status), "on\n");
	assert_string_equal(screen_run(&neighbour, "echo on", &status), "on\n");
	screen_close(&s);
	screen_close(&neighbour);
}

static void
killing_everybody_kills_its_own(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, neighbour;
	int status;

	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	screen_open(&neighbour, b, 2, 0, false);
	screen_plain(&neighbour);
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s, "kill -9 -1; kill -9 $$\r");
	assert_int_equal(screen_end(&s), LABD_ENDED_SHELL);
	screen_close(&s);
	/* the box is there, and has a new shell */
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	(void)screen_run(&s, "kill -9 1", &status);
	assert_string_equal(screen_run(&s, "echo on", &status), "on\n");
	assert_string_equal(screen_run(&neighbour, "echo on", &status), "on\n");
	screen_close(&s);
	screen_close(&neighbour);
}

static void
the_disk_has_an_end(void **state)
{
	struct labd_bench *b = *state;
	struct screen s;
	int status;

	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	(void)screen_run(&s,
	    "for p in /lab/work /lab/out /home/learner /tmp /dev/shm; do"
	    " head -c 5M /dev/zero >$p/x 2>/dev/null; done",
	    &status);
	assert_int_not_equal(status, 0);
	assert_true(atoi(screen_run(&s,
			"du -cm /lab/work /lab/out /home/learner /tmp "
			"/dev/shm | tail -n 1 | cut -f 1",
			&status)) <= 17);
	(void)screen_run(&s,
	    "rm -f /lab/*/x /home/learner/x /tmp/x /dev/shm/x;"
	    " python3 -c \"i = 0\nwhile 1:\n"
	    "    open('/tmp/%d' % i, 'w').close(); i += 1\" 2>&1 |"
	    " grep -q 'No space'",
	    &status);
	assert_int_equal(status, 0);
	assert_true(atoi(screen_run(&s, "ls /tmp | wc -l", &status)) < 20000);
	screen_close(&s);
}

/* ------------------------------------------------------------------------
 * times
 */

static void
times_are_told(void **state)
{
	struct labd_bench *b = *state;
	int64_t began, started, shown;
	struct screen s;
	int i;

	began = monotonic_ms();
	labd_bench_box(b, 1);
	started = monotonic_ms();
	screen_open(&s, b, 1, 0, false);
	assert_true(screen_shows(&s, "$ "));
	shown = monotonic_ms();
	printf("box %lld ms, prompt %lld ms more,",
	    (long long)(started - began), (long long)(shown - started));
	screen_plain(&s);
	screen_type(&s, "stty echo\n");
	wait_ms(200);
	began = monotonic_ms();
	for (i = 0; i < 100; i++) {
		screen_clear(&s);
		screen_type(&s, "x");
		assert_true(screen_shows(&s, "x"));
	}
	printf(" 100 keys %lld ms\n", (long long)(monotonic_ms() - began));
	screen_close(&s);
}

static void
this_machine_has_a_level(void **state)
{
	struct box_caps caps;

	(void)state;
	box_probe(&caps);
	level = caps.level;
	printf("labd: user %d: level %c, ids %s, cgroup %s: %s\n",
	    (int)geteuid(), caps.level == 0 ? '-' : caps.level,
	    box_ids_name(caps.ids), box_cgroup_name(caps.cgroup),
	    caps.sentence);
	assert_in_range(caps.level, 'A', 'D');
}

#define WITH_A_DAEMON(test)                                                    \
	{                                                                      \
#test, test, set_up, tear_down, NULL                           \
	}

static int
run_all(const char *who)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(this_machine_has_a_level),
	    WITH_A_DAEMON(boxes_are_started_listed_and_stopped),
	    WITH_A_DAEMON(a_spec_that_makes_no_sense_is_refused),
	    WITH_A_DAEMON(large_files_arrive_whole),
	    WITH_A_DAEMON(there_are_only_so_many_boxes),
	    WITH_A_DAEMON(below_the_least_level_there_are_none),
	    WITH_A_DAEMON(without_a_daemon_callers_are_told),
	    WITH_A_DAEMON(only_its_own_user_is_served),
	    WITH_A_DAEMON(nonsense_ends_the_connection),
	    WITH_A_DAEMON(a_shell_is_a_person_s),
	    WITH_A_DAEMON(keys_interrupt),
	    WITH_A_DAEMON(a_shell_goes_on_without_its_reader),
	    WITH_A_DAEMON(terminals_are_apart_and_can_be_shared),
	    WITH_A_DAEMON(whoever_watches_cannot_type),
	    WITH_A_DAEMON(sizes_are_seen_and_clamped),
	    WITH_A_DAEMON(too_many_connections_are_told),
	    WITH_A_DAEMON(tickets_work_once),
	    WITH_A_DAEMON(tickets_of_one_box_are_no_other_s),
	    WITH_A_DAEMON(a_detached_box_goes_on),
	    WITH_A_DAEMON(a_paste_arrives_whole),
	    WITH_A_DAEMON(a_flood_without_a_reader_costs_nothing),
	    WITH_A_DAEMON(a_slow_watcher_holds_nobody_up),
	    WITH_A_DAEMON(a_file_is_put_into_a_box_that_lives),
	    WITH_A_DAEMON(only_plain_files_are_collected),
	    WITH_A_DAEMON(a_file_that_is_written_stands_still),
	    WITH_A_DAEMON(deadline_and_idleness_end_a_box),
	    WITH_A_DAEMON(nothing_survives_a_stop),
	    WITH_A_DAEMON(nothing_survives_the_daemon),
	    WITH_A_DAEMON(what_stood_still_is_ended_by_the_next),
	    WITH_A_DAEMON(a_box_has_nothing_of_others_in_memory),
	    WITH_A_DAEMON(groups_are_swept),
	    WITH_A_DAEMON(a_fork_bomb_stays_in_its_box),
	    WITH_A_DAEMON(a_memory_bomb_stays_in_its_box),
	    WITH_A_DAEMON(killing_everybody_kills_its_own),
	    WITH_A_DAEMON(the_disk_has_an_end),
	    WITH_A_DAEMON(times_are_told),
	};

	return _cmocka_run_group_tests(
	    who, tests, sizeof(tests) / sizeof(tests[0]), NULL, NULL);
}

int
main(void)
{
	int failed;

	random_start();
	if (geteuid() != 0)
		return run_all("as an ordinary user");
	failed = run_all("as root");
	return failed + run_as_nobody(run_all);
}
