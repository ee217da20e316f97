/*
 * What a hostile learner can do in a live box: abuse/inside.py runs in one,
 * under real terminals. Run by root, as root and as an ordinary user, with
 * this machine's /usr and with an image of their own.
 * The level that this machine gives is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/random.h"
#include "support/lab_image.h"
#include "support/labd_bench.h"
#include "support/listeners.h"
#include "support/processes.h"

#define SCRIPT "tests/lab/abuse/inside.py"
#define SCRIPT_BYTES_MAX 65536
#define RULES_MIN 250

static char script[SCRIPT_BYTES_MAX];
static size_t script_bytes;

static void
start_with_script(struct labd_bench *b)
{
	const struct box_file file = {
	    .path = "in/inside.py", .data = script, .size = script_bytes};
	struct labd_spec spec = labd_bench_spec(1);
	struct labd_status s;

	spec.files = &file;
	spec.n_files = 1;
	assert_int_equal(labd_start(b->socket, &spec, &s), ERR_OK);
	printf("abuse: user %d: level %c, root %.12s\n", (int)geteuid(),
	    s.level, s.root);
	assert_int_equal(
	    strcmp(s.root, "host") == 0, labd_bench_images == NULL);
}

static void
print_broken(const char *text)
{
	const char *line = text, *end;

	for (; line != NULL; line = end == NULL ? NULL : end + 1) {
		end = strchr(line, '\n');
		if (strncmp(line, "ok ", 3) != 0)
			print_error("%.*s\n",
			    end == NULL ? (int)strlen(line) : (int)(end - line),
			    line);
	}
}

static void
a_box_holds_what_it_promises(void **state)
{
	char command[256], name[64];
	struct labd_bench b;
	const char *last;
	struct screen s;
	int port, tcp, local, status, rules = 0, broken = -1;

	(void)state;
	(void)snprintf(name, sizeof(name), "tanren-abuse-%d", getpid());
	tcp = listen_on_loopback(&port);
	local = listen_on_abstract_name(name);
	labd_bench_open(&b);
	start_with_script(&b);
	screen_open(&s, &b, 1, 0, false);
	screen_plain(&s);
	(void)snprintf(command, sizeof(command),
	    "python3 -B /lab/in/inside.py %d %s 64 32 2>&1", port, name);
	last = strstr(screen_run(&s, command, &status), " rules, ");
	while (last != NULL && last > s.text.data && last[-1] != '\n')
		last--;
	if (last != NULL)
		(void)sscanf(last, "%d rules, %d broken", &rules, &broken);
	if (status != 0 || broken != 0)
		print_broken(buf_text(&s.text));
	printf("abuse: %d rules, %d broken\n", rules, broken);
	assert_int_equal(status, 0);
	assert_int_equal(broken, 0);
	assert_true(rules >= RULES_MIN);
	/* and it is still a box */
	assert_string_equal(screen_run(&s, "echo on", &status), "on\n");
	screen_close(&s);
	labd_bench_close(&b);
	(void)close(tcp);
	(void)close(local);
}

/* Two boxes of one lab: neither sees what the other has. */
static void
neighbours_do_not_meet(void **state)
{
	struct labd_bench b;
	struct screen one, two;
	int status, layer;

	(void)state;
	labd_bench_open(&b);
	labd_bench_box(&b, 1);
	labd_bench_box(&b, 2);
	screen_open(&one, &b, 1, 0, false);
	screen_open(&two, &b, 2, 0, false);
	screen_plain(&one);
	screen_plain(&two);
	(void)screen_run(&one,
	    "echo mine >/tmp/mine; echo mine >/dev/shm/mine; sleep 77 &"
	    " python3 -c \"import socket, time\n"
	    "s = socket.socket(socket.AF_UNIX); s.bind('\\0meet'); s.listen()\n"
	    "time.sleep(60)\" & sleep 0.5",
	    &status);
	(void)screen_run(&two,
	    "test -e /tmp/mine || test -e /dev/shm/mine || pgrep -f 'sleep 77'",
	    &status);
	assert_int_not_equal(status, 0);
	(void)screen_run(&two,
	    "python3 -c \"import socket\n"
	    "socket.socket(socket.AF_UNIX).connect('\\0meet')\" 2>/dev/null",
	    &status);
	assert_int_not_equal(status, 0);
	/* a lock of one is none of the other's */
	(void)screen_run(
	    &one, "flock /usr/bin/env sleep 20 & sleep 0.3", &status);
	(void)screen_run(&two, "flock -n /usr/bin/env true", &status);
	printf("a lock on a shared program is %s by neighbours\n",
	    status == 0 ? "not seen" : "seen");
	(void)screen_run(
	    &one, "grep -q '^[^ ]* /usr overlay' /proc/mounts", &layer);
	/* where /usr has a layer of the box's own it never is */
	assert_true(status == 0 || layer != 0);
	screen_close(&one);
	screen_close(&two);
	labd_bench_close(&b);
}

static int
run_all(const char *who)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_box_holds_what_it_promises),
	    cmocka_unit_test(neighbours_do_not_meet),
	};

	return _cmocka_run_group_tests(
	    who, tests, sizeof(tests) / sizeof(tests[0]), NULL, NULL);
}

int
main(void)
{
	FILE *f = fopen(SCRIPT, "re");
	int failed;

	if (f == NULL) {
		perror(SCRIPT);
		return 1;
	}
	script_bytes = fread(script, 1, sizeof(script), f);
	(void)fclose(f);
	random_start();
	if (geteuid() != 0)
		return run_all("as an ordinary user");
	failed = run_all("as root");
	failed += run_as_nobody(run_all);
	if (lab_image() != NULL) {
		labd_bench_images = lab_image_directory();
		failed += run_all("as root, in an image");
		failed += run_as_nobody(run_all);
	}
	return failed;
}
