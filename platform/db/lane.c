/*
 * Lanes: a bounded queue, threads with a connection each, and group commit.
 *
 *	submit ─▶ queue ─▶ take one (or all, for the writer of SQLite)
 *	                    └▶ run in db_write ─▶ commit ─▶ done
 */
#include "db/lane.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/db_engine.h"

#define BATCH_MAX 256 /* tasks of one commit */
#define THREADS_MAX 64
#define NAME_BYTES 16 /* of a thread, as Linux keeps it */

struct lane_thread {
	struct lane *lane;
	struct db *db;
	pthread_t id;
};

struct lane {
	char name[NAME_BYTES];
	enum lane_kind kind;
	unsigned queue_max;
	unsigned batch_max;

	pthread_mutex_t lock; /* guards what follows up to the figures */
	pthread_cond_t some;
	struct task *first, **last;
	unsigned waiting;
	bool closing;

	atomic_uint_fast64_t tasks, refused, commits;

	unsigned threads;
	struct lane_thread thread[THREADS_MAX];
};

struct batch {
	struct task *task[BATCH_MAX];
	enum err result[BATCH_MAX];
	unsigned n;
};

/* Waits for work; an empty batch means that the lane closes. */
static void
take(struct lane *l, struct batch *b)
{
	struct task *t;

	b->n = 0;
	(void)pthread_mutex_lock(&l->lock);
	while (l->first == NULL && !l->closing)
		(void)pthread_cond_wait(&l->some, &l->lock);
	while ((t = l->first) != NULL && b->n < l->batch_max) {
		l->first = t->next;
		b->task[b->n++] = t;
		l->waiting--;
	}
	if (l->first == NULL)
		l->last = &l->first;
	(void)pthread_mutex_unlock(&l->lock);
}

static enum err
task_run(struct db *db, void *ctx)
{
	struct task *t = ctx;

	return t->run(db, t);
}

/* Inside the batch's transaction each task is an act of its own. */
static enum err
batch_act(struct db *db, void *ctx)
{
	struct batch *b = ctx;
	unsigned i;

	for (i = 0; i < b->n; i++)
		b->result[i] = db_write(db, task_run, b->task[i]);
	return ERR_OK;
}

static void
batch_write(struct lane *l, struct db *db, struct batch *b)
{
	enum err e;
	unsigned i;

	if (b->n == 1)
		e = b->result[0] = db_write(db, task_run, b->task[0]);
	else
		e = db_write(db, batch_act, b);
	if (e == ERR_OK) {
		(void)atomic_fetch_add(&l->commits, 1);
		return;
	}
	/* Nothing of the batch was saved, whatever its tasks said. */
	for (i = 0; i < b->n; i++)
		b->result[i] = e;
}

static void
batch_run(struct lane *l, struct db *db, struct batch *b)
{
	unsigned i;

	if (l->kind == LANE_WRITE) {
		batch_write(l, db, b);
	} else {
		for (i = 0; i < b->n; i++)
			b->result[i] = b->task[i]->run(db, b->task[i]);
	}
	if (db->rows_open != 0)
		db_mistake(l->name, "a task left rows without db_done");
	(void)atomic_fetch_add(&l->tasks, b->n);
	for (i = 0; i < b->n; i++)
		b->task[i]->done(b->task[i], b->result[i]);
}

static void *
thread_main(void *arg)
{
	struct lane_thread *self = arg;
	struct batch b;

	for (;;) {
		take(self->lane, &b);
		if (b.n == 0)
			return NULL;
		batch_run(self->lane, self->db, &b);
	}
}

/* The threads take no signals: those belong to the main loop. */
static bool
thread_start(struct lane_thread *t)
{
	sigset_t all, before;
	int failed;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&t->id, NULL, thread_main, t);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed == 0)
		(void)pthread_setname_np(t->id, t->lane->name);
	return failed == 0;
}

enum err
lane_open(const struct lane_options *o, struct lane **out)
{
	struct lane *l = db_alloc(1, sizeof(*l));
	struct lane_thread *t;
	unsigned threads = o->threads;
	enum err e;

	if (threads == 0 || threads > THREADS_MAX || o->queue_max == 0)
		db_mistake(o->name, "a lane without threads or queue");
	(void)strncpy(l->name, o->name, sizeof(l->name) - 1);
	l->kind = o->kind;
	l->queue_max = o->queue_max;
	l->batch_max = 1;
	l->last = &l->first;
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_cond_init(&l->some, NULL);
	while (l->threads < threads) {
		t = &l->thread[l->threads];
		t->lane = l;
		e = db_open(
		    o->dsn, o->kind == LANE_WRITE ? DB_WRITE : DB_READ, &t->db);
		if (e != ERR_OK)
			goto failed;
		if (o->kind == LANE_WRITE && db_engine(t->db) == DB_SQLITE) {
			threads = 1;
			l->batch_max = BATCH_MAX;
		}
		if (!thread_start(t)) {
			log_error("lane", "%s: no more threads", o->name);
			db_close(t->db);
			e = ERR_INTERNAL;
			goto failed;
		}
		l->threads++;
	}
	*out = l;
	return ERR_OK;
failed:
	lane_close(l);
	return e;
}

enum err
lane_submit(struct lane *l, struct task *t)
{
	(void)pthread_mutex_lock(&l->lock);
	if (l->closing || l->waiting >= l->queue_max) {
		(void)pthread_mutex_unlock(&l->lock);
		(void)atomic_fetch_add(&l->refused, 1);
		return ERR_BUSY;
	}
	t->next = NULL;
	*l->last = t;
	l->last = &t->next;
	l->waiting++;
	(void)pthread_cond_signal(&l->some);
	(void)pthread_mutex_unlock(&l->lock);
	return ERR_OK;
}

struct errand {
	struct task task; /* first: done finds the rest by it */
	enum err (*act)(struct db *db, void *ctx);
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	bool is_finished;
	enum err result;
};

static enum err
errand_run(struct db *db, struct task *t)
{
	struct errand *w = (struct errand *)t;

	return w->act(db, w->ctx);
}

static void
errand_done(struct task *t, enum err result)
{
	struct errand *w = (struct errand *)t;

	(void)pthread_mutex_lock(&w->lock);
	w->result = result;
	w->is_finished = true;
	(void)pthread_cond_signal(&w->finished);
	(void)pthread_mutex_unlock(&w->lock);
}

enum err
lane_write(struct lane *l, enum err (*act)(struct db *db, void *ctx), void *ctx)
{
	struct errand w = {
	    .task = {.run = errand_run, .done = errand_done},
	    .act = act,
	    .ctx = ctx,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .finished = PTHREAD_COND_INITIALIZER,
	};
	unsigned i;
	enum err e;

	for (i = 0; i < l->threads; i++)
		if (pthread_equal(l->thread[i].id, pthread_self()))
			db_mistake(l->name, "a task waits for its own lane");
	if ((e = lane_submit(l, &w.task)) != ERR_OK)
		return e;
	(void)pthread_mutex_lock(&w.lock);
	while (!w.is_finished)
		(void)pthread_cond_wait(&w.finished, &w.lock);
	(void)pthread_mutex_unlock(&w.lock);
	(void)pthread_cond_destroy(&w.finished);
	(void)pthread_mutex_destroy(&w.lock);
	return w.result;
}

void
lane_figures(struct lane *l, struct lane_figures *out)
{
	out->tasks = atomic_load(&l->tasks);
	out->refused = atomic_load(&l->refused);
	out->commits = atomic_load(&l->commits);
	(void)pthread_mutex_lock(&l->lock);
	out->waiting = l->waiting;
	(void)pthread_mutex_unlock(&l->lock);
}

void
lane_close(struct lane *l)
{
	unsigned i;

	if (l == NULL)
		return;
	(void)pthread_mutex_lock(&l->lock);
	l->closing = true;
	(void)pthread_cond_broadcast(&l->some);
	(void)pthread_mutex_unlock(&l->lock);
	for (i = 0; i < l->threads; i++) {
		(void)pthread_join(l->thread[i].id, NULL);
		db_close(l->thread[i].db);
	}
	(void)pthread_cond_destroy(&l->some);
	(void)pthread_mutex_destroy(&l->lock);
	free(l);
}
