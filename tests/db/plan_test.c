/*
 * No statement reads a whole table, unless it stands here with its reason:
 * what costs a little with a hundred people costs a thousand times as much
 * with a hundred thousand. SQLite is asked how it would run each statement.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "db/db_engine.h"
#include "support/fixture.h"

static const struct {
	enum query query;
	const char *why;
} whole[] = {
    {Q_HOME_REVISION, "the newest of few rows, from the end of the table"},
    {Q_REVISION_NEWEST, "the newest of few rows, from the end of the table"},
    {Q_JOBS_WAITING, "counts what waits, which is its index"},
    {Q_JOBS_FAILED, "counts what failed, which is its index"},
    {Q_OUTBOX_WAITING, "counts what waits, which is its index"},
    {Q_OUTBOX_RECENT, "what waits, from the end of its index, to a limit"},
    {Q_AUDIT_ALL, "tanren verify reads every chain"},
    {Q_AUDIT_HEADS, "a row per organisation"},
    {Q_OVERSEE_SUMS, "the deltas are folded every few seconds"},
    {Q_OVERSEE_SERIES, "the deltas are folded every few seconds"},
    {Q_OVERSEE_OF_ONE, "the deltas are folded every few seconds"},
    {Q_OVERSEE_PEERS, "the deltas are folded every few seconds"},
    {Q_OVERSEE_INSTITUTIONS, "a row per organisation"},
    {Q_OVERSEE_AUTHORITIES, "a row per organisation"},
    {Q_ATTEMPTS_FINALISED, "tanren verify reads every attempt"},
    {Q_SESSION_SWEEP, "once an hour, and it takes most rows away"},
    {Q_THROTTLE_SWEEP, "once an hour, and it takes most rows away"},
    {Q_PERSON_COUNT, "asked by the command line"},
    {Q_SETTING_COUNT, "a handful of rows"},
    {Q_SETTING_LIST, "a handful of rows"},
};

static const char *
allowed(enum query q)
{
	size_t i;

	if (strncmp(queries[q].name, "VERIFY_", 7) == 0)
		return "tanren verify recounts everything";
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (whole[i].query == q)
			return whole[i].why;
	return NULL;
}

/* Does the plan of q read a table or an index from its first row to the last?
 */
static bool
scans(sqlite3 *db, enum query q, char *line, size_t n)
{
	char sql[8192];
	sqlite3_stmt *st;
	bool found = false;

	assert_in_range(
	    snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", queries[q].sql),
	    1, sizeof(sql) - 1);
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", queries[q].name, sqlite3_errmsg(db));
	while (!found && sqlite3_step(st) == SQLITE_ROW) {
		(void)snprintf(
		    line, n, "%s", (const char *)sqlite3_column_text(st, 3));
		found = strncmp(line, "SCAN ", 5) == 0 &&
		    strcmp(line, "SCAN CONSTANT ROW") != 0;
	}
	(void)sqlite3_finalize(st);
	return found;
}

static void
no_statement_reads_a_whole_table(void **state)
{
	const struct fixture *f = *state;
	char line[256];
	unsigned wrong = 0;
	sqlite3 *db;
	enum query q;

	assert_int_equal(sqlite3_open_v2(f->dsn + strlen("sqlite:"), &db,
			     SQLITE_OPEN_READONLY, NULL),
	    SQLITE_OK);
	for (q = 0; q < Q__MAX; q++) {
		bool whole_table = scans(db, q, line, sizeof(line));

		if (whole_table == (allowed(q) != NULL) ||
		    strncmp(queries[q].name, "VERIFY_", 7) == 0)
			continue;
		print_error("%s: %s\n", queries[q].name,
		    whole_table ? line : "no scan any more: take it out");
		wrong++;
	}
	(void)sqlite3_close(db);
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_SQLITE(no_statement_reads_a_whole_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
