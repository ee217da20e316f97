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
#include "people/throttle.h"

struct outcome {
	const struct sign_in *in;
	struct account account;
	struct throttle by_account, by_address;
	bool right;
	int64_t now;
	struct arena *arena;
	const char *token;
};

static enum err
write_failure(struct db *db, struct outcome *o)
{
	enum err e;

	if ((e = throttle_failed(db, o->now, &o->by_account)) != ERR_OK)
		return e;
	return throttle_failed(db, o->now, &o->by_address);
}

static enum err
write_success(struct db *db, struct outcome *o)
{
	uint8_t old[DIGEST_BYTES];
	enum err e;

	if ((e = throttle_forget(db, &o->by_account)) != ERR_OK ||
	    (e = throttle_credit(db, o->now, &o->by_address,
		 THROTTLE_ADDRESS_CREDIT)) != ERR_OK)
		return e;
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

/*
 * What tries of an account are counted by: the person, however it was typed;
 * what was typed where there is nobody. SECURITY: a device that has signed in
 * before counts by itself, so that whoever knows a mail address cannot keep
 * its owner out.
 */
static struct throttle
account_throttle(const struct site *site, struct arena *a,
    const struct account *account, const char *identifier, bool known_device)
{
	const char *who = identifier;

	if (account->person != 0)
		who = arena_printf(a, "%lld", (long long)account->person);
	return throttle_new(site, a, known_device ? "device" : "account", who,
	    THROTTLE_ACCOUNT_TRIES);
}

enum err
sign_in(const struct site *site, struct db *db, const struct sign_in *in,
    int64_t now, struct arena *a, const char **token, const char **device,
    int *wait_seconds)
{
	const char *identifier = account_normalise(a, in->identifier);
	struct outcome o = {
	    .in = in,
	    .now = now,
	    .arena = a,
	    .by_address = throttle_new(
		site, a, "address", in->address, THROTTLE_ADDRESS_TRIES),
	};
	bool known;
	int wait;
	enum err e;

	e = account_find(db, identifier, a, &o.account);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	known = is_known_device(site, a, &o.account, in->device);
	o.by_account = account_throttle(site, a, &o.account, identifier, known);
	if ((e = throttle_get(db, now, &o.by_account)) != ERR_OK ||
	    (e = throttle_get(db, now, &o.by_address)) != ERR_OK)
		return e;
	wait = throttle_wait_seconds(&o.by_account, now);
	if (!known && throttle_wait_seconds(&o.by_address, now) > wait)
		wait = throttle_wait_seconds(&o.by_address, now);
	if (wait > 0) {
		*wait_seconds = wait;
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
