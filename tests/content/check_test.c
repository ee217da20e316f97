/*
 * Every mistake is told with its file and line, all of them at once, and
 * nothing is kept. Each folder of tests/bad/content is laid over the good
 * tree tests/content/tree: its files replace or add, those named in `removed`
 * go, and `expected` lists what must be told. With TANREN_GOLDEN=write
 * `expected` is written instead; read the diff.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/random.h"
#include "content/publish.h"
#include "support/content_fixture.h"
#include "support/directory.h"

#define TREE "tests/content/tree"
#define BAD "tests/bad/content"

struct bench {
	char directory[DIRECTORY_BYTES];
	struct buf repository, out;
	struct content_files files;
	struct arena *a;
	struct content_errors errors;
	const char *manifest, *commit;
};

static void
bench_open(struct bench *b)
{
	*b = (struct bench){.a = arena_new()};
	directory_make(b->directory);
	buf_printf(&b->repository, "%s/repository", b->directory);
	buf_printf(&b->out, "%s/content", b->directory);
	content_files_read(&b->files, TREE);
}

static void
bench_close(struct bench *b)
{
	content_files_free(&b->files);
	directory_remove(b->directory);
	buf_free(&b->repository);
	buf_free(&b->out);
	arena_free(b->a);
}

static enum err
bench_build(struct bench *b)
{
	const char *repository = buf_text(&b->repository);
	char commit[41];

	content_repository_commit(repository, &b->files, commit);
	return content_build(&repository, 1, commit, buf_text(&b->out), true,
	    b->a, &b->manifest, &b->commit, &b->errors);
}

/* Entries of a folder besides hidden ones. */
static size_t
entries(const char *path)
{
	const struct dirent *entry;
	DIR *d = opendir(path);
	size_t n = 0;

	if (d == NULL)
		return 0;
	while ((entry = readdir(d)) != NULL)
		n += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0;
	(void)closedir(d);
	return n;
}

static char *
errors_text(const struct content_errors *errors)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	content_errors_print(errors, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void
compare_with(const char *path, const char *actual)
{
	const char *mode = getenv("TANREN_GOLDEN");
	char *expected;
	FILE *f;

	if (mode != NULL && strcmp(mode, "write") == 0) {
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_not_equal(fputs(actual, f), EOF);
		assert_int_equal(fclose(f), 0);
		return;
	}
	expected = content_slurp(path, NULL);
	assert_non_null(expected);
	assert_string_equal(actual, expected);
	free(expected);
}

static void
overlay(struct bench *b, const char *folder)
{
	struct content_file *removed;
	char *line, *rest = NULL;

	content_files_read(&b->files, folder);
	if (content_files_find(&b->files, "expected") != NULL)
		content_files_remove(&b->files, "expected");
	removed = content_files_find(&b->files, "removed");
	if (removed == NULL)
		return;
	line = strdup(removed->data);
	content_files_remove(&b->files, "removed");
	for (char *p = strtok_r(line, "\n", &rest); p != NULL;
	     p = strtok_r(NULL, "\n", &rest))
		content_files_remove(&b->files, p);
	free(line);
}

static void
check_case(const char *name)
{
	struct buf folder = BUF_EMPTY, expected = BUF_EMPTY;
	struct bench b;
	char *text;

	print_message("%s\n", name);
	bench_open(&b);
	buf_printf(&folder, BAD "/%s", name);
	overlay(&b, buf_text(&folder));
	assert_int_equal(bench_build(&b), ERR_INVALID);
	assert_null(b.manifest);
	assert_int_equal(entries(buf_text(&b.out)), 0);
	text = errors_text(&b.errors);
	buf_printf(&expected, "%s/expected", buf_text(&folder));
	compare_with(buf_text(&expected), text);
	free(text);
	buf_free(&expected);
	buf_free(&folder);
	bench_close(&b);
}

static void
every_mistake_is_told_with_file_and_line(void **state)
{
	struct dirent **list;
	int i, n;

	(void)state;
	n = scandir(BAD, &list, NULL, alphasort);
	assert_true(n > 2);
	for (i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			check_case(list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

static void
the_good_tree_has_no_mistake(void **state)
{
	struct bench b;
	char *text;

	(void)state;
	bench_open(&b);
	assert_int_equal(bench_build(&b), ERR_OK);
	text = errors_text(&b.errors);
	assert_string_equal(text, "");
	free(text);
	bench_close(&b);
}

/* ------------------------------------------- what no file can show as well */

static void
assert_told(struct bench *b, const char *expected)
{
	char *text;

	assert_int_equal(bench_build(b), ERR_INVALID);
	text = errors_text(&b->errors);
	assert_string_equal(text, expected);
	free(text);
}

static void
links_and_submodules_are_refused(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	content_files_put_mode(
	    &b.files, "courses/link", "/etc/passwd", 0120000);
	content_files_put_mode(&b.files, "labs/module", "", 0160000);
	assert_told(&b,
	    "courses/link: a symbolic link is refused\n"
	    "labs/module: a submodule is refused\n");
	bench_close(&b);
}

static void
large_files_are_refused_unread(void **state)
{
	struct buf big = BUF_EMPTY;
	struct bench b;

	(void)state;
	bench_open(&b);
	while (big.len <= 256 * 1024)
		buf_puts(&big, "long enough\n");
	content_files_put(
	    &b.files, "labs/L91-log-reading/check", buf_text(&big));
	content_files_put(
	    &b.files, "courses/everyone/C-901/README.md", buf_text(&big));
	assert_told(&b,
	    "courses/everyone/C-901/README.md: 262152 bytes; such a file has "
	    "at most 262144\n"
	    "labs/L91-log-reading/check: 262152 bytes; such a file has at "
	    "most 262144\n"
	    "labs/L91-log-reading/check: the file is missing\n");
	buf_free(&big);
	bench_close(&b);
}

static void
bytes_that_are_no_utf8_are_told(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	content_files_put(&b.files, "courses/README.md", "\xff\xfe");
	assert_told(&b, "courses/README.md: not valid UTF-8\n");
	bench_close(&b);
}

static void
deep_folders_are_refused(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	content_files_put(
	    &b.files, "courses/1/2/3/4/5/6/7/8/9/10/README.md", "x\n");
	assert_told(&b, "courses/1/2/3/4/5/6/7/8/9: folders nest too deeply\n");
	bench_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_good_tree_has_no_mistake),
	    cmocka_unit_test(every_mistake_is_told_with_file_and_line),
	    cmocka_unit_test(links_and_submodules_are_refused),
	    cmocka_unit_test(large_files_are_refused_unread),
	    cmocka_unit_test(bytes_that_are_no_utf8_are_told),
	    cmocka_unit_test(deep_folders_are_refused),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
