/*
 * Signing in. Three steps in a thread of the Argon2 lane: read the account
 * and its throttles, spend the time of a hash, then write the outcome through
 * the writer and wait until it is durable.
 */
#include "people/sign_in.h"

#include <string.h>

#include "base/clock.h"
#include "base/password.h"
#include "db/db.h"
#include "db/lane.h"
#include "http/site.h"
#include "people/account.h"

struct throttle {
	const char *key;
	int64_t failures, window_at, blocked_until;
};

struct outcome {
	const struct sign_in *in;
	struct account account;
	struct throttle by_account, by_address;
	bool right;
	int64_t now;
	struct arena *arena;
	const char *token;
};

/* The key names nobody: an HMAC of what is counted. */
static const char *
throttle_key(const struct site *site, struct arena *a, const char *what,
    const char *name)
{
	const char *text = arena_printf(a, "throttle %s %s", what, name);
	uint8_t hash[DIGEST_BYTES];

	digest_hmac(site->secret, text, strlen(text), hash);
	return hex_encode(a, hash, 16);
}

static enum err
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
throttle_wait(int64_t failures, int64_t tries)
{
	int64_t over = failures - tries;

	if (over < 0)
		return 0;
	if (over > 3)
		return 15 * MINUTE_MS;
	return MINUTE_MS << over;
}

static enum err
write_failure(struct db *db, struct outcome *o)
{
	enum err e;

	/* read again: other tries may have been counted meanwhile */
	if ((e = throttle_get(db, o->now, &o->by_account)) != ERR_OK ||
	    (e = throttle_get(db, o->now, &o->by_address)) != ERR_OK)
		return e;
	o->by_account.failures++;
	o->by_account.blocked_until = o->now +
	    throttle_wait(o->by_account.failures, THROTTLE_ACCOUNT_TRIES);
	o->by_address.failures++;
	o->by_address.blocked_until = o->now +
	    throttle_wait(o->by_address.failures, THROTTLE_ADDRESS_TRIES);
	if ((e = throttle_put(db, &o->by_account)) != ERR_OK)
		return e;
	return throttle_put(db, &o->by_address);
}

static enum err
write_success(struct db *db, struct outcome *o)
{
	uint8_t old[DIGEST_BYTES];
	enum err e;

	e = db_exec(
	    db, Q_THROTTLE_DELETE, DB_ARGS(db_text(o->by_account.key)), NULL);
	if (e != ERR_OK)
		return e;
	if ((e = throttle_get(db, o->now, &o->by_address)) != ERR_OK)
		return e;
	if (o->by_address.failures > 0) {
		o->by_address.failures -= THROTTLE_ADDRESS_CREDIT;
		if (o->by_address.failures < 0)
			o->by_address.failures = 0;
		if ((e = throttle_put(db, &o->by_address)) != ERR_OK)
			return e;
	}
	if (o->in->old_token != NULL &&
	    base64url_decode(o->in->old_token, old, sizeof(old))) {
		digest_sha256(old, sizeof(old), old);
		if ((e = session_close(db, old)) != ERR_OK)
			return e;
	}
	return session_open(db, o->account.person, o->now, o->arena, &o->token);
}

static enum err
write_outcome(struct db *db, void *ctx)
{
	struct outcome *o = ctx;

	return o->right ? write_success(db, o) : write_failure(db, o);
}

static const char *
device_of(const struct site *site, struct arena *a, int64_t person)
{
	const char *text = arena_printf(a, "device %lld", (long long)person);
	uint8_t hash[DIGEST_BYTES];

	digest_hmac(site->secret, text, strlen(text), hash);
	return base64url_encode(a, hash, sizeof(hash));
}

/* Whether this account has signed in from this device before. */
static bool
is_known_device(const struct site *site, struct arena *a,
    const struct account *account, const char *device)
{
	const char *own;

	if (account->person == 0 || device == NULL)
		return false;
	own = device_of(site, a, account->person);
	return strlen(own) == strlen(device) &&
	    digest_equal(own, device, strlen(own));
}

enum err
sign_in(const struct site *site, struct db *db, const struct sign_in *in,
    int64_t now, struct arena *a, const char **token, const char **device,
    int *wait_seconds)
{
	struct outcome o = {.in = in, .now = now, .arena = a};
	const char *identifier = account_normalise(a, in->identifier);
	int64_t until;
	enum err e;

	o.by_account.key = throttle_key(site, a, "account", identifier);
	o.by_address.key = throttle_key(site, a, "address", in->address);
	if ((e = throttle_get(db, now, &o.by_account)) != ERR_OK ||
	    (e = throttle_get(db, now, &o.by_address)) != ERR_OK)
		return e;
	e = account_find(db, identifier, a, &o.account);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	until = o.by_account.blocked_until;
	if (o.by_address.blocked_until > until &&
	    !is_known_device(site, a, &o.account, in->device))
		until = o.by_address.blocked_until;
	if (until > now) {
		*wait_seconds =
		    (int)((until - now + SECOND_MS - 1) / SECOND_MS);
		return ERR_THROTTLED;
	}
	o.right = password_verify(o.account.hash, in->password);
	e = lane_write_on(site, db, write_outcome, &o);
	if (e != ERR_OK)
		return e;
	if (!o.right)
		return ERR_INVALID;
	*token = o.token;
	*device = device_of(site, a, o.account.person);
	return ERR_OK;
}
