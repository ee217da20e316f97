/*
 * The class: who sees whom, where everybody stands, what an instructor does
 * and how it is recorded. Without a lab daemon; watch_web_test.c has one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "app/verify.h"
#include "base/clock.h"
#include "lab/class.h"
#include "support/classroom.h"
#include "support/sql.h"

#define RUN 1001
#define SECOND_RUN 1002
#define NEXT_RUN 1003
#define OTHER_RUN 1009
#define ONE "/institution/labs/1001"

/* ------------------------------------------------------------------- rules */

static void
where_somebody_stands_follows_from_rows_box_and_time(void **state)
{
	const int64_t now = 100 * HOUR_MS;
	static const struct {
		enum run_state run;
		struct lab_standing standing; /* draw of the run: 1 */
		int minutes, keys; /* ago; keys -1: no box */
		enum class_state state;
		bool stuck;
	} cases[] = {
	    {RUN_PREPARING, {.draw = 1}, 1, -1, CLASS_PREPARING, false},
	    {RUN_PREPARING, {.draw = 1}, 15, -1, CLASS_PREPARING, true},
	    {RUN_FAILED, {.draw = 1}, 0, -1, CLASS_FAILED, true},
	    {RUN_READY, {.draw = 1}, 14, -1, CLASS_READY, false},
	    {RUN_READY, {.draw = 1}, 15, -1, CLASS_READY, true},
	    {RUN_READY, {.draw = 1}, 60, 0, CLASS_WORKING, false},
	    {RUN_READY, {.draw = 1}, 60, 15, CLASS_WORKING, true},
	    {RUN_READY, {.draw = 1}, 5, 20, CLASS_WORKING, false},
	    {RUN_READY, {.draw = 1, .grading = true}, 60, -1, CLASS_GRADING,
		false},
	    {RUN_READY, {.draw = 2}, 1, 0, CLASS_MOVED, false},
	    {RUN_READY, {.draw = 2}, 30, -1, CLASS_MOVED, true},
	    {RUN_READY, {.draw = 1, .passed = true}, 90, -1, CLASS_PASSED,
		false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct class_line line = {
		    .run = {.draw = 1, .state = cases[i].run},
		    .standing = cases[i].standing,
		    .active_at = now - cases[i].minutes * MINUTE_MS,
		};
		const struct labd_status box = {
		    .active_at = now - cases[i].keys * MINUTE_MS};

		class_line_judge(&line, cases[i].keys < 0 ? NULL : &box, now);
		if (line.state != cases[i].state ||
		    line.stuck != cases[i].stuck)
			fail_msg(
			    "case %zu: %d, %d", i, (int)line.state, line.stuck);
	}
}

static void
an_added_submission_keeps_the_draw(void **state)
{
	struct lab_submission list[] = {
	    {.state = SUBMISSION_GRADED, .draw = 1, .points = 10},
	    {.state = SUBMISSION_GRADED, .draw = 1, .points = 20},
	    {.state = SUBMISSION_GRADED, .draw = 1, .points = 30},
	    {.state = SUBMISSION_GRADED, .draw = 2, .points = 40},
	};
	const struct lab_give_up never = {0};
	struct lab_standing s;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		list[i].extra = 1;
	lab_stand(list, 1, &never, &s);
	assert_int_equal(s.draw, 1);
	assert_int_equal(s.left, 2);
	lab_stand(list, 2, &never, &s);
	assert_int_equal(s.draw, 1);
	assert_int_equal(s.left, 1);
	lab_stand(list, 3, &never, &s);
	assert_int_equal(s.draw, 2);
	assert_int_equal(s.left, 2);
	lab_stand(list, 4, &never, &s);
	assert_int_equal(s.draw, 2);
	assert_int_equal(s.left, 1);
	assert_int_equal(s.best, 40);
	assert_int_equal(s.first, 10);
}

static void
what_was_given_up_gets_no_more_submissions(void **state)
{
	struct lab_submission list[] = {
	    {.state = SUBMISSION_GRADED, .run = 1, .draw = 1, .points = 10},
	    {.state = SUBMISSION_GRADED, .run = 2, .draw = 2, .points = 20},
	};
	struct class_line line = {
	    .run = {.id = 1, .draw = 1, .state = RUN_READY},
	    .graded = &list[0],
	};

	(void)state;
	lab_stand(list, 1, &line.gave_up, &line.standing);
	assert_true(class_may_add(&line));

	line.gave_up = (struct lab_give_up){.id = 1, .draw = 1};
	list[0].extra = 2; /* added before: the draw is over all the same */
	lab_stand(list, 1, &line.gave_up, &line.standing);
	assert_false(class_may_add(&line));
	assert_int_equal(line.standing.draw, 2);
	assert_int_equal(line.standing.left, LAB_SUBMISSIONS_PER_DRAW);
	class_line_judge(&line, NULL, 0);
	assert_int_equal(line.state, CLASS_MOVED);

	/* the next draw is as any other */
	line.run = (struct lab_run){.id = 2, .draw = 2, .state = RUN_READY};
	line.graded = &list[1];
	list[1].extra = 1;
	lab_stand(list, 2, &line.gave_up, &line.standing);
	assert_true(class_may_add(&line));
	assert_int_equal(line.standing.draw, 2);
	assert_int_equal(line.standing.left, LAB_SUBMISSIONS_PER_DRAW);
}

/* -------------------------------------------------------------------- seeing
 */

static void
the_class_is_the_own_institution_s(void **state)
{
	struct classroom c;

	classroom_open(&c, *state);
	classroom_run(&c, LEARNER, RUN, 1, "ready", 40);
	classroom_run(&c, OTHER_LEARNER, OTHER_RUN, 1, "ready", 1);
	classroom_as(&c, INSTRUCTOR, LANG_JA);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 200);
	classroom_shows(&c, "山田 太郎");
	assert_false(browser_shows(&c.b, "他行 次郎"));
	assert_int_equal(browser_get(&c.b, ONE), 200);
	assert_int_equal(browser_get(&c.b, "/institution/labs/1009"), 404);
	assert_int_equal(
	    browser_get(&c.b, "/institution/labs/1009/watch"), 404);
	assert_int_equal(browser_get(&c.b, ONE), 200); /* a token again */
	assert_int_equal(
	    browser_post(&c.b, "/institution/labs/1009/message", "text=hello"),
	    404);

	classroom_as(&c, OTHER_MANAGER, LANG_JA);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 200);
	classroom_shows(&c, "他行 次郎");
	assert_false(browser_shows(&c.b, "山田 太郎"));
	assert_int_equal(browser_get(&c.b, ONE), 404);

	classroom_as(&c, SECOND, LANG_JA);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 403);
	assert_int_equal(browser_get(&c.b, ONE), 403);
	assert_int_equal(
	    classroom_int(&c, "SELECT count(*) FROM lab_notice"), 0);
	classroom_close(&c);
}

/* The line is gone with the membership, and what is done with the right. */
static void
who_left_is_not_in_the_class_and_does_not_see_it(void **state)
{
	struct classroom c;
	struct arena *a;

	classroom_open(&c, *state);
	a = c.f->arena;
	classroom_run(&c, LEARNER, RUN, 1, "ready", 1);
	fixture_sql(c.f,
	    arena_printf(a,
		"UPDATE membership SET until_at = %lld WHERE person = %lld",
		(long long)c.f->now, (long long)c.persons[LEARNER]));
	classroom_as(&c, MANAGER, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 200);
	assert_false(browser_shows(&c.b, "山田 太郎"));
	classroom_shows(&c, "Nobody has worked on a lab");
	assert_int_equal(browser_get(&c.b, ONE), 404);

	fixture_sql(c.f,
	    arena_printf(a,
		"UPDATE role_grant SET until_at = %lld WHERE person = %lld",
		(long long)c.f->now, (long long)c.persons[INSTRUCTOR]));
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 403);
	classroom_close(&c);
}

static void
draw(struct classroom *c, enum lang lang)
{
	const char *code = lang_codes[lang];
	struct arena *a = c->f->arena;

	classroom_as(c, MANAGER, lang);
	assert_int_equal(browser_get(&c->b, "/institution/labs"), 200);
	pages_golden(
	    &c->p, arena_printf(a, "lab/class.%s.html", code), &c->b.re);
	assert_int_equal(browser_get(&c->b, ONE), 200);
	pages_golden(
	    &c->p, arena_printf(a, "lab/class_one.%s.html", code), &c->b.re);
	assert_int_equal(browser_get(&c->b, ONE "/watch"), 200);
	pages_golden(
	    &c->p, arena_printf(a, "lab/watch.%s.html", code), &c->b.re);
	assert_int_equal(browser_get(&c->b, "/institution/labs.csv"), 200);
	pages_golden(
	    &c->p, arena_printf(a, "lab/class.%s.csv", code), &c->b.re);
}

static void
the_pages_are_drawn(void **state)
{
	struct classroom c;

	classroom_open(&c, *state);
	classroom_as(&c, MANAGER, LANG_JA);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 200);
	pages_golden(&c.p, "lab/class_empty.ja.html", &c.b.re);
	classroom_run(&c, LEARNER, RUN, 1, "ready", 40);
	classroom_graded(&c, LEARNER, RUN, 1, 65);
	classroom_run(&c, SECOND, SECOND_RUN, 1, "failed", 3);
	fixture_sql(c.f, "UPDATE lab_run SET hints = 'h1,h2' WHERE id = 1001");
	assert_int_equal(
	    browser_post(&c.b, ONE "/message", "text=<b>c2</b>+%26+c1"), 303);
	pages_hole(&c.p,
	    arena_printf(c.f->arena, "data-id=\"%lld\"",
		(long long)classroom_int(&c, "SELECT id FROM lab_notice")),
	    "NOTICE");
	draw(&c, LANG_JA);
	draw(&c, LANG_EN);
	classroom_close(&c);
}

static void
lines_are_chosen_and_put_in_order(void **state)
{
	struct class_line lines[] = {
	    {.run = {.id = 1, .lab = "L91"},
		.number = "3",
		.state = CLASS_PASSED,
		.active_at = 10},
	    {.run = {.id = 2, .lab = "L92"},
		.number = "2",
		.state = CLASS_WORKING,
		.active_at = 30},
	    {.run = {.id = 3, .lab = "L91"},
		.number = "1",
		.state = CLASS_READY,
		.active_at = 20,
		.stuck = true},
	    {.run = {.id = 4, .lab = "L91"},
		.number = "4",
		.state = CLASS_READY,
		.active_at = 15,
		.stuck = true},
	};
	static const struct {
		const char *sort;
		int64_t ids[4];
	} orders[] = {{"need", {4, 3, 2, 1}}, {"number", {3, 2, 1, 4}},
	    {"lab", {4, 3, 1, 2}}, {"state", {4, 3, 2, 1}},
	    {"nonsense", {4, 3, 2, 1}}};
	struct class_asked asked = {"", "", CLASS_BY_NEED};
	struct classroom c;
	size_t i, j, n;

	classroom_open(&c, *state);
	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		asked.order = class_order_find(orders[i].sort);
		n = 4;
		class_choose(&asked, pages_content(&c.p), lines, &n);
		assert_int_equal(n, 4);
		for (j = 0; j < n; j++)
			assert_int_equal(lines[j].run.id, orders[i].ids[j]);
	}
	asked.lab = "L92";
	class_choose(&asked, pages_content(&c.p), lines, &n);
	assert_int_equal(n, 1);
	assert_int_equal(lines[0].run.id, 2);
	asked.course = "T-999"; /* there is none */
	class_choose(&asked, pages_content(&c.p), lines, &n);
	assert_int_equal(n, 0);
	classroom_close(&c);
}

/* ------------------------------------------------------------------- helping
 */

static void
a_message_is_kept_escaped_and_told(void **state)
{
	struct classroom c;

	classroom_open(&c, *state);
	classroom_run(&c, LEARNER, RUN, 1, "ready", 1);
	classroom_run(&c, SECOND, SECOND_RUN, 1, "ready", 1);
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	assert_int_equal(browser_post(&c.b, ONE "/message",
			     "text=%20<script>alert(1)</script>%20"),
	    303);
	assert_string_equal(browser_location(&c.b), ONE);
	assert_int_equal(browser_follow(&c.b), 200);
	classroom_shows(&c, "The message was sent.");
	classroom_shows(&c, "&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_false(browser_shows(&c.b, "<script>alert"));

	classroom_as(&c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/labs/L91"), 200);
	classroom_shows(&c, "Message from 講師 一郎");
	classroom_shows(&c, "&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_int_equal(browser_get(&c.b, "/labs/L91/shell"), 200);
	classroom_shows(&c, "&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_int_equal(browser_get(&c.b, "/labs/L91/notices"), 200);
	classroom_shows(&c, "\"title\":\"Message from 講師 一郎\"");
	/* a script is told the same without a redirect */
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	assert_int_equal(
	    browser_post_json(&c.b, ONE "/message", "text=again"), 200);
	classroom_shows(&c, "{\"says\":\"The message was sent.\"}");
	assert_int_equal(browser_post_json(&c.b, ONE "/message", "text="), 422);
	assert_int_equal(browser_post_json(&c.b, ONE "/prepare", ""), 409);
	/* and to nobody else */
	classroom_as(&c, SECOND, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/labs/L91/notices"), 200);
	classroom_shows(&c, "\"notices\":[]");
	assert_int_equal(browser_get(&c.b, "/labs/L91"), 200);
	assert_false(browser_shows(&c.b, "alert(1)"));
	assert_int_equal(
	    classroom_int(&c,
		"SELECT count(*) FROM audit a JOIN lab_notice n"
		" ON a.detail = 'notice=' || CAST(n.id AS TEXT)"
		" WHERE a.act = 'lab.message' AND a.subject = '1001'"),
	    2);
	classroom_close(&c);
}

static void
a_message_has_limits(void **state)
{
	struct classroom c;
	struct arena *a;
	char *long_one;
	int i;

	classroom_open(&c, *state);
	a = c.f->arena;
	classroom_run(&c, LEARNER, RUN, 1, "ready", 1);
	classroom_as(&c, MANAGER, LANG_EN);
	long_one = arena_printf(a, "text=%0*d", CLASS_TEXT_MAX + 1, 7);
	assert_int_equal(browser_post(&c.b, ONE "/message", "text="), 422);
	assert_int_equal(browser_post(&c.b, ONE "/message", "text=+%0a+"), 422);
	assert_int_equal(browser_post(&c.b, ONE "/message", long_one), 422);
	classroom_shows(&c, "Enter a message of 1 to 500 characters");
	classroom_shows(&c, "0000007</textarea>"); /* is kept */
	assert_int_equal(
	    browser_post(&c.b, ONE "/message", "text=%e2%80%aeevil"), 422);
	for (i = 0; i < CLASS_MESSAGES_MAX; i++)
		assert_int_equal(
		    browser_post(&c.b, ONE "/message", "text=hello"), 303);
	assert_int_equal(browser_get(&c.b, ONE), 200);
	assert_int_equal(
	    browser_post(&c.b, ONE "/message", "text=once+more"), 429);
	classroom_shows(&c, "once more</textarea>");
	c.f->now += CLASS_MESSAGES_MS;
	assert_int_equal(browser_post(&c.b, ONE "/message", "text=later"), 303);
	assert_int_equal(classroom_int(&c, "SELECT count(*) FROM lab_notice"),
	    CLASS_MESSAGES_MAX + 1);
	classroom_close(&c);
}

static void
what_failed_is_prepared_again_and_nothing_else(void **state)
{
	struct classroom c;

	classroom_open(&c, *state);
	classroom_run(&c, LEARNER, RUN, 1, "failed", 5);
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	assert_int_equal(browser_post(&c.b, ONE "/prepare", ""), 303);
	assert_int_equal(browser_follow(&c.b), 200);
	classroom_shows(&c, "The data are being prepared again");
	assert_int_equal(
	    classroom_int(
		&c, "SELECT count(*) FROM lab_run WHERE state = 'preparing'"),
	    1);
	assert_int_equal(
	    classroom_int(&c,
		"SELECT count(*) FROM job WHERE kind = 'lab.prepare'"
		" AND subject = '1001'"),
	    1);
	assert_int_equal(browser_post(&c.b, ONE "/prepare", ""), 303);
	assert_int_equal(browser_follow(&c.b), 200);
	classroom_shows(&c, "the situation has changed meanwhile");
	assert_int_equal(
	    classroom_int(
		&c, "SELECT count(*) FROM lab_notice WHERE kind = 'prepared'"),
	    1);
	classroom_as(&c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/labs/L91"), 200);
	classroom_shows(&c, "講師 一郎 had the data prepared again.");
	classroom_close(&c);
}

static void
add(struct classroom *c, const char *says)
{
	assert_int_equal(browser_post(&c->b, ONE "/add", ""), 303);
	assert_int_equal(browser_follow(&c->b), 200);
	classroom_shows(c, says);
}

static void
a_submission_is_added_before_the_next_data(void **state)
{
	static const char *const no = "the situation has changed meanwhile",
				 *const yes = "same data was added";
	struct classroom c;

	classroom_open(&c, *state);
	classroom_run(&c, LEARNER, RUN, 1, "ready", 5);
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	add(&c, no); /* none is used yet */
	classroom_graded(&c, LEARNER, RUN, 1, 61);
	classroom_graded(&c, LEARNER, RUN, 2, 62);
	classroom_as(&c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/labs/L91"), 200);
	assert_false(browser_shows(&c.b, "id=\"hand-in\""));

	classroom_as(&c, INSTRUCTOR, LANG_EN);
	add(&c, yes);
	classroom_as(&c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&c.b, "/labs/L91"), 200);
	classroom_shows(&c, "id=\"hand-in\"");
	classroom_shows(&c, "講師 一郎 added one submission");

	classroom_as(&c, INSTRUCTOR, LANG_EN);
	add(&c, yes);
	add(&c, no); /* CLASS_EXTRA_MAX */
	assert_int_equal(
	    classroom_int(&c, "SELECT extra FROM lab_run WHERE id = 1001"),
	    CLASS_EXTRA_MAX);
	classroom_close(&c);
}

/* What has begun is not taken back, and what is passed needs nothing. */
static void
nothing_is_added_behind_the_draw_in_turn(void **state)
{
	struct classroom c;

	classroom_open(&c, *state);
	classroom_run(&c, LEARNER, RUN, 1, "ready", 5);
	classroom_graded(&c, LEARNER, RUN, 1, 61);
	classroom_graded(&c, LEARNER, RUN, 2, 62);
	classroom_run(&c, LEARNER, NEXT_RUN, 2, "ready", 1);
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	assert_int_equal(browser_post(&c.b, ONE "/add", ""), 404);
	assert_int_equal(browser_get(&c.b, "/institution/labs"), 200);
	classroom_shows(&c, "/institution/labs/1003");
	assert_false(browser_shows(&c.b, ONE "\""));
	assert_int_equal(
	    classroom_int(&c, "SELECT sum(extra) FROM lab_run"), 0);
	classroom_close(&c);
}

/* -------------------------------------------------------------------- verify
 */

static void
note_line(void *ctx, const char *line)
{
	(void)strncat(ctx, line, 500);
	(void)strncat(ctx, "\n", 2);
}

static int64_t
wrong(struct classroom *c, char told[4096])
{
	struct verify_figures figures;

	told[0] = '\0';
	assert_int_equal(
	    verify_all(c->f->db, &c->p.site, note_line, told, &figures),
	    ERR_OK);
	return figures.wrong;
}

static void
every_notice_has_its_record_and_verify_says_so(void **state)
{
	static const struct {
		const char *break_it, *says;
	} cases[] = {
	    {"UPDATE lab_notice SET at = at + 1",
		"lab notice without its one audit row"},
	    {"UPDATE lab_notice SET person = actor",
		"lab notice of another's run"},
	    {"UPDATE lab_run SET extra = 2",
		"lab run with submissions that nobody added"},
	    {"DELETE FROM lab_notice",
		"act on a lab run that its learner was not told"},
	};
	struct classroom c;
	char told[4096];
	int64_t before;
	size_t i;

	classroom_open(&c, *state);
	classroom_run(&c, LEARNER, RUN, 1, "ready", 5);
	classroom_graded(&c, LEARNER, RUN, 1, 61);
	before = wrong(&c, told);
	classroom_as(&c, INSTRUCTOR, LANG_EN);
	add(&c, "same data was added");
	assert_int_equal(browser_post(&c.b, ONE "/message", "text=hello"), 303);
	if (wrong(&c, told) != before)
		fail_msg("%s", told);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_sql(c.f, cases[i].break_it);
		assert_true(wrong(&c, told) > before);
		if (strstr(told, cases[i].says) == NULL)
			fail_msg("not \"%s\" but %s", cases[i].says, told);
	}
	classroom_close(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		where_somebody_stands_follows_from_rows_box_and_time),
	    cmocka_unit_test(an_added_submission_keeps_the_draw),
	    cmocka_unit_test(what_was_given_up_gets_no_more_submissions),
	    ON_BOTH_ENGINES(the_class_is_the_own_institution_s),
	    ON_BOTH_ENGINES(who_left_is_not_in_the_class_and_does_not_see_it),
	    ON_BOTH_ENGINES(the_pages_are_drawn),
	    ON_SQLITE(lines_are_chosen_and_put_in_order),
	    ON_BOTH_ENGINES(a_message_is_kept_escaped_and_told),
	    ON_BOTH_ENGINES(a_message_has_limits),
	    ON_BOTH_ENGINES(what_failed_is_prepared_again_and_nothing_else),
	    ON_BOTH_ENGINES(a_submission_is_added_before_the_next_data),
	    ON_BOTH_ENGINES(nothing_is_added_behind_the_draw_in_turn),
	    ON_BOTH_ENGINES(every_notice_has_its_record_and_verify_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
