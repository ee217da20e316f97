/*
 * PostgreSQL: many rows of one table, by COPY in its binary form
 * (PostgreSQL 15, COPY, "Binary Format"):
 *
 *	"PGCOPY\n\377\r\n\0", 4 bytes flags, 4 bytes extension,
 *	rows: 2 bytes columns, per column 4 bytes length (-1: NULL) and data,
 *	2 bytes -1
 */
#include <endian.h>
#include <stdlib.h>

#include "db/db_postgresql.h"

#define CHUNK_BYTES ((size_t)64 * 1024)

static void
put16(struct buf *b, int16_t n)
{
	uint16_t big = htobe16((uint16_t)n);

	buf_put(b, &big, sizeof(big));
}

static void
put32(struct buf *b, int32_t n)
{
	uint32_t big = htobe32((uint32_t)n);

	buf_put(b, &big, sizeof(big));
}

static void
put_value(struct buf *b, const struct db_value *v)
{
	uint64_t big;

	switch (v->type) {
	case DB_NULL:
		put32(b, -1);
		break;
	case DB_INT:
		big = htobe64((uint64_t)v->i);
		put32(b, (int32_t)sizeof(big));
		buf_put(b, &big, sizeof(big));
		break;
	case DB_TEXT:
	case DB_BYTES:
		put32(b, (int32_t)v->n);
		buf_put(b, v->p, v->n);
		break;
	}
}

enum err
pg_copy_begin(struct db *db, const char *table, const char *columns, size_t n,
    struct db_copy **out)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	struct pg_db *s = (struct pg_db *)db;
	struct buf sql = BUF_EMPTY;
	struct pg_copy *c;
	PGresult *result;
	enum err e;

	(void)n;
	if ((e = pg_alive(s)) != ERR_OK)
		return e;
	buf_printf(
	    &sql, "COPY %s (%s) FROM STDIN (FORMAT binary)", table, columns);
	result = PQexec(s->conn, buf_text(&sql));
	buf_free(&sql);
	if (PQresultStatus(result) != PGRES_COPY_IN) {
		e = pg_failed(s, "copy", result);
		PQclear(result);
		return e;
	}
	PQclear(result);
	c = db_alloc(1, sizeof(*c));
	buf_put(&c->waiting, head, sizeof(head));
	*out = &c->copy;
	return ERR_OK;
}

static enum err
hand_over(struct pg_copy *c)
{
	struct pg_db *s = (struct pg_db *)c->copy.db;
	int sent;

	sent = PQputCopyData(s->conn, c->waiting.data, (int)c->waiting.len);
	c->waiting.len = 0;
	return sent == 1 ? ERR_OK : pg_failed(s, "copy", NULL);
}

enum err
pg_copy_row(struct db_copy *copy, struct db_args values)
{
	struct pg_copy *c = (struct pg_copy *)copy;
	size_t i;

	put16(&c->waiting, (int16_t)values.n);
	for (i = 0; i < values.n; i++)
		put_value(&c->waiting, &values.v[i]);
	return c->waiting.len < CHUNK_BYTES ? ERR_OK : hand_over(c);
}

/* The server's verdict on all rows comes only now. */
enum err
pg_copy_end(struct db_copy *copy)
{
	struct pg_copy *c = (struct pg_copy *)copy;
	struct pg_db *s = (struct pg_db *)copy->db;
	PGresult *result;
	enum err e;

	if ((e = copy->failed) == ERR_OK) {
		put16(&c->waiting, -1);
		e = hand_over(c);
	}
	buf_free(&c->waiting);
	if (PQputCopyEnd(s->conn, e == ERR_OK ? NULL : "given up") != 1 &&
	    e == ERR_OK)
		e = pg_failed(s, "copy", NULL);
	while ((result = PQgetResult(s->conn)) != NULL) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK && e == ERR_OK)
			e = pg_failed(s, "copy", result);
		PQclear(result);
	}
	free(c);
	return e;
}
