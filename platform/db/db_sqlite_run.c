/*
 * SQLite: statements. Each is compiled once per connection; a second db_rows
 * of one that is still being read compiles its own for the while.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "db/db_sqlite.h"

enum err
sqlite_compile(struct sqlite_db *s, const char *name, const char *types,
    const char *sql, struct sqlite_statement *out)
{
	size_t i, n = strlen(types);
	char place[8];
	int code;

	if (n > QUERY_ARGS_MAX)
		db_mistake(name, "has too many arguments");
	code = sqlite3_prepare_v3(
	    s->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &out->stmt, NULL);
	if (code != SQLITE_OK)
		return sqlite_failed(s, name, code);
	for (i = 0; i < n; i++) {
		(void)snprintf(place, sizeof(place), "$%zu", i + 1);
		out->places[i] = sqlite3_bind_parameter_index(out->stmt, place);
		if (out->places[i] == 0) {
			log_error("db", "%s: %s is not used", name, place);
			return ERR_INTERNAL;
		}
	}
	if (sqlite3_bind_parameter_count(out->stmt) != (int)n) {
		log_error("db", "%s: an argument has no type", name);
		return ERR_INTERNAL;
	}
	return ERR_OK;
}

/* keep: SQLITE_STATIC while the caller waits, else SQLITE_TRANSIENT. */
static int
bind(const struct sqlite_statement *st, size_t i, const struct db_value *v,
    sqlite3_destructor_type keep)
{
	int place = st->places[i];

	switch (v->type) {
	case DB_NULL:
		return sqlite3_bind_null(st->stmt, place);
	case DB_INT:
		return sqlite3_bind_int64(st->stmt, place, v->i);
	case DB_TEXT:
		return sqlite3_bind_text64(
		    st->stmt, place, v->p, v->n, keep, SQLITE_UTF8);
	case DB_BYTES:
		if (v->n == 0)
			return sqlite3_bind_zeroblob(st->stmt, place, 0);
		return sqlite3_bind_blob64(st->stmt, place, v->p, v->n, keep);
	}
	return SQLITE_MISUSE;
}

static int
bind_all(const struct sqlite_statement *st, struct db_args args,
    sqlite3_destructor_type keep)
{
	size_t i;
	int code;

	for (i = 0; i < args.n; i++) {
		code = bind(st, i, &args.v[i], keep);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

/* The values stay the caller's: nothing may point at them afterwards. */
static void
rewind_statement(const struct sqlite_statement *st)
{
	(void)sqlite3_reset(st->stmt);
	(void)sqlite3_clear_bindings(st->stmt);
}

enum err
sqlite_run(struct sqlite_db *s, const char *name,
    const struct sqlite_statement *st, struct db_args args)
{
	enum err e = ERR_OK;
	int code;

	if ((code = bind_all(st, args, SQLITE_STATIC)) == SQLITE_OK)
		code = sqlite3_step(st->stmt);
	if (code == SQLITE_ROW)
		db_mistake(name, "db_exec of a statement with rows");
	if (code != SQLITE_DONE)
		e = sqlite_failed(s, name, code);
	rewind_statement(st);
	return e;
}

enum err
sqlite_exec(struct db *db, enum query q, struct db_args args, int64_t *changed)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	enum err e;

	if (s->statements[q].busy)
		db_mistake(queries[q].name, "is still being read");
	e = sqlite_run(s, queries[q].name, &s->statements[q], args);
	if (e == ERR_OK && changed != NULL)
		*changed = sqlite3_changes64(s->handle);
	return e;
}

static void
rows_free(struct sqlite_rows *r)
{
	rewind_statement(r->statement);
	r->statement->busy = false;
	if (r->own != NULL) {
		(void)sqlite3_finalize(r->own->stmt);
		free(r->own);
	}
	free(r);
}

/* The first step is taken at once: INSERT … RETURNING writes here. */
enum err
sqlite_rows(
    struct db *db, enum query q, struct db_args args, struct db_rows **out)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	struct sqlite_rows *r = db_alloc(1, sizeof(*r));
	enum err e;

	r->rows.db = db;
	r->query = q;
	r->first = true;
	r->statement = &s->statements[q];
	if (r->statement->busy) {
		r->own = db_alloc(1, sizeof(*r->own));
		e = sqlite_compile(s, queries[q].name, queries[q].types,
		    queries[q].sql, r->own);
		if (e != ERR_OK) {
			(void)sqlite3_finalize(r->own->stmt);
			free(r->own);
			free(r);
			return e;
		}
		r->statement = r->own;
	}
	r->statement->busy = true;
	/* the statement is read after this call: it needs its own copies */
	r->step = bind_all(r->statement, args, SQLITE_TRANSIENT);
	if (r->step == SQLITE_OK)
		r->step = sqlite3_step(r->statement->stmt);
	if (r->step == SQLITE_ROW || r->step == SQLITE_DONE) {
		*out = &r->rows;
		return ERR_OK;
	}
	e = sqlite_failed(s, queries[q].name, r->step);
	rows_free(r);
	return e;
}

bool
sqlite_next(struct db_rows *rows)
{
	struct sqlite_rows *r = (struct sqlite_rows *)rows;

	if (r->first)
		r->first = false;
	else if (r->step == SQLITE_ROW)
		r->step = sqlite3_step(r->statement->stmt);
	return r->step == SQLITE_ROW;
}

enum err
sqlite_done(struct db_rows *rows)
{
	struct sqlite_rows *r = (struct sqlite_rows *)rows;
	struct sqlite_db *s = (struct sqlite_db *)rows->db;
	enum err e = ERR_OK;

	if (r->step != SQLITE_ROW && r->step != SQLITE_DONE)
		e = sqlite_failed(s, queries[r->query].name, r->step);
	rows_free(r);
	return e;
}

struct db_value
sqlite_column(const struct db_rows *rows, int col, enum db_type as)
{
	const struct sqlite_rows *r = (const struct sqlite_rows *)rows;
	sqlite3_stmt *stmt = r->statement->stmt;
	const char *name = queries[r->query].name;
	struct db_value v = {.type = DB_NULL};
	int type;

	if (r->first || r->step != SQLITE_ROW)
		db_mistake(name, "a column without a row");
	if (col < 0 || col >= sqlite3_column_count(stmt))
		db_mistake(name, "has no such column");
	if ((type = sqlite3_column_type(stmt, col)) == SQLITE_NULL)
		return v;
	if (as == DB_INT && type != SQLITE_INTEGER)
		db_mistake(name, "a column is no integer");
	v.type = type == SQLITE_INTEGER ? DB_INT
	    : type == SQLITE_BLOB	? DB_BYTES
					: DB_TEXT;
	if (as == DB_INT) {
		v.i = sqlite3_column_int64(stmt, col);
	} else if (as == DB_TEXT) {
		v.p = sqlite3_column_text(stmt, col);
		v.n = (size_t)sqlite3_column_bytes(stmt, col);
	} else if (as == DB_BYTES) {
		v.p = sqlite3_column_blob(stmt, col);
		v.n = (size_t)sqlite3_column_bytes(stmt, col);
	}
	return v;
}
