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
