/*
 * Live boxes as containers: a real daemon, and podman's Docker-compatible
 * service as the host. Where podman cannot be started nothing is proved, and
 * the reason is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
#include "support/directory.h"
#include "support/labd_bench.h"

#define SKIP 77

static struct {
	char directory[DIRECTORY_BYTES];
	char socket[DIRECTORY_BYTES + 16];
	char image[96];
	char label[16]; /* copies of several tests lie in one /tmp */
	bool is_there;
} host;

/* ------------------------------------------------------------------ the host
 */

/* Output of a command, its last newline cut off; its status. */
static int
output_of(const char *command, char *out, size_t size)
{
	FILE *f = popen(command, "r");
	size_t n;
	int status;

	assert_non_null(f);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	if (n > 0 && out[n - 1] == '\n')
		out[n - 1] = '\0';
	status = pclose(f);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
open_host(void **state)
{
	char command[DIRECTORY_BYTES + 64], said[512];
	const char *id;
	int status;

	(void)state;
	directory_make(host.directory);
	(void)snprintf(host.label, sizeof(host.label), "t%s",
	    host.directory + strlen(host.directory) - 6);
	(void)snprintf(
	    host.socket, sizeof(host.socket), "%s/podman.sock", host.directory);
	(void)snprintf(command, sizeof(command),
	    "tests/support/container_host %s", host.directory);
	status = output_of(command, said, sizeof(said));
	if (status == SKIP) {
		print_message("skipped: %s\n", said);
		return 0;
	}
	if (status != 0 || strlen(said) >= sizeof(host.image)) {
		print_error("status %d: %s\n", status, said);
		return -1;
	}
	/* "sha256:" and its digits */
	id = strchr(said, ':');
	id = id == NULL ? said : id + 1;
	memcpy(host.image, id, strlen(id) + 1);
	host.is_there = true;
	return 0;
}

/* Mounts of podman's go with its storage. */
static int
close_host(void **state)
{
	char command[2 * DIRECTORY_BYTES + 128], said[8];

	(void)state;
	(void)snprintf(command, sizeof(command),
	    "cd %s && if [ -f podman.pid ]; then kill $(cat podman.pid);"
	    " umount root/overlay 2>/dev/null; fi; true",
	    host.directory);
	(void)output_of(command, said, sizeof(said));
	wait_ms(300);
	directory_remove(host.directory);
	return 0;
}

/* How many containers the host has. */
static int
containers(void)
{
	char command[DIRECTORY_BYTES + 128], said[32];

	(void)snprintf(command, sizeof(command),
	    "curl -s --unix-socket %s 'http://h/containers/json?all=true' |"
	    " grep -o '\"Names\"' | wc -l",
	    host.socket);
	(void)output_of(command, said, sizeof(said));
	return atoi(said);
}

static int
volumes(void)
{
	char command[DIRECTORY_BYTES + 128], said[32];

	(void)snprintf(command, sizeof(command),
	    "curl -s --unix-socket %s 'http://h/volumes' |"
	    " grep -o '\"Mountpoint\"' | wc -l",
	    host.socket);
	(void)output_of(command, said, sizeof(said));
	return atoi(said);
}

/* --------------------------------------------------------------- the daemon */

static void
open_daemon(struct labd_bench *b)
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
	    .boxes_max = 4,
	    .host = {.socket = host.socket,
		.image = host.image,
		.label = host.label},
	};
}

static int
set_up(void **state)
{
	struct labd_bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	open_daemon(b);
	if (host.is_there)
		labd_bench_start(b);
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

#define NEEDS_HOST()                                                           \
	do {                                                                   \
		if (!host.is_there)                                            \
			skip();                                                \
	} while (0)

static void
wait_for_containers(int n)
{
	int64_t until = monotonic_ms() + LABD_BENCH_MS;

	while (containers() != n || volumes() != 2 * n) {
		assert_true(monotonic_ms() < until);
		wait_ms(50);
	}
}

/* --------------------------------------------------------------------- tests
 */

static void
a_container_is_a_box(void **state)
{
	static const struct box_file files[] = {
	    {.path = "in/deep/a", .data = "given\n", .size = 6},
	    {.path = "work/w", .data = "mine\n", .size = 5},
	};
	static const struct labd_want want[] = {{"answers.txt", 100},
	    {"deep/good", 100}, {"link", 100}, {"fifo", 100}, {"large", 100},
	    {"missing", 100}};
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(7);
	struct labd_status status, *list;
	struct box_file *got;
	size_t n, refused;
	struct screen s;
	int code;

	NEEDS_HOST();
	spec.files = files;
	spec.n_files = 2;
	assert_int_equal(labd_start(b->socket, &spec, &status), ERR_OK);
	print_message("level %c\n", status.level);
	assert_true(status.level >= 'B' && status.level <= 'D');
	assert_string_equal(status.root, host.image);
	assert_int_equal(labd_list(b->socket, b->arena, &list, &n), ERR_OK);
	assert_int_equal(n, 1);

	screen_open(&s, b, 7, 0, false);
	screen_plain(&s);
	assert_string_equal(
	    screen_run(&s, "cat /lab/in/deep/a /lab/work/w; pwd; id -u", &code),
	    "given\nmine\n/lab/work\n1000\n");
	(void)screen_run(&s,
	    "(echo x >/lab/in/deep/a || rm -rf /lab/in || touch /usr/x)"
	    " 2>/dev/null",
	    &code);
	assert_int_not_equal(code, 0);
	assert_string_equal(
	    screen_run(&s, "touch ~/x /tmp/x && echo free", &code), "free\n");
	/* what is written can be run, as in a box of this machine */
	assert_string_equal(screen_run(&s,
				"for p in /lab/work ~ /tmp; do"
				" echo '#!/bin/sh\necho ran' >$p/p;"
				" chmod +x $p/p; $p/p; done",
				&code),
	    "ran\nran\nran\n");
	/* no network, no capability, no way to get one */
	assert_string_equal(
	    screen_run(&s, "grep -c : /proc/net/dev", &code), "1\n");
	assert_string_equal(screen_run(&s,
				"grep -E 'CapBnd|NoNewPrivs' /proc/self/status"
				" | tail -c 20 | wc -l;"
				" grep -c '^CapBnd:.0*$' /proc/self/status;"
				" grep -c '^NoNewPrivs:.1' /proc/self/status",
				&code),
	    "2\n1\n1\n");

	/* another size: of many the last */
	for (code = 0; code < 100; code++)
		screen_send(&s, LABD_TERMINAL_RESIZE,
		    (const uint8_t[]){0, (uint8_t)(20 + code), 0, 80}, 4);
	screen_send(
	    &s, LABD_TERMINAL_RESIZE, (const uint8_t[]){0, 40, 0, 132}, 4);
	wait_ms(500);
	assert_string_equal(screen_run(&s, "stty size", &code), "40 132\n");

	/* a file of one's own */
	assert_int_equal(
	    labd_put(b->socket, 7, "sent.txt", "one\n", 4), ERR_OK);
	assert_string_equal(
	    screen_run(&s, "cat sent.txt; stat -c %u sent.txt", &code),
	    "one\n1000\n");

	/* what is handed in */
	(void)screen_run(&s,
	    "cd /lab/out && mkdir deep && echo one >answers.txt &&"
	    " echo two >deep/good && ln -s /etc/passwd link && mkfifo fifo &&"
	    " head -c 101 /dev/zero >large",
	    &code);
	assert_int_equal(code, 0);
	assert_int_equal(
	    labd_collect(b->socket, 7, want, sizeof(want) / sizeof(want[0]),
		b->arena, &got, &n, &refused),
	    ERR_OK);
	assert_int_equal(n, 2);
	/* link, fifo and large are there, and are not taken */
	assert_int_equal(refused, 3);
	assert_string_equal(got[0].path, "answers.txt");
	assert_memory_equal(got[0].data, "one\n", 4);
	assert_string_equal(got[1].path, "deep/good");
	/* and it goes on */
	assert_string_equal(screen_run(&s, "echo on", &code), "on\n");
	(void)screen_run(&s, "echo three >answers.txt", &code);
	assert_int_equal(
	    labd_collect(b->socket, 7, want, 1, b->arena, &got, &n, &refused),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_memory_equal(got[0].data, "three\n", 6);

	/* a shell that is left can be opened again */
	screen_type(&s, "exit\n");
	assert_int_equal(screen_end(&s), LABD_ENDED_SHELL);
	screen_close(&s);
	screen_open(&s, b, 7, 0, false);
	screen_plain(&s);
	assert_string_equal(
	    screen_run(&s, "cat /lab/out/answers.txt", &code), "three\n");
	assert_int_equal(labd_stop(b->socket, 7), ERR_OK);
	assert_int_equal(screen_end(&s), LABD_ENDED_BOX);
	screen_close(&s);
	assert_int_equal(containers(), 0);
	assert_int_equal(volumes(), 0);
}

/* It is the learner who writes it, in the container, within its limits. */
static void
a_file_is_sent_whole_or_not_at_all(void **state)
{
	struct labd_bench *b = *state;
	uint8_t *data = malloc(LABD_PUT_BYTES_MAX);
	struct screen s;
	char name[16];
	enum err e = ERR_OK;
	int code, i;

	assert_non_null(data);
	random_bytes(data, LABD_PUT_BYTES_MAX);
	data[LABD_PUT_BYTES_MAX - 1] = '!';
	if (!host.is_there) {
		free(data);
		skip();
	}
	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	(void)screen_run(&s,
	    "mkdir dir && echo kept >dir/file && ln -s /lab/in link &&"
	    " mkfifo fifo && mkfifo .sent",
	    &code);
	assert_int_equal(code, 0);
	assert_int_equal(labd_put(b->socket, 1, "dir", "x", 1), ERR_CONFLICT);
	assert_string_equal(screen_run(&s, "cat dir/file", &code), "kept\n");
	assert_int_equal(labd_put(b->socket, 1, "link", "in\n", 3), ERR_OK);
	assert_int_equal(labd_put(b->socket, 1, "fifo", "one\n", 4), ERR_OK);
	assert_int_equal(labd_put(b->socket, 1, "nothing", "", 0), ERR_OK);
	assert_string_equal(
	    screen_run(
		&s, "cat link fifo; stat -c %s,%u,%a nothing link", &code),
	    "in\none\n0,1000,644\n3,1000,644\n");
	assert_int_equal(
	    labd_put(b->socket, 1, "large", data, LABD_PUT_BYTES_MAX), ERR_OK);
	assert_string_equal(
	    screen_run(&s, "stat -c %s large; tail -c 1 large", &code),
	    "1048576\n!");
	/* 16 MB at most */
	for (i = 0; i < 20 && e == ERR_OK; i++) {
		(void)snprintf(name, sizeof(name), "fill%d", i);
		e = labd_put(b->socket, 1, name, data, LABD_PUT_BYTES_MAX);
	}
	assert_int_equal(e, ERR_NO_SPACE);
	assert_string_equal(
	    screen_run(&s, "ls -A | grep -c sent; stat -c %s link", &code),
	    "0\n3\n");
	screen_close(&s);
	free(data);
}

/* What a name means may change: a box says what it was made of. */
static void
boxes_say_which_image_they_have(void **state)
{
	static const char given[] = "0123456789abcdef0123456789abcdef"
				    "0123456789abcdef0123456789abcdef";
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(2);
	char command[2 * DIRECTORY_BYTES + 600], said[512];
	struct labd_status first, second;

	NEEDS_HOST();
	(void)labd_bench_end(b, SIGTERM);
	(void)snprintf(command, sizeof(command),
	    "curl -sf --unix-socket %s -X POST"
	    " 'http://h/images/%s/tag?repo=localhost/named&tag=latest'",
	    host.socket, host.image);
	assert_int_equal(output_of(command, said, sizeof(said)), 0);
	b->options.host.image = "localhost/named";
	labd_bench_start(b);
	labd_bench_box(b, 1);
	assert_int_equal(labd_status(b->socket, 1, &first), ERR_OK);
	assert_string_equal(first.root, host.image);
	(void)snprintf(command, sizeof(command),
	    "set -e; cd %s; h='curl -sf --unix-socket %s'; $h -o other.tar"
	    " http://h/containers/tanren-%s-1/export; $h --data-binary"
	    " @other.tar -H 'Content-Type: application/x-tar'"
	    " 'http://h/images/create?fromSrc=-&repo=localhost/named&tag=latest"
	    "&changes=LABEL%%20tanren.lab-image=%s'",
	    host.directory, host.socket, host.label, given);
	assert_int_equal(output_of(command, said, sizeof(said)), 0);
	assert_int_equal(labd_start(b->socket, &spec, &second), ERR_OK);
	assert_string_equal(second.root, given);
	assert_int_equal(labd_status(b->socket, 1, &first), ERR_OK);
	assert_string_equal(first.root, host.image);
}

static void
a_container_has_limits(void **state)
{
	struct labd_bench *b = *state;
	struct screen s;
	int code;

	NEEDS_HOST();
	labd_bench_box(b, 1);
	screen_open(&s, b, 1, 0, false);
	screen_plain(&s);
	/* what does not fit is not started, or killed */
	(void)screen_run(
	    &s, "head -c 200M /dev/zero >/lab/work/x 2>/dev/null", &code);
	assert_int_not_equal(code, 0);
	assert_string_equal(
	    screen_run(&s, "stat -c %s /lab/work/x; rm /lab/work/x", &code),
	    "16777216\n");
	(void)screen_run(
	    &s, "(while sleep 60 & do :; done) 2>/dev/null", &code);
	assert_int_not_equal(code, 0);
	screen_close(&s);
	assert_int_equal(labd_stop(b->socket, 1), ERR_OK);
	assert_int_equal(containers(), 0);
}

static void
containers_end_with_their_daemon(void **state)
{
	struct labd_bench *b = *state;

	NEEDS_HOST();
	labd_bench_box(b, 1);
	labd_bench_box(b, 2);
	assert_int_equal(containers(), 2);
	assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	assert_int_equal(containers(), 0);
	labd_bench_start(b);
	labd_bench_box(b, 3);
	(void)labd_bench_end(b, SIGKILL);
	wait_for_containers(0);
	labd_bench_start(b);
}

/* Nobody was there to end it: the next daemon does. */
static void
what_is_left_over_is_swept(void **state)
{
	struct labd_bench *b = *state;
	char command[DIRECTORY_BYTES + 400], said[512], copy[64];

	NEEDS_HOST();
	(void)labd_bench_end(b, SIGTERM);
	(void)snprintf(command, sizeof(command),
	    "curl -s --unix-socket %s -H 'Content-Type: application/json' -d"
	    " '{\"Image\":\"%s\",\"Cmd\":[\"/bin/sleep\",\"600\"],\"Labels\":"
	    "{\"tanren.labd\":\"%s\"},\"HostConfig\":{\"NetworkMode\":"
	    "\"none\"}}' 'http://h/containers/create?name=tanren-%s-99'",
	    host.socket, host.image, host.label, host.label);
	assert_int_equal(output_of(command, said, sizeof(said)), 0);
	assert_int_equal(containers(), 1);
	/* of one that died before there was a container */
	(void)snprintf(command, sizeof(command),
	    "curl -s --unix-socket %s -H 'Content-Type: application/json' -d"
	    " '{\"Name\":\"tanren-%s-98-lab\",\"Labels\":"
	    "{\"tanren.labd\":\"%s\"}}' http://h/volumes/create",
	    host.socket, host.label, host.label);
	assert_int_equal(output_of(command, said, sizeof(said)), 0);
	assert_int_equal(volumes(), 1);
	/* and of one that was killed while its box stood still */
	(void)snprintf(
	    copy, sizeof(copy), "/tmp/tanren-lab-%s-abcdef", host.label);
	assert_int_equal(mkdir(copy, 0700), 0);
	(void)snprintf(command, sizeof(command), "mkdir %s/deep", copy);
	assert_int_equal(output_of(command, said, sizeof(said)), 0);
	labd_bench_start(b);
	wait_for_containers(0);
	assert_int_equal(access(copy, F_OK), -1);
}

/* The host began later than the daemon: nobody has to start it again. */
static void
a_host_may_come_later(void **state)
{
	struct labd_bench *b = *state;
	struct labd_spec spec = labd_bench_spec(1);
	char later[DIRECTORY_BYTES + 16];
	struct labd_status status;
	int64_t until;
	enum err e;

	NEEDS_HOST();
	(void)labd_bench_end(b, SIGTERM);
	(void)snprintf(later, sizeof(later), "%s/later", b->directory);
	b->options.host.socket = later;
	labd_bench_start(b);
	assert_int_equal(
	    labd_start(b->socket, &spec, &status), ERR_UNAVAILABLE);
	assert_int_equal(symlink(host.socket, later), 0);
	until = monotonic_ms() + LABD_BENCH_MS;
	while ((e = labd_start(b->socket, &spec, &status)) == ERR_UNAVAILABLE &&
	    monotonic_ms() < until)
		wait_ms(50);
	assert_int_equal(e, ERR_OK);
}

/* ------------------------------------------------------- a host of our words
 */

#define UIDS(map) "/proc/self/uid_map:         0 " map "\r\n"
#define STATUS(filter)                                                         \
	"/proc/self/status:CapBnd:\t0000000000000000\r\n"                      \
	"/proc/self/status:NoNewPrivs:\t1\r\n"                                 \
	"/proc/self/status:Seccomp:\t" filter "\r\n"
#define V1(bytes, n)                                                           \
	"/sys/fs/cgroup/memory/memory.limit_in_bytes:" bytes "\r\n"            \
	"/sys/fs/cgroup/pids/pids.max:" n "\r\n"
#define V2(bytes, n)                                                           \
	"/sys/fs/cgroup/memory.max:" bytes "\r\n"                              \
	"/sys/fs/cgroup/pids.max:" n "\r\n"

/* Answers as a host does; `words` are those of the container. */
static void
answer_as_host(int listener, const char *words)
{
	char head[4096], body[2048];
	const char *status;
	ssize_t n, more;
	int fd;

	while ((fd = accept(listener, NULL, NULL)) != -1) {
		memset(head, 0, sizeof(head));
		n = 0;
		while (strstr(head, "\r\n\r\n") == NULL &&
		    (more = recv(
			 fd, head + n, sizeof(head) - 1 - (size_t)n, 0)) > 0)
			n += more;
		head[strcspn(head, "\r")] = '\0';
		status = strstr(head, "DELETE") != NULL ? "404 x" : "200 OK";
		(void)snprintf(body, sizeof(body), "%s",
		    strstr(head, "/logs") != NULL
			? words
			: "{\"Id\":\""
			  "0123456789abcdef0123456789abcdef"
			  "0123456789abcdef0123456789abcdef\"}");
		(void)dprintf(fd,
		    "HTTP/1.1 %s\r\nContent-Length: %zu\r\n"
		    "Connection: close\r\n\r\n%s",
		    status, strlen(body), body);
		(void)shutdown(fd, SHUT_WR);
		while (recv(fd, head, sizeof(head), 0) > 0)
			;
		(void)close(fd);
	}
	_exit(0);
}

/* Not what a host says it can do, but what is seen in a container. */
static void
levels_are_seen_from_inside(void **state)
{
	static const struct {
		const char *words;
		char level;
	} cases[] = {
	    {UIDS("0 4294967295") STATUS("2") V1("83886080", "32"), 'C'},
	    {UIDS("0 4294967295") STATUS("2") V2("83886080", "32"), 'C'},
	    {UIDS("100000 65536") STATUS("2") V2("83886080", "32"), 'B'},
	    /* ignored, as by rootless podman with cgroup v1 */
	    {UIDS("100000 65536") STATUS("2"), 'D'},
	    {UIDS("0 4294967295") STATUS("2") V1("9223372036854771712", "max"),
		'D'},
	    {UIDS("0 4294967295") STATUS("2") V2("max", "max"), 'D'},
	    {UIDS("0 4294967295") STATUS("2") V2("83886080", "max"), 'D'},
	    {UIDS("0 4294967295") STATUS("0") V2("83886080", "32"), 'D'},
	    /* privileges are left, or nobody knows */
	    {UIDS("0 4294967295") "/proc/self/"
				  "status:CapBnd:\t00000000a80425fb\r\n"
				  "/proc/self/status:NoNewPrivs:\t1\r\n"
				  "/proc/self/status:Seccomp:\t2\r\n" V2(
				      "83886080", "32"),
		0},
	    {"", 0},
	    {"grep: not found\r\n", 0},
	};
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct labd_bench *b = *state;
	struct container_host ours = {.image = "i", .label = "words"};
	struct container_found found;
	char path[DIRECTORY_BYTES + 16];
	pid_t pid;
	size_t i;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/words", b->directory);
	assert_true(strlen(path) < sizeof(name.sun_path));
	memcpy(name.sun_path, path, strlen(path) + 1);
	ours.socket = path;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		(void)unlink(path);
		assert_int_equal(
		    bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
		assert_int_equal(listen(fd, 16), 0);
		(void)fflush(NULL);
		if ((pid = fork()) == 0)
			answer_as_host(fd, cases[i].words);
		container_look(&ours, true, &found);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		(void)close(fd);
		if (found.level != cases[i].level)
			fail_msg("case %zu: level %d: %s", i, found.level,
			    found.sentence);
		assert_int_not_equal(found.sentence[0], '\0');
	}
}

/* A host that takes a connection and says nothing. */
static void
a_host_that_hangs_keeps_nobody_waiting(void **state)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct labd_bench *own = *state, b;
	struct labd_spec spec = labd_bench_spec(1);
	struct labd_status status, *list;
	char silent[DIRECTORY_BYTES + 16];
	int64_t began;
	size_t n;
	int fd;

	(void)snprintf(silent, sizeof(silent), "%s/silent", own->directory);
	assert_true(strlen(silent) < sizeof(name.sun_path));
	memcpy(name.sun_path, silent, strlen(silent) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(fd, 16), 0);
	open_daemon(&b);
	b.options.host.socket = silent;
	labd_bench_start(&b);
	began = monotonic_ms();
	assert_int_equal(labd_start(b.socket, &spec, &status), ERR_UNAVAILABLE);
	assert_int_equal(labd_list(b.socket, b.arena, &list, &n), ERR_OK);
	assert_true(monotonic_ms() - began < 1000);
	labd_bench_close(&b);
	(void)close(fd);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    T(a_container_is_a_box),
	    T(a_file_is_sent_whole_or_not_at_all),
	    T(boxes_say_which_image_they_have),
	    T(a_container_has_limits),
	    T(containers_end_with_their_daemon),
	    T(what_is_left_over_is_swept),
	    T(a_host_may_come_later),
	    T(levels_are_seen_from_inside),
	    T(a_host_that_hangs_keeps_nobody_waiting),
	};

	random_start();
	return cmocka_run_group_tests(tests, open_host, close_host);
}
