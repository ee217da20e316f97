/*
 * Throttles: failures counted under a key that names nobody, and a wait that
 * grows when the free tries are used up. What a success does to them is the
 * caller's.
 */
#ifndef PEOPLE_THROTTLE_H
#define PEOPLE_THROTTLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct db;
struct site;

/*
 * Per account: free tries, then 1, 2, 4 … 15 minutes. Forgotten after a
 * success, or when nothing was tried for a window after the last wait.
 */
#define THROTTLE_ACCOUNT_TRIES 5
/*
 * Per address: many, and every success takes some away again, so that a whole
 * bank behind one address gets in while a list of stolen passwords does not.
 */
#define THROTTLE_ADDRESS_TRIES 100
#define THROTTLE_ADDRESS_CREDIT 10
#define THROTTLE_WINDOW_MS (15 * MINUTE_MS)

struct throttle {
	const char *key;
	int64_t tries; /* free ones */
	int64_t failures, window_at, blocked_until;
};

/*
 * One with nothing counted yet. what: the kind ("account"), name: what is
 * counted; the key is an HMAC of both, so that the table tells nobody.
 */
struct throttle throttle_new(const struct site *site, struct arena *a,
    const char *what, const char *name, int64_t tries);

/* Fills in what was counted; nothing where a window has passed. */
MUST_USE enum err throttle_get(struct db *db, int64_t now, struct throttle *t);

/* Whole seconds to wait, rounded up; 0: another try is free. */
int throttle_wait_seconds(const struct throttle *t, int64_t now);

/* In a write, all three. Counted again from what is stored now. */
MUST_USE enum err
throttle_failed(struct db *db, int64_t now, struct throttle *t);
MUST_USE enum err throttle_credit(
    struct db *db, int64_t now, struct throttle *t, int64_t failures);
MUST_USE enum err throttle_forget(struct db *db, const struct throttle *t);

#endif
