/*
 * Passwords: Argon2id (RFC 9106) by libsodium. Verifying takes tens of
 * milliseconds and 19 MiB on purpose: only the Argon2 lane calls it.
 */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

#define PASSWORD_CHARS_MIN 12
#define PASSWORD_BYTES_MAX 512

/* Tests only: the least cost that the library accepts. */
void password_set_cheap(void);

/* ERR_INTERNAL only if the memory cannot be had. */
MUST_USE enum err
password_hash(struct arena *a, const char *password, char **out);

/*
 * True if it fits. With hash NULL it spends the same time and answers false,
 * so that an unknown account cannot be told from a wrong password.
 */
bool password_verify(const char *hash, const char *password);

/* A random password a person can type: four groups of five. */
char *password_random(struct arena *a);

#endif
