/* My page and my evidence as a file, through dispatch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "career/career.h"
#include "certify/certify.h"
#include "learn/learn.h"
#include "support/pages.h"

#define TREE "tests/certify/tree"

static const struct route *const rooms[] = {
    career_routes, certify_routes, NULL};

struct bench {
	struct pages pages;
	int64_t person;
	struct reply reply;
};

static void
open_site(struct bench *b, void **state)
{
	*b = (struct bench){0};
	pages_open(&b->pages, *state, TREE, rooms);
	b->pages.site.course_completed = certify_course_completed;
	b->person = pages_person(&b->pages, "山田 太郎", "T-SOC", "technician");
}

static void
close_site(struct bench *b)
{
	buf_free(&b->reply.body);
	pages_close(&b->pages);
}

/*
 * The checks of C-901, the first on the day before; the lab of T-901 with
 * 80 %, which completes it; and a check that the role does not ask for.
 */
static enum err
learn_act(struct db *db, void *ctx)
{
	struct bench *b = ctx;
	const struct site *site = &b->pages.site;
	struct learner who = {b->person, b->pages.organisation, "technician"};
	struct content *c = pages_content(&b->pages);
	const struct course *everyone = content_course(c, "C-901");
	const struct course *logs = content_course(c, "T-901");
	int64_t now = b->pages.f->now;
	enum err e;

	e = progress_passed(db, site, &who, c, everyone, 1, "check", 1001, 250,
	    300, now - DAY_MS);
	if (e == ERR_OK)
		e = progress_passed(db, site, &who, c, everyone, 2, "check",
		    1002, 300, 300, now);
	if (e == ERR_OK)
		e = progress_passed(
		    db, site, &who, c, logs, 1, "lab", 1003, 80, 100, now);
	if (e == ERR_OK)
		e = course_exam_passed(db, site, &who, c, everyone, 1004, now);
	return e;
}

static int
get(struct bench *b, int64_t person, enum lang lang, const char *path)
{
	return pages_get(&b->pages, person, lang, path, &b->reply);
}

static bool
says(const struct bench *b, const char *text)
{
	return strstr(buf_text(&b->reply.body), text) != NULL;
}

static void
my_page_is_as_it_was_agreed(void **state)
{
	static const char *const names[LANG__MAX] = {
	    "career/me.ja.html", "career/me.en.html"};
	enum lang lang;
	struct bench b;

	open_site(&b, state);
	assert_int_equal(db_write(b.pages.f->db, learn_act, &b), ERR_OK);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(get(&b, b.person, lang, "/me"), 200);
		pages_golden(&b.pages, names[lang], &b.reply);
	}
	close_site(&b);
}

static void
a_newcomer_sees_targets_and_where_to_begin(void **state)
{
	struct bench b;

	open_site(&b, state);
	assert_int_equal(get(&b, b.person, LANG_JA, "/me"), 200);
	pages_golden(&b.pages, "career/newcomer.ja.html", &b.reply);
	close_site(&b);
}

static void
a_planned_course_is_shown_as_planned(void **state)
{
	const char *planned;
	struct bench b;

	open_site(&b, state);
	assert_int_equal(get(&b, b.person, LANG_EN, "/me"), 200);
	planned = strstr(buf_text(&b.reply.body), "T-902 Recovery</a>");
	assert_non_null(planned);
	assert_non_null(strstr(planned, "Planned</strong></li>"));
	/* the written ones are not */
	assert_true(says(&b,
	    "T-901 Reading logs</a> <strong class=\"govuk-tag "
	    "govuk-tag--blue\">Mandatory</strong></li>"));
	close_site(&b);
}

static void
who_has_no_role_is_told_what_to_do(void **state)
{
	struct bench b;
	int64_t person;

	open_site(&b, state);
	person = pages_person(&b.pages, "鈴木 花子", "", "technician");
	assert_int_equal(get(&b, person, LANG_JA, "/me"), 200);
	assert_true(says(&b, "研修責任者に"));
	assert_false(says(&b, "<meter"));
	person = pages_person(&b.pages, "佐藤 次郎", "X-OLD", "technician");
	assert_int_equal(get(&b, person, LANG_EN, "/me"), 200);
	assert_true(says(&b, "Ask the training manager"));
	/* the role of T-IR leads nowhere yet */
	person = pages_person(&b.pages, "田中 三郎", "T-IR", "technician");
	assert_int_equal(get(&b, person, LANG_EN, "/me"), 200);
	assert_true(says(&b, "No path from this role"));
	close_site(&b);
}

static void
my_evidence_comes_as_a_file(void **state)
{
	struct bench b;

	open_site(&b, state);
	assert_int_equal(db_write(b.pages.f->db, learn_act, &b), ERR_OK);
	assert_int_equal(get(&b, b.person, LANG_JA, "/me.csv"), 200);
	assert_string_equal(b.reply.content_type, "text/csv; charset=utf-8");
	assert_string_equal(pages_header(&b.reply, "Content-Disposition"),
	    "attachment; filename=\"evidence.csv\"");
	pages_hole(
	    &b.pages, content_manifest(pages_content(&b.pages)), "MANIFEST");
	pages_golden(&b.pages, "career/evidence.ja.csv", &b.reply);
	close_site(&b);
}

static void
nobody_sees_my_page_or_evidence_but_me(void **state)
{
	struct bench b;
	int64_t other;

	open_site(&b, state);
	assert_int_equal(db_write(b.pages.f->db, learn_act, &b), ERR_OK);
	other = pages_person(&b.pages, "鈴木 花子", "T-SOC", "technician");
	assert_int_equal(get(&b, other, LANG_JA, "/me"), 200);
	assert_false(says(&b, "山田"));
	assert_false(says(&b, "/attempts/"));
	assert_int_equal(get(&b, other, LANG_JA, "/me.csv"), 200);
	assert_false(says(&b, "C-901"));
	assert_int_equal(get(&b, 0, LANG_JA, "/me"), 303);
	assert_int_equal(get(&b, 0, LANG_JA, "/me.csv"), 303);
	close_site(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(my_page_is_as_it_was_agreed),
	    ON_SQLITE(a_newcomer_sees_targets_and_where_to_begin),
	    ON_SQLITE(a_planned_course_is_shown_as_planned),
	    ON_SQLITE(who_has_no_role_is_told_what_to_do),
	    ON_BOTH_ENGINES(my_evidence_comes_as_a_file),
	    ON_BOTH_ENGINES(nobody_sees_my_page_or_evidence_but_me),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
