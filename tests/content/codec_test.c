/* The model as bytes: what is written is read, and damage is noticed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "content/codec.h"

static const char *const csf[] = {"PR.AA", "DE.CM"};
static const struct level_of levels[] = {{"C05", 2}};
static const struct objective objectives[] = {
    {"E-101-1.a", {{"言える", "Say"}}}};
static const struct bilingual sources[] = {{{"資料", "A source"}}};
static const struct module modules[] = {
    {.number = 1,
	.slug = "who",
	.title = {{"誰が", "Who"}},
	.minutes = 300,
	.objectives = objectives,
	.n_objectives = 1,
	.csf = csf,
	.n_csf = 2,
	.levels = levels,
	.n_levels = 1,
	.lab = "L02",
	.has_check = true,
	.sources = sources,
	.n_sources = 1},
    {.number = 2, .planned = true, .title = {{"次", "Next"}}},
};
static const struct course courses[] = {
    {.id = "E-101",
	.tier = "executive",
	.title = {{"経営", "Board"}},
	.summary = {{"", ""}},
	.modules = modules,
	.n_modules = 2,
	.reviewed_on = "2026-11-23"},
};
static const struct choice choices[] = {
    {{{"正", "Right"}}, true}, {{{"誤", "Wrong"}}, false}};
static const struct question questions[] = {{"E-101-1-c1", QUESTION_MULTIPLE,
    "E-101-1.a", 1, {{"問", "Q"}}, choices, 2, {{"解説", "Why"}}}};
static const struct question_set checks[] = {{"E-101", 1, questions, 1}};
static const struct model model = {
    .courses = courses, .n_courses = 1, .checks = checks, .n_checks = 1};

static void
what_is_written_is_read(void **state)
{
	struct arena *a = arena_new();
	struct buf first = BUF_EMPTY, second = BUF_EMPTY;
	const struct module *m;
	struct model got;

	(void)state;
	codec_write(&model, &first);
	assert_int_equal(
	    codec_read(first.data, first.len, CODEC_FORMAT, a, &got), ERR_OK);
	codec_write(&got, &second);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	m = got.courses[0].modules;
	assert_int_equal(m[0].minutes, 300);
	assert_string_equal(m[0].csf[1], "DE.CM");
	assert_string_equal(m[0].lab, "L02");
	assert_true(m[0].has_check);
	assert_true(m[1].planned);
	assert_null(m[1].slug);
	assert_null(got.courses[0].exam);
	assert_int_equal(got.checks[0].list[0].type, QUESTION_MULTIPLE);
	assert_true(got.checks[0].list[0].choices[0].right);
	buf_free(&first);
	buf_free(&second);
	arena_free(a);
}

/* What was written before a struct grew stays readable. */
static void
an_older_format_is_read(void **state)
{
	static const char *const needs[] = {"nginx"};
	static const struct lab with[] = {
	    {.id = "L04", .needs = needs, .n_needs = 1}};
	static const struct lab without[] = {{.id = "L02"}};
	struct model labs = {.labs = with, .n_labs = 1}, got;
	struct arena *a = arena_new();
	struct buf b = BUF_EMPTY;

	(void)state;
	/* five numbers of a trial are a lab's end; five lists come after */
	codec_write(&labs, &b);
	memmove(b.data + b.len - 10, b.data + b.len - 5, 5);
	assert_int_equal(codec_read(b.data, b.len - 5, 2, a, &got), ERR_OK);
	assert_int_equal(got.labs[0].n_needs, 1);
	assert_string_equal(got.labs[0].needs[0], "nginx");
	assert_int_equal(got.labs[0].trial.seconds, 0);
	assert_int_equal(codec_read(b.data, b.len, 2, a, &got), ERR_INTERNAL);
	buf_free(&b);

	/* before them the count of needs; the last list, the solutions, is
	 * younger, too */
	b = BUF_EMPTY;
	labs.labs = without;
	codec_write(&labs, &b);
	memmove(b.data + b.len - 11, b.data + b.len - 5, 5);
	assert_int_equal(codec_read(b.data, b.len - 7, 1, a, &got), ERR_OK);
	assert_string_equal(got.labs[0].id, "L02");
	assert_int_equal(got.labs[0].n_needs, 0);
	assert_int_equal(
	    codec_read(b.data, b.len - 6, 1, a, &got), ERR_INTERNAL);
	assert_int_equal(codec_read(b.data, b.len, 0, a, &got), ERR_INTERNAL);
	assert_int_equal(
	    codec_read(b.data, b.len, CODEC_FORMAT + 1, a, &got), ERR_INTERNAL);
	buf_free(&b);
	arena_free(a);
}

static void
a_lab_keeps_its_trial(void **state)
{
	static const struct lab with = {
	    .id = "L09", .trial = {90, 256, 16, 2048, 4}};
	struct model one = {.labs = &with, .n_labs = 1}, got;
	struct arena *a = arena_new();
	struct buf b = BUF_EMPTY;

	(void)state;
	codec_write(&one, &b);
	assert_int_equal(
	    codec_read(b.data, b.len, CODEC_FORMAT, a, &got), ERR_OK);
	assert_memory_equal(
	    &got.labs[0].trial, &with.trial, sizeof(with.trial));
	buf_free(&b);
	arena_free(a);
}

static void
every_cut_is_noticed(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_EMPTY;
	struct model got;
	size_t n;

	(void)state;
	codec_write(&model, &b);
	for (n = 0; n < b.len; n++) {
		/* A copy of its own, so that a read past it is seen. */
		struct arena *piece = arena_new();

		assert_int_equal(codec_read(arena_strndup(piece, b.data, n), n,
				     CODEC_FORMAT, a, &got),
		    ERR_INTERNAL);
		arena_free(piece);
		arena_reset(a);
	}
	buf_putc(&b, 0);
	assert_int_equal(
	    codec_read(b.data, b.len, CODEC_FORMAT, a, &got), ERR_INTERNAL);
	assert_int_equal(
	    codec_read(b.data, b.len - 1, CODEC_FORMAT + 1, a, &got),
	    ERR_INTERNAL);
	buf_free(&b);
	arena_free(a);
}

/* Format 1 ended before the solutions, whose number is the last byte. */
static void
a_manifest_from_before_there_were_solutions_is_read(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_EMPTY;
	struct model got;

	(void)state;
	codec_write(&model, &b);
	assert_int_equal(codec_read(b.data, b.len - 1, 1, a, &got), ERR_OK);
	assert_string_equal(got.courses[0].id, model.courses[0].id);
	assert_int_equal(got.n_solutions, 0);
	assert_int_equal(
	    codec_read(b.data, b.len - 1, 0, a, &got), ERR_INTERNAL);
	buf_free(&b);
	arena_free(a);
}

static void
no_byte_makes_it_crash(void **state)
{
	static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
	struct arena *a = arena_new();
	struct buf b = BUF_EMPTY;
	size_t i, j, survived = 0;
	struct model got;
	char before;

	(void)state;
	codec_write(&model, &b);
	for (i = 0; i < b.len; i++) {
		before = b.data[i];
		for (j = 0; j < sizeof(values); j++) {
			b.data[i] = (char)values[j];
			survived += codec_read(b.data, b.len, CODEC_FORMAT, a,
					&got) == ERR_OK;
			arena_reset(a);
		}
		b.data[i] = before;
	}
	/* Bytes of texts may be anything; lengths may not. */
	assert_true(survived > 0 && survived < b.len * sizeof(values));
	buf_free(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_read),
	    cmocka_unit_test(an_older_format_is_read),
	    cmocka_unit_test(a_lab_keeps_its_trial),
	    cmocka_unit_test(every_cut_is_noticed),
	    cmocka_unit_test(
		a_manifest_from_before_there_were_solutions_is_read),
	    cmocka_unit_test(no_byte_makes_it_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
