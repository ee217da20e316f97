/*
 * SQLite: connections, settings and what its errors mean to us. A commit is
 * in the write-ahead log and on the disk (synchronous=FULL) before it is
 * answered.
 */
#include "db/db_sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BUSY_TIMEOUT_MS 5000

static const char settings[] = "PRAGMA journal_mode = WAL;"
			       "PRAGMA synchronous = FULL;"
			       "PRAGMA foreign_keys = ON;"
			       "PRAGMA trusted_schema = OFF;"
			       "PRAGMA cell_size_check = ON;"
			       "PRAGMA temp_store = MEMORY;"
			       "PRAGMA journal_size_limit = 67108864;";

static bool
disk_is_full(sqlite3 *handle, int code)
{
	int cause;

	if (code == SQLITE_FULL)
		return true;
	if ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN)
		return false;
	cause = sqlite3_system_errno(handle);
	return cause == ENOSPC || cause == EDQUOT;
}

static enum err
meaning(sqlite3 *handle, int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return ERR_CONFLICT;
	}
	if (disk_is_full(handle, code))
		return ERR_NO_SPACE;
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_CANTOPEN:
		return ERR_UNAVAILABLE;
	case SQLITE_NOMEM:
		abort();
	}
	return ERR_INTERNAL;
}

enum err
sqlite_failed(struct sqlite_db *s, const char *name, int code)
{
	enum err e = meaning(s->handle, code);

	/* SQLite's messages name tables and columns, never values */
	log_line(e == ERR_CONFLICT ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "db",
	    "%.60s: %s (%d)", name, sqlite3_errmsg(s->handle), code);
	/* a full disk may have undone the whole transaction by itself */
	if (s->db.depth > 0 && sqlite3_get_autocommit(s->handle))
		s->db.lost = true;
	return e;
}

static enum err
sqlite_script(struct db *db, const char *sql)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	int code;

	code = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? ERR_OK : sqlite_failed(s, sql, code);
}

static bool
sqlite_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(((const struct sqlite_db *)db)->handle);
}

static enum err
sqlite_question(struct db *db, const char *sql, int64_t *out)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	sqlite3_stmt *stmt = NULL;
	enum err e;
	int code;

	code = sqlite3_prepare_v2(s->handle, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		*out = sqlite3_column_int64(stmt, 0);
		(void)sqlite3_finalize(stmt);
		return ERR_OK;
	}
	e = sqlite_failed(s, sql, code);
	(void)sqlite3_finalize(stmt);
	return e;
}

static void
sqlite_close(struct db *db)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	size_t q;

	for (q = 0; q < Q__MAX; q++)
		(void)sqlite3_finalize(s->statements[q].stmt);
	if (sqlite3_close(s->handle) != SQLITE_OK)
		db_mistake("db_close", "a statement is still open");
	free(s);
}

/* Text in double quotes is never a string, the file is never patched. */
static bool
harden(sqlite3 *handle)
{
	return sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) ==
	    SQLITE_OK &&
	    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL) ==
	    SQLITE_OK &&
	    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) ==
	    SQLITE_OK;
}

static enum err
journal_is_wal(struct sqlite_db *s)
{
	sqlite3_stmt *stmt = NULL;
	bool wal = false;

	if (sqlite3_prepare_v2(s->handle, "PRAGMA journal_mode", -1, &stmt,
		NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		wal = strcmp((const char *)sqlite3_column_text(stmt, 0),
			  "wal") == 0;
	(void)sqlite3_finalize(stmt);
	if (wal)
		return ERR_OK;
	log_error("db", "the file system cannot hold a write-ahead log");
	return ERR_INTERNAL;
}

/*
 * A reader opens the file for writing too: it shares the log's index with
 * the writer. query_only keeps it from the tables.
 */
static enum err
sqlite_connect(const char *where, enum db_mode mode, bool make, struct db **out)
{
	struct sqlite_db *s = db_alloc(1, sizeof(*s));
	int code, flags;
	enum err e;

	flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE | (make ? SQLITE_OPEN_CREATE : 0);
	s->db.ops = &db_sqlite;
	s->db.mode = mode;
	code = sqlite3_open_v2(where, &s->handle, flags, NULL);
	if (code != SQLITE_OK) {
		e = sqlite_failed(s, "open", code);
		goto failed;
	}
	(void)sqlite3_busy_timeout(s->handle, BUSY_TIMEOUT_MS);
	if (!harden(s->handle)) {
		log_error("db", "this SQLite library is too old");
		e = ERR_INTERNAL;
		goto failed;
	}
	if ((e = sqlite_script(&s->db, settings)) != ERR_OK ||
	    (e = journal_is_wal(s)) != ERR_OK)
		goto failed;
	*out = &s->db;
	return ERR_OK;
failed:
	sqlite_close(&s->db);
	return e;
}

static enum err
sqlite_prepare(struct db *db)
{
	struct sqlite_db *s = (struct sqlite_db *)db;
	size_t q;
	enum err e;

	for (q = 0; q < Q__MAX; q++) {
		e = sqlite_compile(s, queries[q].name, queries[q].types,
		    queries[q].sql, &s->statements[q]);
		if (e != ERR_OK)
			return e;
	}
	if (db->mode == DB_READ)
		return sqlite_script(db, "PRAGMA query_only = ON");
	return ERR_OK;
}

const struct db_engine_ops db_sqlite = {
    .engine = DB_SQLITE,
    .connect = sqlite_connect,
    .prepare = sqlite_prepare,
    .close = sqlite_close,
    .script = sqlite_script,
    .in_transaction = sqlite_in_transaction,
    .question = sqlite_question,
    .exec = sqlite_exec,
    .rows = sqlite_rows,
    .next = sqlite_next,
    .done = sqlite_done,
    .column = sqlite_column,
    .copy_begin = sqlite_copy_begin,
    .copy_row = sqlite_copy_row,
    .copy_end = sqlite_copy_end,
    .begin = "BEGIN IMMEDIATE",
    .begin_reading = "BEGIN",
    .has_schema = "SELECT COUNT(*) FROM sqlite_master"
		  " WHERE type = 'table' AND name = 'schema_version'",
    .migrating = NULL, /* BEGIN IMMEDIATE does */
};
