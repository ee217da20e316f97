/*
 * Labs from the page to the score, on both engines. The lab of tests/lab/tree
 * is prepared and graded in real boxes; its checker breaks on demand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"
#include "http/dispatch.h"
#include "http/csrf.h"
#include "http/viewer.h"
#include "lab/lab.h"
#include "lab/lab_result.h"
#include "lab/signal.h"
#include "people/sign_in.h"
#include "people/viewer.h"
#include "record/record.h"
#include "support/lab_image.h"
#include "support/pages.h"
#include "support/sql.h"

#define FIELDS_MAX 8

static const struct route *const rooms[] = {lab_routes, NULL};

struct bench {
	struct pages p;
	struct fixture *f;
	int64_t person, other;
	struct reply re;
};

static int
set_up(void **state, enum db_engine engine)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->f = fixture_open(engine);
	pages_open(&b->p, b->f, "tests/lab/tree", rooms);
	b->person = pages_person(&b->p, "山田 太郎", "T-SOC", "technician");
	b->other = pages_person(&b->p, "鈴木 花子", "T-SOC", "technician");
	*state = b;
	return 0;
}

static int
set_up_sqlite(void **state)
{
	return set_up(state, DB_SQLITE);
}

static int
set_up_postgresql(void **state)
{
	return set_up(state, DB_POSTGRESQL);
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	buf_free(&b->re.body);
	pages_close(&b->p);
	fixture_close(b->f);
	free(b);
	return 0;
}

#define ON_BOTH(test)                                                          \
	{#test " (SQLite)", test, set_up_sqlite, tear_down, NULL},             \
	{                                                                      \
#test " (PostgreSQL)", test, set_up_postgresql, tear_down,     \
		    NULL                                                       \
	}

/* ------------------------------------------------------------------ requests
 */

static int
get(struct bench *b, int64_t person, const char *path)
{
	return pages_get(&b->p, person, LANG_EN, path, &b->re);
}

static bool
page_has(const struct bench *b, const char *text)
{
	return strstr(buf_text(&b->re.body), text) != NULL;
}

struct posting {
	struct bench *b;
	struct req r;
	int64_t person;
	const char *token;
};

static enum err
open_session(struct db *db, void *ctx)
{
	struct posting *p = ctx;

	return session_open(
	    db, p->person, p->b->f->now, p->b->f->arena, &p->token);
}

static enum err
run_post(struct db *db, void *ctx)
{
	struct posting *p = ctx;

	(void)db;
	return dispatch(&p->r, &p->b->re);
}

/* As the writer lane does it: what fails is undone. */
static int
post(struct bench *b, int64_t person, const char *path,
    const struct field *fields, size_t n)
{
	struct posting p = {.b = b, .person = person};
	struct arena *a = b->f->arena;
	enum err e;

	assert_int_equal(db_write(b->f->db, open_session, &p), ERR_OK);
	p.r = (struct req){
	    .method = HTTP_POST,
	    .path = path,
	    .form = {ARENA_ARRAY(a, struct field, n + 1), n},
	    .cookies =
		arena_printf(a, "lang=en; " SESSION_COOKIE "=%s", p.token),
	    .accept_language = "",
	    .content_type = "",
	    .address = "192.0.2.7",
	    .origin = PAGES_ORIGIN,
	    .fetch_site = "",
	    .site = &b->p.site,
	    .db = b->f->db,
	    .arena = a,
	    .now = b->f->now,
	};
	if (n > 0)
		memcpy(p.r.form.list, fields, n * sizeof(*fields));
	assert_int_equal(viewer_find(&p.r), ERR_OK);
	assert_non_null(p.r.viewer);
	p.r.csrf_header = csrf_token_for(a, p.r.viewer->csrf_key);
	e = db_write(b->f->db, run_post, &p);
	assert_true(e == ERR_OK || b->re.status >= 400);
	return b->re.status;
}

static void
start(struct bench *b, int64_t person, const char *lab)
{
	const char *path = arena_printf(b->f->arena, "/labs/%s/start", lab);

	assert_int_equal(post(b, person, path, NULL, 0), 303);
}

/* Hands in answers.txt as typed text, and a second file. */
static int
hand_in(struct bench *b, int64_t person, const char *answers)
{
	const struct field fields[] = {
	    {.name = "text-0", .value = answers},
	    {.name = "file-1",
		.value = "",
		.file_name = "rule.bin",
		.data = "\0\377",
		.size = 2},
	};

	return post(b, person, "/labs/L91/submit", fields, 2);
}

/* --------------------------------------------------------------------- jobs */

struct claim {
	struct arena *arena;
	int64_t now;
	struct job job;
};

static enum err
claim(struct db *db, void *ctx)
{
	struct claim *c = ctx;
	const struct job_worker by = {JOB_QUEUE_LAB, 1, 1};

	return job_claim(db, &by, c->now, c->arena, &c->job);
}

static enum err
finish(struct db *db, void *ctx)
{
	const struct claim *c = ctx;

	return job_finish(db, c->job.id, c->now);
}

/* Works through what waits; how many jobs it were. */
static int
work(struct bench *b)
{
	struct claim c = {.arena = b->f->arena, .now = b->f->now};
	enum err (*job)(
	    struct db *, const struct site *, const char *, int64_t);
	int n = 0;
	enum err e;

	while ((e = db_write(b->f->db, claim, &c)) == ERR_OK) {
		job = text_eq(c.job.kind, JOB_PREPARE) ? lab_prepare_job
		    : text_eq(c.job.kind, JOB_KEY)     ? lab_key_job
						       : lab_grade_job;
		assert_int_equal(
		    job(b->f->db, &b->p.site, c.job.subject, b->f->now),
		    ERR_OK);
		assert_int_equal(db_write(b->f->db, finish, &c), ERR_OK);
		n++;
	}
	assert_int_equal(e, ERR_NOT_FOUND);
	return n;
}

static struct scope
own(const struct bench *b, int64_t person)
{
	return (struct scope){
	    .reach = SCOPE_OWN, .person = person, .now = b->f->now};
}

static struct lab_look
look(struct bench *b, int64_t person, const char *lab)
{
	struct lab_look l;

	assert_int_equal(
	    lab_look(b->f->db, own(b, person), lab, b->f->arena, &l), ERR_OK);
	return l;
}

/* The artefact data.txt of a person's run, without its newline. */
static const char *
value_of(struct bench *b, int64_t person)
{
	struct lab_look l = look(b, person, "L91");
	struct lab_file file;

	assert_int_equal(l.run.state, RUN_READY);
	assert_int_equal(l.n_artefacts, 2);
	assert_string_equal(l.artefacts[0].name, "data.txt");
	assert_string_equal(l.artefacts[1].name, "deep/note.txt");
	assert_int_equal(lab_artefact(b->f->db, own(b, person), "L91",
			     l.artefacts[0].id, b->f->arena, &file),
	    ERR_OK);
	assert_int_equal(file.size, 65);
	return arena_strndup(b->f->arena, file.data, 64);
}

static void
prepare(struct bench *b, int64_t person)
{
	start(b, person, "L91");
	assert_int_equal(work(b), 1);
}

/* Hands in and grades; the submission. */
static struct lab_submission
graded(struct bench *b, int64_t person, const char *answers)
{
	struct lab_look l;

	if (hand_in(b, person, answers) != 303)
		fail_msg("%s", buf_text(&b->re.body));
	assert_int_equal(work(b), 1);
	l = look(b, person, "L91");
	return l.submissions[l.n_submissions - 1];
}

static const char *
right_answer(struct bench *b, int64_t person, int points)
{
	return arena_printf(b->f->arena, "value: %s\npoints: %d\n",
	    value_of(b, person), points);
}

static int64_t
evidence_rows(struct bench *b)
{
	return fixture_sql_int(b->f,
	    "SELECT count(*) FROM evidence"
	    " WHERE source = 'lab' AND thing = 'L91'");
}

/* -------------------------------------------------------------------- rules */

static struct lab_submission
submission(enum submission_state s, int64_t draw, int64_t points, bool passing)
{
	return (struct lab_submission){
	    .state = s, .draw = draw, .points = points, .passing = passing};
}

static const struct lab_give_up never = {0};

/* The first n of a list, and where they are to lead. */
static struct lab_standing
stand(struct lab_submission *list, size_t n, const struct lab_give_up *gave_up,
    const struct lab_standing *expected)
{
	struct lab_standing s;

	lab_stand(list, n, gave_up, &s);
	assert_int_equal(s.counted, expected->counted);
	assert_int_equal(s.draw, expected->draw);
	assert_int_equal(s.left, expected->left);
	assert_int_equal(s.grading, expected->grading);
	assert_int_equal(s.passed, expected->passed);
	assert_int_equal(s.settled, expected->settled);
	assert_int_equal(s.scored, expected->scored);
	assert_int_equal(s.best, expected->best);
	assert_int_equal(s.first, expected->first);
	return s;
}

static void
the_draw_moves_after_two_graded_submissions(void **state)
{
	struct lab_submission list[] = {
	    submission(SUBMISSION_GRADED, 1, 10, false),
	    submission(SUBMISSION_FAILED, 1, 0, false),
	    submission(SUBMISSION_GRADED, 1, 40, false),
	    submission(SUBMISSION_GRADED, 2, 20, false),
	    submission(SUBMISSION_GRADED, 2, 80, true),
	    submission(SUBMISSION_GRADED, 2, 75, false),
	    submission(SUBMISSION_GRADING, 2, 0, false),
	};
	static const struct lab_standing expected[] = {
	    {.draw = 1, .left = 2},
	    {1, 1, 1, false, false, true, 10, 10, 0, 0, false},
	    {1, 1, 1, false, false, true, 10, 10, 0, 0, false},
	    {2, 2, 2, false, false, true, 40, 10, 0, 0, false},
	    {3, 2, 1, false, false, true, 40, 10, 0, 0, false},
	    {4, 2, 0, false, true, true, 80, 10, 0, 0, true},
	    {5, 2, 0, false, true, true, 80, 10, 0, 0, true},
	    {5, 2, 0, true, true, true, 80, 10, 0, 0, true},
	};
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(expected) / sizeof(expected[0]); n++)
		(void)stand(list, n, &never, &expected[n]);
}

/* What is enough for level 2 settles a lab; a pass below it does not. */
static void
a_pass_below_level_2_leaves_the_lab_open(void **state)
{
	struct lab_submission list[] = {
	    submission(SUBMISSION_GRADED, 1, 78, false), /* it asks for 80 */
	    submission(SUBMISSION_GRADED, 1, 74, true),
	    submission(SUBMISSION_GRADED, 2, 72, false),
	    submission(SUBMISSION_GRADED, 2, 75, true),
	    submission(SUBMISSION_GRADED, 2, 99, false),
	};
	static const struct lab_standing expected[] = {
	    {.draw = 1, .left = 2},
	    {1, 1, 1, false, false, true, 78, 78, 0, 0, false},
	    {2, 2, 2, false, true, true, 78, 78, 0, 0, false},
	    {3, 2, 1, false, true, true, 78, 78, 0, 0, false},
	    {4, 2, 0, false, true, true, 78, 78, 0, 0, true},
	    {5, 2, 0, false, true, true, 78, 78, 0, 0, true},
	};
	struct lab_standing s;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(expected) / sizeof(expected[0]); n++) {
		s = stand(list, n, &never, &expected[n]);
		assert_int_equal(lab_solution_is_open(&s), expected[n].settled);
		assert_int_equal(
		    lab_is_practice_now(&s, 0), expected[n].settled);
	}
	assert_false(list[3].practice);
	assert_true(list[4].practice);
}

#define GIVEN_UP_AT 1000
#define COUNTS_FROM (GIVEN_UP_AT + LAB_PRACTICE_DAYS * DAY_MS)

static struct lab_submission
at(struct lab_submission s, int64_t when)
{
	s.submitted_at = when;
	return s;
}

static void
giving_up_moves_the_draw_and_days_of_practice_follow(void **state)
{
	static const struct lab_give_up gave_up = {
	    7, 1, GIVEN_UP_AT, COUNTS_FROM};
	struct lab_submission list[] = {
	    at(submission(SUBMISSION_GRADED, 1, 30, false), 500),
	    at(submission(SUBMISSION_GRADED, 2, 95, false), GIVEN_UP_AT),
	    at(submission(SUBMISSION_GRADED, 2, 20, false), COUNTS_FROM - 1),
	    at(submission(SUBMISSION_GRADED, 3, 50, false), COUNTS_FROM),
	    at(submission(SUBMISSION_GRADED, 3, 80, true), COUNTS_FROM + 1),
	    at(submission(SUBMISSION_GRADED, 3, 100, false), COUNTS_FROM + 2),
	};
	static const bool practice[] = {false, true, true, false, false, true};
	static const struct lab_standing expected[] = {
	    {.draw = 2, .left = 2},
	    {1, 2, 2, false, false, true, 30, 30, 0, 0, false},
	    {2, 2, 1, false, false, true, 30, 30, 0, 0, false},
	    {3, 3, 2, false, false, true, 30, 30, 0, 0, false},
	    {4, 3, 1, false, false, true, 50, 30, 0, 0, false},
	    {5, 3, 0, false, true, true, 80, 30, 0, 0, true},
	    {6, 3, 0, false, true, true, 80, 30, 0, 0, true},
	};
	struct lab_standing s;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(expected) / sizeof(expected[0]); n++) {
		s = stand(list, n, &gave_up, &expected[n]);
		assert_true(lab_solution_is_open(&s));
		assert_int_equal(lab_is_practice_now(&s, COUNTS_FROM - 1), 1);
		assert_int_equal(
		    lab_is_practice_now(&s, COUNTS_FROM), s.passed);
		if (n > 0)
			assert_int_equal(list[n - 1].practice, practice[n - 1]);
	}
}

static const struct lab_check two_checks[] = {
    {.id = "c1", .points = 60}, {.id = "c2", .points = 40}};
static const struct lab_message two_messages[] = {
    {.key = "c1_ok"}, {.key = "c2_ok"}};
static const struct lab_hint three_hints[] = {
    {.id = "h1", .cost = 3}, {.id = "h2", .cost = 4}, {.id = "h", .cost = 90}};
static const struct lab small_lab = {
    .id = "L91",
    .version = 1,
    .checks = two_checks,
    .n_checks = 2,
    .messages = two_messages,
    .n_messages = 2,
    .hints = three_hints,
    .n_hints = 3,
};

static void
hints_cost_what_they_say(void **state)
{
	static const struct {
		const char *hints;
		int64_t cost, score_of_100;
	} cases[] = {
	    {"", 0, 100},
	    {"h1", 3, 97},
	    {"h1,h2", 7, 93},
	    {"h2", 4, 96},
	    {"h3", 0, 100},
	    {"h", 90, 10},
	    {"h,h1,h2", 97, 3},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    lab_hint_cost(&small_lab, cases[i].hints), cases[i].cost);
		assert_int_equal(lab_score(&small_lab, 100, cases[i].hints),
		    cases[i].score_of_100);
	}
	assert_int_equal(lab_score(&small_lab, 50, "h"), 0);
}

static void
a_seed_belongs_to_person_lab_version_and_draw(void **state)
{
	const uint8_t secret[DIGEST_BYTES] = {1}, another[DIGEST_BYTES] = {2};
	struct lab lab = small_lab;
	uint8_t first[DIGEST_BYTES], seed[DIGEST_BYTES];

	(void)state;
	lab_seed(secret, 1, &lab, 1, first);
	lab_seed(secret, 1, &lab, 1, seed);
	assert_memory_equal(first, seed, DIGEST_BYTES);
	lab_seed(secret, 1, &lab, 2, seed);
	assert_memory_not_equal(first, seed, DIGEST_BYTES);
	lab_seed(secret, 2, &lab, 1, seed);
	assert_memory_not_equal(first, seed, DIGEST_BYTES);
	lab_seed(another, 1, &lab, 1, seed);
	assert_memory_not_equal(first, seed, DIGEST_BYTES);
	lab.version = 2;
	lab_seed(secret, 1, &lab, 1, seed);
	assert_memory_not_equal(first, seed, DIGEST_BYTES);
	lab = small_lab;
	lab.id = "L92";
	lab_seed(secret, 1, &lab, 1, seed);
	assert_memory_not_equal(first, seed, DIGEST_BYTES);
}

#define MARK "00112233445566778899aabbccddeeff"

/* Whose answers they are: digests, and nothing else gets through. */
static void
only_marks_in_form_count(void **state)
{
	static const struct {
		const char *text;
		size_t wrong, marks, given;
	} cases[] = {
	    {"canary\tticket\t" MARK "\t" MARK "\n", 0, 1, 1},
	    {"canary\tticket\tnone\t" MARK "\n", 0, 1, 0},
	    {"answer\tm1.link_host\t" MARK "\t" MARK "\n", 0, 1, 1},
	    {"canary\ta\tnone\t" MARK "\nanswer\tb\tnone\t" MARK "\n", 0, 2, 0},
	    /* one canary, one mark of a key */
	    {"canary\ta\tnone\t" MARK "\ncanary\tb\tnone\t" MARK "\n", 1, 1, 0},
	    {"answer\ta\tnone\t" MARK "\nanswer\ta\t" MARK "\t" MARK "\n", 1, 1,
		0},
	    /* what is no digest */
	    {"canary\tticket\tnone\tnone\n", 1, 0, 0},
	    {"canary\tticket\t\t" MARK "\n", 1, 0, 0},
	    {"canary\tticket\t" MARK "0\t" MARK "\n", 1, 0, 0},
	    {"canary\tticket\tIR-123456\t" MARK "\n", 1, 0, 0},
	    {"canary\tticket\tnone\t" MARK "\tmore\n", 1, 0, 0},
	    {"canary\tticket\tnone\t" MARK, 1, 0, 0},
	    {"canary\t\tnone\t" MARK "\n", 1, 0, 0},
	    {"canary\tTicket\tnone\t" MARK "\n", 1, 0, 0},
	    {"other\tticket\tnone\t" MARK "\n", 1, 0, 0},
	};
	struct arena *a = arena_new();
	struct lab_result r;
	size_t i, j, given;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab_result_parse(
		    cases[i].text, strlen(cases[i].text), &small_lab, a, &r);
		for (j = given = 0; j < r.n_marks; j++)
			given += r.marks[j].given != NULL;
		if (r.wrong_lines != cases[i].wrong ||
		    r.n_marks != cases[i].marks || given != cases[i].given)
			fail_msg("%s", cases[i].text);
		assert_int_equal(r.points, 0);
	}
	arena_free(a);
}

static void
only_lines_in_form_count(void **state)
{
	static const struct {
		const char *text;
		int64_t c1, c2;
		size_t wrong, believed;
	} cases[] = {
	    {"c1\t60\tc1_ok\nc2\t40\tc2_ok\n", 60, 40, 0, 2},
	    {"c2\t1\tc2_ok\nc1\t0\tc1_ok\n", 0, 1, 0, 2},
	    {"", 0, 0, 0, 0},
	    {"c1\t60\tc1_ok\n", 60, 0, 0, 1},
	    /* forged: twice, in whatever order */
	    {"c1\t60\tc1_ok\nc1\t0\tc1_ok\nc2\t40\tc2_ok\n", 0, 40, 1, 1},
	    {"c1\t0\tc1_ok\nc1\t60\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\tx\tc1_ok\nc1\t60\tc1_ok\n", 0, 0, 2, 0},
	    /* points */
	    {"c1\t61\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t-1\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t+1\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t060\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t60.0\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t99999999999999999999\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t\tc1_ok\n", 0, 0, 1, 0},
	    /* ids and messages */
	    {"c3\t60\tc1_ok\n", 0, 0, 1, 0},
	    {"c11\t60\tc1_ok\n", 0, 0, 1, 0},
	    {" c1\t60\tc1_ok\n", 0, 0, 1, 0},
	    {"\t60\tc1_ok\n", 0, 0, 1, 0},
	    {"c1\t60\tno_such\n", 0, 0, 1, 0},
	    {"c1\t60\t\n", 0, 0, 1, 0},
	    {"c1\t60\n", 0, 0, 1, 0},
	    {"c1 60 c1_ok\n", 0, 0, 1, 0},
	    /* what stands after or between */
	    {"c1\t60\tc1_ok", 0, 0, 1, 0},
	    {"c1\t60\tc1_ok\r\n", 0, 0, 1, 0},
	    {"c1\t60\tc1_ok \n", 0, 0, 1, 0},
	    {"c1\t60\tc1_ok\tmore\n", 0, 0, 1, 0},
	    {"\n", 0, 0, 1, 0},
	    {"{\"id\":\"c1\",\"points\":60}\n", 0, 0, 1, 0},
	    {"c1\t60\tc1_ok\n\x1b[2Jc2\t40\tc2_ok\n", 60, 0, 1, 1},
	};
	struct arena *a = arena_new();
	struct lab_result r, again;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lab_result_parse(
		    cases[i].text, strlen(cases[i].text), &small_lab, a, &r);
		if (r.wrong_lines != cases[i].wrong)
			print_error("case %zu: %s\n", i, cases[i].text);
		assert_int_equal(r.checks[0].points, cases[i].c1);
		assert_int_equal(r.checks[1].points, cases[i].c2);
		assert_int_equal(r.wrong_lines, cases[i].wrong);
		assert_int_equal(r.believed, cases[i].believed);
		assert_int_equal(r.points, cases[i].c1 + cases[i].c2);
		r.hints = 7;
		assert_int_equal(
		    lab_result_read(lab_result_write(a, &r), a, &again),
		    ERR_OK);
		assert_int_equal(again.n, 2);
		assert_int_equal(again.points, r.points);
		assert_int_equal(again.hints, 7);
		assert_string_equal(again.checks[1].id, "c2");
		assert_string_equal(
		    again.checks[1].message, r.checks[1].message);
	}
	lab_result_parse(
	    "c1\t60\tc1_ok\n\0c2\t40\tc2_ok\n", 25, &small_lab, a, &r);
	assert_int_equal(r.points, 60);
	arena_free(a);
}

/* ---------------------------------------------------------------- preparing */

static void
artefacts_are_the_same_for_the_same_person_and_draw(void **state)
{
	struct bench *b = *state;
	const char *first;

	prepare(b, b->person);
	prepare(b, b->other);
	first = value_of(b, b->person);
	assert_string_not_equal(first, value_of(b, b->other));
	/* made once more, as after a failure */
	fixture_sql(b->f, "UPDATE lab_run SET state = 'failed'");
	prepare(b, b->person);
	assert_string_equal(value_of(b, b->person), first);
	assert_int_equal(look(b, b->person, "L91").n_artefacts, 2);
}

static void
starting_twice_is_starting_once(void **state)
{
	struct bench *b = *state;

	start(b, b->person, "L91");
	start(b, b->person, "L91");
	assert_int_equal(work(b), 1);
	start(b, b->person, "L91");
	assert_int_equal(work(b), 0);
	/* the same job again changes nothing */
	assert_int_equal(lab_prepare_job(b->f->db, &b->p.site,
			     arena_printf(b->f->arena, "%lld",
				 (long long)look(b, b->person, "L91").run.id),
			     b->f->now),
	    ERR_OK);
	assert_int_equal(look(b, b->person, "L91").n_artefacts, 2);
}

static void
a_broken_generator_is_told_and_can_be_tried_again(void **state)
{
	struct bench *b = *state;

	start(b, b->person, "L92");
	assert_int_equal(work(b), 1);
	assert_int_equal(look(b, b->person, "L92").run.state, RUN_FAILED);
	assert_int_equal(get(b, b->person, "/labs/L92"), 200);
	assert_true(page_has(b, "could not be prepared"));
	assert_true(page_has(b, "action=\"/labs/L92/start\""));
	start(b, b->person, "L92");
	assert_int_equal(look(b, b->person, "L92").run.state, RUN_PREPARING);
	assert_int_equal(work(b), 1);
}

struct giving_up {
	const char *run, *submission;
	int64_t now;
};

static enum err
give_up(struct db *db, void *ctx)
{
	const struct giving_up *g = ctx;
	enum err e;

	e = lab_prepare_gave_up(db, g->run);
	if (e == ERR_OK && g->submission != NULL)
		e = lab_grade_gave_up(db, g->submission, g->now);
	return e;
}

static void
a_job_given_up_is_told_and_can_be_tried_again(void **state)
{
	struct bench *b = *state;
	struct giving_up g = {.now = b->f->now};
	struct lab_look l;

	start(b, b->person, "L91");
	l = look(b, b->person, "L91");
	g.run = arena_printf(b->f->arena, "%lld", (long long)l.run.id);
	assert_int_equal(db_write(b->f->db, give_up, &g), ERR_OK);
	assert_int_equal(look(b, b->person, "L91").run.state, RUN_FAILED);
	start(b, b->person, "L91");
	(void)work(b);
	assert_int_equal(hand_in(b, b->person, "value: x\n"), 303);
	l = look(b, b->person, "L91");
	assert_int_equal(l.submissions[0].state, SUBMISSION_GRADING);
	g.submission =
	    arena_printf(b->f->arena, "%lld", (long long)l.submissions[0].id);
	assert_int_equal(db_write(b->f->db, give_up, &g), ERR_OK);
	l = look(b, b->person, "L91");
	/* the run is ready and stays it; only the submission has failed */
	assert_int_equal(l.run.state, RUN_READY);
	assert_int_equal(l.submissions[0].state, SUBMISSION_FAILED);
	assert_int_equal(hand_in(b, b->person, "value: y\n"), 303);
	assert_int_equal(look(b, b->person, "L91").n_submissions, 2);
}

static enum err
put_no_isolation(struct db *db, void *ctx)
{
	(void)ctx;
	return db_exec(db, Q_SETTING_PUT,
	    DB_ARGS(db_text(LAB_ISOLATION_SETTING),
		db_text("none user_namespaces")),
	    NULL);
}

static void
without_a_box_nothing_is_offered(void **state)
{
	struct bench *b = *state;

	assert_int_equal(db_write(b->f->db, put_no_isolation, NULL), ERR_OK);
	assert_int_equal(get(b, b->person, "/labs"), 200);
	assert_true(page_has(b, "User namespaces are not allowed"));
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "User namespaces are not allowed"));
	assert_false(page_has(b, "action=\"/labs/L91/start\""));
	assert_int_equal(post(b, b->person, "/labs/L91/start", NULL, 0), 303);
	assert_int_equal(work(b), 0);
	assert_int_equal(look(b, b->person, "L91").run.id, 0);
}

static void
the_jobs_report_their_isolation(void **state)
{
	struct bench *b = *state;
	struct lab_isolation i;

	assert_int_equal(lab_isolation(b->f->db, b->f->arena, &i), ERR_OK);
	assert_int_equal(i.level, '?');
	assert_int_equal(lab_isolation_report(b->f->db, &b->p.site), ERR_OK);
	assert_int_equal(lab_isolation(b->f->db, b->f->arena, &i), ERR_OK);
	assert_in_range(i.level, 'A', 'D');
	prepare(b, b->person);
	assert_string_equal(look(b, b->person, "L91").run.isolation, i.what);
}

static struct lab_isolation
reported(struct bench *b)
{
	struct lab_isolation i;

	assert_int_equal(lab_isolation_report(b->f->db, &b->p.site), ERR_OK);
	assert_int_equal(lab_isolation(b->f->db, b->f->arena, &i), ERR_OK);
	return i;
}

static enum err
put_nothing_missing(struct db *db, void *ctx)
{
	(void)ctx;
	return db_exec(db, Q_SETTING_PUT,
	    DB_ARGS(db_text(LAB_ROOT_SETTING), db_text(LAB_HOST)), NULL);
}

static void
a_lab_without_its_tools_is_not_offered(void **state)
{
	struct bench *b = *state;
	struct lab_isolation i = reported(b);
	struct lab_look l;

	assert_string_equal(
	    i.root, LAB_HOST " L93:no-such-tool L93:another.tool");
	assert_null(lab_lacks(&i, "L9", b->f->arena));
	assert_null(lab_lacks(&i, "L91", b->f->arena));
	assert_string_equal(
	    lab_lacks(&i, "L93", b->f->arena), "no-such-tool, another.tool");
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_false(page_has(b, "no-such-tool"));
	assert_int_equal(get(b, b->person, "/labs/L93"), 200);
	assert_true(page_has(b, "(no-such-tool, another.tool)"));
	assert_false(page_has(b, "action=\"/labs/L93/start\""));
	assert_int_equal(post(b, b->person, "/labs/L93/start", NULL, 0), 303);
	assert_int_equal(work(b), 0);
	assert_int_equal(look(b, b->person, "L93").run.id, 0);

	/* the machine changed after the page was shown: no box is made */
	assert_int_equal(db_write(b->f->db, put_nothing_missing, NULL), ERR_OK);
	assert_int_equal(post(b, b->person, "/labs/L93/start", NULL, 0), 303);
	assert_int_equal(work(b), 1);
	l = look(b, b->person, "L93");
	assert_int_equal(l.run.state, RUN_FAILED);
	assert_string_equal(l.run.image, LAB_HOST);
}

static void
what_it_ran_in_is_kept_and_shown(void **state)
{
	const struct box_image *image = lab_image();
	struct bench *b = *state;
	const char *name;

	prepare(b, b->person);
	assert_string_equal(look(b, b->person, "L91").run.image, LAB_HOST);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "It uses the programs of this server."));
	(void)graded(b, b->person, right_answer(b, b->person, 30));
	assert_string_equal(
	    look(b, b->person, "L91").submissions[0].image, LAB_HOST);
	if (image == NULL)
		return;
	/* an image that came meanwhile: graded in it, and told to the pages */
	b->p.site.lab_image = lab_image_directory();
	name = arena_strndup(b->f->arena, reported(b).root, BOX_DIGEST_CHARS);
	assert_string_equal(name, image->digest);
	(void)graded(b, b->person, right_answer(b, b->person, 40));
	assert_string_equal(
	    look(b, b->person, "L91").submissions[1].image, image->digest);
	assert_string_equal(look(b, b->person, "L91").run.image, LAB_HOST);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b,
	    arena_printf(b->f->arena, "own system (%.12s).", image->digest)));
}

/* The settings are written when something changed, and only then. */
static void
a_new_image_is_reported_once(void **state)
{
	struct lab_reported last = {0};
	struct bench *b = *state;
	struct lab_isolation i;

	assert_int_equal(
	    lab_isolation_follow(b->f->db, &b->p.site, &last), ERR_OK);
	assert_true(last.done);
	assert_int_equal(db_write(b->f->db, put_nothing_missing, NULL), ERR_OK);
	assert_int_equal(
	    lab_isolation_follow(b->f->db, &b->p.site, &last), ERR_OK);
	assert_int_equal(lab_isolation(b->f->db, b->f->arena, &i), ERR_OK);
	assert_string_equal(i.root, LAB_HOST);
	if (lab_image() == NULL)
		return;
	b->p.site.lab_image = lab_image_directory();
	assert_int_equal(
	    lab_isolation_follow(b->f->db, &b->p.site, &last), ERR_OK);
	assert_int_equal(lab_isolation(b->f->db, b->f->arena, &i), ERR_OK);
	assert_true(text_starts(i.root, lab_image()->digest));
	assert_non_null(lab_lacks(&i, "L93", b->f->arena));
}

/* ------------------------------------------------------------------- grading
 */

static void
a_submission_is_graded_once(void **state)
{
	struct bench *b = *state;
	struct lab_submission s;
	const char *subject;

	prepare(b, b->person);
	s = graded(b, b->person, right_answer(b, b->person, 30));
	assert_int_equal(s.state, SUBMISSION_GRADED);
	assert_int_equal(s.points, 90);
	assert_true(s.passing);
	assert_int_equal(evidence_rows(b), 1);
	subject = arena_printf(b->f->arena, "%lld", (long long)s.id);
	assert_int_equal(
	    lab_grade_job(b->f->db, &b->p.site, subject, b->f->now + 5),
	    ERR_OK);
	assert_int_equal(
	    look(b, b->person, "L91").submissions[0].graded_at, b->f->now);
	assert_int_equal(evidence_rows(b), 1);
}

static void
one_submission_is_graded_at_a_time(void **state)
{
	struct bench *b = *state;

	prepare(b, b->person);
	assert_int_equal(hand_in(b, b->person, "value: x\n"), 303);
	assert_int_equal(hand_in(b, b->person, "value: y\n"), 303);
	assert_int_equal(look(b, b->person, "L91").n_submissions, 1);
	/* nor can a hint be opened that the grading would have to know */
	assert_int_equal(
	    post(b, b->person, "/labs/L91/hints/h1", NULL, 0), 303);
	assert_string_equal(look(b, b->person, "L91").run.hints, "");
	assert_int_equal(get(b, b->person, "/labs/L91/state"), 200);
	assert_true(page_has(b, "\"state\":\"grading\""));
	assert_int_equal(work(b), 1);
	assert_int_equal(get(b, b->person, "/labs/L91/state"), 200);
	assert_true(page_has(b, "\"state\":\"ready\""));
}

static void
best_and_first_count_and_the_draw_moves(void **state)
{
	struct bench *b = *state;
	const char *first;
	struct lab_look l;

	prepare(b, b->person);
	first = value_of(b, b->person);
	assert_int_equal(graded(b, b->person, "points: 40\n").points, 40);
	assert_int_equal(graded(b, b->person, "points: 5\n").points, 5);
	l = look(b, b->person, "L91");
	assert_int_equal(l.standing.draw, 2);
	assert_int_equal(l.standing.best, 40);
	assert_int_equal(l.standing.first, 40);
	assert_int_equal(l.run.id, 0);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "Go on with new files"));
	/* the old run takes nothing more */
	assert_int_equal(hand_in(b, b->person, "points: 1\n"), 303);
	assert_int_equal(look(b, b->person, "L91").n_submissions, 2);
	prepare(b, b->person);
	assert_string_not_equal(value_of(b, b->person), first);
	/* the answers of the first draw are wrong now */
	assert_int_equal(graded(b, b->person,
			     arena_printf(b->f->arena, "value: %s\n", first))
			     .points,
	    0);
	/* passed: the draw stays */
	assert_int_equal(
	    graded(b, b->person, right_answer(b, b->person, 40)).points, 100);
	assert_int_equal(look(b, b->person, "L91").standing.draw, 2);
	assert_int_equal(
	    graded(b, b->person, right_answer(b, b->person, 20)).points, 80);
	assert_int_equal(look(b, b->person, "L91").standing.best, 100);
	assert_int_equal(evidence_rows(b), 1);
}

static void
an_open_hint_costs_every_later_submission(void **state)
{
	struct bench *b = *state;

	assert_int_equal(post(b, b->person, "/labs/L91/hints/h1", NULL, 0),
	    303); /* not before the start */
	prepare(b, b->person);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_false(page_has(b, "Open data.txt."));
	assert_true(page_has(b, "Open this hint (−3 points)"));
	assert_int_equal(get(b, b->person, "/labs/L91/hints/h1"), 200);
	assert_false(page_has(b, "Open data.txt."));
	assert_int_equal(get(b, b->person, "/labs/L91/hints/h7"), 404);
	assert_int_equal(
	    post(b, b->person, "/labs/L91/hints/h1", NULL, 0), 303);
	assert_int_equal(
	    post(b, b->person, "/labs/L91/hints/h1", NULL, 0), 303);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "Open data.txt."));
	assert_int_equal(graded(b, b->person, "points: 10\n").points, 7);
	assert_int_equal(graded(b, b->person, "points: 2\n").points, 0);
	/* also with the next draw: what is known is known */
	prepare(b, b->person);
	assert_int_equal(graded(b, b->person, "points: 10\n").points, 7);
	assert_int_equal(
	    post(b, b->person, "/labs/L91/hints/h2", NULL, 0), 303);
	/* 100 less 33: not passed */
	assert_int_equal(
	    graded(b, b->person, right_answer(b, b->person, 40)).points, 67);
	assert_int_equal(evidence_rows(b), 0);
}

static void
broken_checkers_give_no_points_and_say_so(void **state)
{
	static const char *const ways[] = {"exit", "late exit", "crash", "loop",
	    "flood", "memory", "silence", "prose"};
	struct bench *b = *state;
	struct lab_submission s;
	struct lab_look l;
	size_t i;

	prepare(b, b->person);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		s = graded(b, b->person,
		    arena_printf(b->f->arena, "do: %s\npoints: 40\n", ways[i]));
		if (s.state != SUBMISSION_FAILED)
			print_error("%s\n", ways[i]);
		assert_int_equal(s.state, SUBMISSION_FAILED);
		assert_int_equal(s.points, 0);
	}
	l = look(b, b->person, "L91");
	assert_int_equal(l.standing.counted, 0);
	assert_int_equal(l.standing.draw, 1);
	assert_false(l.standing.scored);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "could not be graded"));
	assert_true(page_has(b, "do: prose")); /* what was handed in is kept */
	assert_int_equal(evidence_rows(b), 0);
}

static void
forged_lines_count_nothing(void **state)
{
	struct bench *b = *state;
	struct lab_submission s;

	prepare(b, b->person);
	/* the checker repeats what looks like c1 with full points */
	s = graded(b, b->person, "do: forged\npoints: 20\n");
	assert_int_equal(s.state, SUBMISSION_GRADED);
	assert_int_equal(s.points, 20);
	s = graded(b, b->person, "do: unknown\npoints: 41\n");
	assert_int_equal(s.points, 0);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "The value is not right."));
	assert_true(page_has(b, "could not be confirmed"));
}

/* ----------------------------------------- a program is what is handed in */

/* Hands in program.py of L94 and works; the submission as it stands then. */
static struct lab_submission
program(struct bench *b, const char *text)
{
	const struct field field = {.name = "file-0",
	    .value = "",
	    .file_name = "program.py",
	    .data = text,
	    .size = strlen(text)};
	struct lab_look l;

	assert_int_equal(
	    post(b, b->person, "/labs/L94/submit", &field, 1), 303);
	assert_int_equal(work(b), 1);
	l = look(b, b->person, "L94");
	return l.submissions[l.n_submissions - 1];
}

static const char *
word_of(struct bench *b)
{
	struct lab_look l = look(b, b->person, "L94");
	struct lab_file file;

	assert_int_equal(l.run.state, RUN_READY);
	assert_int_equal(lab_artefact(b->f->db, own(b, b->person), "L94",
			     l.artefacts[0].id, b->f->arena, &file),
	    ERR_OK);
	return arena_strndup(b->f->arena, file.data, file.size - 1);
}

static void
a_program_is_graded_by_what_it_does(void **state)
{
	struct bench *b = *state;
	struct lab_submission s;
	const char *word;

	start(b, b->person, "L94");
	assert_int_equal(work(b), 2); /* and its answer key */
	word = word_of(b);
	s = program(b,
	    arena_printf(b->f->arena, "print('%s', 2 * int(input()))", word));
	assert_int_equal(s.state, SUBMISSION_GRADED);
	assert_int_equal(s.points, 100);
	/* once passed the draw stays: worse ones can follow */
	s = program(b,
	    arena_printf(
		b->f->arena, "print('%s', 2 * abs(int(input())))", word));
	assert_int_equal(s.points, 60);
	assert_int_equal(look(b, b->person, "L94").standing.best, 100);
}

static int64_t
keys(struct bench *b)
{
	return fixture_sql_int(
	    b->f, "SELECT count(*) FROM lab_file WHERE kind = 'key'");
}

/* It saves time, and changes nothing: with it, without it, made again. */
static void
an_answer_key_is_kept_and_can_be_missing(void **state)
{
	struct bench *b = *state;
	struct lab_submission s;
	const char *source;

	start(b, b->person, "L94");
	assert_int_equal(work(b), 2);
	assert_int_equal(keys(b), 2);
	source = arena_printf(
	    b->f->arena, "print('%s', 2 * abs(int(input())))", word_of(b));
	fixture_sql(b->f, "DELETE FROM lab_file WHERE kind = 'key'");
	s = program(b, source);
	assert_int_equal(s.state, SUBMISSION_GRADED);
	assert_int_equal(s.points, 60);
	assert_int_equal(keys(b), 0);
	/* it is what check reads: nothing else says what is right */
	fixture_sql(b->f, "UPDATE lab_run SET state = 'failed'");
	start(b, b->person, "L94");
	assert_int_equal(work(b), 2);
	assert_int_equal(keys(b), 2);
	fixture_sql(b->f,
	    "UPDATE lab_file SET data = (SELECT data FROM lab_file"
	    "  WHERE name = 'word.txt' AND kind = 'key') WHERE kind = 'key'");
	assert_int_equal(program(b, source).points, 0);
}

/* SECURITY: no page and no box of a learner's gives it. */
static void
an_answer_key_is_nobodys(void **state)
{
	struct bench *b = *state;
	struct lab_look l;
	struct lab_file file;
	int64_t id;

	start(b, b->person, "L94");
	assert_int_equal(work(b), 2);
	l = look(b, b->person, "L94");
	assert_int_equal(l.n_artefacts, 1);
	id = fixture_sql_int(
	    b->f, "SELECT min(id) FROM lab_file WHERE kind = 'key'");
	assert_int_equal(lab_artefact(b->f->db, own(b, b->person), "L94", id,
			     b->f->arena, &file),
	    ERR_NOT_FOUND);
}

/*
 * Whatever a program does to its trial is an attempt like any other: a
 * submission that failed would not count, and could be repeated for ever.
 */
static void
a_hostile_program_is_graded_too(void **state)
{
	static const char *const programs[] = {
	    "import os; os.kill(os.getppid(), 9)",
	    "while True: pass",
	    "import os\n"
	    "if os.environ.get('LAB_SEED'): print(os.environ['LAB_SEED'])\n"
	    "while True: os.fork()",
	};
	struct bench *b = *state;
	struct lab_submission s;
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		/* the draw moves after the second */
		if (look(b, b->person, "L94").run.id == 0) {
			start(b, b->person, "L94");
			assert_int_equal(work(b), 2);
		}
		s = program(b, programs[i]);
		assert_int_equal(s.state, SUBMISSION_GRADED);
		assert_int_equal(s.points, 0);
	}
	assert_int_equal(look(b, b->person, "L94").standing.draw, 2);
	assert_int_equal(evidence_rows(b), 0);
}

static void
passing_completes_the_module_and_leaves_evidence(void **state)
{
	struct bench *b = *state;
	struct evidence_row *rows;
	struct course_progress progress;
	struct lab_submission s;
	size_t n;

	prepare(b, b->person);
	(void)graded(b, b->person, "points: 40\n");
	s = graded(b, b->person, right_answer(b, b->person, 10));
	assert_int_equal(s.points, 70);
	assert_int_equal(evidence_of_person(b->f->db, own(b, b->person),
			     b->person, b->f->arena, &rows, &n),
	    ERR_OK);
	assert_int_equal(n, 2); /* the lab and the course */
	assert_string_equal(rows[0].ev.source, "lab");
	assert_string_equal(rows[0].ev.thing, "L91");
	assert_string_equal(rows[0].ev.competencies, "C08:2");
	assert_string_equal(rows[0].ev.tier, "technician");
	assert_int_equal(rows[0].ev.organisation, b->p.organisation);
	assert_int_equal(rows[0].ev.points, 70);
	assert_int_equal(rows[0].ev.points_max, 100);
	assert_int_equal(rows[0].ev.reference, s.id);
	assert_string_equal(rows[1].ev.source, "course");
	assert_int_equal(progress_of_course(b->f->db, own(b, b->person),
			     content_course(pages_content(&b->p), "T-901"),
			     b->f->arena, &progress),
	    ERR_OK);
	assert_true(progress.modules[0].passed_at != 0);
	assert_int_equal(progress.state, COURSE_COMPLETED);
	assert_int_equal(get(b, b->person, "/labs"), 200);
	assert_true(page_has(b, "Best: 70 of 100"));
}

/* ---------------------------------------------------------------- giving up
 */

static int64_t
give_ups(struct bench *b)
{
	return fixture_sql_int(b->f, "SELECT count(*) FROM lab_give_up");
}

static void
giving_up_opens_the_solution_and_moves_the_draw(void **state)
{
	struct bench *b = *state;
	struct audit_row *rows;
	struct lab_look l;
	const char *first;
	size_t n;

	/* nothing to give up before the start */
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 403);
	assert_false(page_has(b, "Copy the value"));
	assert_int_equal(get(b, b->person, "/labs/L91/give-up"), 303);
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_int_equal(give_ups(b), 0);
	start(b, b->person, "L91");
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_int_equal(give_ups(b), 0); /* being prepared */
	assert_int_equal(work(b), 1);
	first = value_of(b, b->person);
	assert_int_equal(graded(b, b->person, "points: 40\n").points, 40);
	/* nor while something is being graded */
	assert_int_equal(hand_in(b, b->person, "points: 30\n"), 303);
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_int_equal(give_ups(b), 0);
	assert_int_equal(work(b), 1);
	prepare(b, b->person); /* of the second draw */
	assert_int_equal(get(b, b->person, "/labs/L91/give-up"), 200);
	assert_true(page_has(b, "cannot be undone"));
	assert_true(page_has(b, "Your best score so far, 40 points, stays."));
	assert_int_equal(give_ups(b), 0); /* asking is not doing */
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_string_equal(
	    pages_header(&b->re, "Location"), "/labs/L91/solution");
	assert_int_equal(give_ups(b), 1);
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 200);
	assert_true(page_has(b, "Copy the value of"));
	l = look(b, b->person, "L91");
	assert_int_equal(l.standing.draw, 3);
	assert_int_equal(l.standing.best, 40);
	assert_int_equal(l.run.id, 0);
	/* the old run takes nothing more, and the new one is another */
	assert_int_equal(hand_in(b, b->person, "points: 1\n"), 303);
	assert_int_equal(look(b, b->person, "L91").n_submissions, 2);
	prepare(b, b->person);
	assert_string_not_equal(value_of(b, b->person), first);
	/* once in a lab */
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_string_equal(/* pressed twice: to what it was for */
	    pages_header(&b->re, "Location"), "/labs/L91/solution");
	assert_int_equal(give_ups(b), 1);
	assert_int_equal(look(b, b->person, "L91").standing.draw, 3);
	/* in the institution's chain, by whom and of what */
	assert_int_equal(
	    audit_recent(b->f->db, (struct scope){.reach = SCOPE_MACHINE},
		b->p.organisation, "lab.given_up", 9, b->f->arena, &rows, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].actor, b->person);
	assert_string_equal(rows[0].subject, "L91");
	assert_string_equal(rows[0].detail, "draw=2");
	/* nobody else's solution opens by it */
	assert_int_equal(get(b, b->other, "/labs/L91/solution"), 403);
	assert_false(page_has(b, "Copy the value"));
}

static void
after_giving_up_it_is_practice_and_then_it_counts(void **state)
{
	struct bench *b = *state;
	struct lab_submission s;

	prepare(b, b->person);
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	prepare(b, b->person);
	b->f->now += LAB_PRACTICE_DAYS * DAY_MS - 1;
	s = graded(b, b->person, right_answer(b, b->person, 40));
	assert_int_equal(s.points, 100);
	assert_true(s.practice);
	assert_false(s.passing);
	assert_int_equal(evidence_rows(b), 0);
	assert_false(look(b, b->person, "L91").standing.scored);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "This was practice"));
	assert_false(page_has(b, "Passed"));
	b->f->now += 1;
	s = graded(b, b->person, right_answer(b, b->person, 35));
	assert_int_equal(s.points, 95);
	assert_false(s.practice);
	assert_true(s.passing);
	assert_int_equal(evidence_rows(b), 1);
	assert_int_equal(look(b, b->person, "L91").standing.best, 95);
	assert_int_equal(look(b, b->person, "L91").standing.first, 95);
}

static void
what_is_passed_is_not_given_up_and_its_solution_is_open(void **state)
{
	struct bench *b = *state;

	prepare(b, b->person);
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 403);
	assert_true(page_has(b, "75 points or more"));
	(void)graded(b, b->person, right_answer(b, b->person, 20));
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 200);
	assert_int_equal(get(b, b->person, "/labs/L91/give-up"), 303);
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_int_equal(give_ups(b), 0);
	/* practice: the score of the pass stays */
	assert_true(
	    graded(b, b->person, right_answer(b, b->person, 40)).practice);
	assert_int_equal(look(b, b->person, "L91").standing.best, 80);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "/labs/L91/solution"));
	assert_false(page_has(b, "/labs/L91/give-up"));
}

/* Nobody is shut out of level 2 by a pass with 70 to 74 points. */
static void
a_pass_can_be_bettered_until_it_is_enough_for_level_2(void **state)
{
	struct bench *b = *state;
	struct lab_submission s;

	prepare(b, b->person);
	s = graded(b, b->person, right_answer(b, b->person, 12));
	assert_int_equal(s.points, 72);
	assert_true(s.passing);
	assert_int_equal(evidence_rows(b), 1);
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 403);
	assert_false(page_has(b, "Copy the value"));
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "can raise your score"));
	/* a little better is not evidence once more */
	s = graded(b, b->person, right_answer(b, b->person, 14));
	assert_false(s.practice);
	assert_false(s.passing);
	assert_int_equal(evidence_rows(b), 1);
	assert_int_equal(look(b, b->person, "L91").standing.best, 74);
	/* the draw has moved as it does for everybody */
	assert_int_equal(look(b, b->person, "L91").standing.draw, 2);
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "To raise your score you can go on"));
	prepare(b, b->person);
	s = graded(b, b->person, right_answer(b, b->person, 15));
	assert_int_equal(s.points, 75);
	assert_true(s.passing);
	assert_int_equal(evidence_rows(b), 2);
	assert_int_equal(fixture_sql_int(b->f,
			     "SELECT count(*) FROM rollup_delta"
			     " WHERE metric = 'lab_passed'"),
	    1);
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 200);
	s = graded(b, b->person, right_answer(b, b->person, 40));
	assert_true(s.practice);
	assert_int_equal(evidence_rows(b), 2);
}

static void
what_is_passed_below_level_2_can_be_given_up(void **state)
{
	struct bench *b = *state;

	prepare(b, b->person);
	(void)graded(b, b->person, right_answer(b, b->person, 10));
	assert_int_equal(get(b, b->person, "/labs/L91/give-up"), 200);
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_int_equal(give_ups(b), 1);
	assert_int_equal(get(b, b->person, "/labs/L91/solution"), 200);
	assert_true(look(b, b->person, "L91").standing.passed);
	prepare(b, b->person);
	assert_true(
	    graded(b, b->person, right_answer(b, b->person, 40)).practice);
	assert_int_equal(evidence_rows(b), 1);
	b->f->now += LAB_PRACTICE_DAYS * DAY_MS;
	assert_true(
	    graded(b, b->person, right_answer(b, b->person, 40)).passing);
	assert_int_equal(evidence_rows(b), 2);
}

static void
pages_of_giving_up_are_as_they_were(void **state)
{
	struct bench *b = *state;

	prepare(b, b->person);
	(void)graded(b, b->person, "points: 40\n");
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs/L91/give-up", &b->re),
	    200);
	pages_golden(&b->p, "lab/give_up.ja.html", &b->re);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_EN, "/labs/L91/give-up", &b->re),
	    200);
	pages_golden(&b->p, "lab/give_up.en.html", &b->re);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs/L91/solution", &b->re),
	    403);
	pages_golden(&b->p, "lab/solution-closed.ja.html", &b->re);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_EN, "/labs/L91/solution", &b->re),
	    403);
	pages_golden(&b->p, "lab/solution-closed.en.html", &b->re);
	assert_int_equal(post(b, b->person, "/labs/L91/give-up", NULL, 0), 303);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs/L91/solution", &b->re),
	    200);
	pages_golden(&b->p, "lab/solution.ja.html", &b->re);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_EN, "/labs/L91/solution", &b->re),
	    200);
	pages_golden(&b->p, "lab/solution.en.html", &b->re);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs/L91", &b->re), 200);
	pages_golden(&b->p, "lab/given_up.ja.html", &b->re);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_EN, "/labs/L91", &b->re), 200);
	pages_golden(&b->p, "lab/given_up.en.html", &b->re);
}

/* --------------------------------------------------------------------- pages
 */

static void
files_of_others_are_not_found(void **state)
{
	struct bench *b = *state;
	struct lab_look l;
	const char *path;

	prepare(b, b->person);
	l = look(b, b->person, "L91");
	path = arena_printf(
	    b->f->arena, "/labs/L91/files/%lld", (long long)l.artefacts[0].id);
	assert_int_equal(get(b, b->person, path), 200);
	assert_string_equal(buf_text(&b->re.body),
	    arena_printf(b->f->arena, "%s\n", value_of(b, b->person)));
	assert_non_null(
	    strstr(pages_header(&b->re, "Content-Disposition"), "attachment"));
	assert_int_equal(get(b, b->other, path), 404);
	assert_int_equal(get(b, 0, path), 303);
	path = arena_printf(
	    b->f->arena, "/labs/L92/files/%lld", (long long)l.artefacts[0].id);
	assert_int_equal(get(b, b->person, path), 404);
	assert_int_equal(get(b, b->person, "/labs/L91/files/1"), 404);
	assert_int_equal(get(b, b->person, "/labs/L91/files/x"), 404);
	/* nor an answer through the address of artefacts */
	(void)graded(b, b->person, "points: 1\n");
	l = look(b, b->person, "L91");
	path = arena_printf(
	    b->f->arena, "/labs/L91/files/%lld", (long long)l.answers[0].id);
	assert_int_equal(get(b, b->person, path), 404);
	/* and the other sees nothing of it on the page */
	assert_int_equal(get(b, b->other, "/labs/L91"), 200);
	assert_false(page_has(b, "/files/"));
}

static void
labs_are_for_people_who_are_signed_in(void **state)
{
	static const char *const paths[] = {"/labs", "/labs/L91",
	    "/labs/L91/state", "/labs/L91/files/1", "/labs/L91/hints/h1",
	    "/labs/L91/solution", "/labs/L91/give-up"};
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(get(b, 0, paths[i]), 303);
	assert_int_equal(get(b, b->person, "/labs/L99"), 404);
	assert_int_equal(post(b, b->person, "/labs/L99/start", NULL, 0), 404);
}

static void
wrong_files_are_told_and_the_text_is_kept(void **state)
{
	static const char large[1025] = {'x'};
	static const struct {
		struct field answers, rule;
		bool incomplete;
		const char *sentence, *kept;
	} cases[] = {
	    {{.name = "text-0", .value = ""}, {.name = "file-1", .value = ""},
		true, "answers.txt is missing", NULL},
	    {{.name = "text-0", .value = "value: mine &amp; kept"},
		{.name = "file-1", .value = ""}, false, "rule.bin is missing",
		"value: mine &amp;amp; kept"},
	    {{.name = "text-0", .value = "value: kept"},
		{.name = "file-1",
		    .value = "",
		    .file_name = "r",
		    .data = large,
		    .size = sizeof(large)},
		true, "rule.bin is too large. It may be up to 1 KB.",
		"value: kept"},
	    {{.name = "file-0",
		 .value = "",
		 .file_name = "answers.txt",
		 .data = "\x93\xfa\x96\x7b",
		 .size = 4},
		{.name = "text-0", .value = "value: typed"}, true,
		"answers.txt is not UTF-8 text", "value: typed"},
	};
	struct bench *b = *state;
	struct field fields[3];
	size_t i;

	prepare(b, b->person);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fields[0] = cases[i].answers;
		fields[1] = cases[i].rule;
		fields[2] = (struct field){.name = "incomplete", .value = "1"};
		assert_int_equal(post(b, b->person, "/labs/L91/submit", fields,
				     cases[i].incomplete ? 3 : 2),
		    422);
		if (!page_has(b, cases[i].sentence))
			print_error("case %zu: %s\n", i, buf_text(&b->re.body));
		assert_true(page_has(b, cases[i].sentence));
		assert_true(
		    cases[i].kept == NULL || page_has(b, cases[i].kept));
	}
	assert_int_equal(look(b, b->person, "L91").n_submissions, 0);
	/* with one file, when that is wanted */
	fields[0] = (struct field){.name = "text-0", .value = "points: 9"};
	assert_int_equal(
	    post(b, b->person, "/labs/L91/submit", fields, 1), 422);
	assert_true(page_has(b, "Hand in without the missing files"));
	fields[1] = (struct field){.name = "incomplete", .value = "yes"};
	assert_int_equal(
	    post(b, b->person, "/labs/L91/submit", fields, 2), 303);
	assert_int_equal(work(b), 1);
	assert_int_equal(look(b, b->person, "L91").standing.best, 9);
}

static void
pages_speak_both_languages(void **state)
{
	struct bench *b = *state;

	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs", &b->re), 200);
	assert_true(page_has(b, "こだまのラボ"));
	assert_true(page_has(b, "未着手"));
	assert_true(page_has(b, "監視・検知"));
	prepare(b, b->person);
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs/L91", &b->re), 200);
	assert_true(page_has(b, "data.txtの値を"));
	assert_true(page_has(b, "返す値"));
	assert_true(page_has(b, "提出して採点する"));
	assert_true(page_has(b, "隔離レベル"));
	assert_int_equal(get(b, b->person, "/labs/L91"), 200);
	assert_true(page_has(b, "Put the value of data.txt"));
	assert_true(page_has(b, "Isolation level"));
	(void)graded(b, b->person, "points: 3\n");
	assert_int_equal(
	    pages_get(&b->p, b->person, LANG_JA, "/labs/L91", &b->re), 200);
	assert_true(page_has(b, "値が合っていません。"));
	assert_true(page_has(b, "第1回の採点結果"));
}

/* From the box to a point to check: one hands in the other's number. */
static void
anothers_number_becomes_a_point_to_check(void **state)
{
	struct bench *b = *state;
	const char *theirs;
	int64_t first, second;

	prepare(b, b->person);
	prepare(b, b->other);
	theirs = arena_strndup(b->f->arena, value_of(b, b->person), 16);
	first = graded(b, b->person, "points: 1\n").id;
	second = graded(b, b->other,
	    arena_printf(b->f->arena, "points: 1\nticket: %s-ticket\n", theirs))
		     .id;
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT count(*) FROM lab_mark"), 6);
	assert_int_equal(fixture_sql_int(b->f,
			     "SELECT count(*) FROM lab_mark"
			     " WHERE given IS NOT NULL"),
	    1);
	/* it waits for its time, and doing it twice does it once */
	assert_int_equal(work(b), 0);
	assert_int_equal(
	    lab_compare_job(b->f->db, &b->p.site,
		arena_printf(b->f->arena, "%lld", (long long)first), b->f->now),
	    ERR_OK);
	assert_int_equal(
	    lab_compare_job(b->f->db, &b->p.site,
		arena_printf(b->f->arena, "%lld", (long long)second),
		b->f->now),
	    ERR_OK);
	assert_int_equal(fixture_sql_int(b->f,
			     arena_printf(b->f->arena,
				 "SELECT count(*) FROM lab_signal"
				 " WHERE kind = 'canary' AND person = %lld"
				 " AND other = %lld",
				 (long long)b->other, (long long)b->person)),
	    1);
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT count(*) FROM lab_signal"), 1);
}

static void
configuration_files_are_typed_too(void **state)
{
	(void)state;
	assert_true(lab_file_is_text("etc/ssh/sshd_config"));
	assert_true(lab_file_is_text("etc/nginx/nginx.conf"));
	assert_false(lab_file_is_text("restore.tar"));
	assert_false(lab_file_is_text("config"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(configuration_files_are_typed_too),
	    cmocka_unit_test(the_draw_moves_after_two_graded_submissions),
	    cmocka_unit_test(
		giving_up_moves_the_draw_and_days_of_practice_follow),
	    cmocka_unit_test(a_pass_below_level_2_leaves_the_lab_open),
	    cmocka_unit_test(hints_cost_what_they_say),
	    cmocka_unit_test(a_seed_belongs_to_person_lab_version_and_draw),
	    cmocka_unit_test(only_marks_in_form_count),
	    cmocka_unit_test(only_lines_in_form_count),
	    ON_BOTH(artefacts_are_the_same_for_the_same_person_and_draw),
	    ON_BOTH(starting_twice_is_starting_once),
	    ON_BOTH(a_broken_generator_is_told_and_can_be_tried_again),
	    ON_BOTH(a_job_given_up_is_told_and_can_be_tried_again),
	    ON_BOTH(without_a_box_nothing_is_offered),
	    ON_BOTH(the_jobs_report_their_isolation),
	    ON_BOTH(a_lab_without_its_tools_is_not_offered),
	    ON_BOTH(what_it_ran_in_is_kept_and_shown),
	    ON_BOTH(a_new_image_is_reported_once),
	    ON_BOTH(a_submission_is_graded_once),
	    ON_BOTH(one_submission_is_graded_at_a_time),
	    ON_BOTH(best_and_first_count_and_the_draw_moves),
	    ON_BOTH(an_open_hint_costs_every_later_submission),
	    ON_BOTH(broken_checkers_give_no_points_and_say_so),
	    ON_BOTH(forged_lines_count_nothing),
	    ON_BOTH(a_program_is_graded_by_what_it_does),
	    ON_BOTH(a_hostile_program_is_graded_too),
	    ON_BOTH(an_answer_key_is_kept_and_can_be_missing),
	    ON_BOTH(an_answer_key_is_nobodys),
	    ON_BOTH(passing_completes_the_module_and_leaves_evidence),
	    ON_BOTH(giving_up_opens_the_solution_and_moves_the_draw),
	    ON_BOTH(after_giving_up_it_is_practice_and_then_it_counts),
	    ON_BOTH(what_is_passed_is_not_given_up_and_its_solution_is_open),
	    ON_BOTH(a_pass_can_be_bettered_until_it_is_enough_for_level_2),
	    ON_BOTH(what_is_passed_below_level_2_can_be_given_up),
	    ON_BOTH(pages_of_giving_up_are_as_they_were),
	    ON_BOTH(files_of_others_are_not_found),
	    ON_BOTH(labs_are_for_people_who_are_signed_in),
	    ON_BOTH(wrong_files_are_told_and_the_text_is_kept),
	    ON_BOTH(anothers_number_becomes_a_point_to_check),
	    ON_BOTH(pages_speak_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
