/*
 * The door: checks a call against the catalogue and hands over to the engine.
 */
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/db_engine.h"

#define QUERY(name, types, sql) [Q_##name] = {#name, types, sql},
const struct query_text queries[Q__MAX] = {
#include "queries.def"
};
#undef QUERY

struct db_value
db_text(const char *s)
{
	if (s == NULL)
		return db_null();
	return (struct db_value){.type = DB_TEXT, .p = s, .n = strlen(s)};
}

struct db_value
db_bytes(const void *p, size_t n)
{
	if (p == NULL)
		return db_null();
	return (struct db_value){.type = DB_BYTES, .p = p, .n = n};
}

void
db_mistake(const char *query, const char *what)
{
	log_error("db", "%s: %s", query, what);
	abort();
}

void *
db_alloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

enum db_engine
db_engine(const struct db *db)
{
	return db->ops->engine;
}

/* Whether a statement changes rows, as its text says. */
static bool
query_writes(const char *sql)
{
	if (strncmp(sql, "SELECT", 6) == 0)
		return false;
	if (strncmp(sql, "WITH", 4) == 0)
		return strstr(sql, "INSERT INTO ") != NULL ||
		    strstr(sql, "UPDATE ") != NULL ||
		    strstr(sql, "DELETE FROM ") != NULL;
	return true;
}

static void
args_check(enum query q, struct db_args args)
{
	static const char letters[] = {
	    [DB_INT] = 'i', [DB_TEXT] = 't', [DB_BYTES] = 'b'};
	const struct query_text *text;
	size_t i;

	if ((unsigned)q >= Q__MAX)
		db_mistake("query", "is not in the catalogue");
	text = &queries[q];
	if (args.n != strlen(text->types))
		db_mistake(text->name, "wrong number of arguments");
	for (i = 0; i < args.n; i++)
		if (args.v[i].type != DB_NULL &&
		    letters[args.v[i].type] != text->types[i])
			db_mistake(text->name, "wrong type of an argument");
}

static void
call_check(const struct db *db, enum query q, struct db_args args)
{
	args_check(q, args);
	if (db->depth == 0 && query_writes(queries[q].sql))
		db_mistake(queries[q].name, "a write outside of db_write");
	if (db->copying)
		db_mistake(queries[q].name, "between db_copy_begin and _end");
}

enum err
db_fail(struct db *db, enum err e)
{
	if (e != ERR_OK && db->depth > 0 && db->failed == ERR_OK)
		db->failed = e;
	return e;
}

enum err
db_exec(struct db *db, enum query q, struct db_args args, int64_t *changed)
{
	call_check(db, q, args);
	if (db->failed != ERR_OK)
		return db->failed;
	return db_fail(db, db->ops->exec(db, q, args, changed));
}

enum err
db_rows(struct db *db, enum query q, struct db_args args, struct db_rows **out)
{
	enum err e;

	call_check(db, q, args);
	if (db->failed != ERR_OK)
		return db->failed;
	if ((e = db->ops->rows(db, q, args, out)) != ERR_OK)
		return db_fail(db, e);
	db->rows_open++;
	return ERR_OK;
}

bool
db_next(struct db_rows *rows)
{
	return rows->db->ops->next(rows);
}

enum err
db_done(struct db_rows *rows)
{
	struct db *db = rows->db;

	db->rows_open--;
	return db_fail(db, db->ops->done(rows));
}

int64_t
db_col_int(const struct db_rows *rows, int col)
{
	return rows->db->ops->column(rows, col, DB_INT).i;
}

bool
db_col_is_null(const struct db_rows *rows, int col)
{
	return rows->db->ops->column(rows, col, DB_NULL).type == DB_NULL;
}

const char *
db_col_text_or_null(const struct db_rows *rows, int col, struct arena *a)
{
	struct db_value v = rows->db->ops->column(rows, col, DB_TEXT);

	return v.type == DB_NULL ? NULL : arena_strndup(a, v.p, v.n);
}

const char *
db_col_text(const struct db_rows *rows, int col, struct arena *a)
{
	const char *s = db_col_text_or_null(rows, col, a);

	return s == NULL ? "" : s;
}

const void *
db_col_bytes(const struct db_rows *rows, int col, struct arena *a, size_t *n)
{
	struct db_value v = rows->db->ops->column(rows, col, DB_BYTES);
	char *copy;

	*n = v.n;
	if (v.type == DB_NULL)
		return NULL;
	copy = arena_alloc(a, v.n);
	if (v.n > 0)
		memcpy(copy, v.p, v.n);
	return copy;
}

enum err
db_row(struct db *db, enum query q, struct db_args args, struct db_rows **out)
{
	enum err e;

	if ((e = db_rows(db, q, args, out)) != ERR_OK)
		return e;
	if (db_next(*out))
		return ERR_OK;
	e = db_done(*out);
	return e != ERR_OK ? e : ERR_NOT_FOUND;
}

enum err
db_one_int(struct db *db, enum query q, struct db_args args, int64_t *out)
{
	struct db_rows *row;
	int64_t value;
	enum err e;

	if ((e = db_row(db, q, args, &row)) != ERR_OK)
		return e;
	value = db_col_int(row, 0);
	if ((e = db_done(row)) == ERR_OK)
		*out = value;
	return e;
}
