/*
 * Who of a team waits for what, over a catalogue of the test's own:
 *
 *	T-1	1 check and lab L01 C1:2 C2:2
 *	T-2	1 lab L02 without a check C2:2; 2 check and lab L03 C2:2
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "career/confirmation.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define HERE 10
#define ELSEWHERE 20

static const struct competency competencies[] = {{.id = "C1"}, {.id = "C2"}};
static const struct framework framework = {
    .competencies = competencies,
    .n_competencies = N(competencies),
};
static const struct module t1_modules[] = {
    {.number = 1, .has_check = true, .lab = "L01"}};
static const struct module t2_modules[] = {{.number = 1, .lab = "L02"},
    {.number = 2, .has_check = true, .lab = "L03"}};
static const struct course courses[] = {
    {.id = "T-1", .modules = t1_modules, .n_modules = N(t1_modules)},
    {.id = "T-2", .modules = t2_modules, .n_modules = N(t2_modules)},
};
static const struct course_progress catalogue[] = {
    {.course = &courses[0]}, {.course = &courses[1]}};
static const struct career_facts facts = {
    .framework = &framework,
    .courses = catalogue,
    .n_courses = N(catalogue),
    .organisation = HERE,
};

static struct evidence_row
row(const char *source, const char *thing, const char *names, int points,
    int64_t at)
{
	return (struct evidence_row){
	    .ev = {.source = source,
		.thing = thing,
		.competencies = names,
		.points = points,
		.points_max = 100,
		.at = at},
	};
}

static struct decision
said(int64_t organisation, int64_t number, bool confirmed, int64_t at)
{
	return (struct decision){
	    .organisation = organisation,
	    .competency = "C2",
	    .level = LEVEL_CONFIRMED,
	    .number = number,
	    .confirmed = confirmed,
	    .note = confirmed ? "" : "not yet",
	    .by = "somebody",
	    .at = at,
	};
}

/* ------------------------------------------------------------------- tests */

static void
the_best_lab_counts_and_the_first_day_that_both_were_there(void **state)
{
	struct evidence_row rows[] = {
	    row("lab", "L01", "C1:2,C2:2", 80, 1),
	    row("lab", "L03", "C2:2", 95, 2),
	    row("check", "T-2/2", "C2:2", 90, 5),
	    row("check", "T-1/1", "C1:2,C2:2", 90, 7),
	    row("lab", "L02", "C2:2", 60, 0),
	};
	struct team_member who = {.rows = rows, .n_rows = N(rows)};
	struct arena *a = arena_new();
	struct team_line line;

	(void)state;
	assert_true(team_line_of(&facts, &who, "C2", a, &line));
	assert_ptr_equal(line.standing.lab, &rows[1]);
	assert_ptr_equal(line.standing.check, &rows[2]);
	assert_int_equal(line.standing.ready_at, 5);
	assert_true(team_line_of(&facts, &who, "C1", a, &line));
	assert_ptr_equal(line.standing.lab, &rows[0]);
	assert_int_equal(line.standing.ready_at, 7);
	arena_free(a);
}

static void
a_lab_without_a_check_of_its_module_stands_alone(void **state)
{
	struct evidence_row rows[] = {row("lab", "L02", "C2:2", 75, 3)};
	struct team_member who = {.rows = rows, .n_rows = 1};
	struct arena *a = arena_new();
	struct team_line line;

	(void)state;
	assert_true(team_line_of(&facts, &who, "C2", a, &line));
	assert_null(line.standing.check);
	assert_int_equal(line.standing.ready_at, 3);
	arena_free(a);
}

static void
nothing_is_asked_before_both_are_there(void **state)
{
	static const struct {
		const char *source, *thing, *names;
		int points;
	} cases[] = {
	    {"lab", "L01", "C1:2,C2:2", 90}, /* its check is missing */
	    {"lab", "L02", "C2:2", 74},
	    {"lab", "L02", "C2:1", 90}, /* no task of level 2 */
	    {"check", "T-1/1", "C2:2", 90},
	    {"lab", "L99", "C2:2", 90}, /* of no module */
	};
	struct arena *a = arena_new();
	struct team_line line;
	struct team team;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		struct evidence_row one = row(cases[i].source, cases[i].thing,
		    cases[i].names, cases[i].points, 1);
		struct team_member who = {.rows = &one, .n_rows = 1};

		assert_false(team_line_of(&facts, &who, "C2", a, &line));
		team_fold(&facts, &who, 1, a, &team);
		assert_int_equal(team.n_waiting + team.n_put_off, 0);
	}
	arena_free(a);
}

static void
what_was_said_decides_where_a_line_stands(void **state)
{
	static const struct {
		const char *why;
		struct decision said[2];
		size_t n;
		bool in_ledger, there, waiting, put_off;
	} cases[] = {
	    {"nothing was said", {{0}}, 0, false, true, true, false},
	    {"not yet", {{HERE, "C2", 2, 1, false, "x", "b", 8}}, 1, false,
		true, false, true},
	    {"not yet, of another competency",
		{{HERE, "C1", 2, 1, false, "x", "b", 8}}, 1, false, true, true,
		false},
	    {"not yet, in another institution",
		{{ELSEWHERE, "C2", 2, 1, false, "x", "b", 8}}, 1, false, true,
		true, false},
	    {"not yet, then confirmed",
		{{HERE, "C2", 2, 1, false, "x", "b", 8},
		    {HERE, "C2", 2, 2, true, "", "b", 9}},
		2, true, true, false, false},
	    {"confirmed in another institution",
		{{ELSEWHERE, "C2", 2, 1, true, "", "b", 8}}, 1, true, false,
		false, false},
	};
	struct evidence_row rows[] = {row("lab", "L02", "C2:2", 90, 3),
	    row("confirmation", "C2", "C2:2", 0, 9)};
	struct arena *a = arena_new();
	struct decision list[2];
	struct team_line line;
	struct team team;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		struct team_member who = {.rows = rows,
		    .n_rows = cases[i].in_ledger ? 2 : 1,
		    .decisions = list,
		    .n_decisions = cases[i].n};

		memcpy(list, cases[i].said, sizeof(list));
		team_fold(&facts, &who, 1, a, &team);
		if (team_line_of(&facts, &who, "C2", a, &line) !=
			cases[i].there ||
		    (team.n_waiting == 1) != cases[i].waiting ||
		    (team.n_put_off == 1) != cases[i].put_off)
			fail_msg("%s", cases[i].why);
	}
	arena_free(a);
}

static void
a_number_goes_on_wherever_it_was_said(void **state)
{
	struct evidence_row one = row("lab", "L02", "C2:2", 90, 3);
	struct decision list[] = {
	    said(ELSEWHERE, 1, false, 4), said(ELSEWHERE, 2, false, 5)};
	struct team_member who = {
	    .rows = &one, .n_rows = 1, .decisions = list, .n_decisions = 2};
	struct arena *a = arena_new();
	struct team_line line;

	(void)state;
	assert_true(team_line_of(&facts, &who, "C2", a, &line));
	assert_int_equal(line.standing.n_decisions, 2);
	assert_null(line.standing.decision);
	arena_free(a);
}

static void
who_waits_longest_comes_first(void **state)
{
	struct evidence_row late = row("lab", "L02", "C2:2", 90, 9);
	struct evidence_row early = row("lab", "L02", "C2:2", 80, 3);
	struct team_member members[] = {
	    {.membership = 1, .rows = &late, .n_rows = 1},
	    {.membership = 2, .rows = &early, .n_rows = 1},
	};
	struct arena *a = arena_new();
	struct team team;

	(void)state;
	team_fold(&facts, members, N(members), a, &team);
	assert_int_equal(team.n_waiting, 2);
	assert_int_equal(team.waiting[0].who->membership, 2);
	assert_int_equal(team.waiting[1].who->membership, 1);
	arena_free(a);
}

static void
a_note_has_one_to_three_hundred_characters(void **state)
{
	char note[3 * 301 + 1] = "";
	size_t i;

	(void)state;
	assert_false(note_is_fine(""));
	for (i = 0; i < 300; i++)
		memcpy(note + 3 * i, "\xe9\x8d\x9b", 4);
	assert_true(note_is_fine(note));
	memcpy(note + 900, "x", 2);
	assert_false(note_is_fine(note));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		the_best_lab_counts_and_the_first_day_that_both_were_there),
	    cmocka_unit_test(a_lab_without_a_check_of_its_module_stands_alone),
	    cmocka_unit_test(nothing_is_asked_before_both_are_there),
	    cmocka_unit_test(what_was_said_decides_where_a_line_stands),
	    cmocka_unit_test(a_number_goes_on_wherever_it_was_said),
	    cmocka_unit_test(who_waits_longest_comes_first),
	    cmocka_unit_test(a_note_has_one_to_three_hundred_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
