/*
 * Images of labs: what is one, what is none, and boxes of both kinds that are
 * made of one. Run by root, boxes are proved twice: as root and as an ordinary
 * user.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "support/labd_bench.h"
#include "support/lab_image.h"
#include "support/processes.h"

#define DIGEST                                                                 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char late[DIRECTORY_BYTES]; /* the image is in it, and not in use */

struct bench {
	char directory[DIRECTORY_BYTES];
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	directory_make(b->directory);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	directory_remove(b->directory);
	free(b);
	return 0;
}

static const char *
in_directory(const struct bench *b, const char *name)
{
	static char path[DIRECTORY_BYTES + 128];

	(void)snprintf(path, sizeof(path), "%s/%s", b->directory, name);
	return path;
}

static void
make_directory(const struct bench *b, const char *name)
{
	assert_int_equal(mkdir(in_directory(b, name), 0755), 0);
}

static void
make_link(const struct bench *b, const char *to, const char *name)
{
	(void)unlink(in_directory(b, name));
	assert_int_equal(symlink(to, in_directory(b, name)), 0);
}

static void
assert_no_image(const struct bench *b, enum err wanted)
{
	struct box_image image = {.fd = -2};

	assert_int_equal(image_open(b->directory, &image), wanted);
	assert_int_equal(image.fd, -2);
}

/* ----------------------------------------------------------------- opening */

static void
only_a_digest_with_usr_and_etc_is_an_image(void **state)
{
	static const char *const bad[] = {".", "..", "/", "/usr", "x",
	    DIGEST "0", "../" DIGEST, DIGEST "/", NULL};
	struct bench *b = *state;
	struct box_image image;
	char seen[BOX_DIGEST_CHARS + 1];
	size_t i;

	assert_int_equal(image_open(NULL, &image), ERR_NOT_FOUND);
	assert_no_image(b, ERR_NOT_FOUND);
	for (i = 0; bad[i] != NULL; i++) {
		make_link(b, bad[i], "current");
		assert_no_image(b, ERR_INVALID);
		image_current(b->directory, seen);
		assert_string_equal(seen, "");
	}
	make_link(b, DIGEST, "current");
	assert_no_image(b, ERR_INVALID); /* nothing is there */
	make_link(b, "/", DIGEST);
	assert_no_image(b, ERR_INVALID); /* another directory */
	make_link(b, "gone", DIGEST);
	assert_int_equal(unlink(in_directory(b, DIGEST)), 0);
	make_directory(b, DIGEST);
	assert_no_image(b, ERR_INVALID); /* an empty one */
	make_directory(b, DIGEST "/etc");
	make_link(b, "/usr", DIGEST "/usr");
	assert_no_image(b, ERR_INVALID); /* another's usr */
	assert_int_equal(unlink(in_directory(b, DIGEST "/usr")), 0);
	make_directory(b, DIGEST "/usr");
	assert_int_equal(image_open(b->directory, &image), ERR_OK);
	assert_string_equal(image.digest, DIGEST);
	image_current(b->directory, seen);
	assert_string_equal(seen, DIGEST);
	image_close(&image);
	image_close(&image);
}

/* ------------------------------------------------------------------- boxes */

/* An image of nothing: no box can be made of it, and this machine's serves. */
static void
what_cannot_be_used_is_not(void **state)
{
	struct bench *b = *state;
	struct box_image image;
	struct box_caps caps;

	make_directory(b, DIGEST);
	make_directory(b, DIGEST "/etc");
	make_directory(b, DIGEST "/usr");
	make_link(b, DIGEST, "current");
	assert_int_equal(image_open(b->directory, &image), ERR_OK);
	box_probe_image(&image, &caps);
	assert_in_range(caps.level, 'A', 'D');
	assert_null(caps.image);
	assert_string_equal(box_root_name(&caps), "host");
	image_close(&image);
}

/* What a box sees of the file that every image has. */
static void
assert_in_image(const struct box_caps *caps, bool wanted)
{
	static const char *const argv[] = {BOX_PYTHON, "-I", "-c",
	    "import os; print(os.path.exists('/etc/lab-packages'),"
	    " open('/etc/passwd').read().count('\\n'))",
	    NULL};
	static const char *const env[] = {NULL};
	const struct box_job job = {
	    .caps = caps,
	    .argv = argv,
	    .env = env,
	    .seconds = 60,
	    .memory_mb = 64,
	    .disk_mb = 4,
	    .processes_max = 8,
	};
	struct arena *a = arena_new();
	struct box_result r;

	assert_int_equal(box_run(&job, a, &r), ERR_OK);
	assert_int_equal(r.end, BOX_EXITED);
	assert_string_equal(r.out, wanted ? "True 1\n" : "False 1\n");
	arena_free(a);
}

static void
a_command_sees_the_image_and_its_maker_stays(void **state)
{
	const struct box_image *image = lab_image();
	struct box_caps caps;
	char before[512], after[512];

	(void)state;
	box_probe(&caps);
	assert_in_image(&caps, false);
	assert_string_equal(box_root_name(&caps), "host");
	assert_true(box_root_has(&caps, "python3"));
	if (image == NULL)
		return;
	assert_non_null(getcwd(before, sizeof(before)));
	box_probe_image(image, &caps);
	assert_ptr_equal(caps.image, image);
	assert_string_equal(box_root_name(&caps), image->digest);
	assert_true(box_root_has(&caps, "python3"));
	assert_false(box_root_has(&caps, "no-such-program"));
	assert_false(box_root_has(&caps, "../etc/passwd"));
	assert_in_image(&caps, true);
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
}

static void
shell_prints(struct labd_bench *b, int64_t box, int terminal,
    const char *command, const char *wanted)
{
	struct screen s;
	int status;

	screen_open(&s, b, box, terminal, false);
	screen_plain(&s);
	assert_string_equal(screen_run(&s, command, &status), wanted);
	screen_close(&s);
}

/*
 * Built while the daemon runs: boxes after it have it, and say so; those that
 * live keep what they have.
 */
static void
the_daemon_takes_a_new_image_and_leaves_one(void **state)
{
	const struct labd_spec one = labd_bench_spec(1),
			       two = labd_bench_spec(2),
			       three = labd_bench_spec(3);
	struct bench at = {""};
	struct labd_bench b;
	struct labd_status s;

	(void)state;
	if (lab_image() == NULL || late[0] == '\0')
		return;
	memcpy(at.directory, late, sizeof(late));
	labd_bench_images = late;
	labd_bench_open(&b);
	assert_int_equal(labd_start(b.socket, &one, &s), ERR_OK);
	assert_string_equal(s.root, "host");
	make_link(&at, lab_image()->digest, "current");
	assert_int_equal(labd_start(b.socket, &two, &s), ERR_OK);
	assert_string_equal(s.root, lab_image()->digest);
	shell_prints(&b, 2, 0, "head -c 1 /etc/lab-packages | wc -c", "1\n");
	shell_prints(
	    &b, 2, 1, "touch /etc/x /usr/x 2>/dev/null; echo $?", "1\n");
	shell_prints(&b, 1, 0, "test -e /etc/lab-packages; echo $?", "1\n");
	assert_int_equal(labd_status(b.socket, 1, &s), ERR_OK);
	assert_string_equal(s.root, "host");
	assert_int_equal(labd_status(b.socket, 2, &s), ERR_OK);
	assert_string_equal(s.root, lab_image()->digest);
	/* one that cannot be used is not; nor is one that was taken away */
	make_link(&at, "nonsense", "current");
	assert_int_equal(labd_start(b.socket, &three, &s), ERR_OK);
	assert_string_equal(s.root, "host");
	assert_int_equal(unlink(in_directory(&at, "current")), 0);
	labd_bench_images = NULL;
	labd_bench_close(&b);
}

#define WITH_A_DIRECTORY(test)                                                 \
	{                                                                      \
#test, test, set_up, tear_down, NULL                           \
	}

static int
run_all(const char *who)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_DIRECTORY(only_a_digest_with_usr_and_etc_is_an_image),
	    WITH_A_DIRECTORY(what_cannot_be_used_is_not),
	    WITH_A_DIRECTORY(a_command_sees_the_image_and_its_maker_stays),
	    WITH_A_DIRECTORY(the_daemon_takes_a_new_image_and_leaves_one),
	};

	return _cmocka_run_group_tests(
	    who, tests, sizeof(tests) / sizeof(tests[0]), NULL, NULL);
}

/* Where everybody who runs tests may put it to use. */
static void
make_late(void)
{
	char from[1024], to[1024];

	directory_make(late);
	(void)snprintf(from, sizeof(from), "%s/%s", lab_image_directory(),
	    lab_image()->digest);
	(void)snprintf(to, sizeof(to), "%s/%s", late, lab_image()->digest);
	if (chmod(late, 0777) == -1 || mkdir(to, 0755) == -1 ||
	    mount(from, to, NULL, MS_BIND | MS_REC, NULL) == -1) {
		perror(to);
		abort();
	}
}

static void
remove_late(void)
{
	char to[1024];

	(void)snprintf(to, sizeof(to), "%s/%s", late, lab_image()->digest);
	(void)umount2(to, MNT_DETACH);
	directory_remove(late);
}

int
main(void)
{
	int failed;

	random_start();
	if (geteuid() != 0)
		return run_all("as an ordinary user");
	lab_image_apart();
	make_late();
	failed = run_all("as root");
	failed += run_as_nobody(run_all);
	remove_late();
	return failed;
}
