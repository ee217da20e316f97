/* The SQLite engine's own structures. Private to db_sqlite*.c. */
#ifndef DB_DB_SQLITE_H
#define DB_DB_SQLITE_H

#include <sqlite3.h>

#include "db/db_engine.h"

struct sqlite_statement {
	sqlite3_stmt *stmt;
	bool busy; /* between db_rows and db_done */
	/* The place of $1, $2, … in the statement. */
	int places[QUERY_ARGS_MAX];
};

struct sqlite_db {
	struct db db;
	sqlite3 *handle;
	struct sqlite_statement statements[Q__MAX];
};

struct sqlite_rows {
	struct db_rows rows;
	struct sqlite_statement *statement;
	struct sqlite_statement *own; /* made for this call only, or NULL */
	enum query query;
	int step; /* SQLITE_ROW: a row is there, not yet asked for */
	bool first;
};

struct sqlite_copy {
	struct db_copy copy;
	struct sqlite_statement insert;
};

/* Maps what the last call said, logs it under a name, notes a lost act. */
enum err sqlite_failed(struct sqlite_db *s, const char *name, int code);

/* db_sqlite_run.c */
enum err sqlite_run(struct sqlite_db *s, const char *name,
    const struct sqlite_statement *st, struct db_args args);
enum err sqlite_compile(struct sqlite_db *s, const char *name,
    const char *types, const char *sql, struct sqlite_statement *out);
enum err
sqlite_exec(struct db *db, enum query q, struct db_args args, int64_t *changed);
enum err sqlite_rows(
    struct db *db, enum query q, struct db_args args, struct db_rows **out);
bool sqlite_next(struct db_rows *rows);
enum err sqlite_done(struct db_rows *rows);
struct db_value
sqlite_column(const struct db_rows *rows, int col, enum db_type as);

/* db_sqlite_copy.c */
enum err sqlite_copy_begin(struct db *db, const char *table,
    const char *columns, size_t n, struct db_copy **out);
enum err sqlite_copy_row(struct db_copy *c, struct db_args values);
enum err sqlite_copy_end(struct db_copy *c);

#endif
