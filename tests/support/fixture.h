/*
 * A fresh, migrated database for one test, on either engine.
 *
 *	static void
 *	submit_counts_once(void **state)
 *	{
 *		struct fixture *f = *state;
 *		…
 *	}
 *
 *	int
 *	main(void)
 *	{
 *		const struct CMUnitTest tests[] = {
 *			ON_BOTH_ENGINES(submit_counts_once),
 *		};
 *		return cmocka_run_group_tests(tests, NULL, NULL);
 *	}
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stdint.h>

#include "base/arena.h"
#include "db/db.h"
#include "support/directory.h"
#include "support/pg.h"

/* 2026-11-02T00:00:00Z, a Monday, 09:00 in Japan */
#define FIXTURE_NOW INT64_C(1793577600000)

struct fixture {
	enum db_engine engine;
	char dsn[PG_DSN_BYTES];
	char directory[DIRECTORY_BYTES]; /* of the test's own, for files */
	char database[32]; /* PostgreSQL: its name */
	struct db *db; /* DB_WRITE */
	struct arena *arena;
	int64_t now; /* FIXTURE_NOW; a test may move it */
};

/*
 * random_start and password_set_cheap are called here. A failure ends the
 * test program.
 */
struct fixture *fixture_open(enum db_engine engine);
void fixture_close(struct fixture *f);

/* A second connection to the same database; close it with db_close. */
struct db *fixture_connect(const struct fixture *f, enum db_mode mode);

/* For cmocka: *state is the fixture. */
int fixture_setup_sqlite(void **state);
int fixture_setup_postgresql(void **state);
int fixture_teardown(void **state);

#define ON_SQLITE(test)                                                        \
	{                                                                      \
#test " (SQLite)", test, fixture_setup_sqlite,                 \
		    fixture_teardown, NULL                                     \
	}
#define ON_POSTGRESQL(test)                                                    \
	{                                                                      \
#test " (PostgreSQL)", test, fixture_setup_postgresql,         \
		    fixture_teardown, NULL                                     \
	}
#define ON_BOTH_ENGINES(test) ON_SQLITE(test), ON_POSTGRESQL(test)

#endif
