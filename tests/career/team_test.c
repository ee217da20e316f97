/*
 * The line manager's confirmation through pages: who is asked, what an answer
 * leaves behind, and who cannot answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "app/frame.h"
#include "app/rooms.h"
#include "base/clock.h"
#include "db/db.h"
#include "people/person.h"
#include "record/record.h"
#include "support/sector.h"
#include "support/sql.h"

#define CONFIRM "number=1"
#define NOT_YET                                                                \
	"number=1&note=%E3%81%BE%E3%81%A0%E6%97%A9%E3%81%84" /* まだ早い */

struct bench {
	struct sector_fixture s;
	struct reply re;
	const char *one; /* the line of the learner and C08 */
};

/* Both learners passed the lab of T-901, which has no check, yesterday. */
static enum err
pass_labs(struct db *db, void *ctx)
{
	struct bench *b = ctx;
	const struct content *c = pages_content(&b->s.pages);
	struct evidence ev = {
	    .tier = "technician",
	    .source = "lab",
	    .thing = "L91",
	    .points = 80,
	    .points_max = 100,
	    .competencies = "C08:2",
	    .manifest = content_manifest(c),
	    .at = b->s.pages.f->now - DAY_MS,
	};
	enum err e;

	ev.person = b->s.persons[SECTOR_LEARNER];
	ev.organisation = b->s.institutions[SECTOR_OWN];
	if ((e = evidence_add(db, &ev)) != ERR_OK)
		return e;
	ev.person = b->s.persons[SECTOR_OTHER_LEARNER];
	ev.organisation = b->s.institutions[SECTOR_OTHER];
	return evidence_add(db, &ev);
}

static const char *
line_of(struct bench *b, enum sector_person who, const char *more)
{
	return arena_printf(b->s.pages.f->arena, "/team/%lld/C08%s",
	    (long long)b->s.memberships[who], more);
}

static void
open_bench(struct bench *b, void **state)
{
	struct arena *a;

	*b = (struct bench){0};
	sector_fixture_open(&b->s, *state, rooms);
	b->s.pages.site.frame = frame_fill;
	sector_act(&b->s, pass_labs, b, "labs");
	a = b->s.pages.f->arena;
	b->one = line_of(b, SECTOR_LEARNER, "");
	pages_hole(&b->s.pages,
	    arena_printf(
		a, "%lld", (long long)b->s.memberships[SECTOR_LEARNER]),
	    "MEMBERSHIP");
}

static void
close_bench(struct bench *b)
{
	buf_free(&b->re.body);
	sector_fixture_close(&b->s);
}

static int
see(struct bench *b, enum sector_person who, const char *path)
{
	return visit(&b->s, b->s.persons[who], LANG_EN, path, &b->re);
}

static int
answer(
    struct bench *b, enum sector_person who, const char *what, const char *form)
{
	return send_form(&b->s, b->s.persons[who],
	    line_of(b, SECTOR_LEARNER, what), form, &b->re);
}

static int64_t
rows(struct bench *b, const char *from)
{
	return fixture_sql_int(b->s.pages.f,
	    arena_printf(b->s.pages.f->arena, "SELECT count(*) FROM %s", from));
}

#define EVIDENCE "evidence WHERE source = 'confirmation'"
#define AUDIT                                                                  \
	"audit WHERE act IN ('competency.confirmed', 'competency.not_yet')"

static void
assert_rows(struct bench *b, int64_t confirmations, int64_t evidence)
{
	assert_int_equal(rows(b, "confirmation"), confirmations);
	assert_int_equal(rows(b, EVIDENCE), evidence);
	/* one for each answer */
	assert_int_equal(rows(b, AUDIT), confirmations);
}

static void
say_nothing(void *ctx, const char *line)
{
	(void)ctx;
	(void)line;
}

/* ------------------------------------------------------------------- tests */

static void
the_pages_are_as_they_were_agreed(void **state)
{
	static const char *const names[LANG__MAX][3] = {
	    {"career/team.ja.html", "career/confirm.ja.html",
		"career/team-answered.ja.html"},
	    {"career/team.en.html", "career/confirm.en.html",
		"career/team-answered.en.html"},
	};
	struct bench b;
	int64_t manager;
	enum lang lang;

	open_bench(&b, state);
	manager = b.s.persons[SECTOR_LINE_MANAGER];
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(
		    visit(&b.s, manager, lang, "/team", &b.re), 200);
		pages_golden(&b.s.pages, names[lang][0], &b.re);
		assert_int_equal(visit(&b.s, manager, lang, b.one, &b.re), 200);
		pages_golden(&b.s.pages, names[lang][1], &b.re);
	}
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", NOT_YET), 303);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(
		    visit(&b.s, manager, lang, "/team", &b.re), 200);
		pages_golden(&b.s.pages, names[lang][2], &b.re);
	}
	close_bench(&b);
}

static void
a_confirmation_shows_level_2_and_counts_once(void **state)
{
	struct verify_report report = {0};
	struct bench b;

	open_bench(&b, state);
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "next, your line manager (職員"));
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/confirm", CONFIRM), 303);
	assert_rows(&b, 1, 1);
	assert_int_equal(rows(&b, EVIDENCE " AND competencies = 'C08:2'"), 1);
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "Confirmed by 職員"));
	assert_true(sector_says(&b.re, "2 of 2"));
	assert_false(sector_says(&b.re, "next, your line manager"));
	/* again, from the same page and from a new one */
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/confirm", CONFIRM), 409);
	assert_true(sector_says(&b.re, "すでに回答が記録されています"));
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/confirm", "number=2"), 409);
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", "number=2&note=x"),
	    409);
	assert_rows(&b, 1, 1);
	assert_int_equal(see(&b, SECTOR_LINE_MANAGER, b.one), 200);
	assert_true(sector_says(&b.re, "No further answer is needed"));
	assert_false(sector_says(&b.re, "<textarea"));
	assert_int_equal(see(&b, SECTOR_LINE_MANAGER, "/team"), 200);
	assert_true(sector_says(&b.re, "Nobody waits for you"));
	assert_int_equal(
	    audit_verify(b.s.pages.f->db, &report, say_nothing, NULL), ERR_OK);
	assert_int_equal(report.wrong, 0);
	close_bench(&b);
}

static void
not_yet_is_told_to_the_person_and_can_be_followed_by_more(void **state)
{
	struct bench b;

	open_bench(&b, state);
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", NOT_YET), 303);
	assert_rows(&b, 1, 0);
	/* the same form once more */
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", NOT_YET), 409);
	assert_rows(&b, 1, 0);
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "まだ早い"));
	assert_true(sector_says(&b.re, "the answer was “not yet”"));
	assert_false(sector_says(&b.re, "Confirmed by"));
	/* another sentence, then the confirmation */
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", "number=2&note=later"),
	    303);
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "later"));
	assert_false(sector_says(&b.re, "まだ早い"));
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/confirm", "number=3"), 303);
	assert_rows(&b, 3, 1);
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "Confirmed by"));
	assert_false(sector_says(&b.re, "later"));
	close_bench(&b);
}

static void
a_note_that_is_empty_or_too_long_is_refused_and_kept(void **state)
{
	char form[400] = "number=1&note=";
	struct bench b;

	open_bench(&b, state);
	assert_int_equal(answer(&b, SECTOR_LINE_MANAGER, "/not-yet",
			     "number=1&note=+%E3%80%80+"),
	    422);
	assert_true(sector_says(&b.re, "href=\"#note\""));
	memset(form + strlen(form), 'x', 301);
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", form), 422);
	assert_true(sector_says(&b.re, strchr(form, 'x')));
	assert_rows(&b, 0, 0);
	/* a form without its number is none of ours */
	assert_int_equal(answer(&b, SECTOR_LINE_MANAGER, "/confirm", ""), 409);
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/confirm", "number=7"), 409);
	assert_rows(&b, 0, 0);
	close_bench(&b);
}

static void
assert_refused(struct bench *b, enum sector_person who)
{
	assert_int_equal(see(b, who, b->one), 404);
	assert_int_equal(answer(b, who, "/confirm", CONFIRM), 404);
	assert_int_equal(answer(b, who, "/not-yet", NOT_YET), 404);
	assert_int_equal(see(b, who, "/team"), 200);
	assert_false(sector_says(&b->re, b->one));
	assert_rows(b, 0, 0);
}

static void
set_manager(struct bench *b, enum sector_person who)
{
	struct arena *a = b->s.pages.f->arena;

	fixture_sql(b->s.pages.f,
	    arena_printf(a,
		"UPDATE membership SET line_manager = %lld WHERE id = %lld",
		(long long)b->s.persons[who],
		(long long)b->s.memberships[SECTOR_LEARNER]));
}

struct ending {
	struct bench *b;
	enum sector_person who;
};

static enum err
end_membership(struct db *db, void *ctx)
{
	struct ending *end = ctx;
	struct sector_fixture *s = &end->b->s;

	return membership_end(db, scope_machine(s->pages.f->now),
	    s->memberships[end->who], s->pages.f->now);
}

static void
nobody_but_the_line_manager_of_now_answers(void **state)
{
	static const enum sector_person others[] = {SECTOR_LEARNER,
	    SECTOR_TRAINING_MANAGER, SECTOR_SUPERVISOR, SECTOR_SUPERVISOR_ALL,
	    SECTOR_OPERATOR, SECTOR_OTHER_LEARNER, SECTOR_OTHER_MANAGER};
	struct ending end;
	struct bench b;
	size_t i;

	open_bench(&b, state);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_refused(&b, others[i]);
	/* what waits for nothing is not there either */
	assert_int_equal(see(&b, SECTOR_LINE_MANAGER,
			     arena_printf(b.s.pages.f->arena, "/team/%lld/C09",
				 (long long)b.s.memberships[SECTOR_LEARNER])),
	    404);
	/* one's own line manager, by mistake of a roster */
	set_manager(&b, SECTOR_LEARNER);
	assert_refused(&b, SECTOR_LEARNER);
	/* who was it until now */
	assert_refused(&b, SECTOR_LINE_MANAGER);
	/* of another institution */
	set_manager(&b, SECTOR_OTHER_MANAGER);
	assert_refused(&b, SECTOR_OTHER_MANAGER);
	/* who has left, and who has nobody any more */
	set_manager(&b, SECTOR_LINE_MANAGER);
	end = (struct ending){&b, SECTOR_LINE_MANAGER};
	sector_act(&b.s, end_membership, &end, "end");
	assert_refused(&b, SECTOR_LINE_MANAGER);
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "names no line manager"));
	set_manager(&b, SECTOR_TRAINING_MANAGER);
	assert_int_equal(see(&b, SECTOR_TRAINING_MANAGER, b.one), 200);
	end = (struct ending){&b, SECTOR_LEARNER};
	sector_act(&b.s, end_membership, &end, "end");
	assert_refused(&b, SECTOR_TRAINING_MANAGER);
	close_bench(&b);
}

/* The learner leaves for the other institution. */
static enum err
move(struct db *db, void *ctx)
{
	struct bench *b = ctx;
	struct sector_fixture *s = &b->s;
	struct ending end = {b, SECTOR_LEARNER};
	struct membership m = {
	    .person = s->persons[SECTOR_LEARNER],
	    .organisation = s->institutions[SECTOR_OTHER],
	    .employee_number = "M001",
	    .department = "システム部",
	    .role = "T-SOC",
	    .tier = "technician",
	    .line_manager = s->persons[SECTOR_OTHER_MANAGER],
	    .from_at = s->pages.f->now,
	};
	enum err e;

	if ((e = end_membership(db, &end)) != ERR_OK ||
	    (e = membership_add(db, &m, s->pages.f->now)) != ERR_OK)
		return e;
	s->memberships[SECTOR_LEARNER] = m.id;
	b->one = line_of(b, SECTOR_LEARNER, "");
	return ERR_OK;
}

static void
a_confirmation_goes_along_to_another_institution(void **state)
{
	struct bench b;

	open_bench(&b, state);
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/confirm", CONFIRM), 303);
	sector_act(&b.s, move, &b, "move");
	assert_int_equal(see(&b, SECTOR_LEARNER, "/me"), 200);
	assert_true(sector_says(&b.re, "Confirmed by"));
	/* the new one is not asked, and not told who did it */
	assert_int_equal(see(&b, SECTOR_OTHER_MANAGER, b.one), 404);
	assert_int_equal(
	    answer(&b, SECTOR_OTHER_MANAGER, "/confirm", "number=2"), 404);
	assert_rows(&b, 1, 1);
	close_bench(&b);
}

static void
not_yet_ends_with_the_institution(void **state)
{
	struct bench b;

	open_bench(&b, state);
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", NOT_YET), 303);
	sector_act(&b.s, move, &b, "move");
	assert_int_equal(see(&b, SECTOR_OTHER_MANAGER, b.one), 200);
	assert_false(sector_says(&b.re, "まだ早い"));
	assert_int_equal(
	    answer(&b, SECTOR_OTHER_MANAGER, "/confirm", "number=2"), 303);
	assert_rows(&b, 2, 1);
	close_bench(&b);
}

static void
only_line_managers_are_led_to_the_page(void **state)
{
	struct bench b;

	open_bench(&b, state);
	assert_int_equal(see(&b, SECTOR_LINE_MANAGER, "/"), 200);
	assert_true(sector_says(&b.re, "My team</a>"));
	assert_true(sector_says(&b.re, "1 confirmation waits for your answer"));
	assert_int_equal(see(&b, SECTOR_TRAINING_MANAGER, "/"), 200);
	assert_false(sector_says(&b.re, "href=\"/team\""));
	assert_int_equal(see(&b, SECTOR_TRAINING_MANAGER, "/team"), 200);
	assert_true(sector_says(&b.re, "nobody’s line manager"));
	/* "not yet" waits no more */
	assert_int_equal(
	    answer(&b, SECTOR_LINE_MANAGER, "/not-yet", NOT_YET), 303);
	assert_int_equal(see(&b, SECTOR_LINE_MANAGER, "/"), 200);
	assert_true(sector_says(&b.re, "My team</a>"));
	assert_false(sector_says(&b.re, "for your answer"));
	close_bench(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_SQLITE(the_pages_are_as_they_were_agreed),
	    ON_BOTH_ENGINES(a_confirmation_shows_level_2_and_counts_once),
	    ON_BOTH_ENGINES(
		not_yet_is_told_to_the_person_and_can_be_followed_by_more),
	    ON_BOTH_ENGINES(
		a_note_that_is_empty_or_too_long_is_refused_and_kept),
	    ON_BOTH_ENGINES(nobody_but_the_line_manager_of_now_answers),
	    ON_BOTH_ENGINES(a_confirmation_goes_along_to_another_institution),
	    ON_BOTH_ENGINES(not_yet_ends_with_the_institution),
	    ON_BOTH_ENGINES(only_line_managers_are_led_to_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
