/*
 * Points to check: each detector with a case that raises one and honest cases
 * that must not, who sees what, and what people say and decide.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "app/rooms.h"
#include "base/text.h"
#include "content/content.h"
#include "db/db.h"
#include "lab/lab_store.h"
#include "lab/signal_rules.h"
#include "support/sector.h"
#include "support/sql.h"

#define MINUTE INT64_C(60000)
#define LAB "L91"

/* ------------------------------------------------------------ handing in */

struct given {
	const char *key; /* "ticket" is the canary; NULL ends */
	const char *value; /* NULL: nothing */
	const char *truth; /* NULL: one of this person's own draw */
};

struct sat {
	enum sector_person who;
	int draw;
	int64_t at; /* ms from the fixture's now */
	int64_t took; /* ms from the artefacts to here; 0: an hour */
	int64_t points;
	const char *result; /* NULL: one of its own */
	const struct given *given; /* NULL: none */
	const char *answers; /* answers.txt; NULL: none */
};

struct bench {
	struct sector_fixture s;
	struct fixture *f;
	struct reply re;
	const struct sat *sat;
	int64_t submission; /* of the last */
};

static struct bench *
bench_open(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->f = *state;
	sector_fixture_open(&b->s, b->f, rooms);
	return b;
}

static void
bench_close(struct bench *b)
{
	buf_free(&b->re.body);
	sector_fixture_close(&b->s);
	free(b);
}

static const struct lab *
lab(struct bench *b)
{
	return content_lab(pages_content(&b->s.pages), LAB);
}

/* What check would have printed for a text. */
static const char *
digest(struct bench *b, const char *text)
{
	uint8_t hash[DIGEST_BYTES];

	if (text == NULL)
		return NULL;
	digest_sha256(text, strlen(text), hash);
	return arena_strndup(b->f->arena,
	    hex_encode(b->f->arena, hash, sizeof(hash)), LAB_MARK_CHARS);
}

static void
fill_marks(struct bench *b, const struct sat *sat, struct lab_result *r)
{
	struct arena *a = b->f->arena;
	const struct given *g = sat->given;
	const char *truth;

	for (; g != NULL && g->key != NULL; g++) {
		truth = g->truth != NULL
		    ? g->truth
		    : arena_printf(
			  a, "%s of %d/%d", g->key, (int)sat->who, sat->draw);
		*ARENA_PUSH(a, r->marks, r->n_marks) = (struct lab_mark){
		    .canary = text_eq(g->key, "ticket"),
		    .key = g->key,
		    .given = digest(b, g->value),
		    .truth = digest(b, truth),
		};
	}
}

static enum err
begin(
    struct db *db, struct bench *b, const struct sat *sat, struct lab_run *run)
{
	struct scope own = {.reach = SCOPE_OWN,
	    .person = b->s.persons[sat->who],
	    .now = b->f->now};
	int64_t at = b->f->now + sat->at;
	bool added;
	enum err e;

	e = store_run(db, own, LAB, sat->draw, b->f->arena, run);
	if (e != ERR_OK || run->id != 0)
		return e;
	*run = (struct lab_run){
	    .id = id_new(),
	    .person = own.person,
	    .organisation = b->s.institutions[sat->who >= SECTOR_OTHER_LEARNER
		    ? SECTOR_OTHER
		    : SECTOR_OWN],
	    .lab = LAB,
	    .manifest = content_manifest(pages_content(&b->s.pages)),
	    .draw = sat->draw,
	    .created_at = at - 2 * 60 * MINUTE,
	    .hints = "",
	};
	at -= sat->took == 0 ? 60 * MINUTE : sat->took;
	e = store_run_add(db, run, &added);
	return e == ERR_OK ? store_run_ready(db, run->id, at, "A") : e;
}

static enum err
hand_in_act(struct db *db, void *ctx)
{
	struct bench *b = ctx;
	const struct sat *sat = b->sat;
	struct arena *a = b->f->arena;
	int64_t at = b->f->now + sat->at, number;
	struct lab_result result = {0};
	struct lab_run run;
	struct scope own = {
	    .reach = SCOPE_OWN, .person = b->s.persons[sat->who], .now = at};
	const char *json = sat->result;
	struct lab_file file = {.name = "answers.txt"};
	enum err e;

	if ((e = begin(db, b, sat, &run)) != ERR_OK ||
	    (e = store_submit(db, own, run.id, at, &b->submission, &number)) !=
		ERR_OK)
		return e;
	if (sat->answers != NULL) {
		file.data = sat->answers;
		file.size = strlen(sat->answers);
		e = store_file_add(db, run.id, b->submission, &file);
	}
	if (json == NULL)
		json = arena_printf(
		    a, "{\"hints\":%lld}\n", (long long)b->submission);
	if (e == ERR_OK)
		e = store_graded(db, b->submission, at, sat->points, json, "A");
	fill_marks(b, sat, &result);
	return e == ERR_OK ? signals_note(db, b->s.pages.site.secret, &run,
				 b->submission, at, &result, a)
			   : e;
}

static enum err
compare_act(struct db *db, void *ctx)
{
	struct bench *b = ctx;

	return signals_compare(
	    db, lab(b), b->submission, b->f->now, b->f->arena);
}

static int64_t
hand_in(struct bench *b, const struct sat *sat)
{
	b->sat = sat;
	sector_act(&b->s, hand_in_act, b, "hand in");
	return b->submission;
}

static void
compare(struct bench *b, int64_t submission)
{
	b->submission = submission;
	sector_act(&b->s, compare_act, b, "compare");
}

/* All are there when the first is compared, as the waiting time has it. */
static void
all(struct bench *b, const struct sat *list, size_t n)
{
	int64_t *ids = calloc(n, sizeof(*ids));
	size_t i;

	for (i = 0; i < n; i++)
		ids[i] = hand_in(b, &list[i]);
	for (i = 0; i < n; i++)
		compare(b, ids[i]);
	free(ids);
}

#define ALL(b, list) all(b, list, sizeof(list) / sizeof((list)[0]))

/* "LEARNER canary LINE_MANAGER ticket;" of every row, in order. */
static const char *
raised(struct bench *b)
{
	static const char *const names[SECTOR_PERSONS] = {
	    [SECTOR_LEARNER] = "learner",
	    [SECTOR_LINE_MANAGER] = "line",
	    [SECTOR_TRAINING_MANAGER] = "manager",
	    [SECTOR_AUTHOR] = "author",
	    [SECTOR_OTHER_LEARNER] = "other",
	    [SECTOR_OTHER_MANAGER] = "other-manager",
	};
	static const enum signal_kind kinds[] = {SIGNAL_CANARY,
	    SIGNAL_OTHERS_ANSWER, SIGNAL_SAME_ANSWER, SIGNAL_CLOSE,
	    SIGNAL_FAST};
	struct arena *a = b->f->arena;
	const char *text = "";
	int64_t n;
	size_t k, i, j;

	for (k = 0; k < SIGNAL__MAX; k++)
		for (i = 0; i < SECTOR_PERSONS; i++)
			for (j = 0; j <= SECTOR_PERSONS; j++) {
				n = fixture_sql_int(b->f,
				    arena_printf(a,
					"SELECT count(*) FROM lab_signal"
					" WHERE kind = '%s' AND person = %lld"
					" AND other = %lld",
					signal_kind_name(kinds[k]),
					(long long)b->s.persons[i],
					j == SECTOR_PERSONS
					    ? 0LL
					    : (long long)b->s.persons[j]));
				if (n == 0)
					continue;
				text = arena_printf(a, "%s%s%s %s%s%s", text,
				    *text == '\0' ? "" : "; ", names[i],
				    signal_kind_name(kinds[k]),
				    j == SECTOR_PERSONS ? "" : " ",
				    j == SECTOR_PERSONS ? "" : names[j]);
			}
	return text;
}

/* ----------------------------------------------------------------- marks */

/* Everybody's own; what is handed in is right. */
#define RIGHT(key, who)                                                        \
	{                                                                      \
		key, key " of " who "/1", NULL                                 \
	}

static const struct given learners_own[] = {
    RIGHT("ticket", "0"), RIGHT("list", "0"), {NULL, NULL, NULL}};
static const struct given lines_own[] = {
    RIGHT("ticket", "1"), RIGHT("list", "1"), {NULL, NULL, NULL}};

static void
people_who_work_alone_raise_nothing(void **state)
{
	static const struct given wrong[] = {{"ticket", "IR-mistyped", NULL},
	    {"list", "a, b and c", NULL}, {NULL, NULL, NULL}};
	static const struct given nothing[] = {
	    {"ticket", NULL, NULL}, {"list", NULL, NULL}, {NULL, NULL, NULL}};
	const struct sat list[] = {
	    {SECTOR_LEARNER, 1, 0, 0, 100, NULL, learners_own, NULL},
	    {SECTOR_LINE_MANAGER, 1, MINUTE, 0, 100, NULL, lines_own, NULL},
	    {SECTOR_AUTHOR, 1, 0, 0, 20, NULL, wrong, NULL},
	    {SECTOR_OTHER_LEARNER, 1, 0, 0, 0, NULL, nothing, NULL},
	    {SECTOR_OTHER_MANAGER, 1, 0, 0, 0, NULL, nothing, NULL},
	};
	struct bench *b = bench_open(state);

	ALL(b, list);
	assert_string_equal(raised(b), "");
	bench_close(b);
}

static void
anothers_canary_is_raised_whoever_hands_in_first(void **state)
{
	static const struct given copied[] = {
	    RIGHT("ticket", "0"), RIGHT("list", "0"), {NULL, NULL, NULL}};
	static const struct given borrowed[] = {
	    {"ticket", "ticket of 3/1", NULL}, {NULL, NULL, NULL}};
	const struct sat list[] = {
	    /* before the one whose number it is */
	    {SECTOR_LINE_MANAGER, 1, 0, 0, 10, NULL, borrowed, NULL},
	    {SECTOR_LEARNER, 1, MINUTE, 0, 90, NULL, learners_own, NULL},
	    {SECTOR_AUTHOR, 1, 2 * MINUTE, 0, 15, NULL, copied, NULL},
	};
	struct bench *b = bench_open(state);
	int64_t first = hand_in(b, &list[0]);

	compare(b, first);
	assert_string_equal(raised(b), "");
	compare(b, hand_in(b, &list[1]));
	compare(b, hand_in(b, &list[2]));
	assert_string_equal(
	    raised(b), "line canary author; author canary learner");
	/* what the keys were stands with it; and comparing again is nothing */
	compare(b, first);
	assert_int_equal(fixture_sql_int(b->f,
			     "SELECT count(*) FROM lab_signal WHERE"
			     " keys = 'ticket,list' AND kind = 'canary'"),
	    1);
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT count(*) FROM lab_signal"), 2);
	bench_close(b);
}

/* Who forgot to take the new files hands in what was right before. */
static void
ones_own_earlier_draw_is_nobody_elses(void **state)
{
	static const struct given old[] = {
	    {"ticket", "ticket of 0/1", "ticket of 0/2"},
	    {"list", "list of 0/1", "list of 0/2"}, {NULL, NULL, NULL}};
	const struct sat list[] = {
	    {SECTOR_LEARNER, 1, 0, 0, 60, NULL, learners_own, NULL},
	    {SECTOR_LEARNER, 2, MINUTE, 0, 0, NULL, old, NULL},
	};
	struct bench *b = bench_open(state);

	ALL(b, list);
	assert_string_equal(raised(b), "");
	bench_close(b);
}

static void
an_answer_right_for_somebody_else_is_raised(void **state)
{
	static const struct given copied[] = {{"ticket", "ticket of 3/1", NULL},
	    {"list", "list of 0/1", NULL}, {NULL, NULL, NULL}};
	const struct sat list[] = {
	    {SECTOR_LEARNER, 1, 0, 0, 100, NULL, learners_own, NULL},
	    {SECTOR_AUTHOR, 1, MINUTE, 0, 30, NULL, copied, NULL},
	};
	struct bench *b = bench_open(state);

	ALL(b, list);
	assert_string_equal(raised(b), "author others_answer learner");
	bench_close(b);
}

static void
the_same_wrong_answer_is_raised_unless_it_is_common(void **state)
{
	static const struct given same[] = {
	    {"ticket", NULL, NULL}, {"list", "x, y", NULL}, {NULL, NULL, NULL}};
	static const enum sector_person people[] = {SECTOR_LEARNER,
	    SECTOR_LINE_MANAGER, SECTOR_TRAINING_MANAGER, SECTOR_AUTHOR,
	    SECTOR_OTHER_LEARNER, SECTOR_OTHER_MANAGER};
	struct bench *b = bench_open(state);
	struct sat six[6];
	size_t i;

	for (i = 0; i < 6; i++)
		six[i] = (struct sat){people[i], 1, (int64_t)i * 10 * MINUTE, 0,
		    10, NULL, same, NULL};
	all(b, six, 6);
	assert_string_equal(raised(b), "");
	bench_close(b);
}

static void
two_with_the_same_wrong_answer_are_both_asked(void **state)
{
	static const struct given same[] = {
	    {"list", "x, y", NULL}, {NULL, NULL, NULL}};
	const struct sat list[] = {
	    {SECTOR_LEARNER, 1, 0, 0, 10, NULL, same, NULL},
	    {SECTOR_OTHER_LEARNER, 1, MINUTE, 0, 20, NULL, same, NULL},
	};
	struct bench *b = bench_open(state);

	ALL(b, list);
	assert_string_equal(
	    raised(b), "learner same_answer other; other same_answer learner");
	bench_close(b);
}

/* ------------------------------------------------------------------ time */

#define ALIKE "{\"id\":\"c1\",\"points\":60,\"message\":\"c1_ok\"}\n"
#define UNLIKE "{\"id\":\"c1\",\"points\":50,\"message\":\"c1_no\"}\n"

static void
the_same_result_within_two_minutes_is_raised(void **state)
{
	static const struct {
		struct sat a, b;
		const char *raised;
	} cases[] = {
	    {{SECTOR_LEARNER, 1, 0, 0, 83, ALIKE, NULL, NULL},
		{SECTOR_LINE_MANAGER, 1, 2 * MINUTE, 0, 83, ALIKE, NULL, NULL},
		"learner close line; line close learner"},
	    /* a study pair that did it well, or each in its own way */
	    {{SECTOR_LEARNER, 1, 0, 0, 100, ALIKE, NULL, NULL},
		{SECTOR_LINE_MANAGER, 1, 1000, 0, 100, ALIKE, NULL, NULL}, ""},
	    {{SECTOR_LEARNER, 1, 0, 0, 83, ALIKE, NULL, NULL},
		{SECTOR_LINE_MANAGER, 1, 1000, 0, 83, UNLIKE, NULL, NULL}, ""},
	    /* later; not passed; another institution */
	    {{SECTOR_LEARNER, 1, 0, 0, 83, ALIKE, NULL, NULL},
		{SECTOR_LINE_MANAGER, 1, 2 * MINUTE + 1, 0, 83, ALIKE, NULL,
		    NULL},
		""},
	    {{SECTOR_LEARNER, 1, 0, 0, 69, ALIKE, NULL, NULL},
		{SECTOR_LINE_MANAGER, 1, 0, 0, 69, ALIKE, NULL, NULL}, ""},
	    {{SECTOR_LEARNER, 1, 0, 0, 83, ALIKE, NULL, NULL},
		{SECTOR_OTHER_LEARNER, 1, 0, 0, 83, ALIKE, NULL, NULL}, ""},
	};
	struct bench *b = bench_open(state);
	struct sat pair[2];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pair[0] = cases[i].a;
		pair[1] = cases[i].b;
		/* a day apart, so that the cases do not see each other */
		pair[0].at += (int64_t)i * 24 * 60 * MINUTE;
		pair[1].at += (int64_t)i * 24 * 60 * MINUTE;
		ALL(b, pair);
		assert_string_equal(raised(b), cases[i].raised);
		fixture_sql(b->f, "DELETE FROM lab_signal");
	}
	bench_close(b);
}

static void
a_class_that_hands_in_together_raises_nothing(void **state)
{
	static const enum sector_person people[] = {SECTOR_LEARNER,
	    SECTOR_LINE_MANAGER, SECTOR_TRAINING_MANAGER, SECTOR_AUTHOR,
	    SECTOR_SUPERVISOR};
	struct bench *b = bench_open(state);
	struct sat list[5];
	size_t i;

	for (i = 0; i < 5; i++)
		list[i] = (struct sat){
		    people[i], 1, (int64_t)i * 1000, 0, 83, ALIKE, NULL, NULL};
	ALL(b, list);
	assert_string_equal(raised(b), "");
	bench_close(b);
}

/* The lab states 30 minutes. */
static void
a_first_pass_in_a_tenth_of_the_time_is_raised(void **state)
{
	const struct sat fast[] = {
	    {SECTOR_LEARNER, 1, 0, 3 * MINUTE - 1, 70, NULL, NULL, NULL}};
	const struct sat honest[] = {
	    /* quick, not passed: then once more, with a program at hand */
	    {SECTOR_LINE_MANAGER, 1, 0, MINUTE, 69, NULL, NULL, NULL},
	    {SECTOR_LINE_MANAGER, 2, 60 * MINUTE, MINUTE, 100, NULL, NULL,
		NULL},
	    /* somebody who knows the work */
	    {SECTOR_AUTHOR, 1, 0, 3 * MINUTE, 100, NULL, NULL, NULL},
	};
	struct bench *b = bench_open(state);

	ALL(b, honest);
	assert_string_equal(raised(b), "");
	ALL(b, fast);
	assert_string_equal(raised(b), "learner fast");
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT seconds FROM lab_signal"), 179);
	bench_close(b);
}

/* --------------------------------------------------------------- what is kept
 */

static void
no_answer_stands_in_the_marks(void **state)
{
	const struct sat list[] = {
	    {SECTOR_LEARNER, 1, 0, 0, 100, NULL, learners_own, NULL},
	    {SECTOR_LINE_MANAGER, 1, 0, 0, 100, NULL, lines_own, NULL},
	};
	struct bench *b = bench_open(state);
	const char *plain = digest(b, "list of 0/1");

	ALL(b, list);
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT count(*) FROM lab_mark"), 4);
	/* neither the digest that check prints nor its bytes */
	assert_int_equal(fixture_sql_int(b->f,
			     arena_printf(b->f->arena,
				 b->f->engine == DB_SQLITE
				     ? "SELECT count(*) FROM lab_mark WHERE"
				       " instr(lower(hex(given)), '%s') > 0"
				     : "SELECT count(*) FROM lab_mark WHERE"
				       " position('%s' in"
				       "  encode(given, 'hex')) > 0",
				 plain)),
	    0);
	/* the job waits, so that a class is seen */
	assert_int_equal(fixture_sql_int(b->f,
			     "SELECT count(*) FROM job j JOIN lab_submission s"
			     " ON CAST(s.id AS TEXT) = j.subject"
			     " WHERE j.kind = 'lab.compare'"
			     " AND j.run_at = s.submitted_at + 600000"),
	    2);
	bench_close(b);
}

static void
a_line_of_a_file_is_found_and_cut(void **state)
{
	static const struct {
		const char *text, *key, *line;
	} cases[] = {
	    {"a: 1\nlist: x, y \n", "list", "x, y"},
	    {"list: 1\nlist: 2", "list", "2"},
	    {" list :\t3\r\n", "list", "3"},
	    {"list 1\nlists: 2\n", "list", NULL},
	    {"", "list", NULL},
	    {"list:", "list", ""},
	    {"list: \xff", "list", NULL},
	};
	struct arena *a = arena_new();
	char long_one[2000] = "list: ";
	const char *line;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		line = signal_line(
		    cases[i].text, strlen(cases[i].text), cases[i].key, a);
		if (cases[i].line == NULL)
			assert_null(line);
		else
			assert_string_equal(line, cases[i].line);
	}
	for (i = 6; i + 4 < sizeof(long_one); i += 3)
		memcpy(long_one + i, "あ", 4);
	line = signal_line(long_one, strlen(long_one), "list", a);
	assert_int_equal(text_length(line), SIGNAL_ANSWER_CHARS + 4);
	arena_free(a);
}

/* ------------------------------------------------------------------ pages */

static const struct given shared[] = {
    {"list", "x, y", NULL}, {NULL, NULL, NULL}};

/* One of the learner against somebody elsewhere, one against a colleague. */
static void
make_points(struct bench *b)
{
	static const struct given copied[] = {
	    {"ticket", "ticket of 1/1", NULL}, {NULL, NULL, NULL}};
	const struct sat list[] = {
	    {SECTOR_OTHER_LEARNER, 1, -90 * MINUTE, 0, 42, NULL, shared,
		"list: x, y\nsecret: of another institution\n"},
	    {SECTOR_LEARNER, 1, -60 * MINUTE, 0, 37, NULL, shared,
		"ticket: 1\nlist: x, y\n"},
	    {SECTOR_LINE_MANAGER, 1, -30 * MINUTE, 0, 90, NULL, lines_own,
		NULL},
	    {SECTOR_LEARNER, 1, -10 * MINUTE, 0, 38, NULL, copied,
		"ticket: <b>IR</b>\n"},
	};

	ALL(b, list);
	assert_string_equal(raised(b),
	    "learner canary line; learner "
	    "same_answer other; other same_answer "
	    "learner");
}

static const char *
address_of(struct bench *b, const char *kind, enum sector_person who)
{
	return arena_printf(b->f->arena, "/institution/signals/%lld",
	    (long long)fixture_sql_int(b->f,
		arena_printf(b->f->arena,
		    "SELECT id FROM lab_signal WHERE kind = '%s'"
		    " AND person = %lld",
		    kind, (long long)b->s.persons[who])));
}

static int
see(struct bench *b, enum sector_person who, const char *path)
{
	return visit(&b->s, b->s.persons[who], LANG_EN, path, &b->re);
}

static void
another_institutions_person_is_not_told(void **state)
{
	struct bench *b = bench_open(state);
	const char *path;

	make_points(b);
	path = address_of(b, "same_answer", SECTOR_LEARNER);
	assert_int_equal(see(b, SECTOR_TRAINING_MANAGER, path), 200);
	assert_true(sector_says(&b->re, "A person of another institution"));
	assert_true(sector_says(&b->re, "x, y"));
	assert_false(sector_says(&b->re, "secret"));
	/* points of one's own person in a cell, of the other in none */
	assert_true(sector_says(&b->re, ">37<"));
	assert_false(sector_says(&b->re, ">42<"));
	/* nor is theirs there, for anybody here */
	path = address_of(b, "same_answer", SECTOR_OTHER_LEARNER);
	assert_int_equal(see(b, SECTOR_TRAINING_MANAGER, path), 404);
	assert_int_equal(see(b, SECTOR_OTHER_MANAGER, path), 200);
	assert_int_equal(see(b, SECTOR_SUPERVISOR, path), 403);
	assert_int_equal(see(b, SECTOR_LEARNER, path), 403);
	/* a colleague is named, and what was written is text */
	path = address_of(b, "canary", SECTOR_LEARNER);
	assert_int_equal(see(b, SECTOR_TRAINING_MANAGER, path), 200);
	assert_true(sector_says(&b->re, "&lt;b&gt;IR&lt;/b&gt;"));
	bench_close(b);
}

static void
a_decision_is_a_persons_with_a_reason(void **state)
{
	struct bench *b = bench_open(state);
	int64_t manager;
	const char *path;

	make_points(b);
	manager = b->s.persons[SECTOR_TRAINING_MANAGER];
	path = address_of(b, "canary", SECTOR_LEARNER);
	assert_int_equal(send_form(&b->s, manager, path,
			     "number=1&decided=explained&reason=+%0A", &b->re),
	    422);
	assert_int_equal(
	    send_form(&b->s, manager, path, "number=1&reason=x", &b->re), 422);
	assert_int_equal(send_form(&b->s, manager, path,
			     "number=1&decided=open&reason=x", &b->re),
	    422);
	assert_int_equal(send_form(&b->s, b->s.persons[SECTOR_OTHER_MANAGER],
			     path, "number=1&decided=upheld&reason=x", &b->re),
	    404);
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT count(*) FROM lab_signal_decision"),
	    0);
	assert_int_equal(
	    send_form(&b->s, manager, path,
		"number=1&decided=explained&reason=Asked+both", &b->re),
	    303);
	/* what was seen before is not decided twice */
	assert_int_equal(send_form(&b->s, manager, path,
			     "number=1&decided=upheld&reason=y", &b->re),
	    409);
	assert_true(sector_says(&b->re, "Asked both"));
	assert_int_equal(
	    send_form(&b->s, manager, path,
		"number=2&decided=upheld&reason=New+facts", &b->re),
	    303);
	assert_int_equal(
	    fixture_sql_int(b->f,
		"SELECT count(*) FROM lab_signal WHERE state = 'upheld'"
		" AND decisions = 2"),
	    1);
	assert_int_equal(
	    fixture_sql_int(b->f,
		"SELECT count(*) FROM audit WHERE act = 'signal.decided'"),
	    2);
	/* nothing follows from it */
	assert_int_equal(fixture_sql_int(b->f,
			     "SELECT count(*) FROM lab_submission"
			     " WHERE state = 'graded' AND points = 38"),
	    1);
	bench_close(b);
}

static void
nobody_decides_about_oneself(void **state)
{
	const struct sat own[] = {
	    {SECTOR_TRAINING_MANAGER, 1, 0, MINUTE, 80, NULL, NULL, NULL}};
	struct bench *b = bench_open(state);
	const char *path;

	ALL(b, own);
	path = address_of(b, "fast", SECTOR_TRAINING_MANAGER);
	assert_int_equal(see(b, SECTOR_TRAINING_MANAGER, path), 200);
	assert_true(sector_says(&b->re, "This is about yourself"));
	assert_false(sector_says(&b->re, "name=\"reason\""));
	assert_int_equal(
	    send_form(&b->s, b->s.persons[SECTOR_TRAINING_MANAGER], path,
		"number=1&decided=explained&reason=x", &b->re),
	    403);
	bench_close(b);
}

static void
the_learner_sees_it_and_can_write(void **state)
{
	struct bench *b = bench_open(state);
	int64_t id, learner;
	const char *path;
	int i;

	make_points(b);
	learner = b->s.persons[SECTOR_LEARNER];
	assert_int_equal(see(b, SECTOR_LEARNER, "/labs/" LAB), 200);
	assert_true(sector_says(&b->re, "/labs/" LAB "/signals"));
	assert_int_equal(see(b, SECTOR_LINE_MANAGER, "/labs/" LAB), 200);
	assert_false(sector_says(&b->re, "/labs/" LAB "/signals"));
	assert_int_equal(see(b, SECTOR_LEARNER, "/labs/" LAB "/signals"), 200);
	id = fixture_sql_int(
	    b->f, "SELECT id FROM lab_signal WHERE kind = 'canary'");
	path = arena_printf(
	    b->f->arena, "/labs/" LAB "/signals/%lld", (long long)id);
	assert_int_equal(
	    send_form(&b->s, learner, path, "text=+", &b->re), 422);
	assert_int_equal(send_form(&b->s, b->s.persons[SECTOR_LINE_MANAGER],
			     path, "text=x", &b->re),
	    404);
	for (i = 0; i < SIGNAL_STATEMENTS_MAX; i++)
		assert_int_equal(send_form(&b->s, learner, path,
				     "text=We+sat+together", &b->re),
		    303);
	assert_int_equal(
	    send_form(&b->s, learner, path, "text=again", &b->re), 303);
	assert_int_equal(
	    fixture_sql_int(b->f, "SELECT count(*) FROM lab_signal_statement"),
	    SIGNAL_STATEMENTS_MAX);
	assert_int_equal(see(b, SECTOR_TRAINING_MANAGER,
			     address_of(b, "canary", SECTOR_LEARNER)),
	    200);
	assert_true(sector_says(&b->re, "We sat together"));
	bench_close(b);
}

static void
golden(
    struct bench *b, enum sector_person who, const char *path, const char *name)
{
	static const char *const ends[] = {"ja", "en"};
	enum lang lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		assert_int_equal(
		    visit(&b->s, b->s.persons[who], lang, path, &b->re), 200);
		pages_golden(&b->s.pages,
		    arena_printf(
			b->f->arena, "lab/%s.%s.html", name, ends[lang]),
		    &b->re);
	}
}

static void
pages_are_as_they_were_agreed(void **state)
{
	struct bench *b = bench_open(state);
	const char *canary, *same;
	int64_t manager = b->s.persons[SECTOR_TRAINING_MANAGER];

	golden(
	    b, SECTOR_TRAINING_MANAGER, "/institution/signals", "points-none");
	make_points(b);
	canary = address_of(b, "canary", SECTOR_LEARNER);
	same = address_of(b, "same_answer", SECTOR_LEARNER);
	pages_hole(&b->s.pages, strrchr(canary, '/') + 1, "canary");
	pages_hole(&b->s.pages, strrchr(same, '/') + 1, "same");
	assert_int_equal(
	    send_form(&b->s, b->s.persons[SECTOR_LEARNER],
		arena_printf(b->f->arena, "/labs/" LAB "/signals/%s",
		    strrchr(canary, '/') + 1),
		"text=I+took+the+wrong+file.", &b->re),
	    303);
	assert_int_equal(
	    send_form(&b->s, manager, canary,
		"number=1&decided=explained&reason=Both+agree.", &b->re),
	    303);
	golden(b, SECTOR_TRAINING_MANAGER, "/institution/signals?which=all",
	    "points");
	golden(b, SECTOR_TRAINING_MANAGER, canary, "point-canary");
	golden(b, SECTOR_TRAINING_MANAGER, same, "point-same");
	golden(b, SECTOR_LEARNER, "/labs/" LAB "/signals", "own-points");
	assert_int_equal(see(b, SECTOR_TRAINING_MANAGER,
			     "/institution/signals.csv?which=decided"),
	    200);
	assert_true(sector_says(&b->re, "Explained"));
	assert_false(sector_says(&b->re, "The same answer"));
	assert_int_equal(
	    see(b, SECTOR_TRAINING_MANAGER, "/institution/signals?which=none"),
	    404);
	bench_close(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_of_a_file_is_found_and_cut),
	    ON_BOTH_ENGINES(people_who_work_alone_raise_nothing),
	    ON_BOTH_ENGINES(anothers_canary_is_raised_whoever_hands_in_first),
	    ON_BOTH_ENGINES(ones_own_earlier_draw_is_nobody_elses),
	    ON_BOTH_ENGINES(an_answer_right_for_somebody_else_is_raised),
	    ON_BOTH_ENGINES(
		the_same_wrong_answer_is_raised_unless_it_is_common),
	    ON_BOTH_ENGINES(two_with_the_same_wrong_answer_are_both_asked),
	    ON_BOTH_ENGINES(the_same_result_within_two_minutes_is_raised),
	    ON_BOTH_ENGINES(a_class_that_hands_in_together_raises_nothing),
	    ON_BOTH_ENGINES(a_first_pass_in_a_tenth_of_the_time_is_raised),
	    ON_BOTH_ENGINES(no_answer_stands_in_the_marks),
	    ON_BOTH_ENGINES(another_institutions_person_is_not_told),
	    ON_BOTH_ENGINES(a_decision_is_a_persons_with_a_reason),
	    ON_BOTH_ENGINES(nobody_decides_about_oneself),
	    ON_BOTH_ENGINES(the_learner_sees_it_and_can_write),
	    ON_SQLITE(pages_are_as_they_were_agreed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
