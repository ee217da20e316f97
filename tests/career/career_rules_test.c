/*
 * How evidence becomes levels, gaps and what to learn next. Rows are folded
 * over a catalogue of the test's own:
 *
 *	C-1	everyone	1 check C1:1
 *	T-1	technician	1 check and lab L01 C1:2 C2:2; 2 planned C3:1
 *	T-2	technician	1 lab L02 without a check C2:2
 *	E-1	executive	1 check C1:3 C4:1
 *	T-3	technician	planned: 1 C3:1
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "career/career.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define ROWS_MAX 4

static const struct competency competencies[] = {
    {.id = "C1"}, {.id = "C2"}, {.id = "C3"}, {.id = "C4"}, {.id = "C10"}};

static const struct level_of c1_1[] = {{"C1", 1}};
static const struct level_of c12_2[] = {{"C1", 2}, {"C2", 2}};
static const struct level_of c2_2[] = {{"C2", 2}};
static const struct level_of c3_1[] = {{"C3", 1}};
static const struct level_of c1_3[] = {{"C1", 3}, {"C4", 1}};

static const struct module c1_modules[] = {
    {.number = 1, .has_check = true, .levels = c1_1, .n_levels = N(c1_1)}};
static const struct module t1_modules[] = {{.number = 1,
					       .has_check = true,
					       .lab = "L01",
					       .levels = c12_2,
					       .n_levels = N(c12_2)},
    {.number = 2, .planned = true, .levels = c3_1, .n_levels = N(c3_1)}};
static const struct module t2_modules[] = {
    {.number = 1, .lab = "L02", .levels = c2_2, .n_levels = N(c2_2)}};
static const struct module e1_modules[] = {
    {.number = 1, .has_check = true, .levels = c1_3, .n_levels = N(c1_3)}};
static const struct module t3_modules[] = {
    {.number = 1, .planned = true, .levels = c3_1, .n_levels = N(c3_1)}};

#define COURSE(name, of, list)                                                 \
	{                                                                      \
		.id = (name), .tier = (of), .modules = (list),                 \
		.n_modules = N(list)                                           \
	}
static const struct course courses[] = {
    COURSE("C-1", "everyone", c1_modules),
    COURSE("E-1", "executive", e1_modules),
    COURSE("T-1", "technician", t1_modules),
    COURSE("T-2", "technician", t2_modules),
    COURSE("T-3", "technician", t3_modules),
};

static const char *const programme_courses[] = {"T-2"};
static const char *const executive_courses[] = {"T-1"};
static const struct programme programmes[] = {{.id = "p",
						  .tier = "technician",
						  .courses = programme_courses,
						  .n_courses = 1},
    {.id = "q",
	.tier = "executive",
	.courses = executive_courses,
	.n_courses = 1}};

static const struct framework framework = {
    .competencies = competencies,
    .n_competencies = N(competencies),
    .programmes = programmes,
    .n_programmes = N(programmes),
};

static const struct level_of targets[] = {
    {"C1", 1}, {"C2", 3}, {"C3", 1}, {"C4", 1}};
static const struct work_role role = {.id = "T-SOC",
    .tier = "technician",
    .targets = targets,
    .n_targets = N(targets)};

/* ----------------------------------------------------------------- helpers */

struct bench {
	struct arena *a;
	struct module_progress modules[N(courses)][2];
	struct course_progress progress[N(courses)];
	struct evidence_row rows[ROWS_MAX];
	struct career_facts facts;
	struct career career;
};

static void
bench_open(struct bench *b)
{
	size_t i;

	*b = (struct bench){.a = arena_new()};
	for (i = 0; i < N(courses); i++) {
		b->progress[i].course = &courses[i];
		b->progress[i].modules = b->modules[i];
	}
	b->facts = (struct career_facts){
	    .framework = &framework,
	    .role = &role,
	    .tier = "technician",
	    .courses = b->progress,
	    .n_courses = N(courses),
	    .rows = b->rows,
	};
}

static void
add_row(struct bench *b, const char *source, const char *thing,
    const char *names, int points)
{
	b->rows[b->facts.n_rows++].ev = (struct evidence){
	    .source = source,
	    .thing = thing,
	    .competencies = names,
	    .points = points,
	    .points_max = 100,
	};
}

static const struct standing *
find(const struct bench *b, const char *id)
{
	size_t i;

	for (i = 0; i < b->career.n_targets; i++)
		if (text_eq(b->career.targets[i].competency->id, id))
			return &b->career.targets[i];
	for (i = 0; i < b->career.n_others; i++)
		if (text_eq(b->career.others[i].competency->id, id))
			return &b->career.others[i];
	return NULL;
}

/* "T-2! T-1 T-3?": ! mandatory, ? planned */
static const char *
suggestions(struct bench *b, const char *id)
{
	const struct standing *s = find(b, id);
	const char *text = "";
	size_t i;

	for (i = 0; i < s->n_suggestions; i++)
		text = arena_printf(b->a, "%s%s%s%s%s", text, i == 0 ? "" : " ",
		    s->suggestions[i].course->id,
		    s->suggestions[i].mandatory ? "!" : "",
		    s->suggestions[i].planned ? "?" : "");
	return text;
}

/* ------------------------------------------------------------------- rules */

static void
a_level_is_read_for_its_own_competency(void **state)
{
	static const struct {
		const char *text, *id;
		int level;
	} cases[] = {
	    {"", "C1", 0},
	    {"C1:2", "C1", 2},
	    {"C10:2", "C1", 0},
	    {"C10:2,C1:1", "C1", 1},
	    {"C1:1,C2:2,C1:3,C1:2", "C1", 3},
	    {"C2:1", "C1", 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		assert_int_equal(competency_level(cases[i].text, cases[i].id),
		    cases[i].level);
}

static void
evidence_shows_levels_as_the_scale_says(void **state)
{
	static const struct {
		const char *why;
		struct {
			const char *source, *thing, *names;
			int points;
		} rows[ROWS_MAX];
		const char *id;
		int shown;
		bool has_lab, has_check;
	} cases[] = {
	    {"nothing", {{0}}, "C1", 0, false, false},
	    {"a check", {{"check", "C-1/1", "C1:1", 70}}, "C1", 1, false,
		false},
	    {"a check for another one", {{"check", "C-1/1", "C1:1", 70}}, "C2",
		0, false, false},
	    {"an exam", {{"exam", "E-1", "C1:3,C4:1", 70}}, "C4", 1, false,
		false},
	    {"an exam that was failed", {{"exam", "E-1", "", 40}}, "C4", 0,
		false, false},
	    {"a certificate is no work", {{"certificate", "E-1", "", 0}}, "C4",
		0, false, false},
	    {"a lab, its check missing", {{"lab", "L01", "C1:2,C2:2", 90}},
		"C1", 0, true, false},
	    {"a lab and its check",
		{{"check", "T-1/1", "C1:2,C2:2", 80},
		    {"lab", "L01", "C1:2,C2:2", 75}},
		"C1", 1, true, true},
	    {"a lab below 75 % and its check",
		{{"check", "T-1/1", "C1:2,C2:2", 80},
		    {"lab", "L01", "C1:2,C2:2", 74}},
		"C1", 1, false, false},
	    {"a lab and the check of another module",
		{{"check", "C-1/1", "C1:1", 80},
		    {"lab", "L01", "C1:2,C2:2", 90}},
		"C1", 1, true, false},
	    {"a lab whose module has no check", {{"lab", "L02", "C2:2", 72}},
		"C2", 1, false, false},
	    {"the same, well done", {{"lab", "L02", "C2:2", 90}}, "C2", 1, true,
		true},
	    {"a lab, its check and the confirmation",
		{{"check", "T-1/1", "C1:2,C2:2", 80},
		    {"lab", "L01", "C1:2,C2:2", 75},
		    {"confirmation", "C1", "C1:2", 0}},
		"C1", 2, true, true},
	    {"a confirmation of another competency",
		{{"check", "T-1/1", "C1:2,C2:2", 80},
		    {"lab", "L01", "C1:2,C2:2", 75},
		    {"confirmation", "C2", "C2:2", 0}},
		"C1", 1, true, true},
	    {"a confirmation alone", {{"confirmation", "C1", "C1:2", 0}}, "C1",
		0, false, false},
	    {"a confirmation, and the module is there no more",
		{{"check", "T-9/1", "C2:2", 80}, {"lab", "L09", "C2:2", 80},
		    {"confirmation", "C2", "C2:2", 0}},
		"C2", 2, true, false},
	};
	const struct standing *s;
	struct bench b;
	size_t i, j;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		bench_open(&b);
		for (j = 0; j < ROWS_MAX && cases[i].rows[j].source != NULL;
		     j++)
			add_row(&b, cases[i].rows[j].source,
			    cases[i].rows[j].thing, cases[i].rows[j].names,
			    cases[i].rows[j].points);
		career_fold(&b.facts, b.a, &b.career);
		s = find(&b, cases[i].id);
		if (s->shown != cases[i].shown ||
		    s->has_lab != cases[i].has_lab ||
		    s->has_check != cases[i].has_check)
			fail_msg("%s: level %d lab %d check %d", cases[i].why,
			    s->shown, s->has_lab, s->has_check);
		arena_free(b.a);
	}
}

static void
a_gap_is_what_the_target_asks_beyond_what_is_shown(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	add_row(&b, "check", "T-1/1", "C1:2,C2:2", 80);
	career_fold(&b.facts, b.a, &b.career);
	assert_int_equal(b.career.n_targets, 4);
	assert_int_equal(b.career.on_target, 1);
	assert_int_equal(find(&b, "C1")->gap, 0);
	assert_int_equal(find(&b, "C2")->gap, 2);
	assert_int_equal(find(&b, "C3")->gap, 1);
	assert_int_equal(find(&b, "C2")->n_evidence, 1);
	assert_ptr_equal(find(&b, "C2")->evidence[0], &b.rows[0]);
	/* the largest gap first, then in the framework's order */
	assert_string_equal(b.career.targets[0].competency->id, "C2");
	assert_string_equal(b.career.targets[1].competency->id, "C3");
	assert_string_equal(b.career.targets[2].competency->id, "C4");
	assert_string_equal(b.career.targets[3].competency->id, "C1");
	arena_free(b.a);
}

static void
of_equal_gaps_the_mandatory_one_comes_first(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.progress[4].due_at = 1; /* T-3, for C3, is assigned */
	career_fold(&b.facts, b.a, &b.career);
	assert_string_equal(b.career.targets[0].competency->id, "C2");
	assert_string_equal(b.career.targets[1].competency->id, "C3");
	assert_string_equal(b.career.targets[2].competency->id, "C1");
	arena_free(b.a);
}

static void
what_the_role_does_not_ask_for_is_listed_apart(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	add_row(&b, "check", "X-9/1", "C10:1", 80);
	career_fold(&b.facts, b.a, &b.career);
	assert_int_equal(b.career.n_others, 1);
	assert_string_equal(b.career.others[0].competency->id, "C10");
	assert_int_equal(b.career.others[0].shown, 1);
	assert_int_equal(b.career.others[0].gap, 0);
	assert_int_equal(b.career.n_targets, 4);
	/* without a role everything is apart */
	b.facts.role = NULL;
	career_fold(&b.facts, b.a, &b.career);
	assert_int_equal(b.career.n_targets, 0);
	assert_int_equal(b.career.n_others, 1);
	arena_free(b.a);
}

static void
courses_are_suggested_written_first_then_mandatory(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	career_fold(&b.facts, b.a, &b.career);
	/* for everyone and technicians; E-1 is for executives */
	assert_string_equal(suggestions(&b, "C1"), "C-1 T-1");
	/* the programme of technicians; that of executives does not count */
	assert_string_equal(suggestions(&b, "C2"), "T-2! T-1");
	/* a planned module of a written course is said to be planned */
	assert_string_equal(suggestions(&b, "C3"), "T-1? T-3?");
	/* another tier's only where there is none of one's own */
	assert_string_equal(suggestions(&b, "C4"), "E-1");
	b.progress[4].due_at = 1;
	career_fold(&b.facts, b.a, &b.career);
	assert_string_equal(suggestions(&b, "C3"), "T-3!? T-1?");
	arena_free(b.a);
}

static void
a_module_that_is_passed_is_not_suggested_again(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.modules[0][0].passed_at = 1; /* C-1/1 */
	b.modules[3][0].passed_at = 1; /* T-2/1 */
	career_fold(&b.facts, b.a, &b.career);
	assert_string_equal(suggestions(&b, "C1"), "T-1");
	assert_string_equal(suggestions(&b, "C2"), "T-1");
	arena_free(b.a);
}

static void
who_waits_for_a_confirmation_is_sent_to_no_course(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	add_row(&b, "lab", "L02", "C2:2", 90);
	b.modules[3][0].passed_at = 1;
	career_fold(&b.facts, b.a, &b.career);
	assert_int_equal(find(&b, "C2")->gap, 2);
	assert_true(find(&b, "C2")->has_lab && find(&b, "C2")->has_check);
	assert_string_equal(suggestions(&b, "C2"), "");
	arena_free(b.a);
}

static void
what_was_confirmed_needs_nothing_more(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	add_row(&b, "lab", "L02", "C2:2", 90);
	add_row(&b, "confirmation", "C2", "C2:2", 0);
	career_fold(&b.facts, b.a, &b.career);
	assert_false(standing_waits(find(&b, "C2")));
	/* the target is 3: no course of the catalogue leads there */
	assert_int_equal(find(&b, "C2")->gap, 1);
	assert_string_equal(suggestions(&b, "C2"), "");
	arena_free(b.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_level_is_read_for_its_own_competency),
	    cmocka_unit_test(evidence_shows_levels_as_the_scale_says),
	    cmocka_unit_test(
		a_gap_is_what_the_target_asks_beyond_what_is_shown),
	    cmocka_unit_test(of_equal_gaps_the_mandatory_one_comes_first),
	    cmocka_unit_test(what_the_role_does_not_ask_for_is_listed_apart),
	    cmocka_unit_test(
		courses_are_suggested_written_first_then_mandatory),
	    cmocka_unit_test(a_module_that_is_passed_is_not_suggested_again),
	    cmocka_unit_test(who_waits_for_a_confirmation_is_sent_to_no_course),
	    cmocka_unit_test(what_was_confirmed_needs_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
