/* An account: what is typed at sign-in, and the credential behind it. */
#ifndef PEOPLE_ACCOUNT_H
#define PEOPLE_ACCOUNT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct db;
struct site;

struct account {
	int64_t person;
	const char *hash; /* NULL: no password was ever set */
};

/*
 * One spelling for all ways of typing an account, because tries are counted
 * by it: trimmed, full-width letters made narrow, a mail address in lower
 * case; otherwise upper case with one '-' between code and number.
 */
const char *account_normalise(struct arena *a, const char *typed);

/*
 * By a normalised identifier: a mail address, or institution code, '-' and
 * employee number. ERR_NOT_FOUND.
 */
MUST_USE enum err account_find(struct db *db, const char *identifier,
    struct arena *a, struct account *out);

/*
 * What a guesser of this person's password knows: name, reading, mail
 * address, employee number; NULL where there is none. ERR_NOT_FOUND.
 */
#define ACCOUNT_OWN_WORDS 4

MUST_USE enum err account_own_words(struct db *db, int64_t person,
    struct arena *a, const char *out[ACCOUNT_OWN_WORDS]);

/*
 * A write from a thread that is not the writer's: through the site's writer
 * lane, or in place where there is none (tests, the command line).
 */
MUST_USE enum err lane_write_on(const struct site *site, struct db *db,
    enum err (*act)(struct db *db, void *ctx), void *ctx);

#endif
