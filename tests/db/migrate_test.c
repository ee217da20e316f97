/* Schemas go forward, one transaction each, and never backward. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "db/db_engine.h"
#include "db/migrate.h"
#include "support/fixture.h"

#define MIGRATORS 3

/* An empty database beside the fixture's. */
static void
empty_dsn(struct fixture *f, char out[PG_DSN_BYTES])
{
	char name[64];

	if (f->engine == DB_SQLITE) {
		(void)snprintf(
		    out, PG_DSN_BYTES, "sqlite:%s/empty.db", f->directory);
		return;
	}
	(void)snprintf(name, sizeof(name), "%s_empty", f->database);
	pg_database_make(pg_shared(), name, NULL);
	pg_dsn(pg_shared(), name, out);
}

static int64_t
ask(struct db *db, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db->ops->question(db, sql, &n), ERR_OK);
	return n;
}

static void
set_version(struct db *db, int version)
{
	char sql[80];

	(void)snprintf(
	    sql, sizeof(sql), "UPDATE schema_version SET number = %d", version);
	assert_int_equal(db->ops->script(db, sql), ERR_OK);
}

static void
a_fresh_database_gets_the_newest_schema(void **state)
{
	char dsn[PG_DSN_BYTES];
	struct db *db;
	int version = -1;

	empty_dsn(*state, dsn);
	assert_int_equal(migrate_run(dsn, NULL), ERR_OK);
	assert_int_equal(migrate_version(dsn, &version), ERR_OK);
	assert_int_equal(version, migrate_newest());
	assert_int_equal(db_open(dsn, DB_WRITE, &db), ERR_OK);
	db_close(db);
}

static void
a_second_run_changes_nothing(void **state)
{
	struct fixture *f = *state;
	int version = -1;

	assert_int_equal(migrate_run(f->dsn, NULL), ERR_OK);
	assert_int_equal(migrate_version(f->dsn, &version), ERR_OK);
	assert_int_equal(version, migrate_newest());
	assert_true(ask(f->db, "SELECT COUNT(*) FROM schema_version") == 1);
}

static void
a_newer_database_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct db *db;
	int version = -1;

	set_version(f->db, migrate_newest() + 1);
	assert_int_equal(migrate_run(f->dsn, NULL), ERR_CONFLICT);
	assert_int_equal(migrate_version(f->dsn, &version), ERR_OK);
	assert_int_equal(version, migrate_newest() + 1);
	assert_int_equal(db_open(f->dsn, DB_READ, &db), ERR_CONFLICT);
}

static void
an_older_database_is_not_opened(void **state)
{
	struct fixture *f = *state;
	struct db *db;

	set_version(f->db, migrate_newest() - 1);
	assert_int_equal(db_open(f->dsn, DB_READ, &db), ERR_CONFLICT);
	assert_int_equal(db_open(f->dsn, DB_WRITE, &db), ERR_CONFLICT);
}

/* A table of the schema's last lines is there before: the step fails late. */
static void
a_step_that_fails_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	const struct db_engine_ops *ops;
	char dsn[PG_DSN_BYTES];
	const char *where;
	struct db *db;
	int version = -1;

	empty_dsn(f, dsn);
	ops = db_engine_of(dsn, &where);
	assert_int_equal(ops->connect(where, DB_WRITE, true, &db), ERR_OK);
	assert_int_equal(
	    ops->script(db, "CREATE TABLE dated (x BIGINT)"), ERR_OK);
	assert_int_equal(migrate_run(dsn, NULL), ERR_INTERNAL);
	assert_int_equal(migrate_version(dsn, &version), ERR_OK);
	assert_int_equal(version, 0);
	assert_int_equal(
	    ops->script(db, "CREATE TABLE setting (x BIGINT)"), ERR_OK);
	ops->close(db);
}

static void *
migrate(void *dsn)
{
	return (void *)(intptr_t)migrate_run(dsn, NULL);
}

static void
several_runs_at_once_are_one(void **state)
{
	char dsn[PG_DSN_BYTES];
	pthread_t threads[MIGRATORS];
	void *result;
	size_t i;

	empty_dsn(*state, dsn);
	for (i = 0; i < MIGRATORS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, migrate, dsn), 0);
	for (i = 0; i < MIGRATORS; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_int_equal((intptr_t)result, ERR_OK);
	}
}

static void
every_table_keeps_its_types(void **state)
{
	struct fixture *f = *state;

	if (f->engine == DB_SQLITE)
		assert_true(ask(f->db,
				"SELECT COUNT(*) FROM pragma_table_list"
				" WHERE strict = 0 AND type = 'table'"
				" AND name NOT GLOB 'sqlite_*'") == 0);
	else
		assert_true(
		    ask(f->db,
			"SELECT COUNT(*) FROM information_schema.columns"
			" WHERE table_schema = 'public'"
			" AND data_type NOT IN ('bigint', 'bytea')"
			" AND (data_type <> 'text'"
			" OR collation_name IS DISTINCT FROM 'C')") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(a_fresh_database_gets_the_newest_schema),
	    ON_BOTH_ENGINES(a_second_run_changes_nothing),
	    ON_BOTH_ENGINES(a_newer_database_is_left_alone),
	    ON_BOTH_ENGINES(an_older_database_is_not_opened),
	    ON_BOTH_ENGINES(a_step_that_fails_leaves_nothing),
	    ON_BOTH_ENGINES(several_runs_at_once_are_one),
	    ON_BOTH_ENGINES(every_table_keeps_its_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
