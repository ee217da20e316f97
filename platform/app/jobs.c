/* One round of work. */
#include "app/jobs.h"

#include <stddef.h>

#include "app/dated.h"
#include "app/follow.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "people/sign_in.h"
#include "people/throttle.h"

#define BATCH_MS 50 /* of one transaction, at most about this */
#define FOLD_ROWS 500 /* of one transaction */
#define JOBS_ROUND 20 /* before dated rows get their turn again */
#define DATED_ROUND 1000
#define PUT_OFF_MS MINUTE_MS
#define SWEEP_MS (10 * MINUTE_MS)
#define FOLLOW_MS SECOND_MS

/* ------------------------------------------------- when time has passed */

struct dated_batch {
	struct jobs *j;
	int64_t until; /* clock_real */
	struct dated d; /* the row in hand; id 0: none */
	int taken;
	bool none_left;
};

static enum err
dated_one(struct db *db, void *ctx)
{
	struct dated_batch *b = ctx;
	enum err e;

	b->d.id = 0;
	e = dated_take(db, b->j->now, b->j->arena, &b->d);
	if (e == ERR_NOT_FOUND) {
		b->none_left = true;
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	return dated_do(db, b->j->site, &b->d);
}

/* The row that fails would be first again and again: others go before it. */
static enum err
dated_put_off(struct db *db, const struct dated_batch *b, enum err e)
{
	log_error("jobs", "%s of %lld: %s", b->d.kind, (long long)b->d.subject,
	    err_name(e));
	return db_exec(db, Q_DATED_PUT_OFF,
	    DB_ARGS(db_int(b->d.id), db_int(b->j->now + PUT_OFF_MS)), NULL);
}

static enum err
dated_batch(struct db *db, void *ctx)
{
	struct dated_batch *b = ctx;
	enum err e;

	b->none_left = false;
	b->taken = 0;
	do {
		e = db_write(db, dated_one, b);
		if (e != ERR_OK && b->d.id != 0)
			e = dated_put_off(db, b, e);
		if (e != ERR_OK)
			return e;
		b->taken++;
	} while (!b->none_left && clock_real() < b->until);
	return ERR_OK;
}

static enum err
dated_work(struct jobs *j)
{
	struct dated_batch b = {.j = j};
	int taken = 0;
	enum err e;

	do {
		b.until = clock_real() + BATCH_MS;
		if ((e = db_write(j->db, dated_batch, &b)) != ERR_OK)
			return e;
		taken += b.taken;
		arena_reset(j->arena);
	} while (!b.none_left && taken < DATED_ROUND);
	return ERR_OK;
}

/* ------------------------------------------------------------------ jobs */

struct claim {
	struct jobs *j;
	struct job job;
	const char *error; /* NULL: it is finished */
};

static enum err
claim(struct db *db, void *ctx)
{
	struct claim *c = ctx;

	return job_claim(db, &c->j->worker, c->j->now, c->j->arena, &c->job);
}

static const struct job_kind *
job_kind_of(const char *kind)
{
	const struct job_kind *k;

	for (k = job_kinds; k->kind != NULL; k++)
		if (text_eq(k->kind, kind))
			return k;
	return NULL;
}

static enum err
conclude(struct db *db, void *ctx)
{
	struct claim *c = ctx;
	const struct job_kind *k = job_kind_of(c->job.kind);
	int64_t now = clock_now();
	enum err e = ERR_OK;

	if (c->error == NULL)
		return job_finish(db, c->job.id, now);
	if (c->job.tries >= JOB_TRIES_MAX && k != NULL && k->gave_up != NULL)
		e = k->gave_up(db, &c->job, now);
	return e != ERR_OK ? e : job_fail(db, c->job.id, now, c->error);
}

static enum err
run_job(struct jobs *j, struct job *job)
{
	const struct job_kind *k = job_kind_of(job->kind);

	if (k == NULL) {
		log_error("jobs", "nobody knows how to do %s", job->kind);
		return ERR_INTERNAL;
	}
	/* whatever ended this process each time shall not do so for ever */
	if (job->tries > JOB_TRIES_MAX)
		return ERR_INTERNAL;
	return k->run(j, job);
}

static enum err
jobs_run(struct jobs *j)
{
	struct claim c = {.j = j};
	enum err e;
	int i;

	for (i = 0; i < JOBS_ROUND; i++) {
		e = db_write(j->db, claim, &c);
		if (e == ERR_NOT_FOUND)
			return ERR_OK;
		if (e != ERR_OK)
			return e;
		e = run_job(j, &c.job);
		c.error = e == ERR_OK ? NULL : err_name(e);
		if (e != ERR_OK)
			log_warning("jobs", "%s of %s: %s", c.job.kind,
			    c.job.subject, c.error);
		if ((e = db_write(j->db, conclude, &c)) != ERR_OK)
			return e;
		arena_reset(j->arena);
		j->now = clock_now();
	}
	return ERR_OK;
}

static enum err
release(struct db *db, void *ctx)
{
	struct jobs *j = ctx;
	int64_t n = 0;
	enum err e;

	if ((e = job_release(db, &j->worker, &n)) == ERR_OK && n > 0)
		log_info("jobs", "%lld jobs begin again", (long long)n);
	return e;
}

enum err
jobs_release(struct jobs *j)
{
	return db_write(j->db, release, j);
}

/* ------------------------------------------------------ folding, sweeping */

static enum err
fold(struct db *db, void *ctx)
{
	return rollup_fold(db, FOLD_ROWS, ctx);
}

static enum err
fold_all(struct jobs *j)
{
	int64_t folded;
	enum err e;

	do {
		folded = 0;
		if ((e = db_write(j->db, fold, &folded)) != ERR_OK)
			return e;
	} while (folded == FOLD_ROWS);
	return ERR_OK;
}

static enum err
sweep(struct db *db, void *ctx)
{
	struct jobs *j = ctx;
	enum err e;

	e = db_exec(db, Q_SESSION_SWEEP,
	    DB_ARGS(db_int(j->now), db_int(j->now - SESSION_IDLE_MS)), NULL);
	if (e != ERR_OK)
		return e;
	return db_exec(db, Q_THROTTLE_SWEEP,
	    DB_ARGS(db_int(j->now - THROTTLE_WINDOW_MS), db_int(j->now)), NULL);
}

static enum err
sweep_now_and_then(struct jobs *j)
{
	enum err e;

	if (j->now - j->swept_at < SWEEP_MS && j->now >= j->swept_at)
		return ERR_OK;
	if ((e = db_write(j->db, sweep, j)) == ERR_OK)
		j->swept_at = j->now;
	return e;
}

static enum err
follow_now_and_then(struct jobs *j)
{
	int64_t now = clock_real();
	enum err e;

	if (now - j->followed_at < FOLLOW_MS)
		return ERR_OK;
	j->followed_at = now;
	if ((e = follow_once(j->db, j->site->content)) != ERR_OK)
		return e;
	return lab_isolation_follow(j->db, j->site, &j->labs);
}

enum err
jobs_work(struct jobs *j)
{
	enum err e;

	j->now = clock_now();
	if (!text_eq(j->worker.queue, JOB_QUEUE_MAIN))
		return jobs_run(j);
	if ((e = follow_now_and_then(j)) != ERR_OK ||
	    (e = dated_work(j)) != ERR_OK || (e = jobs_run(j)) != ERR_OK ||
	    (e = fold_all(j)) != ERR_OK)
		return e;
	return sweep_now_and_then(j);
}
