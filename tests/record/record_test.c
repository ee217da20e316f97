/* What acts leave behind: evidence, chains, counts, jobs, dated events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "people/person.h"
#include "record/record.h"
#include "support/fixture.h"
#include "support/sql.h"

/* --------------------------------------------------------------- helpers */

struct world {
	struct organisation bank, other;
	struct person person, stranger;
};

static enum err
make_world(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct membership m = {
	    .employee_number = "A1",
	    .department = "",
	    .role = "T-SOC",
	    .tier = "technician",
	    .from_at = FIXTURE_NOW,
	};
	enum err e;

	w->bank = (struct organisation){
	    .kind = "institution",
	    .code = "0001",
	    .name = {.in = {"甲銀行", "Bank A"}},
	    .category = "RGB",
	    .size_band = 2,
	    .created_at = FIXTURE_NOW,
	};
	w->other = w->bank;
	w->other.code = "0002";
	w->person = (struct person){.email = "", .name = "甲", .kana = ""};
	w->stranger = (struct person){.email = "", .name = "乙", .kana = ""};
	if ((e = organisation_add(db, &w->bank)) != ERR_OK ||
	    (e = organisation_add(db, &w->other)) != ERR_OK ||
	    (e = person_add(db, &w->person, FIXTURE_NOW)) != ERR_OK ||
	    (e = person_add(db, &w->stranger, FIXTURE_NOW)) != ERR_OK)
		return e;
	m.person = w->person.id;
	m.organisation = w->bank.id;
	if ((e = membership_add(db, &m, FIXTURE_NOW)) != ERR_OK)
		return e;
	m.person = w->stranger.id;
	m.organisation = w->other.id;
	return membership_add(db, &m, FIXTURE_NOW);
}

static void
start(struct fixture *f, struct world *w)
{
	assert_int_equal(db_write(f->db, make_world, w), ERR_OK);
}

static struct scope
scope(enum scope_reach reach, int64_t person, int64_t organisation)
{
	return (struct scope){
	    .reach = reach,
	    .person = person,
	    .organisation = organisation,
	    .now = FIXTURE_NOW,
	};
}

/* -------------------------------------------------------------- evidence */

static enum err
add_evidence(struct db *db, void *ctx)
{
	const struct world *w = ctx;
	struct evidence ev = {
	    .person = w->person.id,
	    .organisation = w->bank.id,
	    .tier = "technician",
	    .source = "check",
	    .thing = "T-302/2",
	    .points = 80,
	    .points_max = 100,
	    .competencies = "C08:2",
	    .manifest = "m",
	    .at = FIXTURE_NOW,
	};

	return evidence_add(db, &ev);
}

static size_t
evidence_seen(struct fixture *f, struct scope s, int64_t person)
{
	struct evidence_row *rows;
	size_t n;

	assert_int_equal(
	    evidence_of_person(f->db, s, person, f->arena, &rows, &n), ERR_OK);
	return n;
}

static void
evidence_is_seen_by_the_person_and_the_institution_only(void **state)
{
	struct fixture *f = *state;
	struct world w;
	int64_t p;

	start(f, &w);
	p = w.person.id;
	assert_int_equal(db_write(f->db, add_evidence, &w), ERR_OK);
	assert_int_equal(evidence_seen(f, scope(SCOPE_OWN, p, 0), p), 1);
	assert_int_equal(
	    evidence_seen(f, scope(SCOPE_ORGANISATION, 0, w.bank.id), p), 1);
	assert_int_equal(evidence_seen(f, scope_machine(FIXTURE_NOW), p), 1);
	assert_int_equal(
	    evidence_seen(f, scope(SCOPE_OWN, w.stranger.id, 0), p), 0);
	assert_int_equal(
	    evidence_seen(f, scope(SCOPE_ORGANISATION, 0, w.other.id), p), 0);
	assert_int_equal(
	    evidence_seen(f, scope(SCOPE_GRANTED, p, w.bank.id), p), 0);
	assert_int_equal(evidence_seen(f, scope(SCOPE_NOTHING, p, 0), p), 0);
}

/* ----------------------------------------------------------------- audit */

static enum err
add_audit(struct db *db, void *ctx)
{
	const struct world *w = ctx;
	enum err e = ERR_OK;
	int i;

	for (i = 0; i < 3 && e == ERR_OK; i++)
		e = audit_add(db, w->bank.id, 7, "roster.import", "", "lines=1",
		    FIXTURE_NOW + i);
	return e != ERR_OK ? e
			   : audit_add(db, w->other.id, 7, "roster.import", "",
				 "lines=2", FIXTURE_NOW);
}

static void
collect(void *ctx, const char *line)
{
	printf("    %s\n", line);
	(*(int *)ctx)++;
}

static int
wrongs(struct fixture *f)
{
	struct verify_report report = {0};
	int said = 0;

	assert_int_equal(audit_verify(f->db, &report, collect, &said), ERR_OK);
	assert_int_equal(said, report.wrong);
	return said;
}

static void
chain_holds_and_every_tampering_is_found(void **state)
{
	static const char *const tamperings[] = {
	    "UPDATE audit SET detail = 'lines=9' WHERE seq = 2",
	    "DELETE FROM audit WHERE seq = 2",
	    "DELETE FROM audit WHERE seq = 3",
	    "UPDATE audit SET at = at + 1 WHERE seq = 1",
	    "UPDATE audit SET actor = 8 WHERE seq = 1",
	    "UPDATE audit_head SET seq = 9",
	};
	struct fixture *f = *state;
	int before, after;
	struct world w;
	size_t i;

	start(f, &w);
	assert_int_equal(db_write(f->db, add_audit, &w), ERR_OK);
	before = wrongs(f);
	assert_int_equal(before, 0);
	for (i = 0; i < sizeof(tamperings) / sizeof(tamperings[0]); i++) {
		fixture_sql(f, tamperings[i]);
		after = wrongs(f);
		assert_true(after > 0);
		/* each on its own: the world is made anew in between */
		fixture_sql(f, "DELETE FROM audit");
		fixture_sql(f, "DELETE FROM audit_head");
		assert_int_equal(db_write(f->db, add_audit, &w), ERR_OK);
		assert_int_equal(wrongs(f), 0);
	}
}

static size_t
audit_seen(struct fixture *f, struct scope s, int64_t organisation)
{
	struct audit_row *rows;
	size_t n;

	assert_int_equal(
	    audit_recent(f->db, s, organisation, "", 10, f->arena, &rows, &n),
	    ERR_OK);
	return n;
}

static void
chain_is_seen_by_its_institution_and_those_granted(void **state)
{
	struct fixture *f = *state;
	int64_t bank, supervisor = 77;
	struct world w;
	char sql[256];

	start(f, &w);
	bank = w.bank.id;
	assert_int_equal(db_write(f->db, add_audit, &w), ERR_OK);
	assert_int_equal(
	    audit_seen(f, scope(SCOPE_ORGANISATION, 0, bank), bank), 3);
	assert_int_equal(
	    audit_seen(f, scope(SCOPE_ORGANISATION, 0, w.other.id), bank), 0);
	assert_int_equal(audit_seen(f, scope(SCOPE_OWN, 7, bank), bank), 0);
	assert_int_equal(
	    audit_seen(f, scope(SCOPE_GRANTED, w.stranger.id, 0), bank), 0);
	supervisor = w.stranger.id;
	(void)snprintf(sql, sizeof(sql),
	    "INSERT INTO role_grant (id, person, organisation, kind, reach,"
	    " value, from_at) VALUES (1, %lld, %lld, 'supervisor', 'category',"
	    " 'RGB', 0)",
	    (long long)supervisor, (long long)w.other.id);
	fixture_sql(f, sql);
	assert_int_equal(
	    audit_seen(f, scope(SCOPE_GRANTED, supervisor, 0), bank), 3);
}

/* ---------------------------------------------------------------- counts */

static enum err
add_counts(struct db *db, void *ctx)
{
	const struct world *w = ctx;
	enum err e = ERR_OK;
	int i;

	for (i = 0; i < 10 && e == ERR_OK; i++)
		e = rollup_add(db, w->bank.id, "completed", "E-101",
		    "executive", FIXTURE_NOW, i % 3 == 0 ? -1 : 1);
	return e;
}

static enum err
fold_three(struct db *db, void *ctx)
{
	return rollup_fold(db, 3, ctx);
}

static void
folding_in_parts_keeps_every_count(void **state)
{
	struct fixture *f = *state;
	int64_t folded, rounds = 0;
	struct world w;

	start(f, &w);
	assert_int_equal(db_write(f->db, add_counts, &w), ERR_OK);
	do {
		assert_int_equal(db_write(f->db, fold_three, &folded), ERR_OK);
		rounds++;
	} while (folded > 0);
	assert_true(rounds > 3);
	assert_int_equal(
	    fixture_sql_int(f, "SELECT count(*) FROM rollup_delta"), 0);
	assert_int_equal(fixture_sql_int(f,
			     "SELECT sum(amount) FROM rollup"
			     " WHERE metric = 'completed'"),
	    2);
	assert_int_equal(fixture_sql_int(f,
			     "SELECT sum(amount) FROM rollup_total"
			     " WHERE metric = 'completed'"),
	    2);
}

/* ------------------------------------------------------------------ jobs */

struct job_case {
	struct job_worker by;
	int64_t now;
	struct arena *a;
	struct job job;
};

static const struct job_worker main_worker = {JOB_QUEUE_MAIN, 1, 1},
			       lab_worker = {JOB_QUEUE_LAB, 1, 1};

static enum err
add_same(struct db *db, void *ctx)
{
	const struct job_case *c = ctx;
	enum err e;

	e = job_add(db, "work", "1", "work 1", c->now);
	return e != ERR_OK ? e : job_add(db, "work", "1", "work 1", c->now);
}

static enum err
claim(struct db *db, void *ctx)
{
	struct job_case *c = ctx;

	return job_claim(db, &c->by, c->now, c->a, &c->job);
}

static enum err
fail_job(struct db *db, void *ctx)
{
	struct job_case *c = ctx;

	return job_fail(db, c->job.id, c->now, "no luck");
}

static enum err
finish(struct db *db, void *ctx)
{
	struct job_case *c = ctx;

	return job_finish(db, c->job.id, c->now);
}

static void
same_job_waits_once_and_is_claimed_once(void **state)
{
	struct fixture *f = *state;
	struct job_case c = {main_worker, FIXTURE_NOW, f->arena, {0}};

	assert_int_equal(db_write(f->db, add_same, &c), ERR_OK);
	assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
	assert_string_equal(c.job.kind, "work");
	assert_int_equal(db_write(f->db, claim, &c), ERR_NOT_FOUND);
	assert_int_equal(db_write(f->db, finish, &c), ERR_OK);
	/* done: the same work may be asked for again */
	assert_int_equal(db_write(f->db, add_same, &c), ERR_OK);
	assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
}

static void
failing_job_backs_off_and_is_given_up(void **state)
{
	static const int64_t waits[] = {1, 2, 4, 8};
	struct fixture *f = *state;
	struct job_case c = {main_worker, FIXTURE_NOW, f->arena, {0}};
	size_t i;

	assert_int_equal(db_write(f->db, add_same, &c), ERR_OK);
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
		assert_int_equal(db_write(f->db, fail_job, &c), ERR_OK);
		c.now += waits[i] * MINUTE_MS - 1;
		assert_int_equal(db_write(f->db, claim, &c), ERR_NOT_FOUND);
		c.now += 1;
	}
	assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
	assert_int_equal(db_write(f->db, fail_job, &c), ERR_OK);
	c.now += 365 * DAY_MS;
	assert_int_equal(db_write(f->db, claim, &c), ERR_NOT_FOUND);
}

/* ----------------------------------------------------------------- turns */

/* "lab" jobs of persons of institutions, in order: {subject, institution}. */
static const struct job_turn turns[] = {
    {"lab.x", 1, 100, 11}, {"lab.x", 2, 100, 12}, {"lab.x", 3, 100, 13},
    {"lab.x", 4, 100, 11}, /* has one waiting already */
    {"lab.x", 5, 100, 14}, {"lab.x", 6, 200, 21}, {"lab.x", 7, 200, 22},
    {"lab.x", 8, 0, 31}, /* without an institution */
};

static enum err
add_turns(struct db *db, void *ctx)
{
	size_t i;
	enum err e = ERR_OK;

	(void)ctx;
	for (i = 0; i < sizeof(turns) / sizeof(turns[0]) && e == ERR_OK; i++)
		e = job_add_in_turn(db, &turns[i], FIXTURE_NOW);
	return e;
}

static void
people_and_institutions_take_turns(void **state)
{
	static const char *const order[] = {
	    "1", "6", "8", "2", "7", "3", "5", "4"};
	struct fixture *f = *state;
	struct job_case c = {lab_worker, FIXTURE_NOW, f->arena, {0}};
	int64_t ahead = -1;
	size_t i;

	assert_int_equal(db_write(f->db, add_turns, NULL), ERR_OK);
	assert_int_equal(db_write(f->db, add_turns, NULL), ERR_OK); /* once */
	assert_int_equal(job_ahead(f->db, "lab.x", 7, &ahead), ERR_OK);
	assert_int_equal(ahead, 4);
	c.by = main_worker;
	assert_int_equal(db_write(f->db, claim, &c), ERR_NOT_FOUND);
	c.by = lab_worker;
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
		assert_string_equal(c.job.subject, order[i]);
	}
	assert_int_equal(db_write(f->db, claim, &c), ERR_NOT_FOUND);
	assert_int_equal(job_ahead(f->db, "lab.x", 7, &ahead), ERR_NOT_FOUND);
}

static enum err
add_idle(struct db *db, void *ctx)
{
	(void)ctx;
	return job_add_idle(db, "lab.z", 99, FIXTURE_NOW);
}

/* What nobody waits for comes last, and puts nobody behind. */
static void
idle_work_waits_for_all_others(void **state)
{
	struct fixture *f = *state;
	struct job_case c = {lab_worker, FIXTURE_NOW, f->arena, {0}};
	int64_t ahead = -1;
	size_t i;

	assert_int_equal(db_write(f->db, add_idle, NULL), ERR_OK);
	assert_int_equal(db_write(f->db, add_idle, NULL), ERR_OK); /* once */
	assert_int_equal(db_write(f->db, add_turns, NULL), ERR_OK);
	assert_int_equal(job_ahead(f->db, "lab.x", 1, &ahead), ERR_OK);
	assert_int_equal(ahead, 0);
	for (i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
		assert_string_equal(c.job.kind, "lab.x");
	}
	assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
	assert_string_equal(c.job.kind, "lab.z");
	assert_string_equal(c.job.subject, "99");
	assert_int_equal(db_write(f->db, claim, &c), ERR_NOT_FOUND);
}

static enum err
add_turn(struct db *db, void *ctx)
{
	return job_add_in_turn(db, ctx, FIXTURE_NOW);
}

/* A late comer of an institution that waits for nothing is next but one. */
static void
a_crowd_of_one_institution_keeps_nobody_waiting(void **state)
{
	struct job_turn t = {"lab.y", 0, 100, 0};
	struct fixture *f = *state;
	struct job_case c = {lab_worker, FIXTURE_NOW, f->arena, {0}};
	int64_t ahead = -1;
	int i;

	for (i = 0; i < 40; i++) {
		t.subject++;
		t.person++;
		assert_int_equal(db_write(f->db, add_turn, &t), ERR_OK);
	}
	for (i = 0; i < 10; i++)
		assert_int_equal(db_write(f->db, claim, &c), ERR_OK);
	t = (struct job_turn){"lab.y", 41, 200, 41};
	assert_int_equal(db_write(f->db, add_turn, &t), ERR_OK);
	assert_int_equal(job_ahead(f->db, "lab.y", 41, &ahead), ERR_OK);
	assert_int_equal(ahead, 1);
}

/* ----------------------------------------------------------------- dated */

static enum err
add_dated(struct db *db, void *ctx)
{
	enum err e;

	(void)ctx;
	if ((e = dated_add(db, 200, "b", 2)) != ERR_OK ||
	    (e = dated_add(db, 100, "a", 1)) != ERR_OK ||
	    (e = dated_add(db, 150, "a", 3)) != ERR_OK)
		return e;
	return dated_remove(db, "a", 3);
}

struct take {
	int64_t now;
	struct arena *a;
	struct dated dated;
};

static enum err
take(struct db *db, void *ctx)
{
	struct take *t = ctx;

	return dated_take(db, t->now, t->a, &t->dated);
}

static void
dated_events_come_once_and_in_order(void **state)
{
	struct fixture *f = *state;
	struct take t = {.now = 99, .a = f->arena};

	assert_int_equal(db_write(f->db, add_dated, NULL), ERR_OK);
	assert_int_equal(db_write(f->db, take, &t), ERR_NOT_FOUND);
	t.now = 1000;
	assert_int_equal(db_write(f->db, take, &t), ERR_OK);
	assert_int_equal(t.dated.subject, 1);
	assert_int_equal(db_write(f->db, take, &t), ERR_OK);
	assert_int_equal(t.dated.subject, 2);
	assert_int_equal(db_write(f->db, take, &t), ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(
		evidence_is_seen_by_the_person_and_the_institution_only),
	    ON_BOTH_ENGINES(chain_holds_and_every_tampering_is_found),
	    ON_BOTH_ENGINES(chain_is_seen_by_its_institution_and_those_granted),
	    ON_BOTH_ENGINES(folding_in_parts_keeps_every_count),
	    ON_BOTH_ENGINES(same_job_waits_once_and_is_claimed_once),
	    ON_BOTH_ENGINES(failing_job_backs_off_and_is_given_up),
	    ON_BOTH_ENGINES(people_and_institutions_take_turns),
	    ON_BOTH_ENGINES(idle_work_waits_for_all_others),
	    ON_BOTH_ENGINES(a_crowd_of_one_institution_keeps_nobody_waiting),
	    ON_BOTH_ENGINES(dated_events_come_once_and_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
