/*
 * PostgreSQL: statements. Arguments travel in binary with the types of the
 * catalogue, results come back whole and in text.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db_postgresql.h"

/* Object ids of types, fixed by PostgreSQL (pg_type.dat). */
#define OID_BOOL 16
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25

#define NAME_BYTES 16 /* of a prepared statement, "q123" */

static const char *
statement_name(char out[NAME_BYTES], size_t q)
{
	(void)snprintf(out, NAME_BYTES, "q%zu", q);
	return out;
}

static enum err
prepare(struct pg_db *s, size_t q)
{
	Oid types[QUERY_ARGS_MAX];
	size_t i, n = strlen(queries[q].types);
	char name[NAME_BYTES];
	PGresult *result;
	enum err e = ERR_OK;

	if (n > QUERY_ARGS_MAX)
		db_mistake(queries[q].name, "has too many arguments");
	for (i = 0; i < n; i++) {
		switch (queries[q].types[i]) {
		case 'i':
			types[i] = OID_INT8;
			break;
		case 't':
			types[i] = OID_TEXT;
			break;
		case 'b':
			types[i] = OID_BYTEA;
			break;
		default:
			db_mistake(queries[q].name, "has an unknown type");
		}
	}
	result = PQprepare(
	    s->conn, statement_name(name, q), queries[q].sql, (int)n, types);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		e = pg_failed(s, queries[q].name, result);
	PQclear(result);
	return e;
}

enum err
pg_prepare_all(struct pg_db *s)
{
	size_t q;
	enum err e;

	for (q = 0; q < Q__MAX; q++)
		if ((e = prepare(s, q)) != ERR_OK)
			return e;
	return ERR_OK;
}

static PGresult *
run(struct pg_db *s, enum query q, struct db_args args)
{
	const char *values[QUERY_ARGS_MAX];
	int lengths[QUERY_ARGS_MAX], formats[QUERY_ARGS_MAX];
	uint64_t ints[QUERY_ARGS_MAX];
	char name[NAME_BYTES];
	size_t i;

	for (i = 0; i < args.n; i++) {
		const struct db_value *v = &args.v[i];

		formats[i] = 1;
		if (v->type == DB_INT) {
			ints[i] = htobe64((uint64_t)v->i);
			values[i] = (const char *)&ints[i];
			lengths[i] = (int)sizeof(ints[i]);
		} else {
			values[i] = v->type == DB_NULL ? NULL : v->p;
			lengths[i] = (int)v->n;
		}
	}
	return PQexecPrepared(s->conn, statement_name(name, (size_t)q),
	    (int)args.n, values, lengths, formats, 0);
}

enum err
pg_exec(struct db *db, enum query q, struct db_args args, int64_t *changed)
{
	struct pg_db *s = (struct pg_db *)db;
	PGresult *result;
	enum err e;

	if ((e = pg_alive(s)) != ERR_OK)
		return e;
	result = run(s, q, args);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		db_mistake(queries[q].name, "db_exec of a statement with rows");
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		e = pg_failed(s, queries[q].name, result);
	else if (changed != NULL)
		*changed = strtoll(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return e;
}

enum err
pg_rows_open(
    struct db *db, enum query q, struct db_args args, struct db_rows **out)
{
	struct pg_db *s = (struct pg_db *)db;
	struct pg_rows *r;
	PGresult *result;
	enum err e;

	if ((e = pg_alive(s)) != ERR_OK)
		return e;
	result = run(s, q, args);
	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		e = pg_failed(s, queries[q].name, result);
		PQclear(result);
		return e;
	}
	r = db_alloc(1, sizeof(*r));
	r->rows.db = db;
	r->query = q;
	r->result = result;
	r->row = -1;
	*out = &r->rows;
	return ERR_OK;
}

bool
pg_next(struct db_rows *rows)
{
	struct pg_rows *r = (struct pg_rows *)rows;

	if (r->row < PQntuples(r->result))
		r->row++;
	return r->row < PQntuples(r->result);
}

enum err
pg_done(struct db_rows *rows)
{
	struct pg_rows *r = (struct pg_rows *)rows;

	PQfreemem(r->bytes);
	PQclear(r->result);
	free(r);
	return ERR_OK;
}

/* SUM and the like answer NUMERIC, EXISTS a boolean: both are integers here. */
static int64_t
integer(const struct pg_rows *r, int col)
{
	const char *s = PQgetvalue(r->result, r->row, col);
	char *end;
	int64_t i;

	if (PQftype(r->result, col) == OID_BOOL)
		return s[0] == 't';
	i = strtoll(s, &end, 10);
	if (end == s || *end != '\0')
		db_mistake(queries[r->query].name, "a column is no integer");
	return i;
}

static enum db_type
column_type(const struct pg_rows *r, int col)
{
	switch (PQftype(r->result, col)) {
	case OID_INT8:
	case OID_BOOL:
		return DB_INT;
	case OID_BYTEA:
		return DB_BYTES;
	default:
		return DB_TEXT;
	}
}

struct db_value
pg_column(const struct db_rows *rows, int col, enum db_type as)
{
	/* only the cache of decoded bytes changes */
	struct pg_rows *r = (struct pg_rows *)(uintptr_t)rows;
	struct db_value v = {.type = DB_NULL};

	if (r->row < 0 || r->row >= PQntuples(r->result))
		db_mistake(queries[r->query].name, "a column without a row");
	if (col < 0 || col >= PQnfields(r->result))
		db_mistake(queries[r->query].name, "has no such column");
	if (PQgetisnull(r->result, r->row, col))
		return v;
	v.type = column_type(r, col);
	if (as == DB_INT) {
		v.i = integer(r, col);
	} else if (as == DB_BYTES && v.type == DB_BYTES) {
		PQfreemem(r->bytes);
		r->bytes = PQunescapeBytea(
		    (const unsigned char *)PQgetvalue(r->result, r->row, col),
		    &v.n);
		if (r->bytes == NULL)
			abort();
		v.p = r->bytes;
	} else if (as != DB_NULL) {
		v.p = PQgetvalue(r->result, r->row, col);
		v.n = (size_t)PQgetlength(r->result, r->row, col);
	}
	return v;
}
