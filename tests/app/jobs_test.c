/* The process that works through jobs, and what it folds and sweeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "app/jobs.h"
#include "base/clock.h"
#include "content/content.h"
#include "http/site.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "support/fixture.h"
#include "support/sql.h"

#define FOLDED 1300 /* more than two transactions of folding */

struct office {
	struct jobs jobs;
	struct site site;
};

static void
office_open(struct fixture *f, struct office *o)
{
	*o = (struct office){0};
	assert_int_equal(
	    content_store_open(f->directory, &o->site.content), ERR_OK);
	o->jobs.worker = (struct job_worker){JOB_QUEUE_MAIN, 1, 1};
	o->jobs.site = &o->site;
	o->jobs.db = f->db;
	o->jobs.arena = arena_new();
	o->jobs.now = clock_now();
}

static void
office_close(struct office *o)
{
	arena_free(o->jobs.arena);
	content_store_close(o->site.content);
}

/* ------------------------------------------------------------------ jobs */

static enum err
add_unknown_job(struct db *db, void *ctx)
{
	(void)ctx;
	return job_add(db, "no_such_kind", "7", NULL, clock_now() - 1);
}

static void
a_job_that_fails_is_tried_later(void **state)
{
	struct fixture *f = *state;
	struct office o;

	office_open(f, &o);
	assert_int_equal(db_write(f->db, add_unknown_job, NULL), ERR_OK);
	assert_int_equal(jobs_work(&o.jobs), ERR_OK);
	assert_int_equal(fixture_sql_int(f,
			     "SELECT count(*) FROM job WHERE state = 'waiting'"
			     " AND tries = 1 AND error = 'internal'"),
	    1);
	/* it is not due again for a minute */
	assert_int_equal(jobs_work(&o.jobs), ERR_OK);
	assert_int_equal(fixture_sql_int(f, "SELECT tries FROM job"), 1);
	office_close(&o);
}

static enum err
claim_and_die(struct db *db, void *ctx)
{
	static const struct job_worker second = {JOB_QUEUE_MAIN, 2, 2};
	struct fixture *f = ctx;
	struct job job;
	enum err e;

	if ((e = add_unknown_job(db, NULL)) != ERR_OK)
		return e;
	return job_claim(db, &second, clock_now() - 1, f->arena, &job);
}

static void
a_job_of_a_process_that_died_is_waiting_again(void **state)
{
	static const char waiting[] =
	    "SELECT count(*) FROM job WHERE state = 'waiting'";
	struct fixture *f = *state;
	struct office o;

	assert_int_equal(db_write(f->db, claim_and_die, f), ERR_OK);
	assert_int_equal(fixture_sql_int(f,
			     "SELECT count(*) FROM job"
			     " WHERE state = 'running'"),
	    1);
	office_open(f, &o);
	/* another one's, who may be working on it */
	o.jobs.worker.of = 2;
	assert_int_equal(jobs_release(&o.jobs), ERR_OK);
	assert_int_equal(fixture_sql_int(f, waiting), 0);
	o.jobs.worker.number = 2;
	assert_int_equal(jobs_release(&o.jobs), ERR_OK);
	assert_int_equal(fixture_sql_int(f, waiting), 1);
	/* of a number that is no more: the first sees to it */
	assert_int_equal(db_write(f->db, claim_and_die, f), ERR_OK);
	o.jobs.worker = (struct job_worker){JOB_QUEUE_MAIN, 1, 1};
	assert_int_equal(jobs_release(&o.jobs), ERR_OK);
	assert_int_equal(fixture_sql_int(f, waiting), 2);
	office_close(&o);
}

/* ----------------------------------------------------------------- dated */

static enum err
add_dated(struct db *db, void *ctx)
{
	int64_t now = clock_now();
	enum err e;

	(void)ctx;
	if ((e = dated_add(db, now - 2, "no_such_kind", 1)) != ERR_OK ||
	    (e = dated_add(db, now - 1, "nor_this", 2)) != ERR_OK)
		return e;
	return dated_add(db, now + HOUR_MS, "assignment_due", 3);
}

static void
what_fails_is_put_off_and_lets_others_through(void **state)
{
	struct fixture *f = *state;
	char question[160];
	struct office o;

	office_open(f, &o);
	assert_int_equal(db_write(f->db, add_dated, NULL), ERR_OK);
	assert_int_equal(jobs_work(&o.jobs), ERR_OK);
	(void)snprintf(question, sizeof(question),
	    "SELECT count(*) FROM dated WHERE subject IN (1, 2)"
	    " AND at >= %lld",
	    (long long)(o.jobs.now + MINUTE_MS));
	assert_int_equal(fixture_sql_int(f, question), 2);
	/* what is not due is not touched */
	assert_int_equal(fixture_sql_int(f, "SELECT count(*) FROM dated"), 3);
	office_close(&o);
}

/* ------------------------------------------------------ folding, sweeping */

static enum err
add_deltas(struct db *db, void *ctx)
{
	enum err e = ERR_OK;
	int i;

	(void)ctx;
	for (i = 0; i < FOLDED && e == ERR_OK; i++)
		e = rollup_add(
		    db, 1, "completed", "E-101", "executive", FIXTURE_NOW, 1);
	return e;
}

static void
all_deltas_are_folded_in_one_round(void **state)
{
	struct fixture *f = *state;
	struct office o;

	office_open(f, &o);
	assert_int_equal(db_write(f->db, add_deltas, NULL), ERR_OK);
	assert_int_equal(jobs_work(&o.jobs), ERR_OK);
	assert_int_equal(
	    fixture_sql_int(f, "SELECT count(*) FROM rollup_delta"), 0);
	assert_int_equal(
	    fixture_sql_int(f, "SELECT amount FROM rollup"), FOLDED);
	office_close(&o);
}

struct sessions {
	struct fixture *f;
	int64_t now;
};

static enum err
add_sessions(struct db *db, void *ctx)
{
	struct sessions *s = ctx;
	struct person p = {.email = "", .name = "甲", .kana = ""};
	const char *token;
	enum err e;

	if ((e = person_add(db, &p, s->now)) != ERR_OK ||
	    (e = session_open(db, p.id, s->now, s->f->arena, &token)) !=
		ERR_OK ||
	    (e = session_open(db, p.id, s->now - SESSION_IDLE_MS - 1,
		 s->f->arena, &token)) != ERR_OK)
		return e;
	return session_open(
	    db, p.id, s->now - SESSION_ABSOLUTE_MS - 1, s->f->arena, &token);
}

static void
sessions_that_ended_are_swept(void **state)
{
	struct fixture *f = *state;
	struct sessions s = {.f = f, .now = clock_now()};
	struct office o;

	office_open(f, &o);
	assert_int_equal(db_write(f->db, add_sessions, &s), ERR_OK);
	assert_int_equal(jobs_work(&o.jobs), ERR_OK);
	assert_int_equal(fixture_sql_int(f, "SELECT count(*) FROM session"), 1);
	office_close(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(a_job_that_fails_is_tried_later),
	    ON_BOTH_ENGINES(a_job_of_a_process_that_died_is_waiting_again),
	    ON_BOTH_ENGINES(what_fails_is_put_off_and_lets_others_through),
	    ON_BOTH_ENGINES(all_deltas_are_folded_in_one_round),
	    ON_BOTH_ENGINES(sessions_that_ended_are_swept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
