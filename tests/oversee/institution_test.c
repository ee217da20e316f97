/* A training manager's pages: the week, assigning, the files, the peers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "db/db.h"
#include "learn/learn.h"
#include "oversee/counts.h"
#include "oversee/oversee.h"
#include "support/sector.h"

static const struct route *const rooms[] = {oversee_routes, NULL};

#define NEW "/institution/assignments/new"
/* FIXTURE_NOW is 2 November, 09:00 in Japan */
#define TODAY "2026-11-02"
#define TOMORROW "2026-11-03"

static struct scope
managed(struct sector_fixture *s, enum sector_person who, int institution)
{
	return (struct scope){
	    .reach = SCOPE_ORGANISATION,
	    .person = s->persons[who],
	    .organisation = s->institutions[institution],
	    .now = s->pages.f->now,
	};
}

static int
get(struct sector_fixture *s, const char *path, struct reply *re)
{
	return visit(s, s->persons[SECTOR_TRAINING_MANAGER], LANG_EN, path, re);
}

static int
post(struct sector_fixture *s, const char *path, const char *form,
    struct reply *re)
{
	return request_as(s, s->persons[SECTOR_TRAINING_MANAGER], LANG_EN,
	    HTTP_POST, path, form, re);
}

static size_t
lines(
    struct sector_fixture *s, const char *which, struct assignment_line **list)
{
	size_t n;

	assert_int_equal(assignment_lines(s->pages.f->db,
			     managed(s, SECTOR_TRAINING_MANAGER, SECTOR_OWN),
			     which, "", 1000, s->pages.f->arena, list, &n),
	    ERR_OK);
	return n;
}

static enum err
pass_due(struct db *db, void *ctx)
{
	struct sector_fixture *s = ctx;
	struct assignment_line *list;
	enum err e = ERR_OK;
	size_t i, n;

	n = lines(s, "open", &list);
	for (i = 0; i < n && e == ERR_OK; i++)
		e = assignment_became_due(db, list[i].id, s->pages.f->now);
	return e;
}

/* ----------------------------------------------------------------- assigning
 */

/* The three numbers of the question. */
static void
assert_foreseen(const struct reply *re, int made, int moved, int unchanged)
{
	const char *at = strstr(buf_text(&re->body), "tanren-figures");
	const int numbers[3] = {made, moved, unchanged};
	char text[64];
	size_t i;

	for (i = 0; i < 3; i++) {
		assert_non_null(at);
		(void)snprintf(
		    text, sizeof(text), "__number\">%d</p>", numbers[i]);
		at = strstr(at, "tanren-figure__number");
		if (at == NULL ||
		    strncmp(at + strlen("tanren-figure"), text, strlen(text)) !=
			0)
			fail_msg("no \"%s\" at %zu", text, i);
		at++;
	}
}

static void
assigning_asks_first_and_then_says_what_it_did(void **state)
{
	static const char form[] = "course=T-901&due=2026-11-20&whom=tier"
				   "&tier=technician";
	struct assignment_line *list;
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(get(&s, NEW, &re), 200);
	/* courses stand below the tier they were written for */
	assert_true(sector_says(&re, "<optgroup label=\"Technicians\">"));
	assert_true(sector_says(&re, "value=\"management\""));
	assert_false(sector_says(&re, "value=\"supervisor\""));
	/* five technicians, and two with roles */
	assert_int_equal(post(&s, NEW, form, &re), 200);
	assert_true(sector_says(&re, "due by 20 November 2026"));
	assert_foreseen(&re, 7, 0, 0);
	assert_int_equal(lines(&s, "open", &list), 0);
	assert_int_equal(
	    post(&s, NEW,
		arena_printf(s.pages.f->arena, "%s&confirmed=yes", form), &re),
	    200);
	assert_true(sector_says(&re, "Newly assigned: 7. New due date: 0."));
	assert_int_equal(lines(&s, "open", &list), 7);
	/* due when the day is over in Japan */
	assert_int_equal(
	    list[0].due_at, date_start((struct date){2026, 11, 21}));
	/* again: nothing changes; another day: it moves */
	assert_int_equal(
	    post(&s, NEW,
		arena_printf(s.pages.f->arena, "%s&confirmed=yes", form), &re),
	    200);
	assert_true(sector_says(
	    &re, "Newly assigned: 0. New due date: 0. Unchanged: 7."));
	assert_int_equal(post(&s, NEW, form, &re), 200);
	assert_foreseen(&re, 0, 0, 7);
	assert_int_equal(
	    post(&s, NEW, "course=T-901&due=2026-11-30&whom=all", &re), 200);
	assert_foreseen(&re, 6, 7, 0);
	assert_int_equal(post(&s, NEW,
			     "course=T-901&due=2026-11-30&whom=all"
			     "&confirmed=yes",
			     &re),
	    200);
	assert_true(sector_says(
	    &re, "Newly assigned: 6. New due date: 7. Unchanged: 0."));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
who_completed_the_course_is_left_alone(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	/* of ten, those with an even place: 1 + 2 + 3 */
	assert_int_equal(post(&s, NEW,
			     "course=C-901&due=" TOMORROW "&whom=all"
			     "&confirmed=yes",
			     &re),
	    200);
	assert_true(sector_says(
	    &re, "Newly assigned: 7. New due date: 0. Unchanged: 6."));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
wrong_forms_are_shown_again_with_the_reason(void **state)
{
	static const struct {
		const char *form, *reason;
	} cases[] = {
	    {"course=NO-1&due=" TOMORROW "&whom=all", "Choose a course."},
	    {"course=T-902&due=" TOMORROW "&whom=all", "Choose a course."},
	    {"course=T-901&due=" TODAY "&whom=all", "Enter a due date"},
	    {"course=T-901&due=2026-02-30&whom=all", "Enter a due date"},
	    {"course=T-901&due=&whom=all", "Enter a due date"},
	    {"course=T-901&due=2126-11-20&whom=all", "Enter a due date"},
	    {"course=T-901&due=" TOMORROW, "Choose to whom"},
	    {"course=T-901&due=" TOMORROW "&whom=everybody", "Choose to whom"},
	    {"course=T-901&due=" TOMORROW "&whom=tier&tier=supervisor",
		"Nobody in the roster"},
	    {"course=T-901&due=" TOMORROW "&whom=departments",
		"Nobody in the roster"},
	    {"course=T-901&due=" TOMORROW "&whom=numbers&numbers=X1",
		"Nobody in the roster"},
	};
	struct assignment_line *list;
	struct sector_fixture s;
	struct reply re = {0};
	size_t i;

	sector_fixture_open(&s, *state, rooms);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(post(&s, NEW,
				     arena_printf(s.pages.f->arena,
					 "%s&confirmed=yes", cases[i].form),
				     &re),
		    422);
		if (!sector_says(&re, cases[i].reason))
			fail_msg(
			    "%s: not \"%s\"", cases[i].form, cases[i].reason);
	}
	/* what was typed stays */
	assert_true(sector_says(&re, "X1</textarea>"));
	assert_int_equal(lines(&s, "open", &list), 0);
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
numbers_of_nobody_are_named_and_another_institutions_are_nobodys(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	/* N001 is here; N090 is elsewhere */
	assert_int_equal(post(&s, NEW,
			     "course=T-901&due=" TOMORROW
			     "&whom=numbers&numbers=N001+N090+Z9",
			     &re),
	    200);
	assert_true(sector_says(&re, "People concerned: 1."));
	assert_true(sector_says(&re, "<li>N090</li>"));
	assert_true(sector_says(&re, "<li>Z9</li>"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
departments_are_chosen_by_name(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(post(&s, NEW,
			     "course=T-901&due=" TOMORROW "&whom=departments"
			     "&department=%E7%9B%A3%E6%9F%BB%E9%83%A8",
			     &re),
	    200);
	assert_true(sector_says(&re, "name=\"department\" value=\"監査部\""));
	/* N001, N003 … N009, and N167 of the three with roles */
	assert_true(sector_says(&re, "People concerned: 6."));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

/* -------------------------------------------------------------- taking back */

static void
cancelling_asks_first_and_is_for_the_own_institution(void **state)
{
	struct assignment_line *list;
	struct sector_fixture s;
	struct reply re = {0};
	const char *path;

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(post(&s, NEW,
			     "course=T-901&due=" TOMORROW
			     "&whom=numbers&numbers=N001&confirmed=yes",
			     &re),
	    200);
	assert_int_equal(lines(&s, "open", &list), 1);
	path = arena_printf(s.pages.f->arena,
	    "/institution/assignments/%lld/cancel", (long long)list[0].id);
	assert_int_equal(get(&s, path, &re), 200);
	assert_true(sector_says(&re, "職員 001"));
	assert_int_equal(
	    visit(&s, s.persons[SECTOR_OTHER_MANAGER], LANG_JA, path, &re),
	    404);
	assert_int_equal(
	    send_form(&s, s.persons[SECTOR_OTHER_MANAGER], path, "", &re), 404);
	assert_int_equal(lines(&s, "open", &list), 1);
	assert_int_equal(post(&s, path, "", &re), 303);
	assert_int_equal(lines(&s, "open", &list), 0);
	assert_int_equal(post(&s, path, "", &re), 404);
	buf_free(&re.body);
	sector_fixture_close(&s);
}

/* --------------------------------------------------------------------- pages
 */

static void
make_week(struct sector_fixture *s)
{
	struct reply re = {0};

	assert_int_equal(post(s, NEW,
			     "course=T-901&due=" TOMORROW
			     "&whom=numbers&numbers=N006+N008&confirmed=yes",
			     &re),
	    200);
	s->pages.f->now += 3 * DAY_MS;
	sector_act(s, pass_due, s, "due");
	assert_int_equal(post(s, NEW,
			     "course=C-901&due=2026-11-27&whom=all"
			     "&confirmed=yes",
			     &re),
	    200);
	assert_int_equal(
	    visit(s, s->persons[SECTOR_SUPERVISOR], LANG_JA,
		arena_printf(s->pages.f->arena, "/sector/institutions/%lld",
		    (long long)s->institutions[SECTOR_OWN]),
		&re),
	    200);
	buf_free(&re.body);
}

static void
the_week_is_as_it_was_agreed(void **state)
{
	static const char *const names[LANG__MAX] = {
	    "oversee/institution.ja.html", "oversee/institution.en.html"};
	struct sector_fixture s;
	struct reply re = {0};
	enum lang lang;

	sector_fixture_open(&s, *state, rooms);
	make_week(&s);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(visit(&s, s.persons[SECTOR_TRAINING_MANAGER],
				     lang, "/institution", &re),
		    200);
		pages_golden(&s.pages, names[lang], &re);
	}
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
lists_hold_the_late_the_open_or_the_done(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	make_week(&s);
	assert_int_equal(
	    get(&s, "/institution/assignments?which=late", &re), 200);
	assert_true(sector_says(&re, "職員 006"));
	assert_true(sector_says(&re, "3 November 2026"));
	assert_false(sector_says(&re, "27 November 2026"));
	assert_int_equal(
	    get(&s, "/institution/assignments?which=late&course=C-901", &re),
	    200);
	assert_true(sector_says(&re, "No assignment fits."));
	assert_int_equal(get(&s, "/institution/assignments", &re), 200);
	assert_true(sector_says(&re, "27 November 2026"));
	assert_int_equal(
	    get(&s, "/institution/assignments?which=never", &re), 404);
	assert_int_equal(
	    get(&s, "/institution/assignments.csv?which=late", &re), 200);
	assert_true(sector_says(&re,
	    "\"N006\",\"職員 006\",\"システム部\","
	    "\"Technicians\",\"T-901\",\"Reading logs\","
	    "\"2026-11-03\",\"\",\"Overdue\""));
	assert_int_equal(visit(&s, s.persons[SECTOR_TRAINING_MANAGER], LANG_JA,
			     "/institution/assignments.csv", &re),
	    200);
	assert_true(sector_says(&re,
	    "\"職員番号\",\"氏名\",\"部署\",\"階層\",\"講座番号\","
	    "\"講座\",\"期限\",\"修了日\",\"状況\"\r\n"));
	assert_true(sector_says(&re, "\"2026-11-27\",\"\",\"期限内・未修了\""));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
the_file_of_progress_holds_everybody_and_nobody_else(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	make_week(&s);
	assert_int_equal(get(&s, "/institution/progress.csv", &re), 200);
	assert_true(sector_says(&re,
	    "\"Employee number\",\"Name\",\"Department\",\"Tier\",\"C-901 "));
	assert_true(sector_says(&re, "\",\"T-901 Reading logs\"\r\n"));
	/* completed in the month it joined; late; due; nothing */
	assert_true(sector_says(&re,
	    "\"N001\",\"職員 001\",\"監査部\","
	    "\"Executives\","
	    "\"completed 2026-11-02\",\"\"\r\n"));
	assert_true(sector_says(&re, "\"N007\""));
	assert_true(
	    sector_says(&re, "\"Technicians\",\"due 2026-11-27\",\"\"\r\n"));
	assert_true(sector_says(&re, "\"late 2026-11-03\"\r\n"));
	assert_false(sector_says(&re, "N011"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
a_week_with_nothing_in_it_says_so(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(get(&s, "/institution", &re), 200);
	assert_false(sector_says(&re, "Begin by importing it."));
	assert_true(sector_says(&re, "Nobody is late."));
	assert_true(sector_says(&re, "Nothing is assigned at present."));
	assert_true(sector_says(&re, "No authority has looked"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

/* --------------------------------------------------------------------- peers
 */

static void
peers_are_the_others_of_the_category_where_they_are_enough(void **state)
{
	const struct content *c;
	struct sector_fixture s;
	struct peer_view v;

	sector_fixture_open(&s, *state, rooms);
	c = pages_content(&s.pages);
	assert_int_equal(peers_load(s.pages.f->db,
			     managed(&s, SECTOR_TRAINING_MANAGER, SECTOR_OWN),
			     c, 2, s.pages.f->arena, &v),
	    ERR_OK);
	assert_int_equal(v.group, PEERS_CATEGORY);
	assert_int_equal(v.institutions, 6);
	assert_int_equal(v.median % 5, 0);
	/* five others of SHK: just enough */
	assert_int_equal(peers_load(s.pages.f->db,
			     managed(&s, SECTOR_OTHER_MANAGER, SECTOR_OTHER), c,
			     2, s.pages.f->arena, &v),
	    ERR_OK);
	assert_int_equal(v.institutions, 5);
	/* one other of CRY */
	assert_int_equal(
	    peers_load(s.pages.f->db, managed(&s, SECTOR_OTHER_MANAGER, 13), c,
		2, s.pages.f->arena, &v),
	    ERR_OK);
	assert_int_equal(v.group, PEERS_TOO_FEW);
	/* and not for who manages nothing */
	assert_int_equal(peers_load(s.pages.f->db,
			     (struct scope){.reach = SCOPE_OWN,
				 .organisation = s.institutions[0]},
			     c, 2, s.pages.f->arena, &v),
	    ERR_NOT_FOUND);
	sector_fixture_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(assigning_asks_first_and_then_says_what_it_did),
	    ON_BOTH_ENGINES(who_completed_the_course_is_left_alone),
	    ON_BOTH_ENGINES(wrong_forms_are_shown_again_with_the_reason),
	    ON_BOTH_ENGINES(
		numbers_of_nobody_are_named_and_another_institutions_are_nobodys),
	    ON_BOTH_ENGINES(departments_are_chosen_by_name),
	    ON_BOTH_ENGINES(
		cancelling_asks_first_and_is_for_the_own_institution),
	    ON_BOTH_ENGINES(the_week_is_as_it_was_agreed),
	    ON_BOTH_ENGINES(lists_hold_the_late_the_open_or_the_done),
	    ON_BOTH_ENGINES(
		the_file_of_progress_holds_everybody_and_nobody_else),
	    ON_BOTH_ENGINES(a_week_with_nothing_in_it_says_so),
	    ON_BOTH_ENGINES(
		peers_are_the_others_of_the_category_where_they_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
