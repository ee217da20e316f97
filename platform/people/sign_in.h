/*
 * Signing in: mail address, or institution code and employee number, with a
 * password. Failures count per account and per address; sessions are 256
 * random bits, stored hashed.
 */
#ifndef PEOPLE_SIGN_IN_H
#define PEOPLE_SIGN_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "base/text.h"
#include "http/request.h"

struct db;
struct site;

#define SESSION_IDLE_MS (2 * HOUR_MS)
#define SESSION_ABSOLUTE_MS (12 * HOUR_MS)
#define SESSION_TOUCH_MS (5 * MINUTE_MS)

struct sign_in {
	const char *identifier; /* as typed */
	const char *password;
	const char *address; /* of the client */
	const char *old_token; /* a session to end (rotation); NULL */
	const char *device; /* the cookie of a known device; NULL */
};

/*
 * The cookie that a successful sign-in leaves on a device: it says that this
 * account has signed in from here before, and no more. Such a device has tries
 * of its own: a full throttle of the address or of the account does not keep
 * it out, so that nobody behind a bank's one address can lock the bank out,
 * and nobody who knows a mail address its owner.
 */
#define DEVICE_COOKIE "__Host-device"
#define DEVICE_SECONDS (180 * 24 * 60 * 60)

/*
 * Verifies and opens a session. For a thread of the Argon2 lane: reads on db,
 * writes through the site's writer. token gets the cookie's value.
 * ERR_INVALID: wrong account or password (nobody learns which).
 * device gets the value of DEVICE_COOKIE.
 * ERR_THROTTLED: too many tries; wait_seconds is set.
 */
MUST_USE enum err sign_in(const struct site *site, struct db *db,
    const struct sign_in *in, int64_t now, struct arena *a, const char **token,
    const char **device, int *wait_seconds);

/* Opens a session without a password: after a one-time link. In a write. */
MUST_USE enum err session_open(struct db *db, int64_t person, int64_t now,
    struct arena *a, const char **token);

/*
 * Both leave a job behind, first in the queue, so that rooms above end what
 * hung on the session: the subject is the person. In a write.
 */
#define JOB_SIGNED_OUT "people.signed_out"

MUST_USE enum err
session_close(struct db *db, const uint8_t hash[DIGEST_BYTES]);
MUST_USE enum err session_close_all(struct db *db, int64_t person);

/* The stored hash; ERR_NOT_FOUND when no password was ever set. */
MUST_USE enum err credential_get(
    struct db *db, int64_t person, struct arena *a, const char **hash);

/* Sets a hash made by password_hash; ends all sessions. In a write. */
MUST_USE enum err
credential_set(struct db *db, int64_t person, const char *hash, int64_t now);

/* ---------------------------------------------------------- one-time links */

enum link_purpose { LINK_INVITE, LINK_RESET };

#define LINK_INVITE_MS (14 * DAY_MS)
#define LINK_RESET_MS (1 * HOUR_MS)
#define LINK_PAUSE_MS (10 * MINUTE_MS)

/*
 * Makes a link and puts the mail that carries it into the outbox. An older
 * unused link of the person ends.
 */
MUST_USE enum err link_send(struct db *db, const struct site *site,
    int64_t person, enum link_purpose purpose, int64_t now, struct arena *a);

/* Ends the unused links of a person. In a write. */
MUST_USE enum err links_end(struct db *db, int64_t person, int64_t now);

/* Whose it is. ERR_GONE: used, expired or unknown. */
MUST_USE enum err link_find(struct db *db, const char *token, int64_t now,
    struct arena *a, int64_t *person, const char **name);

/* Uses it up; ERR_GONE when it was meanwhile. In a write. */
MUST_USE enum err
link_use(struct db *db, const char *token, int64_t now, int64_t *person);

/*
 * "I forgot": makes a reset link if the account exists and has a mail address;
 * answers ERR_OK in any case. In a write. SECURITY: anybody may ask for
 * anybody, so that within LINK_PAUSE_MS of a link another one is not made:
 * the outbox does not fill, and a link lives long enough to be used.
 */
MUST_USE enum err password_forgotten(struct db *db, const struct site *site,
    const char *identifier, int64_t now, struct arena *a);

#endif
