/* The PostgreSQL engine's own structures. Private to db_postgresql*.c. */
#ifndef DB_DB_POSTGRESQL_H
#define DB_DB_POSTGRESQL_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "db/db_engine.h"

struct pg_db {
	struct db db;
	PGconn *conn;
	bool prepared; /* was once: reopen it when it is lost */
	bool away; /* lost, or reopened and not ready yet */
};

struct pg_rows {
	struct db_rows rows;
	enum query query;
	PGresult *result;
	int row; /* -1 before the first db_next */
	/* A decoded column, until the next one is asked for. */
	unsigned char *bytes;
};

struct pg_copy {
	struct db_copy copy;
	struct buf waiting; /* not yet handed to libpq */
};

/*
 * Maps a result's error, logs it under a name, notes what became of the
 * connection and the transaction. Does not free the result.
 */
enum err pg_failed(struct pg_db *s, const char *name, const PGresult *result);

/* Reopens a lost connection, unless a transaction was lost with it. */
MUST_USE enum err pg_alive(struct pg_db *s);

/* db_postgresql_run.c */
enum err pg_prepare_all(struct pg_db *s);
enum err
pg_exec(struct db *db, enum query q, struct db_args args, int64_t *changed);
enum err pg_rows_open(
    struct db *db, enum query q, struct db_args args, struct db_rows **out);
bool pg_next(struct db_rows *rows);
enum err pg_done(struct db_rows *rows);
struct db_value pg_column(const struct db_rows *rows, int col, enum db_type as);

/* db_postgresql_copy.c */
enum err pg_copy_begin(struct db *db, const char *table, const char *columns,
    size_t n, struct db_copy **out);
enum err pg_copy_row(struct db_copy *c, struct db_args values);
enum err pg_copy_end(struct db_copy *c);

#endif
