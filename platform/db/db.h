/*
 * One door to two engines: SQLite (embedded default) and PostgreSQL.
 *
 * SQL stands in catalogues, `*.sql.def` beside the store that uses them:
 *
 *	QUERY(EXAM_SUBMIT, "iii",
 *	    "UPDATE attempt SET submitted_at = $2 WHERE id = $1 AND ...")
 *
 * The second member names the types of $1, $2, …: i int, t text, b bytes.
 * The text is the common subset of both engines: $n arguments, RETURNING,
 * ON CONFLICT, no LIKE. All statements are prepared when a connection is
 * opened, so a wrong one is found at start.
 *
 * A connection belongs to one thread. Reads see one snapshot per statement;
 * writes happen only inside db_write (or a writer lane, which calls it):
 * an act never begins or commits by itself.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define QUERY(name, types, sql) Q_##name,
enum query {
#include "queries.def" /* generated: all catalogues, in order of rooms */
	Q__MAX
};
#undef QUERY

enum db_engine { DB_SQLITE, DB_POSTGRESQL };

enum db_mode {
	DB_READ, /* writes are refused by the engine */
	DB_WRITE,
};

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BYTES };

struct db_value {
	enum db_type type;
	int64_t i;
	const void *p;
	size_t n;
};

static inline struct db_value
db_int(int64_t i)
{
	return (struct db_value){.type = DB_INT, .i = i};
}

/* An id that may be missing: 0 is SQL NULL. */
static inline struct db_value
db_id(int64_t id)
{
	return (struct db_value){.type = id == 0 ? DB_NULL : DB_INT, .i = id};
}

/* NULL text is SQL NULL. The memory must live until the call returns. */
struct db_value db_text(const char *s);
struct db_value db_bytes(const void *p, size_t n);

static inline struct db_value
db_null(void)
{
	return (struct db_value){.type = DB_NULL};
}

struct db_args {
	const struct db_value *v;
	size_t n;
};

#define DB_ARGS(...)                                                           \
	((struct db_args){(const struct db_value[]){__VA_ARGS__},              \
	    sizeof((const struct db_value[]){__VA_ARGS__}) /                   \
		sizeof(struct db_value)})
#define DB_NO_ARGS ((struct db_args){NULL, 0})

struct db;
struct db_rows;

/*
 * Opens a connection: "sqlite:/path/tanren.db" or
 * "postgresql:host=/run/postgresql dbname=tanren" (what follows the colon is
 * libpq's connection string). The schema must be the one this program knows.
 * SQLite: WAL, synchronous=FULL, foreign keys. PostgreSQL: refused when
 * fsync, full_page_writes or synchronous_commit is off.
 * ERR_UNAVAILABLE when it cannot be reached, ERR_CONFLICT when the schema is
 * older or newer, ERR_INTERNAL otherwise; the cause is logged.
 */
MUST_USE enum err db_open(const char *dsn, enum db_mode mode, struct db **out);
void db_close(struct db *db); /* NULL is fine */
enum db_engine db_engine(const struct db *db);

/*
 * Runs a statement that returns no rows. changed (may be NULL) gets the
 * number of rows inserted, updated or deleted; races are decided by it.
 * ERR_CONFLICT for a unique or foreign key, ERR_NO_SPACE for a full disk,
 * ERR_UNAVAILABLE for a lost connection (reopened by the next call).
 */
MUST_USE enum err
db_exec(struct db *db, enum query q, struct db_args args, int64_t *changed);

/*
 * Runs a statement that returns rows.
 *
 *	if ((e = db_rows(db, Q_X, DB_ARGS(db_int(id)), &rows)) != ERR_OK)
 *		return e;
 *	while (db_next(rows)) {
 *		item->id = db_col_int(rows, 0);
 *		item->name = db_col_text(rows, 1, arena);
 *	}
 *	return db_done(rows);
 */
MUST_USE enum err
db_rows(struct db *db, enum query q, struct db_args args, struct db_rows **out);
/* False after the last row and after an error, which db_done tells. */
bool db_next(struct db_rows *rows);
MUST_USE enum err db_done(struct db_rows *rows);

/* NULL is 0. Aborts when the column is no whole number. */
int64_t db_col_int(const struct db_rows *rows, int col);
bool db_col_is_null(const struct db_rows *rows, int col);
/* "" for NULL; db_col_text_or_null keeps it. Copied into the arena. */
const char *db_col_text(const struct db_rows *rows, int col, struct arena *a);
const char *
db_col_text_or_null(const struct db_rows *rows, int col, struct arena *a);
/* NULL for NULL. */
const void *
db_col_bytes(const struct db_rows *rows, int col, struct arena *a, size_t *n);

/*
 * Runs a statement and stands on its first row, which db_done leaves:
 *
 *	if ((e = db_row(db, Q_X, DB_ARGS(db_int(id)), &row)) != ERR_OK)
 *		return e;
 *	*name = db_col_text(row, 0, arena);
 *	return db_done(row);
 *
 * ERR_NOT_FOUND without a row; then there is nothing to leave.
 */
MUST_USE enum err
db_row(struct db *db, enum query q, struct db_args args, struct db_rows **out);

/*
 * One integer of one row, the commonest question. ERR_NOT_FOUND without a
 * row.
 */
MUST_USE enum err
db_one_int(struct db *db, enum query q, struct db_args args, int64_t *out);

/*
 * Runs `act` in one transaction: committed and durable when ERR_OK comes
 * back, undone when the act answers anything else. Nested calls become
 * savepoints. On PostgreSQL acts are serializable, as they are on SQLite; one
 * that gave way to another is tried again, so an act must not keep effects
 * outside the database. ERR_BUSY when it gave way too often.
 *
 * A statement that fails ends its act: the statements after it answer the
 * same error, and so does db_write, whatever the act answers. An act that
 * expects a row to be there uses ON CONFLICT DO NOTHING and `changed`, or a
 * nested db_write, which fails alone.
 *
 * After ERR_UNAVAILABLE the act may have been saved or not: the answer to
 * the commit was lost. Ask again before repeating it.
 */
MUST_USE enum err
db_write(struct db *db, enum err (*act)(struct db *db, void *ctx), void *ctx);

/*
 * Runs `look` on one snapshot: its statements all see the database as it is
 * at the first of them, whatever is written meanwhile. It may take its time,
 * writes nothing, and passes on the errors of its statements. Not inside an
 * act or another db_read.
 */
MUST_USE enum err
db_read(struct db *db, enum err (*look)(struct db *db, void *ctx), void *ctx);

/*
 * In an act: once the whole transaction is durable, base/bell.h rings. For
 * work that somebody shall begin at once.
 */
void db_ring(struct db *db);

/* True inside db_write. db_exec aborts outside of it: a mistake of ours. */
bool db_is_writing(const struct db *db);

/*
 * The bulk door: many rows of one table, COPY on PostgreSQL, one prepared
 * INSERT on SQLite. Inside db_write, and no other statement until
 * db_copy_end, which is called after a failed db_copy_row too: it frees and
 * answers the first failure. `columns` is "id,name,…".
 */
struct db_copy;
MUST_USE enum err db_copy_begin(struct db *db, const char *table,
    const char *columns, struct db_copy **out);
MUST_USE enum err db_copy_row(struct db_copy *c, struct db_args values);
MUST_USE enum err db_copy_end(struct db_copy *c);

#endif
