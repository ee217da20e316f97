/*
 * Opening the door: which engine, reached or not, and whether the schema is
 * the one this program knows.
 */
#include "db/db.h"

#include <string.h>

#include "base/log.h"
#include "db/db_engine.h"
#include "db/migrate.h"

const struct db_engine_ops *
db_engine_of(const char *dsn, const char **where)
{
	static const struct {
		const char *prefix;
		const struct db_engine_ops *ops;
	} engines[] = {
	    {"sqlite:", &db_sqlite},
	    {"postgresql:", &db_postgresql},
	};
	size_t i, n;

	for (i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		n = strlen(engines[i].prefix);
		if (strncmp(dsn, engines[i].prefix, n) == 0) {
			*where = dsn + n;
			return engines[i].ops;
		}
	}
	log_error("db", "no database: sqlite:PATH or postgresql:CONNECTION");
	return NULL;
}

enum err
db_schema(struct db *db, int *out)
{
	int64_t n;
	enum err e;

	if ((e = db->ops->question(db, db->ops->has_schema, &n)) != ERR_OK)
		return e;
	if (n != 0) {
		e = db->ops->question(
		    db, "SELECT number FROM schema_version", &n);
		if (e != ERR_OK)
			return e;
	}
	*out = (int)n;
	return ERR_OK;
}

enum err
db_ready(struct db *db)
{
	int have, want = migrate_newest();
	enum err e;

	if ((e = db_schema(db, &have)) != ERR_OK)
		return e;
	if (have != want) {
		log_error("db", "the schema is %d, this program needs %d", have,
		    want);
		return ERR_CONFLICT;
	}
	return db->ops->prepare(db);
}

enum err
db_open(const char *dsn, enum db_mode mode, struct db **out)
{
	const struct db_engine_ops *ops;
	const char *where;
	struct db *db;
	enum err e;

	if ((ops = db_engine_of(dsn, &where)) == NULL)
		return ERR_INTERNAL;
	if ((e = ops->connect(where, mode, false, &db)) != ERR_OK)
		return e;
	if ((e = db_ready(db)) != ERR_OK) {
		db_close(db);
		return e;
	}
	*out = db;
	return ERR_OK;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	if (db->rows_open != 0)
		db_mistake("db_close", "rows without db_done");
	if (db->depth != 0)
		db_mistake("db_close", "inside an act");
	db->ops->close(db);
}
