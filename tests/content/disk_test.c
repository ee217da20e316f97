/* A full disk: told as such, and nothing half-written is left. */
#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/random.h"
#include "content/publish.h"
#include "support/content_fixture.h"
#include "support/directory.h"
#include "support/small_disk.h"

#define DISK_KIB 256

static size_t
manifests(const char *path)
{
	const struct dirent *entry;
	DIR *d = opendir(path);
	size_t n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		n += strstr(entry->d_name, ".sqlite") != NULL;
	(void)closedir(d);
	return n;
}

static void
a_full_disk_leaves_nothing(void **state)
{
	struct arena *a = arena_new();
	struct content_files files = {0};
	struct content_errors errors;
	const char *repository, *dir, *manifest = NULL, *commit = NULL;
	char directory[DIRECTORY_BYTES], hex[41];
	unsigned leave;

	(void)state;
	directory_make(directory);
	repository = arena_printf(a, "%s/repository", directory);
	dir = arena_printf(a, "%s/content", directory);
	content_files_read(&files, "tests/content/tree");
	content_repository_commit(repository, &files, hex);
	content_files_free(&files);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_true(small_disk_mount(dir, DISK_KIB));
	for (leave = 0; leave <= 48; leave += 16) {
		small_disk_fill(dir, leave);
		assert_int_equal(content_build(&repository, 1, hex, dir, false,
				     a, &manifest, &commit, &errors),
		    ERR_NO_SPACE);
		assert_null(manifest);
		assert_int_equal(manifests(dir), 0);
		small_disk_free(dir);
	}
	assert_int_equal(content_build(&repository, 1, hex, dir, false, a,
			     &manifest, &commit, &errors),
	    ERR_OK);
	assert_int_equal(manifests(dir), 1);
	small_disk_unmount(dir);
	directory_remove(directory);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_disk_leaves_nothing),
	};

	random_start();
	if (!small_disk_enter())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
