/* The store of manifests, and what a revision hands out. */
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "content/content.h"
#include "content/publish.h"
#include "support/content_fixture.h"
#include "support/directory.h"

#define TREE "tests/content/tree"
#define REVISIONS 20 /* more than stay open */
#define THREADS 4
#define ROUNDS 200

struct bench {
	char directory[DIRECTORY_BYTES];
	struct arena *a;
	struct content_files files;
	const char *repository, *dir;
	const char *manifests[REVISIONS];
	struct content_store *store;
};

/* One more revision, in which the first lab has the version n + 2. */
static void
publish(struct bench *b, int n)
{
	const char *path = "labs/L91-log-reading/lab.yaml", *commit;
	struct content_errors errors;
	char hex[41], *text, *at;

	text = arena_strdup(b->a, content_files_find(&b->files, path)->data);
	assert_non_null(at = strstr(text, "version: "));
	*at = '\0';
	content_files_put(&b->files, path,
	    arena_printf(
		b->a, "%sversion: %d%s", text, n + 2, strchr(at + 1, '\n')));
	content_repository_commit(b->repository, &b->files, hex);
	assert_int_equal(content_build(&b->repository, 1, hex, b->dir, false,
			     b->a, &b->manifests[n], &commit, &errors),
	    ERR_OK);
}

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->a = arena_new();
	directory_make(b->directory);
	b->repository = arena_printf(b->a, "%s/repository", b->directory);
	b->dir = arena_printf(b->a, "%s/con tent?#%%", b->directory);
	content_files_read(&b->files, TREE);
	publish(b, 0);
	publish(b, 1);
	assert_int_equal(content_store_open(b->dir, &b->store), ERR_OK);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	content_store_close(b->store);
	content_files_free(&b->files);
	directory_remove(b->directory);
	arena_free(b->a);
	free(b);
	return 0;
}

static struct content *
follow(struct bench *b, int n)
{
	struct content *c;

	assert_int_equal(content_follow(b->store, b->manifests[n]), ERR_OK);
	assert_non_null(c = content_current(b->store));
	assert_string_equal(content_manifest(c), b->manifests[n]);
	return c;
}

static int
version(const struct content *c)
{
	return content_lab(c, "L91")->version;
}

/* ------------------------------------------------------------- the store */

static void
nothing_is_served_before_the_first_follow(void **state)
{
	struct bench *b = *state;

	assert_null(content_current(b->store));
}

static void
a_held_revision_outlives_the_next(void **state)
{
	struct bench *b = *state;
	struct content *old = follow(b, 0), *new = follow(b, 1);

	assert_int_equal(version(old), 2);
	assert_int_equal(version(new), 3);
	content_release(new);
	content_store_close(b->store);
	b->store = NULL;
	assert_int_equal(version(old), 2);
	content_release(old);
}

static void
a_failed_follow_changes_nothing(void **state)
{
	static const char *const bad[] = {"", "x", "../content",
	    "content-0000000000000000000000000000000000000000-1.sqlite",
	    "content-0000000000000000000000000000000000000000-1.sqlite/.."};
	struct bench *b = *state;
	struct content *c;
	size_t i;

	content_release(follow(b, 0));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    content_follow(b->store, bad[i]), ERR_NOT_FOUND);
		assert_int_equal(
		    content_named(b->store, bad[i], &c), ERR_NOT_FOUND);
	}
	c = content_current(b->store);
	assert_string_equal(content_manifest(c), b->manifests[0]);
	content_release(c);
}

static void
old_revisions_are_found_by_name(void **state)
{
	struct bench *b = *state;
	struct content *c;
	int i;

	for (i = 2; i < REVISIONS; i++)
		publish(b, i);
	content_release(follow(b, REVISIONS - 1));
	for (i = 0; i < 2 * REVISIONS; i++) {
		assert_int_equal(
		    content_named(b->store, b->manifests[i % REVISIONS], &c),
		    ERR_OK);
		assert_int_equal(version(c), i % REVISIONS + 2);
		content_release(c);
	}
}

/* Writes a copy of a manifest with `n` bytes at `at` turned over. */
static void
damage(struct bench *b, const char *name, size_t at, size_t n)
{
	const char *path = arena_printf(b->a, "%s/%s", b->dir, name);
	size_t size, i;
	char *data = content_slurp(
	    arena_printf(b->a, "%s/%s", b->dir, b->manifests[0]), &size);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	for (i = at; i < at + n && i < size; i++)
		data[i] = (char)~data[i];
	assert_int_equal(
	    fwrite(data, 1, at < size ? size : at, f), at < size ? size : at);
	assert_int_equal(fclose(f), 0);
	free(data);
}

/* Whatever is damaged: refused or served, never a crash. */
static void
a_damaged_manifest_is_refused(void **state)
{
	const char *name =
	    "content-0123456789012345678901234567890123456789-1.sqlite";
	struct bench *b = *state;
	struct content *c;
	size_t at, refused = 0;

	damage(b, name, 0, 64);
	assert_int_equal(content_named(b->store, name, &c), ERR_INTERNAL);
	for (at = 100; at < 120000; at += 1999) {
		damage(b, name, at, 40);
		if (content_named(b->store, name, &c) != ERR_OK) {
			refused++;
			continue;
		}
		content_release(c);
		content_store_close(b->store);
		assert_int_equal(content_store_open(b->dir, &b->store), ERR_OK);
	}
	assert_true(refused > 0);
}

struct crowd {
	struct bench *b;
	int number;
	const char *wrong;
};

static void *
one_of_many(void *arg)
{
	struct crowd *me = arg;
	struct bench *b = me->b;
	struct search_hit *hits;
	struct arena *a = arena_new();
	struct content *c, *old;
	size_t n;
	int i;

	for (i = 0; i < ROUNDS && me->wrong == NULL; i++) {
		if (me->number == 0 &&
		    content_follow(b->store, b->manifests[i % 2]) != ERR_OK)
			me->wrong = "follow";
		c = content_current(b->store);
		if (content_named(b->store, b->manifests[i % 3], &old) !=
		    ERR_OK) {
			me->wrong = "named";
			content_release(c);
			break;
		}
		if (version(old) != i % 3 + 2)
			me->wrong = "version";
		if (content_search(c, "監査", LANG_JA, a, &hits, &n) !=
			ERR_OK ||
		    n != 1)
			me->wrong = "search";
		content_release(old);
		content_release(c);
		arena_reset(a);
	}
	arena_free(a);
	return NULL;
}

static void
threads_share_revisions(void **state)
{
	struct bench *b = *state;
	struct crowd crowd[THREADS];
	pthread_t threads[THREADS];
	int i;

	publish(b, 2);
	content_release(follow(b, 0));
	for (i = 0; i < THREADS; i++) {
		crowd[i] = (struct crowd){.b = b, .number = i};
		assert_int_equal(
		    pthread_create(&threads[i], NULL, one_of_many, &crowd[i]),
		    0);
	}
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		if (crowd[i].wrong != NULL)
			fail_msg("thread %d: %s", i, crowd[i].wrong);
	}
}

/* -------------------------------------------------------- what is handed out
 */

static void
courses_tell_what_their_files_say(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const struct course *all, *co;
	const struct module *mo;
	size_t n;

	all = content_courses(c, &n);
	assert_int_equal(n, 3);
	assert_string_equal(all[0].id, "C-901");
	assert_string_equal(all[1].id, "T-901");
	assert_string_equal(all[2].id, "T-902");
	assert_true(all[2].planned);
	assert_null(all[2].reviewed_on);
	assert_int_equal(all[2].n_modules, 1);
	assert_true(all[2].modules[0].planned);

	assert_non_null(co = content_course(c, "C-901"));
	assert_false(co->planned);
	assert_string_equal(co->title.in[LANG_JA], "守りの基礎");
	assert_string_equal(co->exam, "C-901");
	assert_string_equal(co->review_due, "2027-05-31");
	assert_int_equal(content_course_minutes(co), 35);
	assert_null(content_course(c, "C-999"));

	assert_non_null(mo = content_module(co, 1));
	assert_string_equal(mo->slug, "passwords");
	assert_int_equal(mo->n_objectives, 1);
	assert_string_equal(mo->objectives[0].text.in[LANG_EN],
	    "Explain why reuse is dangerous");
	assert_string_equal(mo->csf[0], "PR.AA");
	assert_string_equal(mo->guideline[0], "2.3.1");
	assert_string_equal(mo->levels[0].competency, "C05");
	assert_int_equal(mo->levels[0].level, 1);
	assert_true(mo->has_check);
	assert_null(mo->lab);
	assert_int_equal(mo->n_sources, 1);
	assert_true(content_module(co, 3)->planned);
	assert_null(content_module(co, 4));
	mo = content_module(content_course(c, "T-901"), 1);
	assert_string_equal(mo->lab, "L91");
	assert_false(mo->has_check);
	content_release(c);
}

static void
texts_come_in_both_languages_with_headings(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const struct heading *headings;
	struct safe_html html;
	size_t n;

	assert_int_equal(content_module_text(c, "C-901", 1, LANG_JA, b->a,
			     &html, &headings, &n),
	    ERR_OK);
	assert_non_null(strstr(html.text, "<strong>監査部門</strong>"));
	assert_int_equal(n, 1);
	assert_string_equal(headings[0].anchor, "s1");
	assert_string_equal(headings[0].text, "何が起きたか");
	assert_int_equal(content_module_text(c, "C-901", 1, LANG_EN, b->a,
			     &html, &headings, &n),
	    ERR_OK);
	content_release(c);
	assert_string_equal(headings[0].text, "What happened");
	c = content_current(b->store);
	assert_int_equal(content_module_text(c, "C-901", 3, LANG_EN, b->a,
			     &html, &headings, &n),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    content_lab_task(c, "L91", LANG_JA, b->a, &html), ERR_OK);
	assert_non_null(strstr(html.text, "課題"));
	assert_int_equal(
	    content_lab_task(c, "L00", LANG_JA, b->a, &html), ERR_NOT_FOUND);
	assert_int_equal(
	    content_lab_solution(c, "L91", LANG_JA, b->a, &html), ERR_OK);
	assert_non_null(strstr(html.text, "時刻の順"));
	assert_int_equal(
	    content_lab_solution(c, "L91", LANG_EN, b->a, &html), ERR_OK);
	assert_non_null(strstr(html.text, "in order of time"));
	assert_int_equal(content_lab_solution(c, "L00", LANG_JA, b->a, &html),
	    ERR_NOT_FOUND);
	content_release(c);
}

static void
questions_keep_the_order_of_their_author(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const struct question *q;
	const struct exam *ex;
	size_t n;

	assert_int_equal(content_check(c, "C-901", 2, &q, &n), ERR_OK);
	assert_int_equal(n, 3);
	assert_string_equal(q[2].id, "C-901-2-c3");
	assert_int_equal(q[2].type, QUESTION_MULTIPLE);
	assert_int_equal(q[2].module, 2);
	assert_int_equal(q[2].n_choices, 3);
	assert_true(q[2].choices[0].right);
	assert_true(q[2].choices[1].right);
	assert_false(q[2].choices[2].right);
	assert_string_equal(q[2].choices[2].text.in[LANG_EN], "The third");
	assert_int_equal(content_check(c, "T-901", 1, &q, &n), ERR_NOT_FOUND);

	assert_non_null(ex = content_exam(c, "C-901"));
	assert_int_equal(ex->n_draws, 2);
	assert_int_equal(ex->n_bank, 6);
	assert_string_equal(ex->bank[3].id, "C-901-2-01");
	assert_int_equal(ex->minutes, 30);
	assert_int_equal(ex->attempts, 3);
	assert_int_equal(ex->wait_hours, 24);
	assert_int_equal(ex->pass, 70);
	assert_null(content_exam(c, "E-101"));
	content_release(c);
}

static void
labs_write_their_scripts(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const struct lab *l = content_lab(c, "L91");
	const char *dir = arena_printf(b->a, "%s/box", b->directory);
	struct stat st;
	char *text;

	assert_int_equal(l->limit_memory_mb, 128);
	assert_int_equal(l->collect[0].max_kb, 64);
	assert_string_equal(l->artefacts[0].path, "access.log");
	assert_int_equal(l->checks[1].points, 40);
	assert_string_equal(l->messages[0].key, "c1_ok");
	assert_int_equal(l->hints[0].cost, 3);

	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(content_lab_scripts(c, "L91", dir), ERR_OK);
	assert_int_equal(stat(arena_printf(b->a, "%s/setup", dir), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat(arena_printf(b->a, "%s/truth.py", dir), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	text = content_slurp(arena_printf(b->a, "%s/truth.py", dir), NULL);
	assert_string_equal(text, "def truth():\n    return 1\n");
	free(text);
	assert_int_equal(
	    access(arena_printf(b->a, "%s/lab.yaml", dir), F_OK), -1);
	assert_int_equal(content_lab_scripts(c, "L00", dir), ERR_NOT_FOUND);
	assert_int_equal(
	    content_lab_scripts(c, "L91", "/nonexistent"), ERR_INTERNAL);
	content_release(c);
}

/* Where a learner's program is run, neither truth nor checker may lie. */
static void
a_trial_is_written_alone(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const char *dir = arena_printf(b->a, "%s/box", b->directory);
	static const char *const absent[] = {
	    "setup", "check", "truth.py", "lab.yaml"};
	size_t i;

	assert_int_equal(mkdir(dir, 0700), 0);
	/* L91 has none */
	assert_int_equal(content_lab_trial(c, "L91", dir), ERR_NOT_FOUND);
	for (i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_int_equal(
		    access(arena_printf(b->a, "%s/%s", dir, absent[i]), F_OK),
		    -1);
	assert_int_equal(content_lab_trial(c, "L00", dir), ERR_NOT_FOUND);
	content_release(c);
}

static void
a_script_does_not_follow_a_link(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const char *dir = arena_printf(b->a, "%s/box", b->directory);

	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(
	    symlink("../precious", arena_printf(b->a, "%s/setup", dir)), 0);
	assert_int_equal(content_lab_scripts(c, "L91", dir), ERR_INTERNAL);
	assert_int_equal(
	    access(arena_printf(b->a, "%s/precious", b->directory), F_OK), -1);
	content_release(c);
}

static void
the_framework_is_whole(void **state)
{
	struct bench *b = *state;
	struct content *c = follow(b, 0);
	const struct framework *f = content_framework(c);

	assert_int_equal(f->n_tiers, 2);
	assert_int_equal(f->n_policy, 2);
	assert_int_equal(f->n_scope, 2);
	assert_int_equal(f->n_csf, 2);
	assert_int_equal(f->n_levels, 3);
	assert_string_equal(f->levels[2].id, "2");
	assert_string_equal(f->size_bands[0].id, "1");
	assert_string_equal(f->competencies[1].csf[0], "DE.CM");
	assert_string_equal(f->programmes[0].courses[1], "T-902");
	assert_string_equal(f->edges[0].to, "T-IR");
	assert_string_equal(
	    content_role(c, "T-SOC")->targets[1].competency, "C08");
	assert_null(content_role(c, "X"));
	assert_string_equal(
	    content_named_in(f->categories, f->n_categories, "RGB")
		->text.in[LANG_JA],
	    "地域銀行");
	assert_null(content_named_in(f->csf, f->n_csf, "X"));
	content_release(c);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    T(nothing_is_served_before_the_first_follow),
	    T(a_held_revision_outlives_the_next),
	    T(a_failed_follow_changes_nothing),
	    T(old_revisions_are_found_by_name),
	    T(a_damaged_manifest_is_refused),
	    T(threads_share_revisions),
	    T(courses_tell_what_their_files_say),
	    T(texts_come_in_both_languages_with_headings),
	    T(questions_keep_the_order_of_their_author),
	    T(labs_write_their_scripts),
	    T(a_trial_is_written_alone),
	    T(a_script_does_not_follow_a_link),
	    T(the_framework_is_whole),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
