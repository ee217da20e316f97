/*
 * Recounting finds nothing in a sector that the platform's own acts made, and
 * finds each thing that was changed behind their back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/demo.h"
#include "app/follow.h"
#include "app/verify.h"
#include "base/buf.h"
#include "certify/certify.h"
#include "content/publish.h"
#include "http/site.h"
#include "support/content_fixture.h"
#include "support/fixture.h"
#include "support/sql.h"

#define PEOPLE 200

/* The demo sector on one engine, made once; every case gets a copy. */
struct sector {
	struct fixture *f;
	struct site site;
	char directory[DIRECTORY_BYTES];
};

static struct sector sectors[2];

static void
show_nothing(const char *what, int percent)
{
	(void)what;
	(void)percent;
}

static enum err
publish_row(struct db *db, void *ctx)
{
	return db_exec(db, Q_REVISION_ADD,
	    DB_ARGS(db_int(1), db_text("commit"), db_text(ctx), db_int(1)),
	    NULL);
}

/* The content of this tree, as it was last committed. */
static void
publish_tree(struct sector *s)
{
	static const char *const repository[] = {"."};
	struct content_errors errors = {0};
	struct arena *a = s->f->arena;
	const char *dir, *manifest, *commit;

	dir = arena_printf(a, "%s/content", s->directory);
	assert_int_equal(content_store_open(dir, &s->site.content), ERR_OK);
	assert_int_equal(content_build(repository, 1, "HEAD", dir, false, a,
			     &manifest, &commit, &errors),
	    ERR_OK);
	assert_int_equal(
	    db_write(s->f->db, publish_row, arena_strdup(a, manifest)), ERR_OK);
	assert_int_equal(follow_once(s->f->db, s->site.content), ERR_OK);
}

static struct sector *
sector(enum db_engine engine)
{
	struct sector *s = &sectors[engine];

	if (s->f != NULL)
		return s;
	s->f = fixture_open(engine);
	directory_make(s->directory);
	s->site.origin = "http://127.0.0.1:8080";
	s->site.var = s->directory;
	s->site.course_completed = certify_course_completed;
	publish_tree(s);
	assert_int_equal(
	    demo_make(s->f->db, &s->site, PEOPLE, show_nothing), ERR_OK);
	/* PostgreSQL copies a database only while nobody uses it */
	db_close(s->f->db);
	s->f->db = NULL;
	return s;
}

static int
close_sectors(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		if (sectors[i].f == NULL)
			continue;
		content_store_close(sectors[i].site.content);
		directory_remove(sectors[i].directory);
		fixture_close(sectors[i].f);
	}
	return 0;
}

/* ------------------------------------------------------------------ a copy */

static void
copy_sqlite(const struct sector *s, struct fixture *copy)
{
	size_t size;
	char *bytes;
	FILE *f;

	(void)snprintf(
	    copy->dsn, sizeof(copy->dsn), "sqlite:%s/copy.db", copy->directory);
	bytes = content_slurp(strchr(s->f->dsn, ':') + 1, &size);
	assert_non_null(bytes);
	f = fopen(strchr(copy->dsn, ':') + 1, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	free(bytes);
}

static void
copy_make(const struct sector *s, struct fixture *copy)
{
	struct pg_server *server;

	*copy = (struct fixture){.engine = s->f->engine};
	directory_make(copy->directory);
	if (copy->engine == DB_SQLITE) {
		copy_sqlite(s, copy);
		return;
	}
	server = pg_shared();
	(void)snprintf(copy->database, sizeof(copy->database), "test_%u",
	    ++server->databases);
	pg_database_make(server, copy->database, s->f->database);
	pg_dsn(server, copy->database, copy->dsn);
}

static void
copy_remove(struct fixture *copy)
{
	if (copy->engine == DB_POSTGRESQL)
		pg_database_drop(pg_shared(), copy->database);
	directory_remove(copy->directory);
}

static void
note_line(void *ctx, const char *line)
{
	buf_printf(ctx, "%s\n", line);
}

/* How many differences there are; `told` gets their lines. */
static int64_t
recount(const struct sector *s, const struct fixture *copy, struct buf *told,
    struct verify_figures *figures)
{
	struct db *db = fixture_connect(copy, DB_READ);

	assert_int_equal(
	    verify_all(db, &s->site, note_line, told, figures), ERR_OK);
	db_close(db);
	return figures->wrong;
}

/* ------------------------------------------------------------------- tests */

static void
a_sector_made_by_acts_adds_up(enum db_engine engine)
{
	struct sector *s = sector(engine);
	struct verify_figures figures;
	struct buf told = BUF_EMPTY;
	struct fixture copy;

	copy_make(s, &copy);
	if (recount(s, &copy, &told, &figures) != 0)
		fail_msg("%s", buf_text(&told));
	/* it did look at something */
	assert_true(figures.persons >= PEOPLE);
	assert_true(figures.chains > 100);
	assert_true(figures.audit_rows > figures.chains);
	assert_true(figures.attempts > PEOPLE);
	assert_true(figures.evidence > PEOPLE);
	assert_true(figures.certificates > 0);
	assert_true(figures.counts > PEOPLE);
	assert_int_equal(figures.manifests, 1);
	buf_free(&told);
	copy_remove(&copy);
}

static void
the_technician_has_a_line_manager_to_be_confirmed_by(void **state)
{
	struct sector *s = sector(DB_SQLITE);
	struct fixture copy;

	(void)state;
	copy_make(s, &copy);
	assert_int_equal(fixture_sql_int(&copy,
			     "SELECT count(*) FROM membership m"
			     " JOIN membership l ON l.person = m.line_manager"
			     "  AND l.organisation = m.organisation"
			     " JOIN person p ON p.id = m.person"
			     " JOIN person b ON b.id = l.person"
			     " WHERE p.email = 'technician@demo.example'"
			     " AND b.email = 'management@demo.example'"),
	    1);
	/* and nobody leads a whole institution */
	assert_true(fixture_sql_int(&copy,
			"SELECT max(n) FROM (SELECT count(*) AS n"
			" FROM membership WHERE line_manager IS NOT NULL"
			" GROUP BY line_manager) teams") < 30);
	/* line managers have answered both ways */
	assert_true(fixture_sql_int(&copy,
			"SELECT count(*) FROM confirmation"
			" WHERE decided = 'confirmed'") > 0);
	assert_true(fixture_sql_int(&copy,
			"SELECT count(*) FROM confirmation"
			" WHERE decided = 'not_yet'") > 0);
	/* and somebody has two things to ask about */
	assert_true(fixture_sql_int(&copy,
			"SELECT count(*) FROM lab_signal"
			" WHERE kind = 'canary' AND state = 'open'") > 0);
	assert_true(fixture_sql_int(&copy,
			"SELECT count(*) FROM lab_signal"
			" WHERE kind = 'fast' AND state = 'open'") > 0);
	/* hardly anybody else */
	assert_true(fixture_sql_int(&copy, "SELECT count(*) FROM lab_signal") <=
	    fixture_sql_int(&copy,
		"SELECT 3 * count(*) FROM (SELECT DISTINCT organisation"
		" FROM lab_signal) those"));
	copy_remove(&copy);
}

#define SOME_EXAM                                                              \
	"(SELECT max(id) FROM attempt WHERE kind = 'exam' AND points > 1000)"
#define SOME_CHAIN "(SELECT max(organisation) FROM audit WHERE seq = 3)"

/*
 * PostgreSQL keeps foreign keys against anybody, and copies of it take their
 * time: it gets one case of each kind.
 */
static const struct tampering {
	const char *what, *sql, *told;
	bool everywhere;
} tamperings[] = {
    {"an audit row is changed",
	"UPDATE audit SET detail = 'lines=1' WHERE seq = 2"
	" AND organisation = " SOME_CHAIN,
	"row 2 does not fit its hash", true},
    {"an audit row's actor is changed",
	"UPDATE audit SET actor = actor + 1 WHERE seq = 2"
	" AND organisation = " SOME_CHAIN,
	"row 2 does not fit its hash", false},
    {"an audit row in the middle is deleted",
	"DELETE FROM audit WHERE seq = 2 AND organisation = " SOME_CHAIN,
	"row 3 follows row 1", true},
    {"the newest audit rows are deleted",
	"DELETE FROM audit WHERE seq > 2 AND organisation = " SOME_CHAIN,
	"the chain ends at 2", false},
    {"a chain's noted end is changed",
	"UPDATE audit_head SET hash = (SELECT hash FROM audit a WHERE a.seq ="
	" 1 AND a.organisation = audit_head.organisation)"
	" WHERE organisation = " SOME_CHAIN,
	"audit chain that does not end as noted", true},
    {"a chain's noted end is deleted",
	"DELETE FROM audit_head WHERE organisation = " SOME_CHAIN,
	"audit chain without its noted end", false},
    {"a score is raised",
	"UPDATE attempt SET points = points + 100 WHERE id = " SOME_EXAM,
	"its answers are worth", true},
    {"a score is raised, in the evidence as well",
	"UPDATE evidence SET points = points + 100"
	" WHERE source = 'exam' AND reference = " SOME_EXAM ";"
	"UPDATE attempt SET points = points + 100 WHERE id = " SOME_EXAM,
	"its answers are worth", false},
    {"a score is raised in the evidence only",
	"UPDATE evidence SET points = points + 100"
	" WHERE source = 'exam' AND reference = " SOME_EXAM,
	"evidence that its attempt does not bear out", false},
    {"a failed exam is marked as passed",
	"UPDATE attempt SET passed = 1 WHERE id = (SELECT max(id)"
	" FROM attempt WHERE kind = 'exam' AND passed = 0)",
	"is marked as passed, and is not", true},
    {"an answer is changed afterwards",
	"UPDATE draft_answer SET chosen = '' WHERE attempt = " SOME_EXAM,
	"its answers are worth", false},
    {"an attempt's draw is changed",
	"UPDATE attempt SET draw = draw + 1 WHERE id = " SOME_EXAM,
	"its answers are worth", false},
    {"an exam's evidence is deleted",
	"DELETE FROM evidence WHERE source = 'exam'"
	" AND reference = " SOME_EXAM,
	"exam attempt without its one evidence", false},
    {"a roll-up is changed",
	"UPDATE rollup SET amount = amount + 1 WHERE metric = 'completed'",
	": completed of ", true},
    {"a roll-up moves to another month",
	"UPDATE rollup SET period = period - 1000 WHERE metric = 'exam_passed'",
	", month 201", false},
    {"a roll-up moves to another tier",
	"UPDATE rollup SET tier = tier || '-x' WHERE metric = 'exam_taken'",
	"-x, month ", false},
    {"roll-ups are deleted", "DELETE FROM rollup WHERE metric = 'people'",
	": people, tier ", false},
    {"a roll-up's total is changed",
	"UPDATE rollup_total SET amount = amount + 1"
	" WHERE metric = 'completed'",
	"roll-up total that is not its months together", true},
    {"a count is added that nothing stands behind",
	"INSERT INTO rollup_delta (id, organisation, metric, key, tier,"
	" period, amount) SELECT 1, id, 'programme', 'P-X', 'executive',"
	" 202601, 1 FROM organisation WHERE code = '0101'",
	": programme of P-X, tier executive, month 202601", true},
    {"an assignment disappears",
	"DELETE FROM assignment WHERE id = (SELECT max(id) FROM assignment)",
	": assigned of ", false},
    {"late assignments are hidden",
	"UPDATE assignment SET overdue_at = NULL WHERE completed_at IS NULL",
	": overdue of ", false},
    {"a completion is deleted",
	"DELETE FROM evidence WHERE source = 'course' AND id ="
	" (SELECT max(id) FROM evidence WHERE source = 'course')",
	": completed of ", false},
    {"a certificate is issued without evidence",
	"INSERT INTO certificate (id, number, person, kind, thing, manifest,"
	" issued_at) SELECT 1, 'TR-0000-0000-0000', person, 'professional',"
	" 'P-X', manifest, 1 FROM progress LIMIT 1",
	"certificate without evidence: 1 TR-0000-0000-0000", true},
    {"a certificate is issued for what was never completed",
	"INSERT INTO certificate (id, number, person, kind, thing, manifest,"
	" issued_at) SELECT 1, 'TR-0000-0000-0000', person, 'completion',"
	" 'X-999', manifest, 1 FROM progress LIMIT 1",
	"certificate for what was never completed: 1", false},
    {"a certificate is given to somebody else",
	"UPDATE certificate SET person = (SELECT max(id) FROM person)"
	" WHERE id = (SELECT min(id) FROM certificate)",
	"certificate for an exam that was not passed", false},
    {"a certificate is deleted",
	"DELETE FROM certificate WHERE id ="
	" (SELECT min(id) FROM certificate)",
	"evidence of a certificate that is not there", false},
    {"a row names content that is not there",
	"UPDATE progress SET manifest ="
	" 'content-0000000000000000000000000000000000000000-1.sqlite'",
	"cannot be read: not found", false},
    {"evidence is given to nobody",
	"UPDATE evidence SET person = 1 WHERE id ="
	" (SELECT max(id) FROM evidence)",
	"evidence of nobody", false},
    {"evidence is given to an organisation that is none",
	"UPDATE evidence SET organisation = 1 WHERE id ="
	" (SELECT max(id) FROM evidence)",
	"row of an organisation that is not there", false},
    {"a confirmation is put into the ledger",
	"INSERT INTO evidence (id, person, organisation, tier, source, thing,"
	" reference, competencies, manifest, at) SELECT 1, person,"
	" organisation, tier, 'confirmation', 'C08', 77, 'C08:2', manifest, 1"
	" FROM evidence WHERE source = 'check' LIMIT 1",
	"evidence of a confirmation that nobody gave: 1 C08", true},
    {"a confirmation is written without its evidence",
	"INSERT INTO confirmation (id, membership, person, organisation,"
	" competency, level, number, line_manager, decided, note, at)"
	" SELECT 1, id, person, organisation, 'C08', 2, 1, line_manager,"
	" 'confirmed', '', 1 FROM membership WHERE line_manager IS NOT NULL"
	" LIMIT 1",
	"confirmation without its one evidence: 1 C08", false},
    {"somebody confirms themselves",
	"INSERT INTO confirmation (id, membership, person, organisation,"
	" competency, level, number, line_manager, decided, note, at)"
	" SELECT 1, id, person, organisation, 'C08', 2, 1, person, 'not_yet',"
	" 'x', 1 FROM membership LIMIT 1",
	"confirmation by oneself, or for another: 1 C08", false},
    {"a lab is given up that was never begun",
	"INSERT INTO lab_give_up (id, person, lab, draw, gave_up_at,"
	" counts_from_at) SELECT 1, min(id), 'L02', 1, 5, 9 FROM person",
	"lab given up that was not begun, or was settled: 1 L02", true},
    {"what was practice is put into the ledger",
	"INSERT INTO lab_run (id, person, lab, manifest, draw, state,"
	" created_at, hints) SELECT 1, person, 'L02', manifest, 2, 'ready',"
	" 6, '' FROM evidence WHERE source = 'check' LIMIT 1;"
	"INSERT INTO lab_submission (id, run, person, number, state,"
	" submitted_at, points) SELECT 1, 1, person, 1, 'graded', 7, 90"
	" FROM lab_run WHERE id = 1;"
	"INSERT INTO lab_give_up (id, person, lab, draw, gave_up_at,"
	" counts_from_at) SELECT 1, person, 'L02', 1, 5, 9 FROM lab_run"
	" WHERE id = 1;"
	"INSERT INTO evidence (id, person, source, thing, reference, points,"
	" points_max, competencies, manifest, at, tier) SELECT 1, person,"
	" 'lab', 'L02', 1, 90, 100, 'C08:2', manifest, 7, ''"
	" FROM lab_run WHERE id = 1;",
	"evidence of a lab by what was practice: 1 L02", true},
    {"a lab that was passed well is put into the ledger once more",
	"INSERT INTO evidence (id, person, organisation, source, thing,"
	" reference, points, points_max, competencies, manifest, at, tier)"
	" SELECT 1, person, organisation, 'lab', thing, reference, points,"
	" points_max, competencies, manifest, at + 1, tier FROM evidence"
	" WHERE source = 'lab' AND points >= 75 ORDER BY id LIMIT 1",
	"evidence of a lab that stands twice: 1 L", false},
    {"a mark is given to somebody else",
	"UPDATE lab_mark SET person = (SELECT min(id) FROM person)"
	" WHERE submission = (SELECT min(submission) FROM lab_mark)",
	"mark of a submission that was not graded", true},
    {"a point to check is moved to another lab",
	"UPDATE lab_signal SET lab = 'L00' WHERE other = 0 AND id ="
	" (SELECT min(id) FROM lab_signal WHERE other = 0)",
	"point to check of another submission", false},
    {"a point to check is turned against somebody else",
	"UPDATE lab_signal SET other = 1 WHERE id ="
	" (SELECT min(id) FROM lab_signal WHERE other <> 0)",
	"point to check against what is not there", false},
    {"a point to check is decided without a person",
	"UPDATE lab_signal SET state = 'upheld' WHERE id ="
	" (SELECT min(id) FROM lab_signal)",
	"point to check that stands otherwise than decided", false},
    {"a decision is written without the audit",
	"INSERT INTO lab_signal_decision (id, signal, number, decided, reason,"
	" decider, at) SELECT 1, g.id, 1, 'upheld', 'x', p.id, 1"
	" FROM lab_signal g, person p WHERE g.id ="
	" (SELECT min(id) FROM lab_signal) AND p.id ="
	" (SELECT min(id) FROM person)",
	"decision about oneself, or that no audit row tells of: 1 upheld",
	false},
    {"the dates of assignments are no longer watched",
	"INSERT INTO assignment (id, organisation, person, course, due_at,"
	" assigned_by, assigned_at) SELECT 1, organisation, person, 'X-999',"
	" 99, person, 1 FROM membership LIMIT 1",
	"open assignment whose date nothing watches: 1", false},
    {"a lab was graded in a system that nobody can name",
	"UPDATE lab_submission SET image = 'mine' WHERE id ="
	" (SELECT min(id) FROM lab_submission)",
	"lab run in a system that has no such name: ", false},
};

static void
each_tampering_is_found(enum db_engine engine)
{
	struct sector *s = sector(engine);
	struct verify_figures figures;
	const struct tampering *t;
	struct fixture copy;
	size_t i;

	for (i = 0; i < sizeof(tamperings) / sizeof(tamperings[0]); i++) {
		struct buf told = BUF_EMPTY;

		t = &tamperings[i];
		if (engine == DB_POSTGRESQL && !t->everywhere)
			continue;
		copy_make(s, &copy);
		fixture_sql(&copy, t->sql);
		if (recount(s, &copy, &told, &figures) == 0)
			fail_msg("%s: nothing was found", t->what);
		if (strstr(buf_text(&told), t->told) == NULL)
			fail_msg("%s: not told as \"%s\":\n%.2000s", t->what,
			    t->told, buf_text(&told));
		buf_free(&told);
		copy_remove(&copy);
	}
}

static void
a_sector_adds_up_on_sqlite(void **state)
{
	(void)state;
	a_sector_made_by_acts_adds_up(DB_SQLITE);
}

static void
a_sector_adds_up_on_postgresql(void **state)
{
	(void)state;
	a_sector_made_by_acts_adds_up(DB_POSTGRESQL);
}

static void
each_tampering_is_found_on_sqlite(void **state)
{
	(void)state;
	each_tampering_is_found(DB_SQLITE);
}

static void
each_tampering_is_found_on_postgresql(void **state)
{
	(void)state;
	each_tampering_is_found(DB_POSTGRESQL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sector_adds_up_on_sqlite),
	    cmocka_unit_test(
		the_technician_has_a_line_manager_to_be_confirmed_by),
	    cmocka_unit_test(each_tampering_is_found_on_sqlite),
	    cmocka_unit_test(a_sector_adds_up_on_postgresql),
	    cmocka_unit_test(each_tampering_is_found_on_postgresql),
	};
	return cmocka_run_group_tests(tests, NULL, close_sectors);
}
