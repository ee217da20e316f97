/* Behind the platform's back. */
#include "support/sql.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
die(const char *sql, const char *why)
{
	fprintf(stderr, "%s: %s\n", sql, why);
	abort();
}

static void
on_sqlite(const char *path, const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(db));
	(void)sqlite3_close(db);
}

static void
on_postgresql(const char *dsn, const char *sql)
{
	PGconn *db = PQconnectdb(dsn);
	PGresult *result = PQexec(db, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die(sql, PQerrorMessage(db));
	PQclear(result);
	PQfinish(db);
}

void
fixture_sql(const struct fixture *f, const char *sql)
{
	const char *rest = strchr(f->dsn, ':') + 1;

	if (f->engine == DB_SQLITE)
		on_sqlite(rest, sql);
	else
		on_postgresql(rest, sql);
}

static int64_t
ask_sqlite(const char *path, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db;
	int64_t n;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		die(sql, sqlite3_errmsg(db));
	n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return n;
}

static int64_t
ask_postgresql(const char *dsn, const char *sql)
{
	PGconn *db = PQconnectdb(dsn);
	PGresult *result = PQexec(db, sql);
	int64_t n;

	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
		die(sql, PQerrorMessage(db));
	n = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	PQfinish(db);
	return n;
}

int64_t
fixture_sql_int(const struct fixture *f, const char *sql)
{
	const char *where = strchr(f->dsn, ':') + 1;

	return f->engine == DB_SQLITE ? ask_sqlite(where, sql)
				      : ask_postgresql(where, sql);
}
