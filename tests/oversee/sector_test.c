/* The authority's pages: scope, sums, small numbers, looks that are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "db/db.h"
#include "oversee/counts.h"
#include "oversee/oversee.h"
#include "record/record.h"
#include "support/sector.h"

static const struct route *const rooms[] = {oversee_routes, NULL};

static struct scope
supervised(struct sector_fixture *s, enum sector_person who)
{
	return (struct scope){
	    .reach = SCOPE_GRANTED,
	    .person = s->persons[who],
	    .organisation = s->authority,
	    .now = s->pages.f->now,
	};
}

static void
load(struct sector_fixture *s, enum sector_person who, struct sector *out)
{
	const struct content *c = pages_content(&s->pages);

	assert_int_equal(sector_load(s->pages.f->db, supervised(s, who), c, "",
			     s->pages.f->arena, out),
	    ERR_OK);
}

static const struct count_cell *
total(const struct sector *s)
{
	return count_cell(&s->now, s->now.rows, s->now.columns);
}

/* ------------------------------------------------------------------- numbers
 */

static void
sums_are_of_the_granted_scope_only(void **state)
{
	struct sector_fixture s;
	struct sector rgb, all;

	sector_fixture_open(&s, *state, rooms);
	load(&s, SECTOR_SUPERVISOR, &rgb);
	load(&s, SECTOR_SUPERVISOR_ALL, &all);
	/* 2 + 3 + 5, 6 or 7 in each; three roles in the first, two in SHK01 */
	assert_int_equal(rgb.n_institutions, 7);
	assert_int_equal(rgb.n_categories, 1);
	assert_int_equal(total(&rgb)->people, 7 * 10 + 6 + 3);
	assert_int_equal(total(&rgb)->institutions, 7);
	assert_int_equal(all.n_institutions, SECTOR_INSTITUTIONS);
	assert_int_equal(all.n_categories, 3);
	assert_int_equal(total(&all)->people, 15 * 10 + 15 + 5);
	assert_int_equal(total(&all)->institutions, 15);
	/* nobody there is a supervisor: no empty column */
	assert_int_equal(all.columns.n, 3);
	sector_fixture_close(&s);
}

static void
completed_are_those_of_the_tiers_own_programme(void **state)
{
	struct sector_fixture s;
	struct sector rgb;

	sector_fixture_open(&s, *state, rooms);
	load(&s, SECTOR_SUPERVISOR, &rgb);
	/*
	 * Who has an even place, counted from the institution's number: of two
	 * executives 1; of three managers 2 or 1; of 5, 6, 7 technicians …
	 */
	assert_int_equal(count_cell(&rgb.now, 0, 0)->people, 14);
	assert_int_equal(count_cell(&rgb.now, 0, 0)->done, 7);
	assert_int_equal(count_cell(&rgb.now, 0, 1)->people, 21 + 1);
	assert_int_equal(count_cell(&rgb.now, 0, 1)->done, 2 * 4 + 1 * 3);
	assert_int_equal(count_cell(&rgb.now, 0, 2)->people, 41 + 2);
	assert_int_equal(
	    count_cell(&rgb.now, 0, 2)->done, 3 + 3 + 4 + 2 + 3 + 3 + 3);
	sector_fixture_close(&s);
}

/* T-902 is planned: its programme cannot be completed. */
#define PROGRAMMES "courses/framework/programmes.yaml"
#define UNTIL_WRITTEN                                                            \
	"programmes:\n"                                                          \
	"  - {id: executive-foundation, tier: executive, ja: 経営層,"         \
	" en: Executive Foundation, courses: [C-901]}\n"                         \
	"  - {id: management-foundation, tier: management, ja: 管理部門,"    \
	" en: Management Foundation, courses: [C-901]}\n"                        \
	"  - {id: technician-foundation, tier: technician, ja: 技術担当者," \
	" en: Technician Foundation, courses: [C-901, T-902]}\n"

static void
who_cannot_complete_yet_is_in_no_share_until_the_content_is_written(
    void **state)
{
	struct reply re = {0};
	struct sector_fixture s;
	struct headline h;
	struct series series;
	struct sector rgb;
	const struct content *c;

	sector_fixture_open(&s, *state, rooms);
	sector_republish(&s, PROGRAMMES, UNTIL_WRITTEN);
	load(&s, SECTOR_SUPERVISOR, &rgb);
	/* executives and managers; technicians are there and do not count */
	assert_int_equal(rgb.people, 79);
	assert_int_equal(total(&rgb)->people, 14 + 22);
	assert_int_equal(total(&rgb)->done, 7 + 11);
	assert_int_equal(count_cell(&rgb.now, 0, 2)->people, 0);
	assert_int_equal(
	    sector_series(s.pages.f->db, supervised(&s, SECTOR_SUPERVISOR),
		&rgb, s.pages.f->arena, &series),
	    ERR_OK);
	assert_int_equal(series.rows[series.n_rows][MONTHS - 1].people, 36);
	assert_int_equal(series.rows[series.n_rows][MONTHS - 1].done, 18);
	c = pages_content(&s.pages);
	assert_int_equal(headline_load(s.pages.f->db,
			     supervised(&s, SECTOR_SUPERVISOR), c, &h),
	    ERR_OK);
	assert_int_equal(h.people, 79);
	assert_int_equal(h.able, 36);
	assert_int_equal(h.share, 50);
	assert_int_equal(
	    visit(&s, s.persons[SECTOR_SUPERVISOR], LANG_EN, "/sector", &re),
	    200);
	assert_true(sector_says(&re, "18 of 36 people"));
	assert_true(sector_says(&re, "cannot be completed yet"));
	assert_int_equal(visit(&s, s.persons[SECTOR_SUPERVISOR], LANG_EN,
			     "/sector.csv", &re),
	    200);
	assert_true(sector_says(&re,
	    "\"Technicians\",\"Technician Foundation\",\"\",\"\",\"\",\"\""));
	/* in one institution: everybody is there, two tiers are counted */
	assert_int_equal(visit(&s, s.persons[SECTOR_TRAINING_MANAGER], LANG_EN,
			     "/institution", &re),
	    200);
	assert_true(sector_says(&re, ">13</p>"));
	assert_true(sector_says(&re, "of 6 people"));
	/* T-902 is written, or not needed any more: it is as it was */
	sector_republish(&s, "README.md", "again");
	load(&s, SECTOR_SUPERVISOR, &rgb);
	assert_int_equal(total(&rgb)->people, 79);
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static enum err
fold_all(struct db *db, void *ctx)
{
	int64_t folded = 1;
	enum err e = ERR_OK;

	(void)ctx;
	while (e == ERR_OK && folded > 0)
		e = rollup_fold(db, 100, &folded);
	return e;
}

static void
folding_changes_no_number(void **state)
{
	struct reply before = {0}, after = {0};
	struct sector_fixture s;
	int64_t person;

	sector_fixture_open(&s, *state, rooms);
	person = s.persons[SECTOR_SUPERVISOR_ALL];
	assert_int_equal(visit(&s, person, LANG_EN, "/sector", &before), 200);
	sector_act(&s, fold_all, NULL, "fold");
	assert_int_equal(visit(&s, person, LANG_EN, "/sector", &after), 200);
	assert_non_null(strstr(buf_text(&before.body), "<main"));
	/* the header holds a token of another session */
	assert_string_equal(strstr(buf_text(&before.body), "<main"),
	    strstr(buf_text(&after.body), "<main"));
	buf_free(&before.body);
	buf_free(&after.body);
	sector_fixture_close(&s);
}

static void
a_series_ends_with_the_numbers_of_now_and_only_grows(void **state)
{
	struct sector_fixture s;
	struct series series;
	struct sector all;
	size_t i;

	sector_fixture_open(&s, *state, rooms);
	load(&s, SECTOR_SUPERVISOR_ALL, &all);
	assert_int_equal(
	    sector_series(s.pages.f->db, supervised(&s, SECTOR_SUPERVISOR_ALL),
		&all, s.pages.f->arena, &series),
	    ERR_OK);
	assert_int_equal(series.periods[MONTHS - 1], 202611);
	assert_int_equal(series.periods[0], 202512);
	assert_int_equal(
	    series.rows[series.n_rows][MONTHS - 1].people, total(&all)->people);
	assert_int_equal(
	    series.rows[series.n_rows][MONTHS - 1].done, total(&all)->done);
	/* those who came fourteen months ago were there before */
	assert_int_equal(series.rows[series.n_rows][0].people, 15 * 3);
	for (i = 1; i < MONTHS; i++)
		assert_true(series.rows[series.n_rows][i].done >=
		    series.rows[series.n_rows][i - 1].done);
	sector_fixture_close(&s);
}

static void
months_are_counted_back_over_the_years(void **state)
{
	(void)state;
	assert_int_equal(period_before(202611, 0), 202611);
	assert_int_equal(period_before(202611, 11), 202512);
	assert_int_equal(period_before(202601, 1), 202512);
	assert_int_equal(period_before(202601, 13), 202412);
}

/* --------------------------------------------------------------------- pages
 */

static void
the_sector_is_as_it_was_agreed(void **state)
{
	static const char *const names[LANG__MAX] = {
	    "oversee/sector.ja.html", "oversee/sector.en.html"};
	struct sector_fixture s;
	struct reply re = {0};
	enum lang lang;

	sector_fixture_open(&s, *state, rooms);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(visit(&s, s.persons[SECTOR_SUPERVISOR_ALL],
				     lang, "/sector", &re),
		    200);
		pages_golden(&s.pages, names[lang], &re);
	}
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
no_person_is_named_to_the_authority(void **state)
{
	static const char *const paths[] = {
	    "/sector", "/sector.csv", "/sector/institutions", NULL};
	struct sector_fixture s;
	struct reply re = {0};
	const char *path;
	size_t i;

	sector_fixture_open(&s, *state, rooms);
	for (i = 0; i < 4; i++) {
		path = paths[i] != NULL
		    ? paths[i]
		    : arena_printf(s.pages.f->arena,
			  "/sector/institutions/%lld",
			  (long long)s.institutions[SECTOR_OWN]);
		assert_int_equal(
		    visit(&s, s.persons[SECTOR_SUPERVISOR], LANG_JA, path, &re),
		    200);
		assert_false(sector_says(&re, "職員 0"));
		assert_false(sector_says(&re, "職員 1"));
		assert_false(sector_says(&re, ">N0"));
	}
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
an_unknown_programme_is_not_found(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};
	int64_t person;

	sector_fixture_open(&s, *state, rooms);
	person = s.persons[SECTOR_SUPERVISOR];
	assert_int_equal(
	    visit(&s, person, LANG_JA, "/sector?programme=nothing", &re), 404);
	assert_int_equal(visit(&s, person, LANG_EN,
			     "/sector?programme=technician-logs", &re),
	    200);
	/* of its own tier only; nobody here could ask for the supervisors' */
	assert_true(sector_says(&re, "0 of 43 people"));
	assert_true(sector_says(&re, "not the chosen programme’s tier"));
	assert_false(sector_says(&re, "supervisor-foundation"));
	assert_int_equal(visit(&s, person, LANG_EN,
			     "/sector?programme=management-foundation", &re),
	    200);
	assert_true(sector_says(&re, "11 of 22 people"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
a_file_that_leaves_hides_small_cells_and_what_tells_them(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};
	int64_t person;

	sector_fixture_open(&s, *state, rooms);
	person = s.persons[SECTOR_SUPERVISOR_ALL];
	assert_int_equal(visit(&s, person, LANG_EN, "/sector.csv", &re), 200);
	/* two institutions of CRY: hidden, and SHK or the sums would tell */
	pages_golden(&s.pages, "oversee/sector.en.csv", &re);
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
a_file_of_one_programme_tells_nothing_that_the_whole_one_hides(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(
	    visit(&s, s.persons[SECTOR_SUPERVISOR_ALL], LANG_EN,
		"/sector.csv?programme=technician-foundation", &re),
	    200);
	assert_true(sector_says(&re,
	    "\"RGB\",\"Regional banks\",\"Technicians\","
	    "\"Technician Foundation\",\"7\",\"43\",\"21\",\"48\""));
	/* SHK has people enough by itself: hidden for the sake of CRY */
	assert_true(sector_says(&re,
	    "\"SHK\",\"Shinkin banks\",\"Technicians\","
	    "\"Technician Foundation\",\"*\",\"*\",\"*\",\"*\""));
	assert_false(sector_says(&re, "Management"));
	assert_false(sector_says(&re, "\"Total\",\"\""));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

/* ----------------------------------------------------------------- the list */

/* Where a text begins; fails when it is missing. */
static size_t
place(const struct reply *re, const char *text)
{
	const char *at = strstr(buf_text(&re->body), text);

	if (at == NULL)
		fail_msg("no \"%s\"", text);
	return (size_t)(at - buf_text(&re->body));
}

static void
institutions_are_listed_filtered_and_sorted(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};
	int64_t person;

	sector_fixture_open(&s, *state, rooms);
	person = s.persons[SECTOR_SUPERVISOR_ALL];
	assert_int_equal(
	    visit(&s, person, LANG_EN, "/sector/institutions", &re), 200);
	assert_true(
	    place(&re, "Fictional RGB 1<") < place(&re, "Fictional CRY 2<"));
	assert_int_equal(
	    visit(&s, person, LANG_EN,
		"/sector/institutions?category=SHK&sort=people", &re),
	    200);
	assert_false(sector_says(&re, "Fictional RGB"));
	/* SHK 1 has 13 people with its two roles, SHK 2 12, SHK 3 10 */
	assert_true(
	    place(&re, "Fictional SHK 1<") < place(&re, "Fictional SHK 2<"));
	assert_true(
	    place(&re, "Fictional SHK 2<") < place(&re, "Fictional SHK 3<"));
	assert_int_equal(
	    visit(&s, person, LANG_EN,
		"/sector/institutions?category=SHK&sort=share", &re),
	    200);
	assert_true(
	    place(&re, "Fictional SHK 3<") < place(&re, "Fictional SHK 6<"));
	assert_int_equal(visit(&s, person, LANG_EN,
			     "/sector/institutions?category=NONE", &re),
	    200);
	assert_true(sector_says(&re, "No institution fits."));
	assert_int_equal(visit(&s, s.persons[SECTOR_SUPERVISOR], LANG_EN,
			     "/sector/institutions?from=999", &re),
	    200);
	assert_true(sector_says(&re, "7 in all"));
	assert_false(sector_says(&re, "Fictional SHK"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

/* --------------------------------------------------------------------- looks
 */

static size_t
looks_at(struct sector_fixture *s, int institution)
{
	struct audit_row *rows;
	size_t n;

	assert_int_equal(
	    audit_recent(s->pages.f->db, scope_machine(s->pages.f->now),
		s->institutions[institution], "authority.looked", 100,
		s->pages.f->arena, &rows, &n),
	    ERR_OK);
	return n;
}

static int
look(struct sector_fixture *s, enum sector_person who, int institution,
    struct reply *re)
{
	return visit(s, s->persons[who], LANG_JA,
	    arena_printf(s->pages.f->arena, "/sector/institutions/%lld",
		(long long)s->institutions[institution]),
	    re);
}

static void
a_look_is_recorded_once_an_hour_for_each_supervisor(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(look(&s, SECTOR_SUPERVISOR, SECTOR_OWN, &re), 200);
	assert_int_equal(look(&s, SECTOR_SUPERVISOR, SECTOR_OWN, &re), 200);
	assert_int_equal(looks_at(&s, SECTOR_OWN), 1);
	assert_int_equal(look(&s, SECTOR_SUPERVISOR_ALL, SECTOR_OWN, &re), 200);
	assert_int_equal(looks_at(&s, SECTOR_OWN), 2);
	s.pages.f->now += LOOK_AGAIN_MS - 1;
	assert_int_equal(look(&s, SECTOR_SUPERVISOR, SECTOR_OWN, &re), 200);
	assert_int_equal(looks_at(&s, SECTOR_OWN), 2);
	s.pages.f->now += 1;
	assert_int_equal(look(&s, SECTOR_SUPERVISOR, SECTOR_OWN, &re), 200);
	assert_int_equal(looks_at(&s, SECTOR_OWN), 3);
	assert_int_equal(looks_at(&s, SECTOR_SIBLING), 0);
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
the_institution_sees_the_authority_and_no_person(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(look(&s, SECTOR_SUPERVISOR, SECTOR_OWN, &re), 200);
	assert_int_equal(visit(&s, s.persons[SECTOR_TRAINING_MANAGER], LANG_JA,
			     "/institution", &re),
	    200);
	assert_true(sector_says(&re, "2026年11月2日 09:00 架空監督庁"));
	/* the supervisor is the fifth of the roles */
	assert_int_equal(visit(&s, s.persons[SECTOR_OTHER_MANAGER], LANG_JA,
			     "/institution", &re),
	    200);
	assert_false(sector_says(&re, "架空監督庁"));
	buf_free(&re.body);
	sector_fixture_close(&s);
}

static void
out_of_the_scope_nothing_is_there_and_nothing_is_recorded(void **state)
{
	struct sector_fixture s;
	struct reply re = {0};

	sector_fixture_open(&s, *state, rooms);
	assert_int_equal(look(&s, SECTOR_SUPERVISOR, SECTOR_OTHER, &re), 404);
	assert_int_equal(looks_at(&s, SECTOR_OTHER), 0);
	assert_int_equal(
	    visit(&s, s.persons[SECTOR_SUPERVISOR_ALL], LANG_JA,
		arena_printf(s.pages.f->arena, "/sector/institutions/%lld",
		    (long long)s.authority),
		&re),
	    404);
	assert_int_equal(visit(&s, s.persons[SECTOR_SUPERVISOR], LANG_JA,
			     "/sector/institutions/12345", &re),
	    404);
	buf_free(&re.body);
	sector_fixture_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(months_are_counted_back_over_the_years),
	    ON_BOTH_ENGINES(sums_are_of_the_granted_scope_only),
	    ON_BOTH_ENGINES(completed_are_those_of_the_tiers_own_programme),
	    ON_BOTH_ENGINES(
		who_cannot_complete_yet_is_in_no_share_until_the_content_is_written),
	    ON_BOTH_ENGINES(folding_changes_no_number),
	    ON_BOTH_ENGINES(
		a_series_ends_with_the_numbers_of_now_and_only_grows),
	    ON_BOTH_ENGINES(the_sector_is_as_it_was_agreed),
	    ON_BOTH_ENGINES(no_person_is_named_to_the_authority),
	    ON_BOTH_ENGINES(an_unknown_programme_is_not_found),
	    ON_BOTH_ENGINES(
		a_file_that_leaves_hides_small_cells_and_what_tells_them),
	    ON_BOTH_ENGINES(
		a_file_of_one_programme_tells_nothing_that_the_whole_one_hides),
	    ON_BOTH_ENGINES(institutions_are_listed_filtered_and_sorted),
	    ON_BOTH_ENGINES(
		a_look_is_recorded_once_an_hour_for_each_supervisor),
	    ON_BOTH_ENGINES(the_institution_sees_the_authority_and_no_person),
	    ON_BOTH_ENGINES(
		out_of_the_scope_nothing_is_there_and_nothing_is_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
