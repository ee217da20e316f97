/* Rosters: files that go in, lines that are named, files that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/site.h"
#include "people/roster.h"
#include "people/sign_in.h"
#include "support/content_fixture.h"
#include "support/fixture.h"
#include "support/sql.h"

static const char *
tier_of(void *ctx, const char *role)
{
	(void)ctx;
	if (strncmp(role, "T-", 2) == 0 && strcmp(role, "T-QQQ") != 0)
		return "technician";
	return strcmp(role, "M-RISK") == 0 ? "management" : NULL;
}

struct import {
	struct fixture *f;
	struct organisation bank, other;
	enum roster_refusal refusal;
	struct roster_report report;
	const char *file;
	bool invite;
	enum err e;
};

static enum err
found(struct db *db, void *ctx)
{
	struct import *im = ctx;
	enum err e;

	im->bank = (struct organisation){
	    .kind = "institution",
	    .code = "0001",
	    .name = {.in = {"甲銀行", "Bank A"}},
	    .category = "RGB",
	    .size_band = 2,
	    .created_at = im->f->now,
	};
	im->other = im->bank;
	im->other.code = "0002";
	e = organisation_add(db, &im->bank);
	return e != ERR_OK ? e : organisation_add(db, &im->other);
}

static enum err
import(struct db *db, void *ctx)
{
	static const struct site site = {.origin = "https://tanren.example"};
	struct import *im = ctx;
	struct scope s = {
	    .reach = SCOPE_ORGANISATION,
	    .person = 7,
	    .organisation = im->bank.id,
	    .now = im->f->now,
	};
	char path[256], *csv;
	size_t size;

	(void)snprintf(path, sizeof(path), "tests/bad/roster/%s", im->file);
	csv = content_slurp(path, &size);
	assert_non_null(csv);
	im->refusal = ROSTER_FINE;
	im->report = (struct roster_report){0};
	im->e = roster_import(db, s, &site, 7, csv, size, tier_of, NULL,
	    im->invite, im->f->now, im->f->arena, &im->refusal, &im->report);
	free(csv);
	return im->e;
}

static void
go(struct import *im, const char *file)
{
	im->file = file;
	(void)!db_write(im->f->db, import, im);
}

static int64_t
one(struct fixture *f, enum query q)
{
	int64_t n = -1;

	assert_int_equal(db_one_int(f->db, q, DB_NO_ARGS, &n), ERR_OK);
	return n;
}

static size_t
roster(struct import *im, struct roster_line **lines)
{
	struct scope s = {
	    .reach = SCOPE_ORGANISATION,
	    .organisation = im->bank.id,
	    .now = im->f->now,
	};
	size_t n;

	assert_int_equal(
	    roster_all(im->f->db, s, im->bank.id, im->f->arena, lines, &n),
	    ERR_OK);
	return n;
}

/* ----------------------------------------------------------------- tests */

static void
good_lines_go_in_and_again_change_nothing(void **state)
{
	struct import im = {.f = *state};
	struct roster_line *lines;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "good.csv");
	assert_int_equal(im.e, ERR_OK);
	assert_int_equal(im.report.lines, 3);
	assert_int_equal(im.report.added, 3);
	assert_int_equal(im.report.n_wrong, 0);
	assert_false(im.report.converted);
	assert_int_equal(roster(&im, &lines), 3);
	/* in order of kana; the one without stands by the name */
	assert_string_equal(lines[0].name, "佐藤 花子");
	assert_string_equal(lines[0].line_manager, "鈴木 太郎");
	assert_string_equal(lines[2].name, "高橋 \"次郎\"");
	assert_string_equal(lines[2].department, "部署,その二");
	go(&im, "good.csv");
	assert_int_equal(im.report.added, 0);
	assert_int_equal(im.report.unchanged, 3);
	assert_int_equal(one(im.f, Q_PERSON_COUNT), 3);
}

static void
wrong_lines_are_named_and_the_good_ones_go_in(void **state)
{
	static const struct {
		int64_t line;
		enum roster_problem problem;
		const char *column;
	} expected[] = {
	    {3, ROSTER_MISSING, "employee_number"},
	    {4, ROSTER_FORMULA, "name"},
	    {5, ROSTER_BAD_EMAIL, "email"},
	    {6, ROSTER_BAD_ROLE, "role"},
	    {7, ROSTER_TWICE, "employee_number"},
	    {8, ROSTER_BAD_NUMBER, "employee_number"},
	    {9, ROSTER_BAD_MANAGER, "line_manager"},
	    {10, ROSTER_TOO_LONG, "name"},
	    {11, ROSTER_CONTROL, "name"},
	    {12, ROSTER_EMAIL_TAKEN, "email"},
	    {13, ROSTER_MISSING, "role"},
	    {14, ROSTER_FORMULA, "name"},
	    {15, ROSTER_OWN_MANAGER, "line_manager"},
	};
	struct import im = {.f = *state};
	struct roster_line *lines;
	size_t i;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "wrong-lines.csv");
	assert_int_equal(im.e, ERR_OK);
	assert_int_equal(
	    im.report.n_wrong, sizeof(expected) / sizeof(expected[0]));
	for (i = 0; i < im.report.n_wrong; i++) {
		assert_int_equal(im.report.wrong[i].line, expected[i].line);
		assert_int_equal(
		    im.report.wrong[i].problem, expected[i].problem);
		assert_string_equal(
		    im.report.wrong[i].column, expected[i].column);
	}
	/* A1, and A8 and A15 who went in without their line manager */
	assert_int_equal(im.report.added, 3);
	assert_int_equal(roster(&im, &lines), 3);
}

static void
encodings_are_read_and_conversion_is_said(void **state)
{
	static const struct {
		const char *file, *name;
		bool converted;
	} files[] = {
	    {"bom.csv", "佐藤 花子", false},
	    {"english.csv", "Hanako Sato", false},
	    {"shift_jis.csv", "髙﨑 花子", true},
	};
	struct import im = {.f = *state};
	struct roster_line *lines;
	size_t i, j, n;
	bool seen;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		go(&im, files[i].file);
		assert_int_equal(im.e, ERR_OK);
		assert_int_equal(im.report.converted, files[i].converted);
		assert_int_equal(im.report.n_wrong, 0);
		n = roster(&im, &lines);
		for (j = 0, seen = false; j < n; j++)
			seen |= strcmp(lines[j].name, files[i].name) == 0;
		assert_true(seen);
	}
}

static void
unreadable_file_changes_nothing(void **state)
{
	static const struct {
		const char *file;
		enum roster_refusal refusal;
	} files[] = {
	    {"empty.csv", ROSTER_EMPTY},
	    {"header-only.csv", ROSTER_EMPTY},
	    {"no-header.csv", ROSTER_NO_HEADER},
	    {"header-twice.csv", ROSTER_NO_HEADER},
	    {"open-quote.csv", ROSTER_NOT_CSV},
	    {"binary.csv", ROSTER_NOT_TEXT},
	    {"utf16.csv", ROSTER_NOT_TEXT},
	};
	struct import im = {.f = *state};
	size_t i;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		go(&im, files[i].file);
		assert_int_equal(im.e, ERR_INVALID);
		assert_int_equal(im.refusal, files[i].refusal);
		assert_int_equal(one(im.f, Q_PERSON_COUNT), 0);
	}
}

static void
new_people_with_an_address_are_invited(void **state)
{
	struct import im = {.f = *state, .invite = true};

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "good.csv");
	assert_int_equal(one(im.f, Q_OUTBOX_WAITING), 2);
	go(&im, "good.csv");
	assert_int_equal(one(im.f, Q_OUTBOX_WAITING), 2);
}

static enum err
set_password(struct db *db, void *ctx)
{
	struct import *im = ctx;
	struct roster_line *lines;

	assert_int_equal(roster(im, &lines), 3);
	return credential_set(db, lines[0].person, "a hash", im->f->now);
}

static void
address_of_who_has_a_password_is_not_moved_by_a_file(void **state)
{
	struct import im = {.f = *state};
	struct roster_line *lines;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "good.csv");
	assert_int_equal(db_write(im.f->db, set_password, &im), ERR_OK);
	go(&im, "moved.csv");
	assert_int_equal(im.e, ERR_OK);
	assert_int_equal(im.report.n_wrong, 1);
	assert_int_equal(im.report.wrong[0].problem, ROSTER_EMAIL_FIXED);
	assert_int_equal(im.report.changed, 1);
	assert_int_equal(roster(&im, &lines), 3);
	assert_string_equal(lines[0].email, "hanako@bank.example");
	assert_string_equal(lines[1].email, "moved2@evil.example");
}

static enum err
end_first(struct db *db, void *ctx)
{
	struct import *im = ctx;
	struct scope own = {
	    .reach = SCOPE_ORGANISATION,
	    .organisation = im->bank.id,
	    .now = im->f->now,
	};
	struct scope other = own;
	struct roster_line *lines;

	assert_int_equal(roster(im, &lines), 3);
	other.organisation = im->other.id;
	assert_int_equal(
	    membership_end(db, other, lines[0].membership, im->f->now),
	    ERR_NOT_FOUND);
	return membership_end(db, own, lines[0].membership, im->f->now);
}

static void
person_who_left_may_join_elsewhere_but_not_before(void **state)
{
	struct import im = {.f = *state};
	struct organisation first;
	struct roster_line *lines;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "good.csv");
	first = im.bank;
	im.bank = im.other;
	im.other = first;
	go(&im, "good.csv");
	/*
	 * Two addresses belong to people of the first bank, and so the third
	 * person's line manager is not there.
	 */
	assert_int_equal(im.report.added, 1);
	assert_int_equal(im.report.n_wrong, 3);
	first = im.bank;
	im.bank = im.other;
	im.other = first;
	assert_int_equal(db_write(im.f->db, end_first, &im), ERR_OK);
	assert_int_equal(roster(&im, &lines), 2);
	first = im.bank;
	im.bank = im.other;
	im.other = first;
	go(&im, "good.csv");
	assert_int_equal(im.report.added, 1);
	/* one address, and two whose line manager is not there */
	assert_int_equal(im.report.n_wrong, 3);
	/* the person is the same one: four people, not five */
	assert_int_equal(one(im.f, Q_PERSON_COUNT), 4);
}

static const struct roster_line *
line_of(struct import *im, const char *number)
{
	struct roster_line *lines;
	size_t i, n = roster(im, &lines);

	for (i = 0; i < n; i++)
		if (strcmp(lines[i].employee_number, number) == 0)
			return &lines[i];
	fail_msg("nobody has the number %s", number);
	return NULL;
}

static void
absent_columns_change_nothing_and_empty_cells_take_away(void **state)
{
	struct import im = {.f = *state};
	const struct roster_line *l;

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "good.csv");
	go(&im, "few-columns.csv");
	assert_int_equal(im.report.changed, 1);
	assert_int_equal(im.report.n_wrong, 0);
	l = line_of(&im, "A1");
	assert_string_equal(l->kana, "サトウ ハナコ");
	assert_string_equal(l->email, "hanako@bank.example");
	assert_string_equal(l->department, "システム部");
	assert_string_equal(l->line_manager_number, "A2");
	assert_string_equal(l->role, "T-IR");
	go(&im, "no-manager.csv");
	assert_int_equal(im.report.changed, 1);
	assert_int_equal(im.report.unchanged, 0);
	assert_string_equal(line_of(&im, "A1")->line_manager_number, "");
	assert_string_equal(line_of(&im, "A1")->department, "システム部");
	/* it is in the chain: a line manager sees evidence and confirms */
	assert_int_equal(fixture_sql_int(im.f,
			     "SELECT count(*) FROM audit WHERE act ="
			     " 'membership.line_manager'"),
	    1);
}

static void
two_are_not_each_others_line_managers(void **state)
{
	struct import im = {.f = *state};

	assert_int_equal(db_write(im.f->db, found, &im), ERR_OK);
	go(&im, "mutual.csv");
	assert_int_equal(im.report.added, 3);
	assert_int_equal(im.report.n_wrong, 2);
	assert_int_equal(im.report.wrong[0].problem, ROSTER_MUTUAL_MANAGERS);
	assert_string_equal(line_of(&im, "A1")->line_manager_number, "");
	assert_string_equal(line_of(&im, "A2")->line_manager_number, "");
	assert_string_equal(line_of(&im, "A3")->line_manager_number, "A2");
	/* one file may turn the two round */
	go(&im, "one-leads.csv");
	assert_int_equal(im.report.n_wrong, 0);
	go(&im, "other-leads.csv");
	assert_int_equal(im.report.n_wrong, 0);
	assert_string_equal(line_of(&im, "A1")->line_manager_number, "");
	assert_string_equal(line_of(&im, "A2")->line_manager_number, "A1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(
		absent_columns_change_nothing_and_empty_cells_take_away),
	    ON_BOTH_ENGINES(two_are_not_each_others_line_managers),
	    ON_BOTH_ENGINES(good_lines_go_in_and_again_change_nothing),
	    ON_BOTH_ENGINES(wrong_lines_are_named_and_the_good_ones_go_in),
	    ON_SQLITE(encodings_are_read_and_conversion_is_said),
	    ON_SQLITE(unreadable_file_changes_nothing),
	    ON_BOTH_ENGINES(new_people_with_an_address_are_invited),
	    ON_BOTH_ENGINES(
		address_of_who_has_a_password_is_not_moved_by_a_file),
	    ON_BOTH_ENGINES(person_who_left_may_join_elsewhere_but_not_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
