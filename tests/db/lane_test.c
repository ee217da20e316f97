/* Lanes: bounded queues, group commit, and what happens when things fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <semaphore.h>

#include "db/db_engine.h"
#include "db/lane.h"
#include "support/dies.h"
#include "support/fixture.h"

#define TASKS 200

/* One write; all of a test count down the same semaphore when done. */
struct job {
	struct task task;
	char key[16];
	enum err answer; /* of run, after it has written */
	enum err result; /* what done got */
	sem_t *finished;
};

static enum err
job_run(struct db *db, struct task *t)
{
	struct job *j = (struct job *)t;
	enum err e;

	e = db_exec(
	    db, Q_SETTING_ADD, DB_ARGS(db_text(j->key), db_text("v")), NULL);
	return e != ERR_OK ? e : j->answer;
}

static void
job_done(struct task *t, enum err result)
{
	struct job *j = (struct job *)t;

	j->result = result;
	(void)sem_post(j->finished);
}

static void
job_init(struct job *j, int number, sem_t *finished)
{
	*j = (struct job){.task = {.run = job_run, .done = job_done},
	    .result = ERR__MAX,
	    .finished = finished};
	(void)snprintf(j->key, sizeof(j->key), "k%d", number);
}

/* A task that keeps a thread until it is let go. */
struct gate {
	struct task task;
	sem_t entered, leave, finished;
};

static enum err
gate_run(struct db *db, struct task *t)
{
	struct gate *g = (struct gate *)t;

	(void)db;
	(void)sem_post(&g->entered);
	(void)sem_wait(&g->leave);
	return ERR_OK;
}

static void
gate_done(struct task *t, enum err result)
{
	assert_int_equal(result, ERR_OK);
	(void)sem_post(&((struct gate *)t)->finished);
}

/* Answers when the lane's thread is inside. */
static void
gate_close(struct gate *g, struct lane *l)
{
	g->task = (struct task){.run = gate_run, .done = gate_done};
	(void)sem_init(&g->entered, 0, 0);
	(void)sem_init(&g->leave, 0, 0);
	(void)sem_init(&g->finished, 0, 0);
	assert_int_equal(lane_submit(l, &g->task), ERR_OK);
	(void)sem_wait(&g->entered);
}

static void
gate_open(struct gate *g)
{
	(void)sem_post(&g->leave);
	(void)sem_wait(&g->finished);
}

static struct lane *
lane_of(const struct fixture *f, enum lane_kind kind, unsigned threads,
    unsigned queue_max)
{
	const struct lane_options o = {.name = "test",
	    .dsn = f->dsn,
	    .kind = kind,
	    .threads = threads,
	    .queue_max = queue_max};
	struct lane *l = NULL;

	assert_int_equal(lane_open(&o, &l), ERR_OK);
	return l;
}

static int64_t
count(struct db *db)
{
	int64_t n = -1;

	assert_int_equal(
	    db_one_int(db, Q_SETTING_COUNT, DB_NO_ARGS, &n), ERR_OK);
	return n;
}

static void
wait_for(sem_t *finished, int n)
{
	while (n-- > 0)
		(void)sem_wait(finished);
}

static void
waiting_writes_share_a_commit(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 1, TASKS);
	struct lane_figures figures;
	struct job jobs[TASKS];
	struct gate g;
	sem_t finished;
	int i;

	(void)sem_init(&finished, 0, 0);
	gate_close(&g, l);
	for (i = 0; i < TASKS; i++) {
		job_init(&jobs[i], i, &finished);
		assert_int_equal(lane_submit(l, &jobs[i].task), ERR_OK);
	}
	lane_figures(l, &figures);
	assert_int_equal(figures.waiting, TASKS);
	gate_open(&g);
	wait_for(&finished, TASKS);
	for (i = 0; i < TASKS; i++)
		assert_int_equal(jobs[i].result, ERR_OK);
	assert_true(count(f->db) == TASKS);
	lane_figures(l, &figures);
	assert_int_equal(figures.tasks, TASKS + 1);
	assert_int_equal(figures.waiting, 0);
	/* the gate's own and theirs; PostgreSQL: one each */
	assert_int_equal(
	    figures.commits, f->engine == DB_SQLITE ? 2 : TASKS + 1);
	lane_close(l);
}

static void
a_failing_task_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 1, TASKS);
	struct job jobs[30];
	struct gate g;
	sem_t finished;
	int i;

	(void)sem_init(&finished, 0, 0);
	gate_close(&g, l);
	for (i = 0; i < 30; i++) {
		/* every third refuses, every third has the key before it */
		job_init(&jobs[i], i % 3 == 2 ? i - 1 : i, &finished);
		if (i % 3 == 0)
			jobs[i].answer = ERR_INVALID;
		assert_int_equal(lane_submit(l, &jobs[i].task), ERR_OK);
	}
	gate_open(&g);
	wait_for(&finished, 30);
	for (i = 0; i < 30; i++)
		assert_int_equal(jobs[i].result,
		    i % 3 == 0	     ? ERR_INVALID
			: i % 3 == 1 ? ERR_OK
				     : ERR_CONFLICT);
	assert_true(count(f->db) == 10);
	lane_close(l);
}

static enum err
break_commit(struct db *db, struct task *t)
{
	(void)t;
	/* a reference to nobody, looked at only by COMMIT */
	return db->ops->script(db,
	    "PRAGMA defer_foreign_keys = ON;"
	    "INSERT INTO credential (person, hash, changed_at)"
	    " VALUES (1, '', 0)");
}

static void
a_commit_that_fails_saves_nobody(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 1, TASKS);
	struct job jobs[10], after;
	struct gate g;
	sem_t finished;
	int i;

	(void)sem_init(&finished, 0, 0);
	gate_close(&g, l);
	for (i = 0; i < 10; i++) {
		job_init(&jobs[i], i, &finished);
		if (i == 5)
			jobs[i].task.run = break_commit;
		assert_int_equal(lane_submit(l, &jobs[i].task), ERR_OK);
	}
	gate_open(&g);
	wait_for(&finished, 10);
	for (i = 0; i < 10; i++)
		assert_int_equal(jobs[i].result, ERR_CONFLICT);
	assert_true(count(f->db) == 0);
	job_init(&after, 0, &finished);
	assert_int_equal(lane_submit(l, &after.task), ERR_OK);
	wait_for(&finished, 1);
	assert_int_equal(after.result, ERR_OK);
	lane_close(l);
}

static void
a_full_lane_refuses_at_once(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 1, 3);
	struct lane_figures figures;
	struct job jobs[4];
	struct gate g;
	sem_t finished;
	int i;

	(void)sem_init(&finished, 0, 0);
	gate_close(&g, l);
	for (i = 0; i < 4; i++) {
		job_init(&jobs[i], i, &finished);
		assert_int_equal(
		    lane_submit(l, &jobs[i].task), i < 3 ? ERR_OK : ERR_BUSY);
	}
	gate_open(&g);
	wait_for(&finished, 3);
	assert_int_equal(jobs[3].result, ERR__MAX);
	lane_figures(l, &figures);
	assert_int_equal(figures.refused, 1);
	/* and there is room again */
	assert_int_equal(lane_submit(l, &jobs[3].task), ERR_OK);
	wait_for(&finished, 1);
	assert_int_equal(jobs[3].result, ERR_OK);
	lane_close(l);
}

static void
closing_finishes_what_waits(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 1, TASKS);
	struct job jobs[TASKS];
	sem_t finished;
	int i;

	(void)sem_init(&finished, 0, 0);
	for (i = 0; i < TASKS; i++) {
		job_init(&jobs[i], i, &finished);
		assert_int_equal(lane_submit(l, &jobs[i].task), ERR_OK);
	}
	lane_close(l);
	for (i = 0; i < TASKS; i++)
		assert_int_equal(jobs[i].result, ERR_OK);
	assert_true(count(f->db) == TASKS);
}

/* Reads a number and writes the next one: two at once must not lose one. */
static enum err
count_up(struct db *db, void *ctx)
{
	struct db_rows *rows;
	struct arena *a = arena_new();
	int64_t n = 0;
	enum err e;

	(void)ctx;
	e = db_rows(db, Q_SETTING_GET, DB_ARGS(db_text("n")), &rows);
	if (e == ERR_OK) {
		while (db_next(rows))
			n = strtoll(db_col_text(rows, 0, a), NULL, 10);
		e = db_done(rows);
	}
	if (e == ERR_OK)
		e = db_exec(db, Q_SETTING_PUT,
		    DB_ARGS(db_text("n"),
			db_text(arena_printf(a, "%lld", (long long)n + 1))),
		    NULL);
	arena_free(a);
	return e;
}

static enum err
count_up_run(struct db *db, struct task *t)
{
	(void)t;
	return count_up(db, NULL);
}

static void
no_count_is_lost_between_threads(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 4, TASKS);
	struct arena *a = f->arena;
	struct job jobs[TASKS];
	struct db_rows *rows;
	sem_t finished;
	int i, ok = 0;

	(void)sem_init(&finished, 0, 0);
	for (i = 0; i < TASKS; i++) {
		job_init(&jobs[i], i, &finished);
		jobs[i].task.run = count_up_run;
		assert_int_equal(lane_submit(l, &jobs[i].task), ERR_OK);
	}
	wait_for(&finished, TASKS);
	for (i = 0; i < TASKS; i++) {
		if (jobs[i].result == ERR_OK)
			ok++;
		else
			assert_int_equal(jobs[i].result, ERR_BUSY);
	}
	assert_int_equal(
	    db_rows(f->db, Q_SETTING_GET, DB_ARGS(db_text("n")), &rows),
	    ERR_OK);
	assert_true(db_next(rows));
	assert_string_equal(db_col_text(rows, 0, a), arena_printf(a, "%d", ok));
	assert_int_equal(db_done(rows), ERR_OK);
	/* those that gave way too often are few */
	assert_true(ok >= TASKS * 9 / 10);
	lane_close(l);
}

static void
lane_write_answers_when_it_is_saved(void **state)
{
	struct fixture *f = *state;
	struct lane *l = lane_of(f, LANE_WRITE, 1, 4);

	assert_int_equal(lane_write(l, count_up, NULL), ERR_OK);
	assert_true(count(f->db) == 1);
	lane_close(l);
}

static enum err
wait_for_myself(struct db *db, void *ctx)
{
	(void)db;
	return lane_write(ctx, count_up, NULL);
}

static int
wait_for_own_lane(void *ctx)
{
	const struct lane_options o = {.name = "test",
	    .dsn = ctx,
	    .kind = LANE_WRITE,
	    .threads = 1,
	    .queue_max = 2};
	struct lane *l;

	if (lane_open(&o, &l) != ERR_OK)
		return 1;
	return (int)lane_write(l, wait_for_myself, l);
}

static void
waiting_for_ones_own_lane_ends_the_program(void **state)
{
	struct fixture *f = *state;

	assert_true(dies(wait_for_own_lane, f->dsn));
}

struct look {
	struct task task;
	enum err result;
	int64_t n;
	sem_t finished;
};

static enum err
look_run(struct db *db, struct task *t)
{
	return db_one_int(
	    db, Q_SETTING_COUNT, DB_NO_ARGS, &((struct look *)t)->n);
}

static void
look_done(struct task *t, enum err result)
{
	struct look *w = (struct look *)t;

	w->result = result;
	(void)sem_post(&w->finished);
}

static enum err
look(struct lane *l, int64_t *n)
{
	struct look w = {.task = {.run = look_run, .done = look_done}};

	(void)sem_init(&w.finished, 0, 0);
	assert_int_equal(lane_submit(l, &w.task), ERR_OK);
	(void)sem_wait(&w.finished);
	*n = w.n;
	return w.result;
}

static void
a_lane_outlives_its_server(void **state)
{
	struct fixture *f = *state;
	struct lane *reader = lane_of(f, LANE_READ, 1, 4);
	struct lane *writer = lane_of(f, LANE_WRITE, 1, 4);
	int64_t n;

	assert_int_equal(lane_write(writer, count_up, NULL), ERR_OK);
	assert_int_equal(look(reader, &n), ERR_OK);
	pg_kill(pg_shared());
	assert_int_equal(look(reader, &n), ERR_UNAVAILABLE);
	assert_int_equal(look(reader, &n), ERR_UNAVAILABLE);
	assert_int_equal(lane_write(writer, count_up, NULL), ERR_UNAVAILABLE);
	pg_start(pg_shared());
	assert_int_equal(look(reader, &n), ERR_OK);
	assert_true(n == 1);
	assert_int_equal(lane_write(writer, count_up, NULL), ERR_OK);
	lane_close(reader);
	lane_close(writer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(waiting_writes_share_a_commit),
	    ON_BOTH_ENGINES(a_failing_task_fails_alone),
	    ON_SQLITE(a_commit_that_fails_saves_nobody),
	    ON_BOTH_ENGINES(a_full_lane_refuses_at_once),
	    ON_BOTH_ENGINES(closing_finishes_what_waits),
	    ON_BOTH_ENGINES(no_count_is_lost_between_threads),
	    ON_BOTH_ENGINES(lane_write_answers_when_it_is_saved),
	    ON_BOTH_ENGINES(waiting_for_ones_own_lane_ends_the_program),
	    ON_POSTGRESQL(a_lane_outlives_its_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
