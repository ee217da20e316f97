/*
 * What stands behind the door: the catalogue, a connection, and the table of
 * operations an engine provides. Private to db/.
 */
#ifndef DB_DB_ENGINE_H
#define DB_DB_ENGINE_H

#include "db/db.h"

#define QUERY_ARGS_MAX 32 /* arguments of one statement */
#define COPY_COLUMNS_MAX 32

struct query_text {
	const char *name;
	const char *types; /* one letter per argument: i, t, b */
	const char *sql;
};

extern const struct query_text queries[Q__MAX];

struct db_engine_ops;

/* Every connection starts with this; an engine puts its own after it. */
struct db {
	const struct db_engine_ops *ops;
	enum db_mode mode;
	unsigned depth; /* of db_write, 0: no transaction */
	unsigned rows_open; /* db_rows without their db_done */
	bool copying; /* between db_copy_begin and db_copy_end */
	/*
	 * Why the act in hand cannot succeed any more: a statement of it
	 * failed. Both engines refuse the rest of the act, as PostgreSQL does.
	 */
	enum err failed;
	/* The whole transaction is gone, not only the innermost act. */
	bool lost;
	/* It failed for another one's sake and may be tried again. */
	bool retry;
	bool rings; /* once it is durable, somebody is woken */
};

struct db_rows {
	struct db *db;
};

struct db_copy {
	struct db *db;
	size_t columns;
	enum err failed; /* the first failure, ERR_OK: none */
};

struct db_engine_ops {
	enum db_engine engine;

	/*
	 * Reaches the database (made when missing, if `make`), nothing
	 * prepared yet. `where` is the dsn without the engine.
	 */
	enum err (*connect)(
	    const char *where, enum db_mode mode, bool make, struct db **out);
	/* Takes the mode into force and prepares the catalogue. */
	enum err (*prepare)(struct db *db);
	void (*close)(struct db *db);

	/* Text that is in no catalogue: schemas, transactions. */
	enum err (*script)(struct db *db, const char *sql);
	bool (*in_transaction)(const struct db *db);
	/* One integer of one row, for the schema's number. */
	enum err (*question)(struct db *db, const char *sql, int64_t *out);

	enum err (*exec)(
	    struct db *db, enum query q, struct db_args args, int64_t *changed);
	enum err (*rows)(struct db *db, enum query q, struct db_args args,
	    struct db_rows **out);
	bool (*next)(struct db_rows *rows);
	enum err (*done)(struct db_rows *rows);
	/* What stands in a column; valid until the next db_next. */
	struct db_value (*column)(
	    const struct db_rows *rows, int col, enum db_type as);

	/* The engine makes its struct db_copy and frees it at the end. */
	enum err (*copy_begin)(struct db *db, const char *table,
	    const char *columns, size_t n, struct db_copy **out);
	enum err (*copy_row)(struct db_copy *c, struct db_args values);
	enum err (*copy_end)(struct db_copy *c);

	const char *begin; /* a transaction that may write */
	const char *begin_reading; /* one that only reads, for long */
	const char *has_schema; /* 1 if the table schema_version is there */
	const char *migrating; /* keeps other migrations out, or NULL */
};

extern const struct db_engine_ops db_sqlite;
extern const struct db_engine_ops db_postgresql;

/* The engine of a dsn and what follows its colon; NULL when there is none. */
const struct db_engine_ops *db_engine_of(const char *dsn, const char **where);

/* The schema's number of an open connection, 0 without one. */
MUST_USE enum err db_schema(struct db *db, int *out);

/* Compares the schema with the program's, then prepares; logs. */
MUST_USE enum err db_ready(struct db *db);

/* Notes that a statement failed inside an act; answers e. */
enum err db_fail(struct db *db, enum err e);

/* Ends the program: a mistake of ours, told with the query's name. */
_Noreturn void db_mistake(const char *query, const char *what);

/* calloc that ends the program when there is no memory. */
void *db_alloc(size_t n, size_t size);

#endif
