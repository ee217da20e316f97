/*
 * PostgreSQL: connections, settings and what its errors mean to us. A server
 * that answers before the disk does is refused.
 */
#include "db/db_postgresql.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define CONNECT_TIMEOUT_SECONDS "5"

/* Statements of pages are short; what takes longer is a mistake. */
static const char settings[] =
    "SET statement_timeout = '30s';"
    "SET lock_timeout = '10s';"
    "SET idle_in_transaction_session_timeout = '60s';";

/* SQLSTATE (PostgreSQL 15, appendix A); the longest match counts. */
static const struct {
	const char *prefix;
	enum err e;
} states[] = {
    {"23505", ERR_CONFLICT}, /* unique */
    {"23503", ERR_CONFLICT}, /* foreign key */
    {"53100", ERR_NO_SPACE}, {"40001", ERR_BUSY}, /* serialization */
    {"40P01", ERR_BUSY}, /* deadlock */
    {"55P03", ERR_BUSY}, /* lock_timeout */
    {"57014", ERR_BUSY}, /* statement_timeout */
    {"57P0", ERR_UNAVAILABLE},
    {"53300", ERR_UNAVAILABLE}, /* too many connections */
    {"08", ERR_UNAVAILABLE}, {"3D", ERR_UNAVAILABLE}, /* no such database */
};

static enum err
meaning(const char *state)
{
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strncmp(
			state, states[i].prefix, strlen(states[i].prefix)) == 0)
			return states[i].e;
	return ERR_INTERNAL;
}

static bool
gives_way(const char *state)
{
	return strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
}

/*
 * Messages of class 22 (data) may quote a value; those of class 23 name only
 * the constraint, and put the values into a detail that is not logged.
 */
static void
tell(enum err e, const char *name, const char *state, const PGresult *result)
{
	const char *message =
	    PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (message == NULL || strncmp(state, "22", 2) == 0)
		message = "refused";
	log_line(e == ERR_CONFLICT ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "db",
	    "%.60s: %s (%s)", name, message, state);
}

enum err
pg_failed(struct pg_db *s, const char *name, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	enum err e;

	/* an error without a state is libpq's own: the server is not there */
	if (PQstatus(s->conn) == CONNECTION_BAD || state == NULL) {
		log_error("db", "%.60s: %s", name, PQerrorMessage(s->conn));
		s->away = s->db.lost = true;
		return ERR_UNAVAILABLE;
	}
	e = meaning(state);
	if (gives_way(state)) {
		s->db.lost = s->db.retry = true;
		return e;
	}
	/* the server says good-bye before it closes */
	if (e == ERR_UNAVAILABLE)
		s->away = s->db.lost = true;
	tell(e, name, state, result);
	return e;
}

static void
notice_drop(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* COMMIT of a transaction that failed answers ROLLBACK, and no error. */
static bool
was_committed(const char *sql, PGresult *result)
{
	return strcmp(sql, "COMMIT") != 0 ||
	    strcmp(PQcmdStatus(result), "COMMIT") == 0;
}

static enum err
pg_script(struct db *db, const char *sql)
{
	struct pg_db *s = (struct pg_db *)db;
	PGresult *result;
	enum err e = ERR_OK;

	if ((e = pg_alive(s)) != ERR_OK)
		return e;
	result = PQexec(s->conn, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		e = pg_failed(s, sql, result);
	} else if (!was_committed(sql, result)) {
		log_error("db", "a failed transaction was committed");
		e = ERR_INTERNAL;
	}
	PQclear(result);
	return e;
}

static bool
pg_in_transaction(const struct db *db)
{
	PGTransactionStatusType now;

	now = PQtransactionStatus(((const struct pg_db *)db)->conn);
	return now == PQTRANS_INTRANS || now == PQTRANS_INERROR;
}

static enum err
pg_question(struct db *db, const char *sql, int64_t *out)
{
	struct pg_db *s = (struct pg_db *)db;
	PGresult *result;
	enum err e = ERR_OK;

	result = PQexec(s->conn, sql);
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
		*out = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	else
		e = pg_failed(s, sql, result);
	PQclear(result);
	return e;
}

/* What is acknowledged must be on the disk: design, rule "nothing is lost". */
static enum err
refuse_unsafe(struct pg_db *s)
{
	static const char *const needed[] = {
	    "fsync", "full_page_writes", "synchronous_commit"};
	PGresult *result;
	enum err e = ERR_OK;
	size_t i;
	char sql[64];

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		(void)snprintf(sql, sizeof(sql), "SHOW %s", needed[i]);
		result = PQexec(s->conn, sql);
		if (PQresultStatus(result) != PGRES_TUPLES_OK) {
			e = pg_failed(s, sql, result);
		} else if (strcmp(PQgetvalue(result, 0, 0), "off") == 0) {
			log_error("db", "PostgreSQL may lose commits: %s = off",
			    needed[i]);
			e = ERR_INTERNAL;
		}
		PQclear(result);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

static enum err
connected(struct pg_db *s)
{
	if (PQstatus(s->conn) == CONNECTION_OK)
		return refuse_unsafe(s);
	log_error("db", "PostgreSQL: %s", PQerrorMessage(s->conn));
	return ERR_UNAVAILABLE;
}

static void
pg_close(struct db *db)
{
	struct pg_db *s = (struct pg_db *)db;

	PQfinish(s->conn);
	free(s);
}

/* A database is never made here: its owner and its place are decided first. */
static enum err
pg_connect(const char *where, enum db_mode mode, bool make, struct db **out)
{
	static const char *const keys[] = {"connect_timeout",
	    "application_name", "dbname", "client_encoding", NULL};
	const char *values[] = {
	    CONNECT_TIMEOUT_SECONDS, "tanren", where, "UTF8", NULL};
	struct pg_db *s = db_alloc(1, sizeof(*s));
	enum err e;

	(void)make;
	s->db.ops = &db_postgresql;
	s->db.mode = mode;
	s->conn = PQconnectdbParams(keys, values, 1);
	if (s->conn == NULL)
		abort();
	(void)PQsetNoticeProcessor(s->conn, notice_drop, NULL);
	if ((e = connected(s)) != ERR_OK) {
		pg_close(&s->db);
		return e;
	}
	*out = &s->db;
	return ERR_OK;
}

static enum err
pg_prepare(struct db *db)
{
	struct pg_db *s = (struct pg_db *)db;
	enum err e;

	if ((e = pg_script(db, settings)) != ERR_OK)
		return e;
	if (db->mode == DB_READ &&
	    (e = pg_script(db, "SET default_transaction_read_only = on")) !=
		ERR_OK)
		return e;
	if ((e = pg_prepare_all(s)) == ERR_OK)
		s->prepared = true;
	return e;
}

/*
 * While it is reopened `away` is off, so that db_ready can use it; when that
 * fails it is away again and the next call tries anew.
 */
enum err
pg_alive(struct pg_db *s)
{
	enum err e;

	if (!s->away)
		return ERR_OK;
	if (s->db.depth > 0 || !s->prepared)
		return ERR_UNAVAILABLE;
	PQreset(s->conn);
	s->away = false;
	if ((e = connected(s)) == ERR_OK && (e = db_ready(&s->db)) == ERR_OK) {
		s->db.lost = false;
		log_info("db", "PostgreSQL is back");
		return ERR_OK;
	}
	s->away = true;
	return e;
}

const struct db_engine_ops db_postgresql = {
    .engine = DB_POSTGRESQL,
    .connect = pg_connect,
    .prepare = pg_prepare,
    .close = pg_close,
    .script = pg_script,
    .in_transaction = pg_in_transaction,
    .question = pg_question,
    .exec = pg_exec,
    .rows = pg_rows_open,
    .next = pg_next,
    .done = pg_done,
    .column = pg_column,
    .copy_begin = pg_copy_begin,
    .copy_row = pg_copy_row,
    .copy_end = pg_copy_end,
    .begin = "BEGIN ISOLATION LEVEL SERIALIZABLE",
    .begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
		     "SET LOCAL statement_timeout = 0",
    .has_schema = "SELECT COUNT(*) FROM pg_catalog.pg_class"
		  " WHERE oid = to_regclass('schema_version')",
    .migrating = "SELECT pg_advisory_lock(7235041)", /* until it closes */
};
