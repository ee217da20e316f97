/*
 * Transactions. The outermost db_write is one, those inside it are
 * savepoints:
 *
 *	db_write	BEGIN … COMMIT, or ROLLBACK
 *	  db_write	SAVEPOINT act … RELEASE act, or ROLLBACK TO act
 *
 * db_read is one that only looks.
 */
#include "db/db.h"

#include <time.h>

#include "base/bell.h"
#include "base/log.h"
#include "base/random.h"
#include "db/db_engine.h"

/* Serialization failures are rare; whoever fails this often is stuck. */
#define WRITE_TRIES_MAX 12
/* Doubled each time up to the last; a random part of it is slept. */
#define PAUSE_MICROSECONDS UINT64_C(500)
#define PAUSE_DOUBLINGS_MAX 6

static enum err
script(struct db *db, const char *sql)
{
	return db_fail(db, db->ops->script(db, sql));
}

/* An error of the act, or of a statement whose error the act passed over. */
static enum err
act_run(struct db *db, enum err (*act)(struct db *db, void *ctx), void *ctx)
{
	unsigned rows_open = db->rows_open;
	enum err e;

	db->depth++;
	e = act(db, ctx);
	db->depth--;
	if (db->rows_open != rows_open)
		db_mistake("db_write", "the act left rows without db_done");
	if (db->copying)
		db_mistake("db_write", "the act left a copy open");
	return db->failed != ERR_OK ? db->failed : e;
}

static enum err
write_nested(
    struct db *db, enum err (*act)(struct db *db, void *ctx), void *ctx)
{
	enum err e;

	if (db->failed != ERR_OK)
		return db->failed;
	if ((e = script(db, "SAVEPOINT act")) != ERR_OK)
		return e;
	if ((e = act_run(db, act, ctx)) == ERR_OK)
		return script(db, "RELEASE act");
	if (db->lost)
		return e;
	db->failed = ERR_OK;
	if (script(db, "ROLLBACK TO act") != ERR_OK ||
	    script(db, "RELEASE act") != ERR_OK) {
		/* what the act wrote may still be there: all must go */
		db->lost = true;
	}
	return e;
}

static enum err
write_once(struct db *db, enum err (*act)(struct db *db, void *ctx), void *ctx)
{
	enum err e;

	db->failed = ERR_OK;
	db->lost = db->retry = db->rings = false;
	if ((e = db->ops->script(db, db->ops->begin)) != ERR_OK)
		return e;
	e = act_run(db, act, ctx);
	if (e == ERR_OK)
		e = db->ops->script(db, "COMMIT");
	/* After a failed COMMIT an engine may or may not be in it still. */
	if (e != ERR_OK && db->ops->in_transaction(db) &&
	    db->ops->script(db, "ROLLBACK") != ERR_OK)
		log_error("db", "a transaction could not be rolled back");
	db->failed = ERR_OK;
	db->lost = false;
	if (e == ERR_OK && db->rings)
		bell_ring();
	return e;
}

static void
pause_before(unsigned try)
{
	unsigned doublings = try < PAUSE_DOUBLINGS_MAX ?
	try : PAUSE_DOUBLINGS_MAX
		;
	struct timespec t = {0};
	uint16_t r;

	random_bytes(&r, sizeof(r));
	t.tv_nsec = (long)((uint64_t)r * (PAUSE_MICROSECONDS << doublings) *
	    1000 / UINT16_MAX);
	(void)nanosleep(&t, NULL);
}

enum err
db_write(struct db *db, enum err (*act)(struct db *db, void *ctx), void *ctx)
{
	unsigned try;
	enum err e;

	if (db->copying)
		db_mistake("db_write", "between db_copy_begin and _end");
	if (db->depth > 0)
		return write_nested(db, act, ctx);
	for (try = 0; try < WRITE_TRIES_MAX; try++) {
		if (try > 0)
			pause_before(try);
		e = write_once(db, act, ctx);
		if (!db->retry)
			return e;
	}
	log_warning("db", "a transaction gave way %d times", WRITE_TRIES_MAX);
	return ERR_BUSY;
}

enum err
db_read(struct db *db, enum err (*look)(struct db *db, void *ctx), void *ctx)
{
	enum err e;

	if (db->depth > 0 || db->copying || db->ops->in_transaction(db))
		db_mistake("db_read", "inside an act or another db_read");
	if ((e = db->ops->script(db, db->ops->begin_reading)) != ERR_OK)
		return e;
	e = look(db, ctx);
	/* A lost connection has ended it already, and `look` has said so. */
	if (db->ops->in_transaction(db) &&
	    db->ops->script(db, "ROLLBACK") != ERR_OK)
		log_error("db", "a snapshot could not be left");
	return e;
}

void
db_ring(struct db *db)
{
	db->rings = true;
}

bool
db_is_writing(const struct db *db)
{
	return db->depth > 0;
}
