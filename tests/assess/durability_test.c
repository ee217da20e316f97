/*
 * Nothing acknowledged to a learner is lost when the power fails. Learners
 * start an exam, save answers and hand in by the real acts, through a writer
 * lane on a disk that loses what was not synced (support/vfs_unsynced.h):
 *
 *	exam_start ─▶ attempt_save … ─▶ attempt_finalise ─▶ certificate
 *
 * The power fails before a random operation; what is left is opened again,
 * compared with the promises, and recounted as `tanren verify` does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "app/verify.h"
#include "assess/attempt.h"
#include "certify/certify.h"
#include "db/db_engine.h"
#include "db/lane.h"
#include "support/content_fixture.h"
#include "support/pages.h"
#include "support/promise.h"
#include "support/vfs_unsynced.h"

#define TREE "tests/certify/tree"
#define EXAM "C-901"
#define ROUNDS 200
#define ROUNDS_WITHOUT_SYNC 20
#define ROUNDS_TO_MEASURE 5
#define LEARNERS 6
#define SEED 20261123
#define CHECKPOINT "PRAGMA wal_autocheckpoint = 40"

struct round {
	struct lane *lane;
	pthread_mutex_t lock; /* guards told */
	struct promise told[LEARNERS], at_crash[LEARNERS];
	bool crashed;
};

static struct {
	struct pages p;
	int64_t persons[LEARNERS];
	char *database; /* the file as every round begins */
	size_t size;
} own;

/* --------------------------------------------------------------- learners */

struct learning {
	struct round *r;
	int i; /* which learner; even ones know everything */
	int save;
	int64_t attempt;
	char chosen[PROMISE_CHOSEN_BYTES];
};

static struct scope
scope_of(const struct learning *l)
{
	return (struct scope){
	    .reach = SCOPE_OWN,
	    .person = own.persons[l->i],
	    .organisation = own.p.organisation,
	    .now = own.p.f->now,
	};
}

static enum err
start_act(struct db *db, void *ctx)
{
	struct learning *l = ctx;
	struct content *c = content_current(own.p.site.content);
	const struct learner who = {
	    own.persons[l->i], own.p.organisation, "technician"};
	struct arena *a = arena_new();
	enum err e;

	e = exam_start(db, &own.p.site, scope_of(l), &who, c,
	    content_exam(c, EXAM), own.p.f->now, a, &l->attempt);
	arena_free(a);
	content_release(c);
	return e;
}

/* The choices as shown that are all the right ones, or the last one only. */
static chosen_bits
choose(
    const struct form_question *q, bool right, char text[PROMISE_CHOSEN_BYTES])
{
	chosen_bits shown = 0;
	uint32_t place;
	size_t i, n = 0;

	for (place = 0; place < q->question->n_choices; place++) {
		if (right ? !q->question->choices[place].right
			  : place + 1 != q->question->n_choices)
			continue;
		for (i = 0; q->order[i] != place; i++)
			;
		shown |= 1u << i;
		n += (size_t)snprintf(text + n, PROMISE_CHOSEN_BYTES - n,
		    "%s%u", n == 0 ? "" : ",", place);
	}
	return shown;
}

/* Who knows answers wrongly at first and rightly in the end. */
static struct draft
draft_of(struct learning *l, const struct form *form)
{
	size_t question = (size_t)l->save % form->n;
	bool is_last = l->save >= PROMISE_SAVES - (int)form->n;

	return (struct draft){
	    .question = question,
	    .shown = choose(&form->questions[question],
		is_last && l->i % 2 == 0, l->chosen),
	};
}

static enum err
save_act(struct db *db, void *ctx)
{
	struct learning *l = ctx;
	struct arena *a = arena_new();
	struct content *c = NULL;
	struct attempt at;
	struct form form;
	struct draft d;
	char key[16];
	enum err e;

	(void)snprintf(key, sizeof(key), "s%d", l->save);
	e = attempt_get(db, scope_of(l), l->attempt, a, &at);
	if (e == ERR_OK)
		e = content_named(own.p.site.content, at.manifest, &c);
	if (e == ERR_OK)
		e = attempt_drawn(&own.p.site, &at, c, a, &form);
	if (e == ERR_OK) {
		d = draft_of(l, &form);
		e = attempt_save(
		    db, &own.p.site, &at, &form, &d, 1, key, own.p.f->now, a);
	}
	content_release(c);
	arena_free(a);
	return e;
}

static enum err
end_act(struct db *db, void *ctx)
{
	struct learning *l = ctx;

	return attempt_finalise(
	    db, &own.p.site, l->attempt, "learner", own.p.f->now);
}

static void
must(enum err e)
{
	if (e != ERR_OK)
		abort();
}

static void *
learn(void *arg)
{
	struct learning *l = arg;
	struct promise *told = &l->r->told[l->i];

	must(lane_write(l->r->lane, start_act, l));
	(void)pthread_mutex_lock(&l->r->lock);
	told->attempt = l->attempt;
	(void)pthread_mutex_unlock(&l->r->lock);
	for (l->save = 0; l->save < PROMISE_SAVES; l->save++) {
		must(lane_write(l->r->lane, save_act, l));
		(void)pthread_mutex_lock(&l->r->lock);
		memcpy(told->chosen[told->saves++], l->chosen,
		    PROMISE_CHOSEN_BYTES);
		(void)pthread_mutex_unlock(&l->r->lock);
	}
	must(lane_write(l->r->lane, end_act, l));
	(void)pthread_mutex_lock(&l->r->lock);
	told->ended = true;
	(void)pthread_mutex_unlock(&l->r->lock);
	return NULL;
}

/* In the lane's thread, before the operation that fails. */
static void
crashed(void *ctx)
{
	struct round *r = ctx;

	(void)pthread_mutex_lock(&r->lock);
	memcpy(r->at_crash, r->told, sizeof(r->at_crash));
	r->crashed = true;
	(void)pthread_mutex_unlock(&r->lock);
}

static enum err
often(struct db *db, void *ctx)
{
	(void)ctx;
	return db->ops->script(db, CHECKPOINT);
}

static void
work(const char *directory, struct round *r)
{
	struct learning list[LEARNERS];
	pthread_t threads[LEARNERS];
	char dsn[DIRECTORY_BYTES + 32];
	const struct lane_options o = {.name = "writer",
	    .dsn = dsn,
	    .kind = LANE_WRITE,
	    .threads = 1,
	    .queue_max = LEARNERS};
	int i;

	(void)snprintf(dsn, sizeof(dsn), "sqlite:%s/tanren.db", directory);
	must(lane_open(&o, &r->lane));
	must(lane_write(r->lane, often, NULL));
	for (i = 0; i < LEARNERS; i++) {
		list[i] = (struct learning){.r = r, .i = i};
		if (pthread_create(&threads[i], NULL, learn, &list[i]) != 0)
			abort();
	}
	for (i = 0; i < LEARNERS; i++)
		(void)pthread_join(threads[i], NULL);
	unsynced_crash_now();
	lane_close(r->lane);
}

/* ---------------------------------------------------------------- judging */

static void
say(void *ctx, const char *line)
{
	(void)ctx;
	print_error("%s\n", line);
}

static void
judge(const char *directory, const struct round *r, struct verdict *v)
{
	char dsn[DIRECTORY_BYTES + 32];
	struct verify_figures figures;
	struct db *db;
	bool knows[LEARNERS];
	int i;

	for (i = 0; i < LEARNERS; i++)
		knows[i] = i % 2 == 0;
	(void)snprintf(dsn, sizeof(dsn), "sqlite:%s/tanren.db", directory);
	promises_judge(
	    dsn + strlen("sqlite:"), r->at_crash, knows, LEARNERS, v);
	if (!v->is_whole || v->lost != 0)
		return;
	assert_int_equal(db_open(dsn, DB_READ, &db), ERR_OK);
	assert_int_equal(
	    verify_all(db, &own.p.site, say, NULL, &figures), ERR_OK);
	v->half += (int)figures.wrong;
	db_close(db);
}

/* ----------------------------------------------------------------- rounds */

static void
prepare(const char *directory)
{
	char path[DIRECTORY_BYTES + 32];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/tanren.db", directory);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(own.database, 1, own.size, f) != own.size ||
	    fclose(f) != 0)
		abort();
}

/* The power fails before the round's operation `after`, or at its end. */
static struct verdict
play(unsigned round, uint64_t after)
{
	char live[DIRECTORY_BYTES], left[DIRECTORY_BYTES];
	struct round r = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct verdict v = {0};
	const struct unsynced_crash c = {
	    .after = after,
	    .into = left,
	    .seed = round,
	    .keep_some = round % 2 == 1,
	    .notify = crashed,
	    .ctx = &r,
	};

	directory_make(live);
	directory_make(left);
	prepare(live);
	unsynced_start();
	unsynced_crash_set(&c);
	work(live, &r);
	unsynced_stop();
	unsynced_forget();
	assert_true(r.crashed);
	judge(left, &r, &v);
	directory_remove(live);
	directory_remove(left);
	return v;
}

/*
 * Rounds without a crash: how many operations there are to fall into. How many
 * writes share a commit depends on the moment, so the longest of some counts.
 */
static uint64_t
operations_of_a_round(void)
{
	uint64_t most = 0;
	int i;

	for (i = 0; i < ROUNDS_TO_MEASURE; i++) {
		(void)play(0, UINT64_MAX);
		if (unsynced_operations() > most)
			most = unsynced_operations();
	}
	return most;
}

static uint64_t
moment(unsigned round, uint64_t operations)
{
	unsigned short state[3] = {(unsigned short)round,
	    (unsigned short)(SEED & 0xffff), (unsigned short)(SEED >> 16)};

	return (uint64_t)nrand48(state) % operations;
}

static void
nothing_a_learner_was_promised_is_lost_in_a_power_cut(void **state)
{
	const uint64_t operations = operations_of_a_round();
	int saves = 0, ends = 0, in_between = 0;
	struct verdict v;
	unsigned round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		v = play(round, moment(round, operations));
		if (!v.is_whole || v.lost != 0 || v.half != 0)
			fail_msg("round %u: %s, %d lost, %d half", round,
			    v.is_whole ? "whole" : "broken", v.lost, v.half);
		saves += v.saves;
		ends += v.ends;
		in_between += v.saves > 0 && v.ends < LEARNERS;
	}
	/* the crashes fell into the work, not all before or after it */
	assert_true(saves > ROUNDS * LEARNERS * PROMISE_SAVES / 4);
	assert_true(ends > ROUNDS / 4);
	assert_true(in_between > ROUNDS / 2);
}

static void
without_syncs_the_loss_is_noticed(void **state)
{
	const uint64_t operations = operations_of_a_round();
	struct verdict v;
	unsigned round;
	int lost = 0;

	(void)state;
	unsynced_ignore_syncs(true);
	for (round = 0; round < ROUNDS_WITHOUT_SYNC; round++) {
		v = play(round, moment(round, operations));
		lost += v.lost;
	}
	unsynced_ignore_syncs(false);
	assert_true(lost > 0);
}

/* ------------------------------------------------------------------ begin */

/* Answers a module's check rightly. */
static enum err
pass_module(struct db *db, const struct learner *who, struct content *c,
    const struct course *course, int module, struct arena *a)
{
	const char *thing = arena_printf(a, "%s/%d", course->id, module);
	const struct question *questions;
	uint8_t seed[DIGEST_BYTES];
	char text[PROMISE_CHOSEN_BYTES];
	struct draft *drafts;
	struct form form;
	int64_t attempt;
	size_t i, n;
	enum err e;

	e = content_check(c, course->id, module, &questions, &n);
	if (e != ERR_OK)
		return e;
	attempt_seed(own.p.site.secret, who->person, thing, content_manifest(c),
	    1, seed);
	form_of_check(questions, n, seed, a, &form);
	drafts = ARENA_ARRAY(a, struct draft, n);
	for (i = 0; i < n; i++)
		drafts[i] =
		    (struct draft){i, choose(&form.questions[i], true, text)};
	e = progress_opened(db, who, c, course, module, own.p.f->now);
	if (e != ERR_OK)
		return e;
	return check_answer(db, &own.p.site, who, c, course, module, drafts, n,
	    1, own.p.f->now, a, &attempt);
}

static enum err
modules_act(struct db *db, void *ctx)
{
	const struct learner who = {
	    *(const int64_t *)ctx, own.p.organisation, "technician"};
	struct content *c = pages_content(&own.p);
	const struct course *course = content_course(c, EXAM);
	struct arena *a = arena_new();
	enum err e = ERR_OK;
	size_t i;

	for (i = 0; e == ERR_OK && i < course->n_modules; i++)
		e = pass_module(
		    db, &who, c, course, course->modules[i].number, a);
	arena_free(a);
	return e;
}

/* One file, as every round begins: learners whose modules are done. */
static int
setup(void **state)
{
	static const struct route *const rooms[] = {NULL};
	struct fixture *f = fixture_open(DB_SQLITE);
	char name[32];
	int i;

	*state = f;
	pages_open(&own.p, f, TREE, rooms);
	own.p.site.course_completed = certify_course_completed;
	for (i = 0; i < LEARNERS; i++) {
		(void)snprintf(name, sizeof(name), "架空 %d", i);
		own.persons[i] =
		    pages_person(&own.p, name, "T-SOC", "technician");
		must(db_write(f->db, modules_act, &own.persons[i]));
	}
	db_close(f->db);
	f->db = NULL;
	own.database = content_slurp(f->dsn + strlen("sqlite:"), &own.size);
	return own.database == NULL;
}

static int
teardown(void **state)
{
	free(own.database);
	pages_close(&own.p);
	fixture_close(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		nothing_a_learner_was_promised_is_lost_in_a_power_cut),
	    cmocka_unit_test(without_syncs_the_loss_is_noticed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
