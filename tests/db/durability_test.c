/*
 * Nothing acknowledged is lost when the power fails: a writer lane works on a
 * disk that loses what was not synced (support/vfs_unsynced.h), the power
 * fails before a random operation, and what is left is opened again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <semaphore.h>
#include <sqlite3.h>

#include "base/random.h"
#include "db/db_engine.h"
#include "db/lane.h"
#include "db/migrate.h"
#include "support/directory.h"
#include "support/vfs_unsynced.h"

#define ROUNDS 200
#define ROUNDS_WITHOUT_SYNC 20
#define TASKS 60
#define BURST_MAX 12
#define OPERATIONS_MAX 140 /* most rounds have more */
#define SEED 20261102
#define CHECKPOINT "PRAGMA wal_autocheckpoint = 25"

struct round {
	bool acknowledged[TASKS]; /* of task number … */
	bool at_crash[TASKS]; /* … before the power failed */
	bool crashed;
	sem_t finished;
};

struct job {
	struct task task;
	struct round *round;
	int number;
};

/* What is left after a crash, compared with what was acknowledged. */
struct verdict {
	int acknowledged, lost, half;
	bool is_whole; /* by SQLite's own check */
};

static void
key_of(char out[16], char half, int number)
{
	(void)snprintf(out, 16, "%c%d", half, number);
}

/* Two rows, of a size that fills pages: both or none may be found. */
static enum err
job_run(struct db *db, struct task *t)
{
	struct job *j = (struct job *)t;
	char key[16], value[600];
	enum err e;

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	key_of(key, 'a', j->number);
	e = db_exec(
	    db, Q_SETTING_ADD, DB_ARGS(db_text(key), db_text(value)), NULL);
	if (e != ERR_OK)
		return e;
	key_of(key, 'b', j->number);
	return db_exec(
	    db, Q_SETTING_ADD, DB_ARGS(db_text(key), db_text(value)), NULL);
}

static void
job_done(struct task *t, enum err result)
{
	struct job *j = (struct job *)t;

	if (result != ERR_OK)
		abort();
	j->round->acknowledged[j->number] = true;
	(void)sem_post(&j->round->finished);
}

/* In the lane's thread, as job_done: no acknowledgement slips between. */
static void
crashed(void *ctx)
{
	struct round *r = ctx;

	memcpy(r->at_crash, r->acknowledged, sizeof(r->at_crash));
	r->crashed = true;
}

static enum err
often(struct db *db, void *ctx)
{
	(void)ctx;
	return db->ops->script(db, CHECKPOINT);
}

static void
work(const char *directory, struct round *r, unsigned short state[3])
{
	struct job jobs[TASKS];
	char dsn[DIRECTORY_BYTES + 32];
	const struct lane_options o = {.name = "writer",
	    .dsn = dsn,
	    .kind = LANE_WRITE,
	    .threads = 1,
	    .queue_max = TASKS};
	int number = 0, burst, i;
	struct lane *l;

	(void)snprintf(dsn, sizeof(dsn), "sqlite:%s/tanren.db", directory);
	assert_int_equal(lane_open(&o, &l), ERR_OK);
	assert_int_equal(lane_write(l, often, NULL), ERR_OK);
	while (number < TASKS) {
		burst = (int)(nrand48(state) % BURST_MAX) + 1;
		for (i = 0; i < burst && number + i < TASKS; i++) {
			struct job *j = &jobs[number + i];

			*j = (struct job){
			    .task = {.run = job_run, .done = job_done},
			    .round = r,
			    .number = number + i};
			assert_int_equal(lane_submit(l, &j->task), ERR_OK);
		}
		number += i;
		while (i-- > 0)
			(void)sem_wait(&r->finished);
	}
	unsynced_crash_now();
	lane_close(l);
}

static bool
has_key(sqlite3 *db, const char *key)
{
	sqlite3_stmt *stmt = NULL;
	bool found = false;

	if (sqlite3_prepare_v2(db,
		"SELECT LENGTH(value) FROM setting"
		" WHERE key = ?",
		-1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC) == SQLITE_OK)
		found = sqlite3_step(stmt) == SQLITE_ROW &&
		    sqlite3_column_int(stmt, 0) == 599;
	(void)sqlite3_finalize(stmt);
	return found;
}

static bool
passes_check(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	bool ok = false;

	if (sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		ok = strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") ==
		    0;
	(void)sqlite3_finalize(stmt);
	return ok;
}

static void
judge(const char *directory, const struct round *r, struct verdict *v)
{
	char path[DIRECTORY_BYTES + 32], key[16];
	bool first, second;
	sqlite3 *db;
	int i;

	(void)snprintf(path, sizeof(path), "%s/tanren.db", directory);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	v->is_whole = passes_check(db);
	for (i = 0; i < TASKS; i++) {
		key_of(key, 'a', i);
		first = has_key(db, key);
		key_of(key, 'b', i);
		second = has_key(db, key);
		if (first != second)
			v->half++;
		if (r->at_crash[i]) {
			v->acknowledged++;
			if (!first)
				v->lost++;
		}
	}
	(void)sqlite3_close(db);
}

/* A migrated database; closed, so that it is one file on the disk. */
static void
prepare(const char *directory)
{
	char dsn[DIRECTORY_BYTES + 32];

	(void)snprintf(dsn, sizeof(dsn), "sqlite:%s/tanren.db", directory);
	assert_int_equal(migrate_run(dsn, NULL), ERR_OK);
}

static struct verdict
play(unsigned round)
{
	unsigned short state[3] = {(unsigned short)round,
	    (unsigned short)(SEED & 0xffff), (unsigned short)(SEED >> 16)};
	char live[DIRECTORY_BYTES], left[DIRECTORY_BYTES];
	struct round r = {0};
	struct verdict v = {0};
	const struct unsynced_crash c = {
	    .after = (uint64_t)nrand48(state) % OPERATIONS_MAX,
	    .into = left,
	    .seed = round,
	    .keep_some = round % 2 == 1,
	    .notify = crashed,
	    .ctx = &r,
	};

	(void)sem_init(&r.finished, 0, 0);
	directory_make(live);
	directory_make(left);
	prepare(live);
	unsynced_start();
	unsynced_crash_set(&c);
	work(live, &r, state);
	unsynced_stop();
	unsynced_forget();
	assert_true(r.crashed);
	judge(left, &r, &v);
	directory_remove(live);
	directory_remove(left);
	return v;
}

static void
nothing_acknowledged_is_lost_in_a_power_cut(void **state)
{
	int acknowledged = 0, early = 0;
	struct verdict v;
	unsigned round;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		v = play(round);
		if (!v.is_whole || v.lost != 0 || v.half != 0)
			fail_msg("round %u: %s, %d of %d lost, %d half", round,
			    v.is_whole ? "whole" : "broken", v.lost,
			    v.acknowledged, v.half);
		acknowledged += v.acknowledged;
		if (v.acknowledged < TASKS)
			early++;
	}
	/* the crashes fell into the work, not all before or after it */
	assert_true(acknowledged > ROUNDS * TASKS / 4);
	assert_true(early > ROUNDS / 2);
}

static void
without_syncs_the_loss_is_noticed(void **state)
{
	int lost = 0, broken = 0;
	struct verdict v;
	unsigned round;

	(void)state;
	unsynced_ignore_syncs(true);
	for (round = 0; round < ROUNDS_WITHOUT_SYNC; round++) {
		v = play(round);
		lost += v.lost;
		broken += !v.is_whole;
	}
	unsynced_ignore_syncs(false);
	assert_true(lost > 0);
	assert_true(broken > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_acknowledged_is_lost_in_a_power_cut),
	    cmocka_unit_test(without_syncs_the_loss_is_noticed),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
