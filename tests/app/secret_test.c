/* The installation's secret: made once, kept, refused when others read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "app/secret.h"
#include "support/directory.h"

struct place {
	char directory[DIRECTORY_BYTES];
	char path[DIRECTORY_BYTES + 16];
};

static int
setup(void **state)
{
	static struct place p;

	random_start();
	directory_make(p.directory);
	(void)snprintf(p.path, sizeof(p.path), "%s/secret", p.directory);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	directory_remove(p->directory);
	return 0;
}

static void
it_is_made_once_and_stays(void **state)
{
	const struct place *p = *state;
	uint8_t first[DIGEST_BYTES] = {0}, second[DIGEST_BYTES] = {0};
	struct stat st;

	assert_int_equal(secret_load(p->path, first), ERR_OK);
	assert_int_equal(secret_load(p->path, second), ERR_OK);
	assert_memory_equal(first, second, DIGEST_BYTES);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
two_installations_differ(void **state)
{
	const struct place *p = *state;
	uint8_t first[DIGEST_BYTES], second[DIGEST_BYTES];

	assert_int_equal(secret_load(p->path, first), ERR_OK);
	assert_int_equal(remove(p->path), 0);
	assert_int_equal(secret_load(p->path, second), ERR_OK);
	assert_memory_not_equal(first, second, DIGEST_BYTES);
}

static void
one_that_others_may_read_is_refused(void **state)
{
	const struct place *p = *state;
	uint8_t out[DIGEST_BYTES];

	assert_int_equal(secret_load(p->path, out), ERR_OK);
	assert_int_equal(chmod(p->path, 0640), 0);
	assert_int_equal(secret_load(p->path, out), ERR_INTERNAL);
}

static void
what_is_no_secret_is_refused_and_kept(void **state)
{
	static const char *const texts[] = {"", "short\n",
	    "zz0102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
	    "\n",
	    "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f\n"
	    "more\n"};
	const struct place *p = *state;
	uint8_t out[DIGEST_BYTES];
	struct stat st;
	size_t i;
	FILE *f;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		f = fopen(p->path, "we");
		assert_non_null(f);
		(void)fputs(texts[i], f);
		(void)fclose(f);
		assert_int_equal(chmod(p->path, 0600), 0);
		assert_int_equal(secret_load(p->path, out), ERR_INTERNAL);
		assert_int_equal(stat(p->path, &st), 0);
		assert_int_equal((size_t)st.st_size, strlen(texts[i]));
	}
}

#define IN_A_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_PLACE(it_is_made_once_and_stays),
	    IN_A_PLACE(two_installations_differ),
	    IN_A_PLACE(one_that_others_may_read_is_refused),
	    IN_A_PLACE(what_is_no_secret_is_refused_and_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
