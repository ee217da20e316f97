/* From a commit to a manifest: the same bytes, refs, several repositories. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "base/text.h"
#include "content/content.h"
#include "content/manifest.h"
#include "content/publish.h"
#include "support/content_fixture.h"
#include "support/directory.h"

#define TREE "tests/content/tree"

struct bench {
	char directory[DIRECTORY_BYTES];
	struct arena *a;
	struct content_files files;
	char commit[41];
	const char *repository;
	struct content_errors errors;
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->a = arena_new();
	directory_make(b->directory);
	b->repository = arena_printf(b->a, "%s/repository", b->directory);
	content_files_read(&b->files, TREE);
	content_repository_commit(b->repository, &b->files, b->commit);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	content_files_free(&b->files);
	directory_remove(b->directory);
	arena_free(b->a);
	free(b);
	return 0;
}

static const char *
folder(struct bench *b, const char *name)
{
	return arena_printf(b->a, "%s/%s", b->directory, name);
}

static void
build(struct bench *b, const char *revision, const char *dir, bool keep,
    const char **manifest)
{
	const char *commit = NULL;

	assert_int_equal(content_build(&b->repository, 1, revision, dir, keep,
			     b->a, manifest, &commit, &b->errors),
	    ERR_OK);
	assert_string_equal(commit, b->commit);
}

static void
the_same_commit_gives_the_same_bytes(void **state)
{
	struct bench *b = *state;
	const char *first, *second;
	size_t n, m;
	char *x, *y;

	build(b, "main", folder(b, "one"), false, &first);
	sleep(1); /* SQLite's clock, if it had one, would move */
	build(b, b->commit, folder(b, "two"), false, &second);
	assert_string_equal(first, second);
	x = content_slurp(
	    arena_printf(b->a, "%s/%s", folder(b, "one"), first), &n);
	y = content_slurp(
	    arena_printf(b->a, "%s/%s", folder(b, "two"), second), &m);
	assert_int_equal(n, m);
	assert_memory_equal(x, y, n);
	free(x);
	free(y);
}

static void
the_name_tells_commit_and_renderer(void **state)
{
	struct bench *b = *state;
	const char *name;

	build(b, "main", folder(b, "out"), false, &name);
	assert_string_equal(
	    name, arena_printf(b->a, "content-%s-1.sqlite", b->commit));
	assert_true(manifest_name_is_good(name));
	assert_false(manifest_name_is_good("content-1-1.sqlite"));
	assert_false(manifest_name_is_good(arena_printf(b->a, "../%s", name)));
	assert_false(manifest_name_is_good(arena_printf(b->a, "%s\n", name)));
}

static void
a_published_commit_is_kept_by_a_ref(void **state)
{
	struct bench *b = *state;
	git_repository *repository;
	char text[41];
	git_oid id;
	const char *name;

	build(b, "main", folder(b, "out"), true, &name);
	assert_true(git_libgit2_init() > 0);
	assert_int_equal(
	    git_repository_open_bare(&repository, b->repository), 0);
	assert_int_equal(
	    git_reference_name_to_id(&id, repository,
		arena_printf(b->a, "refs/tanren/published/%s", b->commit)),
	    0);
	assert_string_equal(git_oid_tostr(text, sizeof(text), &id), b->commit);
	git_repository_free(repository);
	(void)git_libgit2_shutdown();
}

static void
assert_fails(struct bench *b, const char *repository, const char *revision,
    const char *message)
{
	const char *manifest = NULL, *commit = NULL;

	assert_int_equal(
	    content_build(&repository, 1, revision, folder(b, "out"), true,
		b->a, &manifest, &commit, &b->errors),
	    ERR_INVALID);
	assert_null(manifest);
	assert_int_equal(b->errors.n, 1);
	assert_string_equal(b->errors.list[0].file, repository);
	assert_string_equal(b->errors.list[0].message, message);
	assert_int_equal(access(folder(b, "out"), F_OK), -1);
}

static void
unknown_revisions_and_repositories_are_told(void **state)
{
	struct bench *b = *state;

	assert_fails(b, b->repository, "nothing", "no such revision: nothing");
	assert_fails(b, b->repository, "", "no such revision: ");
	assert_fails(b, folder(b, "nowhere"), "main",
	    "no git repository can be read here");
}

static bool
is_told(const struct bench *b, const char *file, const char *message)
{
	size_t i;

	for (i = 0; i < b->errors.n; i++)
		if (text_eq(b->errors.list[i].file, file) &&
		    text_eq(b->errors.list[i].message, message))
			return true;
	return false;
}

static void
later_repositories_add_to_the_first(void **state)
{
	struct bench *b = *state;
	struct content_files lab = {0};
	const char *repositories[2] = {
	    b->repository, folder(b, "confidential")};
	const char *manifest, *commit, *list;
	char other[41];

	content_files_put(&lab, "labs/README.md", "Also here.\n");
	content_repository_commit(repositories[1], &lab, other);
	list = arena_printf(b->a, "%s,%s", b->commit, other);
	assert_int_equal(
	    content_build(repositories, 2, "main", folder(b, "out"), true, b->a,
		&manifest, &commit, &b->errors),
	    ERR_OK);
	assert_string_not_equal(commit, b->commit);
	assert_int_equal(strlen(commit), 40);
	assert_int_equal(content_build(repositories, 2, list, NULL, false, b->a,
			     &manifest, &list, &b->errors),
	    ERR_OK);
	assert_string_equal(list, commit);

	content_files_put(&lab, "courses/framework/csf.yaml", "csf: []\n");
	content_repository_commit(repositories[1], &lab, other);
	assert_int_equal(content_build(repositories, 2, "main", NULL, false,
			     b->a, &manifest, &commit, &b->errors),
	    ERR_INVALID);
	/* which of the two was read decides what else is told */
	assert_true(is_told(b, "courses/framework/csf.yaml",
	    "more than one repository holds this file"));
	content_files_free(&lab);
}

static void
an_empty_commit_is_refused_not_served(void **state)
{
	struct bench *b = *state;
	struct content_files none = {0};
	const char *repository = folder(b, "empty"), *manifest = NULL, *commit;
	char id[41];

	content_files_put(&none, "README", "nothing\n");
	content_repository_commit(repository, &none, id);
	assert_int_equal(content_build(&repository, 1, "main", folder(b, "out"),
			     true, b->a, &manifest, &commit, &b->errors),
	    ERR_INVALID);
	assert_true(b->errors.n >= 10); /* every file of the framework */
	content_files_free(&none);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    T(the_same_commit_gives_the_same_bytes),
	    T(the_name_tells_commit_and_renderer),
	    T(a_published_commit_is_kept_by_a_ref),
	    T(unknown_revisions_and_repositories_are_told),
	    T(later_repositories_add_to_the_first),
	    T(an_empty_commit_is_refused_not_served),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
