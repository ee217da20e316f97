/* The home page: for nobody yet, and what to do next for each role. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/rooms.h"
#include "assess/assess.h"
#include "base/clock.h"
#include "db/db.h"
#include "learn/learn.h"
#include "support/sector.h"

static int
home(struct sector_fixture *s, enum sector_person who, struct reply *re)
{
	return visit(s, s->persons[who], LANG_EN, "/", re);
}

static struct learner
learner(struct sector_fixture *s)
{
	return (struct learner){s->persons[SECTOR_LEARNER],
	    s->institutions[SECTOR_OWN], "technician"};
}

static enum err
assign(struct db *db, void *ctx)
{
	struct sector_fixture *s = ctx;
	int64_t now = s->pages.f->now, made, moved;
	struct scope managed = {.reach = SCOPE_ORGANISATION,
	    .person = s->persons[SECTOR_TRAINING_MANAGER],
	    .organisation = s->institutions[SECTOR_OWN],
	    .now = now};
	enum err e;

	e = assignment_make(db, managed, "C-901", &s->persons[SECTOR_LEARNER],
	    1, date_start((struct date){2026, 11, 21}), now, &made, &moved);
	return e == ERR_OK
	    ? assignment_make(db, managed, "T-901", &s->persons[SECTOR_LEARNER],
		  1, date_start((struct date){2026, 11, 4}), now, &made, &moved)
	    : e;
}

static enum err
begin_exam(struct db *db, void *ctx)
{
	struct sector_fixture *s = ctx;
	const struct content *c = pages_content(&s->pages);
	const struct course *course = content_course(c, "C-901");
	struct learner who = learner(s);
	struct scope own = {.reach = SCOPE_OWN,
	    .person = who.person,
	    .organisation = who.organisation,
	    .now = s->pages.f->now};
	enum err e = ERR_OK;
	int64_t id;
	int i;

	for (i = 1; i <= 2 && e == ERR_OK; i++)
		e = progress_passed(db, &s->pages.site, &who, c, course, i,
		    "check", 1, 100, 100, s->pages.f->now);
	return e == ERR_OK ? exam_start(db, &s->pages.site, own, &who, c,
				 content_exam(c, "C-901"), s->pages.f->now,
				 s->pages.f->arena, &id)
			   : e;
}

static enum err
pass_exam(struct db *db, void *ctx)
{
	struct sector_fixture *s = ctx;
	const struct content *c = pages_content(&s->pages);
	struct learner who = learner(s);

	return course_exam_passed(db, &s->pages.site, &who, c,
	    content_course(c, "C-901"), 77, s->pages.f->now);
}

/* -------------------------------------------------------------------- tests */

static void
nobody_yet_is_told_what_this_is_and_where_to_sign_in(void **state)
{
	static const char *const names[LANG__MAX] = {
	    "app/landing.ja.html", "app/landing.en.html"};
	struct sector_fixture s;
	struct reply re = {0};
	enum lang lang;

	sector_fixture_open(&s, *state, rooms);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(visit(&s, 0, lang, "/", &re), 200);
		pages_golden(&s.pages, names[lang], &re);
	}
	/* the other language is one step away */
	assert_true(sector_says(&re, "href=\"/?lang=ja\""));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
a_newcomer_starts_with_the_programme_of_the_own_tier(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(home(&s, SECTOR_LEARNER, &re), 200);
	assert_true(sector_says(&re, "Nothing is due and nothing is begun."));
	assert_true(sector_says(&re, "href=\"/courses/C-901\""));
	assert_true(sector_says(&re, "href=\"/courses/T-901\""));
	/* the largest gap of T-SOC: level 2 of C08 */
	assert_true(sector_says(
	    &re, "Your largest gap is “Monitoring and detection”."));
	assert_false(sector_says(&re, "Valid certificates"));
	assert_false(sector_says(&re, "Training this week"));
	assert_false(sector_says(&re, "Jobs waiting"));
	assert_false(sector_says(&re, "The institutions you supervise"));
	assert_false(sector_says(&re, "Published content"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
what_is_due_comes_first_the_nearest_date_before_the_others(void **state)
{
	const char *first, *second;
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	sector_act(&s, assign, &s, "assign");
	assert_int_equal(home(&s, SECTOR_LEARNER, &re), 200);
	assert_true(sector_says(&re, "Courses with a due date"));
	assert_true(sector_says(&re, "Due by 3 November 2026"));
	first = strstr(buf_text(&re.body), "href=\"/courses/T-901\"");
	second = strstr(buf_text(&re.body), "href=\"/courses/C-901\"");
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first < second);
	/* the button leads to the module of the nearest one */
	assert_true(sector_says(
	    &re, "class=\"govuk-button\" href=\"/courses/T-901/1\""));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
a_running_exam_is_on_top_until_its_time_is_over(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	sector_act(&s, begin_exam, &s, "exam");
	assert_int_equal(home(&s, SECTOR_LEARNER, &re), 200);
	assert_true(sector_says(&re, "You are taking “"));
	assert_true(sector_says(&re, "href=\"/attempts/"));
	/* nobody else is told */
	assert_int_equal(home(&s, SECTOR_LINE_MANAGER, &re), 200);
	assert_false(sector_says(&re, "You are taking “"));
	s.pages.f->now += DAY_MS;
	assert_int_equal(home(&s, SECTOR_LEARNER, &re), 200);
	assert_false(sector_says(&re, "You are taking “"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
certificates_are_counted(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	sector_act(&s, pass_exam, &s, "pass");
	assert_int_equal(home(&s, SECTOR_LEARNER, &re), 200);
	assert_true(sector_says(&re, "Valid certificates: 1"));
	/* what is completed is suggested no more */
	assert_false(sector_says(&re, "href=\"/courses/C-901\""));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
each_role_has_its_own_numbers(void **state)
{
	static const struct {
		enum sector_person who;
		const char *says;
	} cases[] = {
	    {SECTOR_TRAINING_MANAGER, "Training this week"},
	    {SECTOR_TRAINING_MANAGER,
		"href=\"/institution/assignments?which=late\""},
	    {SECTOR_SUPERVISOR,
		"Institutions in your scope: 7, with 79 people; 49%"},
	    {SECTOR_SUPERVISOR_ALL, "Institutions in your scope: 15,"},
	    {SECTOR_AUTHOR, "Nothing is published yet."},
	    {SECTOR_OPERATOR, "Jobs waiting: "},
	    {SECTOR_OPERATOR, "href=\"/operator/outbox\""},
	};
	struct sector_fixture s;
	struct reply re = {0};
	size_t i;

	sector_fixture_open(&s, *state, rooms);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(home(&s, cases[i].who, &re), 200);
		if (!sector_says(&re, cases[i].says))
			fail_msg("no \"%s\"", cases[i].says);
	}
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
a_training_manager_sees_the_assignments_of_the_week(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	sector_act(&s, assign, &s, "assign");
	assert_int_equal(home(&s, SECTOR_TRAINING_MANAGER, &re), 200);
	assert_true(sector_says(&re,
	    "Assignments not due yet</p>\n"
	    "<p class=\"tanren-figure__number\">2</p>"));
	assert_int_equal(home(&s, SECTOR_OTHER_MANAGER, &re), 200);
	assert_true(sector_says(&re,
	    "Assignments not due yet</p>\n"
	    "<p class=\"tanren-figure__number\">0</p>"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_SQLITE(nobody_yet_is_told_what_this_is_and_where_to_sign_in),
	    ON_BOTH_ENGINES(
		a_newcomer_starts_with_the_programme_of_the_own_tier),
	    ON_BOTH_ENGINES(
		what_is_due_comes_first_the_nearest_date_before_the_others),
	    ON_BOTH_ENGINES(a_running_exam_is_on_top_until_its_time_is_over),
	    ON_BOTH_ENGINES(certificates_are_counted),
	    ON_BOTH_ENGINES(each_role_has_its_own_numbers),
	    ON_BOTH_ENGINES(
		a_training_manager_sees_the_assignments_of_the_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
