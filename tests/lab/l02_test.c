/* Lab L02 as the jobs run it: its own scripts, in boxes, within its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "base/random.h"
#include "base/text.h"
#include "lab/engine/box.h"

#define HOME "labs/L02-credential-stuffing"
#define SEED "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_SEED                                                             \
	"ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

struct bench {
	struct arena *arena;
	struct box_caps caps;
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	random_start();
	b->arena = arena_new();
	box_probe(&b->caps);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	arena_free(b->arena);
	free(b);
	return 0;
}

/* The limits are those of its lab.yaml. */
static struct box_result
run(struct bench *b, const char *script, const char *seed,
    const struct box_file *files, size_t n, const char *collect)
{
	const char *const argv[] = {BOX_PYTHON, "-s", "-S", "-B",
	    arena_printf(b->arena, BOX_HOME "/%s", script), NULL};
	const char *const env[] = {arena_printf(b->arena, "LAB_SEED=%s", seed),
	    "LAB_DIR=" BOX_WORK, "LAB_OUT=" BOX_WORK "/out",
	    "LAB_HOME=" BOX_HOME, "LANG=C.UTF-8", "PYTHONHASHSEED=0", NULL};
	const struct box_job job = {
	    .caps = &b->caps,
	    .argv = argv,
	    .env = env,
	    .home = HOME,
	    .files = files,
	    .n_files = n,
	    .collect = collect,
	    .seconds = 20,
	    .memory_mb = 256,
	    .disk_mb = 32,
	    .processes_max = 32,
	    .collect_files_max = 64,
	    .collect_bytes_max = (size_t)8192 * 1024,
	};
	struct box_result r;

	assert_int_equal(box_run(&job, b->arena, &r), ERR_OK);
	if (r.end != BOX_EXITED || r.code != 0)
		print_error("%s: %s %d: %s\n", script, box_end_name(r.end),
		    r.code, r.err);
	assert_int_equal(r.end, BOX_EXITED);
	assert_int_equal(r.code, 0);
	assert_int_equal(r.n_refused, 0);
	return r;
}

/* What was collected from `dir`, to be put there again. */
static struct box_file *
below(struct bench *b, const char *dir, const struct box_result *r)
{
	struct box_file *list =
	    ARENA_ARRAY(b->arena, struct box_file, r->n_files);
	size_t i;

	for (i = 0; i < r->n_files; i++) {
		list[i] = r->files[i];
		list[i].path =
		    arena_printf(b->arena, "%s/%s", dir, r->files[i].path);
	}
	return list;
}

static int64_t
points_of(struct bench *b, const struct box_result *r)
{
	char *text = arena_strdup(b->arena, r->out), *line, *rest, *tab;
	int64_t sum = 0;

	for (line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		assert_non_null(tab = strchr(line, '\t'));
		sum += strtoll(tab + 1, NULL, 10);
	}
	return sum;
}

static void
solved_it_scores_everything_and_only_with_its_seed(void **state)
{
	struct bench *b = *state;
	struct box_result made, solved, r;

	made = run(b, "setup", SEED, NULL, 0, "in");
	assert_int_equal(made.n_files, 5);
	r = run(b, "check", SEED, NULL, 0, NULL);
	assert_int_equal(points_of(b, &r), 0);
	solved =
	    run(b, "solve", "", below(b, "in", &made), made.n_files, "out");
	assert_int_equal(solved.n_files, 2);
	r = run(
	    b, "check", SEED, below(b, "out", &solved), solved.n_files, NULL);
	assert_int_equal(points_of(b, &r), 100);
	r = run(b, "check", OTHER_SEED, below(b, "out", &solved),
	    solved.n_files, NULL);
	assert_true(points_of(b, &r) < 70);
}

static void
the_same_seed_makes_the_same_bytes(void **state)
{
	struct bench *b = *state;
	struct box_result one, two;
	size_t i;

	one = run(b, "setup", SEED, NULL, 0, "in");
	two = run(b, "setup", SEED, NULL, 0, "in");
	assert_int_equal(one.n_files, two.n_files);
	for (i = 0; i < one.n_files; i++) {
		assert_string_equal(one.files[i].path, two.files[i].path);
		assert_int_equal(one.files[i].size, two.files[i].size);
		assert_memory_equal(
		    one.files[i].data, two.files[i].data, one.files[i].size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		solved_it_scores_everything_and_only_with_its_seed, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		the_same_seed_makes_the_same_bytes, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
