/* Drawing a form, points, pass marks and gates, without any rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "assess/assess.h"
#include "base/clock.h"

#define QUESTIONS 12 /* in the bank: six of each module */
#define SEEDS 300

#define CHOICE(is_right)                                                       \
	{                                                                      \
		.text = {{"選択肢", "A choice"}}, .right = (is_right)          \
	}

static const struct choice one_of_three[] = {
    CHOICE(true), CHOICE(false), CHOICE(false)};
static const struct choice two_of_four[] = {
    CHOICE(true), CHOICE(false), CHOICE(true), CHOICE(false)};
static const struct choice three_of_four[] = {
    CHOICE(true), CHOICE(true), CHOICE(true), CHOICE(false)};

static const struct question single = {
    .type = QUESTION_SINGLE, .choices = one_of_three, .n_choices = 3};
static const struct question two = {
    .type = QUESTION_MULTIPLE, .choices = two_of_four, .n_choices = 4};
static const struct question three = {
    .type = QUESTION_MULTIPLE, .choices = three_of_four, .n_choices = 4};

/* ------------------------------------------------------------------- points */

static void
question_points_follow_the_table(void **state)
{
	static const struct {
		const struct question *q;
		chosen_bits chosen;
		int points;
	} cases[] = {
	    {&single, 0x0, 0}, {&single, 0x1, 100}, {&single, 0x2, 0},
	    {&single, 0x3, 0}, /* all or nothing */
	    {&single, 0x7, 0}, {&two, 0x0, 0}, {&two, 0x5, 100},
	    {&two, 0x1, 50}, {&two, 0x4, 50},
	    {&two, 0x3, 0}, /* a right one and a wrong one */
	    {&two, 0x7, 50},
	    {&two, 0xf, 0}, /* ticking everything earns nothing */
	    {&two, 0xa, 0}, /* never negative */
	    {&two, 0xb, 0}, {&three, 0x7, 100},
	    {&three, 0x3, 66}, /* rounded down */
	    {&three, 0x1, 33}, {&three, 0xf, 66}, {&three, 0x9, 0},
	    {&three, 0xfff0, 0}, /* places that are none */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (question_points(cases[i].q, cases[i].chosen) !=
		    cases[i].points)
			fail_msg("case %zu: %d", i,
			    question_points(cases[i].q, cases[i].chosen));
}

static void
pass_mark_is_not_rounded_in_anybodys_favour(void **state)
{
	static const struct {
		int64_t points, max;
		int percent;
		bool passes;
	} cases[] = {
	    {700, 1000, 70, true},
	    {699, 1000, 70, false}, /* 69.9 % is not 70 % */
	    {701, 1000, 70, true},
	    {1399, 2000, 70, false},
	    {66, 100, 67, false},
	    {200, 300, 67, false}, /* 66.67 % */
	    {201, 300, 67, true},
	    {0, 1000, 70, false},
	    {1000, 1000, 100, true},
	    {999, 1000, 100, false},
	    {0, 0, 70, false}, /* nothing asked, nothing passed */
	    {0, 0, 0, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (points_pass(cases[i].points, cases[i].max,
			cases[i].percent) != cases[i].passes)
			fail_msg("case %zu", i);
}

/* -------------------------------------------------------------------- gates */

static void
gate_follows_the_table(void **state)
{
	static const struct exam exam = {.attempts = 2, .wait_hours = 24};
	static const struct {
		struct exam_history h;
		bool done;
		int64_t now;
		enum exam_gate gate;
		int64_t opens_at;
	} cases[] = {
	    {{0, 0, 0, 0}, true, 5, EXAM_OPEN, 0},
	    {{0, 0, 0, 0}, false, 5, EXAM_MODULES_FIRST, 0},
	    {{0, 0, 9, 0}, true, 5, EXAM_RUNNING, 0},
	    /* what runs goes on, whatever became of the modules */
	    {{1, 5, 9, 0}, false, 5, EXAM_RUNNING, 0},
	    {{1, 5, 0, 9}, true, DAY_MS * 9, EXAM_PASSED, 0},
	    {{2, 5, 0, 9}, true, DAY_MS * 9, EXAM_PASSED, 0},
	    {{1, 5, 0, 0}, true, 5, EXAM_WAIT, DAY_MS + 5},
	    {{1, 5, 0, 0}, true, DAY_MS + 4, EXAM_WAIT, DAY_MS + 5},
	    {{1, 5, 0, 0}, true, DAY_MS + 5, EXAM_OPEN, 0},
	    {{2, 5, 0, 0}, true, DAY_MS * 9, EXAM_USED_UP, 0},
	    {{3, 5, 0, 0}, true, DAY_MS * 9, EXAM_USED_UP, 0},
	};
	int64_t opens_at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		opens_at = -1;
		if (exam_gate(&exam, &cases[i].h, cases[i].done, cases[i].now,
			&opens_at) != cases[i].gate ||
		    opens_at != cases[i].opens_at)
			fail_msg("case %zu", i);
	}
}

/* ------------------------------------------------------------------- drawing
 */

struct bank {
	struct question questions[QUESTIONS];
	struct exam_draw draws[2];
	struct exam exam;
};

static void
make_bank(struct bank *b)
{
	size_t i;

	*b = (struct bank){0};
	for (i = 0; i < QUESTIONS; i++)
		b->questions[i] = (struct question){
		    .type = QUESTION_MULTIPLE,
		    .module = i % 2 == 0 ? 1 : 2,
		    .choices = two_of_four,
		    .n_choices = 4,
		};
	b->draws[0] = (struct exam_draw){1, 3};
	b->draws[1] = (struct exam_draw){2, 2};
	b->exam = (struct exam){
	    .draws = b->draws,
	    .n_draws = 2,
	    .bank = b->questions,
	    .n_bank = QUESTIONS,
	};
}

static void
seed_of(unsigned n, uint8_t seed[DIGEST_BYTES])
{
	digest_sha256(&n, sizeof(n), seed);
}

static size_t
place_of(const struct bank *b, const struct form *f, size_t i)
{
	return (size_t)(f->questions[i].question - b->questions);
}

static void
same_seed_draws_the_same_form(void **state)
{
	struct arena *a = arena_new();
	uint8_t seed[DIGEST_BYTES];
	struct form f, again;
	struct bank b;
	size_t i;

	(void)state;
	make_bank(&b);
	seed_of(7, seed);
	form_draw(&b.exam, seed, a, &f);
	form_draw(&b.exam, seed, a, &again);
	assert_int_equal(f.n, again.n);
	for (i = 0; i < f.n; i++) {
		assert_ptr_equal(
		    f.questions[i].question, again.questions[i].question);
		assert_memory_equal(f.questions[i].order,
		    again.questions[i].order, 4 * sizeof(uint32_t));
	}
	arena_free(a);
}

/*
 * Forms that were shown must be shown again after any change of this
 * program: what one seed drew once is written down here.
 */
static void
what_a_seed_drew_stays_for_ever(void **state)
{
	static const size_t places[] = {10, 8, 0, 3, 5};
	static const uint32_t order[] = {1, 3, 0, 2};
	struct arena *a = arena_new();
	uint8_t seed[DIGEST_BYTES] = {0};
	struct form f;
	struct bank b;
	size_t i;

	(void)state;
	make_bank(&b);
	form_draw(&b.exam, seed, a, &f);
	assert_int_equal(f.n, 5);
	for (i = 0; i < f.n; i++)
		assert_int_equal(place_of(&b, &f, i), places[i]);
	for (i = 0; i < 4; i++)
		assert_int_equal(f.questions[0].order[i], order[i]);
	arena_free(a);
}

static void
form_has_the_counts_of_the_exam_and_no_question_twice(void **state)
{
	struct arena *a = arena_new();
	uint8_t seed[DIGEST_BYTES];
	struct form f;
	struct bank b;
	unsigned n, seen, of_module[3];
	size_t i;

	(void)state;
	make_bank(&b);
	for (n = 0; n < SEEDS; n++) {
		seed_of(n, seed);
		form_draw(&b.exam, seed, a, &f);
		memset(of_module, 0, sizeof(of_module));
		seen = 0;
		for (i = 0; i < f.n; i++) {
			assert_false(seen & (1u << place_of(&b, &f, i)));
			seen |= 1u << place_of(&b, &f, i);
			of_module[f.questions[i].question->module]++;
		}
		assert_int_equal(of_module[1], 3);
		assert_int_equal(of_module[2], 2);
		arena_reset(a);
	}
	arena_free(a);
}

/* 300 draws: 3 of 6 are expected 150 times each, 2 of 6 a hundred times. */
static void
every_question_of_the_bank_is_drawn_fairly(void **state)
{
	struct arena *a = arena_new();
	unsigned n, times[QUESTIONS] = {0}, expected;
	uint8_t seed[DIGEST_BYTES];
	struct form f;
	struct bank b;
	size_t i;

	(void)state;
	make_bank(&b);
	for (n = 0; n < SEEDS; n++) {
		seed_of(n, seed);
		form_draw(&b.exam, seed, a, &f);
		for (i = 0; i < f.n; i++)
			times[place_of(&b, &f, i)]++;
		arena_reset(a);
	}
	for (i = 0; i < QUESTIONS; i++) {
		expected = b.questions[i].module == 1 ? 150 : 100;
		assert_in_range(times[i], expected - 45, expected + 45);
	}
	arena_free(a);
}

/* Each of 4 choices stands in each place of 1,500 questions: 375 expected. */
static void
choices_are_permuted_fairly(void **state)
{
	struct arena *a = arena_new();
	unsigned n, at[4][4] = {{0}};
	uint8_t seed[DIGEST_BYTES];
	struct form f;
	struct bank b;
	size_t i, j;

	(void)state;
	make_bank(&b);
	for (n = 0; n < SEEDS; n++) {
		seed_of(n, seed);
		form_draw(&b.exam, seed, a, &f);
		for (i = 0; i < f.n; i++)
			for (j = 0; j < 4; j++)
				at[j][f.questions[i].order[j]]++;
		arena_reset(a);
	}
	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++)
			assert_in_range(at[i][j], 375 - 85, 375 + 85);
	arena_free(a);
}

static void
check_keeps_the_order_of_its_questions(void **state)
{
	struct arena *a = arena_new();
	uint8_t seed[DIGEST_BYTES];
	struct form f;
	struct bank b;
	size_t i;

	(void)state;
	make_bank(&b);
	seed_of(3, seed);
	form_of_check(b.questions, QUESTIONS, seed, a, &f);
	assert_int_equal(f.n, QUESTIONS);
	for (i = 0; i < f.n; i++)
		assert_int_equal(place_of(&b, &f, i), i);
	arena_free(a);
}

static void
seed_depends_on_everything_it_is_made_of(void **state)
{
	uint8_t secret[DIGEST_BYTES] = {1}, other[DIGEST_BYTES] = {2};
	uint8_t s[6][DIGEST_BYTES];
	size_t i, j;

	(void)state;
	attempt_seed(secret, 1, "E-101", "m", 1, s[0]);
	attempt_seed(other, 1, "E-101", "m", 1, s[1]);
	attempt_seed(secret, 2, "E-101", "m", 1, s[2]);
	attempt_seed(secret, 1, "E-102", "m", 1, s[3]);
	attempt_seed(secret, 1, "E-101", "n", 1, s[4]);
	attempt_seed(secret, 1, "E-101", "m", 2, s[5]);
	for (i = 0; i < 6; i++)
		for (j = 0; j < i; j++)
			assert_memory_not_equal(s[i], s[j], DIGEST_BYTES);
}

static int
start(void **state)
{
	(void)state;
	random_start();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(question_points_follow_the_table),
	    cmocka_unit_test(pass_mark_is_not_rounded_in_anybodys_favour),
	    cmocka_unit_test(gate_follows_the_table),
	    cmocka_unit_test(same_seed_draws_the_same_form),
	    cmocka_unit_test(what_a_seed_drew_stays_for_ever),
	    cmocka_unit_test(
		form_has_the_counts_of_the_exam_and_no_question_twice),
	    cmocka_unit_test(every_question_of_the_bank_is_drawn_fairly),
	    cmocka_unit_test(choices_are_permuted_fairly),
	    cmocka_unit_test(check_keeps_the_order_of_its_questions),
	    cmocka_unit_test(seed_depends_on_everything_it_is_made_of),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
