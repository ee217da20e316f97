/* Failures and the waits they earn: rows of the table throttle. */
#include "people/throttle.h"

#include <string.h>

#include "base/random.h"
#include "db/db.h"
#include "http/site.h"

struct throttle
throttle_new(const struct site *site, struct arena *a, const char *what,
    const char *name, int64_t tries)
{
	const char *text = arena_printf(a, "throttle %s %s", what, name);
	uint8_t hash[DIGEST_BYTES];

	digest_hmac(site->secret, text, strlen(text), hash);
	return (struct throttle){
	    .key = hex_encode(a, hash, 16), .tries = tries};
}

enum err
throttle_get(struct db *db, int64_t now, struct throttle *t)
{
	struct db_rows *rows;
	enum err e;

	t->failures = t->window_at = t->blocked_until = 0;
	e = db_rows(db, Q_THROTTLE_GET, DB_ARGS(db_text(t->key)), &rows);
	if (e != ERR_OK)
		return e;
	if (db_next(rows)) {
		t->failures = db_col_int(rows, 0);
		t->window_at = db_col_int(rows, 1);
		t->blocked_until = db_col_int(rows, 2);
	}
	/*
	 * A wait belongs to its window: who fails again and again never gets
	 * free tries in between.
	 */
	if (now - t->window_at > THROTTLE_WINDOW_MS &&
	    now - t->blocked_until > THROTTLE_WINDOW_MS) {
		t->failures = 0;
		t->window_at = now;
	}
	return db_done(rows);
}

int
throttle_wait_seconds(const struct throttle *t, int64_t now)
{
	if (t->blocked_until <= now)
		return 0;
	return (int)((t->blocked_until - now + SECOND_MS - 1) / SECOND_MS);
}

static enum err
throttle_put(struct db *db, const struct throttle *t)
{
	return db_exec(db, Q_THROTTLE_PUT,
	    DB_ARGS(db_text(t->key), db_int(t->failures), db_int(t->window_at),
		db_int(t->blocked_until)),
	    NULL);
}

/* After the free tries: 1, 2, 4, 8, then 15 minutes. */
static int64_t
wait_after(int64_t failures, int64_t tries)
{
	int64_t over = failures - tries;

	if (over < 0)
		return 0;
	if (over > 3)
		return 15 * MINUTE_MS;
	return MINUTE_MS << over;
}

enum err
throttle_failed(struct db *db, int64_t now, struct throttle *t)
{
	enum err e;

	/* read again: other tries may have been counted meanwhile */
	if ((e = throttle_get(db, now, t)) != ERR_OK)
		return e;
	t->failures++;
	t->blocked_until = now + wait_after(t->failures, t->tries);
	return throttle_put(db, t);
}

enum err
throttle_credit(
    struct db *db, int64_t now, struct throttle *t, int64_t failures)
{
	enum err e;

	if ((e = throttle_get(db, now, t)) != ERR_OK || t->failures == 0)
		return e;
	t->failures = t->failures > failures ? t->failures - failures : 0;
	return throttle_put(db, t);
}

enum err
throttle_forget(struct db *db, const struct throttle *t)
{
	return db_exec(db, Q_THROTTLE_DELETE, DB_ARGS(db_text(t->key)), NULL);
}
