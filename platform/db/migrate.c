/*
 * Schemas, forward only. A schema is written once, in types of ours, and put
 * into an engine's words here:
 *
 *		SQLite		PostgreSQL
 *	ID	INTEGER		BIGINT
 *	BIGINT	INTEGER		BIGINT
 *	BYTES	BLOB		BYTEA
 *	TEXT	TEXT		TEXT COLLATE "C"
 *
 * On SQLite every table is STRICT, so that it keeps types as PostgreSQL does.
 */
#include "db/migrate.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "db/db_engine.h"
#include "db/schema.h"

#define ENGINES 2

static const struct {
	const char *word;
	const char *in[ENGINES];
} types[] = {
    {"ID", {[DB_SQLITE] = "INTEGER", [DB_POSTGRESQL] = "BIGINT"}},
    {"BIGINT", {[DB_SQLITE] = "INTEGER", [DB_POSTGRESQL] = "BIGINT"}},
    {"BYTES", {[DB_SQLITE] = "BLOB", [DB_POSTGRESQL] = "BYTEA"}},
    {"TEXT", {[DB_SQLITE] = "TEXT", [DB_POSTGRESQL] = "TEXT COLLATE \"C\""}},
};

int
migrate_newest(void)
{
	const struct schema *s;
	int newest = 0;

	for (s = schemas; s->number != 0; s++)
		newest = s->number;
	return newest;
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static void
put_word(struct buf *out, const char *word, size_t n, enum db_engine engine)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i].word) == n &&
		    memcmp(types[i].word, word, n) == 0) {
			buf_puts(out, types[i].in[engine]);
			return;
		}
	}
	buf_put(out, word, n);
}

/* Text in quotes stays as it is; the rest goes word by word. */
static void
translate(struct buf *out, const char *sql, enum db_engine engine)
{
	static const char create[] = "CREATE TABLE";
	bool table = false, fresh = true;
	size_t n;

	while (*sql != '\0') {
		if (*sql == '\'') {
			n = strcspn(sql + 1, "'") + 2;
			buf_put(out, sql, n);
		} else if (is_word(*sql)) {
			if (fresh)
				table = strncmp(sql, create,
					    sizeof(create) - 1) == 0;
			fresh = false;
			for (n = 1; is_word(sql[n]); n++)
				;
			put_word(out, sql, n, engine);
		} else {
			if (*sql == ';') {
				if (table && engine == DB_SQLITE)
					buf_puts(out, " STRICT");
				fresh = true;
			}
			buf_putc(out, *sql);
			n = 1;
		}
		sql += n;
	}
}

struct step {
	const struct schema *schema;
	bool done;
};

/* Another migration may have been here since the number was read. */
static enum err
step_run(struct db *db, void *ctx)
{
	struct step *step = ctx;
	struct buf sql = BUF_EMPTY, text = BUF_EMPTY;
	int have;
	enum err e;

	step->done = false;
	if ((e = db_schema(db, &have)) != ERR_OK)
		return e;
	if (have >= step->schema->number)
		return ERR_OK;
	if (have == 0)
		buf_puts(&sql,
		    "CREATE TABLE schema_version (number BIGINT NOT NULL);\n"
		    "INSERT INTO schema_version (number) VALUES (0);\n");
	buf_puts(&sql, step->schema->sql);
	buf_printf(&sql, "UPDATE schema_version SET number = %d;\n",
	    step->schema->number);
	translate(&text, buf_text(&sql), db_engine(db));
	e = db_fail(db, db->ops->script(db, buf_text(&text)));
	buf_free(&text);
	buf_free(&sql);
	step->done = e == ERR_OK;
	return e;
}

static enum err
steps_run(struct db *db, int *before)
{
	struct step step = {.schema = schemas};
	int have;
	enum err e;

	if ((e = db_schema(db, &have)) != ERR_OK)
		return e;
	if (before != NULL)
		*before = have;
	if (have > migrate_newest()) {
		log_error("db",
		    "the schema is %d, newer than this program's %d", have,
		    migrate_newest());
		return ERR_CONFLICT;
	}
	for (; step.schema->number != 0; step.schema++) {
		if (step.schema->number <= have)
			continue;
		if ((e = db_write(db, step_run, &step)) != ERR_OK)
			return e;
		if (step.done)
			log_info(
			    "db", "schema %s is in place", step.schema->name);
	}
	return ERR_OK;
}

static enum err
reach(const char *dsn, enum db_mode mode, struct db **out)
{
	const struct db_engine_ops *ops;
	const char *where;

	if ((ops = db_engine_of(dsn, &where)) == NULL)
		return ERR_INTERNAL;
	return ops->connect(where, mode, mode == DB_WRITE, out);
}

enum err
migrate_run(const char *dsn, int *before)
{
	struct db *db;
	enum err e;

	if ((e = reach(dsn, DB_WRITE, &db)) != ERR_OK)
		return e;
	if (db->ops->migrating != NULL)
		e = db->ops->script(db, db->ops->migrating);
	if (e == ERR_OK)
		e = steps_run(db, before);
	db_close(db);
	return e;
}

enum err
migrate_version(const char *dsn, int *out)
{
	struct db *db;
	enum err e;

	if ((e = reach(dsn, DB_READ, &db)) != ERR_OK)
		return e;
	e = db_schema(db, out);
	db_close(db);
	return e;
}
