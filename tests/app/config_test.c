/*
 * tanren.conf: what holds without one, and that the example in deploy/ is right
 * and knows every key. What is refused: command_test.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/config.h"
#include "base/text.h"
#include "support/content_fixture.h"
#include "support/directory.h"

#define EXAMPLE "deploy/tanren.conf.example"
#define KEYS_SOURCE "platform/app/config_keys.c"

struct bench {
	char directory[DIRECTORY_BYTES];
	struct arena *a;
	const char *file, *told;
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->a = arena_new();
	directory_make(b->directory);
	b->file = arena_printf(b->a, "%s/tanren.conf", b->directory);
	b->told = arena_printf(b->a, "%s/told", b->directory);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	directory_remove(b->directory);
	arena_free(b->a);
	free(b);
	return 0;
}

/* Loads a text as VAR/tanren.conf; *told gets what was printed. */
static enum err
load(struct bench *b, const char *text, const char *port, struct config *c,
    const char **told)
{
	struct options o = {.var = b->directory, .port = port};
	FILE *f = fopen(b->file, "w");
	char *said;
	int keep;
	enum err e;

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	(void)fflush(stderr);
	keep = dup(STDERR_FILENO);
	assert_non_null(freopen(b->told, "w", stderr));
	e = config_load(b->a, &o, c);
	(void)fflush(stderr);
	assert_int_not_equal(dup2(keep, STDERR_FILENO), -1);
	(void)close(keep);
	assert_non_null(said = content_slurp(b->told, &(size_t){0}));
	*told = arena_strdup(b->a, said);
	free(said);
	return e;
}

static void
without_a_file_there_are_defaults(void **state)
{
	struct bench *b = *state;
	struct config c;
	const char *told;

	assert_int_equal(load(b, "", "8123", &c, &told), ERR_OK);
	assert_string_equal(told, "");
	assert_string_equal(
	    c.database, arena_printf(b->a, "sqlite:%s/tanren.db", c.var));
	assert_string_equal(c.listen, "127.0.0.1:8123");
	assert_string_equal(c.origin, "http://127.0.0.1:8123");
	assert_string_equal(c.ref, "HEAD");
	assert_int_equal(c.workers, 1);
	assert_int_equal(c.lab_level, 'C');
	assert_int_equal(c.lab_boxes_max, 50);
	assert_string_equal(
	    c.lab_image, arena_printf(b->a, "%s/lab-image", c.var));
	assert_false(c.test_clock);
}

/* ------------------------------------------------------------ the example */

/* The example with what it only shows put into force. */
static char *
example_in_force(struct arena *a)
{
	char *text, *out, *line, *rest;
	size_t n;

	assert_non_null(text = content_slurp(EXAMPLE, &n));
	rest = arena_strndup(a, text, n);
	free(text);
	out = arena_alloc(a, n + 1);
	while ((line = strsep(&rest, "\n")) != NULL) {
		/* "# key = value", where prose has more words before '=' */
		if (text_starts(line, "# ") && strstr(line, " = ") != NULL &&
		    strchr(line + 2, ' ') == strstr(line, " = "))
			line += 2;
		(void)strcat(strcat(out, line), "\n");
	}
	return out;
}

static void
the_example_loads_as_it_stands_and_in_force(void **state)
{
	struct bench *b = *state;
	const char *told;
	struct config c;
	char *text;

	assert_non_null(text = content_slurp(EXAMPLE, &(size_t){0}));
	assert_int_equal(load(b, text, NULL, &c, &told), ERR_OK);
	assert_string_equal(told, "");
	assert_string_equal(c.listen, "127.0.0.1:8080");
	free(text);
	assert_int_equal(
	    load(b, example_in_force(b->a), NULL, &c, &told), ERR_OK);
	assert_string_equal(told, "");
	assert_string_equal(c.listen, "0.0.0.0:443");
	assert_int_equal(c.workers, 4);
	assert_int_equal(c.lab_level, 'A');
	assert_int_equal(c.lab_boxes_max, 200);
	assert_string_equal(c.lab_image, "/var/cache/tanren/lab-image");
}

static void
the_example_knows_every_key(void **state)
{
	struct bench *b = *state;
	char *source, *key, *end;
	const char *example;
	size_t found = 0, n;

	example = example_in_force(b->a);
	assert_non_null(source = content_slurp(KEYS_SOURCE, &n));
	for (key = strstr(source, "    {\""); key != NULL;
	     key = strstr(end, "    {\"")) {
		key += strlen("    {\"");
		assert_non_null(end = strchr(key, '"'));
		found++;
		if (strstr(example,
			arena_printf(
			    b->a, "\n%.*s = ", (int)(end - key), key)) == NULL)
			fail_msg("no key %.*s", (int)(end - key), key);
	}
	assert_true(found >= 9);
	free(source);
}

static void
keys_of_live_labs_are_checked(void **state)
{
	static const char *const bad[] = {"lab_level = E", "lab_level = a",
	    "lab_level = AB", "lab_level =", "lab_boxes_max = 0",
	    "lab_boxes_max = 1001", "lab_boxes_max = many", "lab_image = here",
	    "lab_image =", "lab_image = /a\"b", "lab_container_image = a b",
	    "lab_container_image =", "lab_container_image = a",
	    "lab_container_socket = /a", NULL};
	struct bench *b = *state;
	const char *told;
	struct config c;
	size_t i;

	for (i = 0; bad[i] != NULL; i++) {
		assert_int_equal(load(b, bad[i], NULL, &c, &told), ERR_INVALID);
		assert_non_null(
		    strstr(told, bad[i][4] == 'i' ? "path" : "lab_"));
	}
	assert_int_equal(load(b, "lab_image = none", NULL, &c, &told), ERR_OK);
	assert_null(c.lab_image);
	assert_null(c.lab_container_socket);
	assert_int_equal(load(b,
			     "lab_container_socket = /run/p.sock\n"
			     "lab_container_image = localhost/lab:1",
			     NULL, &c, &told),
	    ERR_OK);
	assert_string_equal(c.lab_container_socket, "/run/p.sock");
	assert_string_equal(c.lab_container_image, "localhost/lab:1");
}

int
main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
	    ONE(without_a_file_there_are_defaults),
	    ONE(the_example_loads_as_it_stands_and_in_force),
	    ONE(the_example_knows_every_key),
	    ONE(keys_of_live_labs_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
