/* Randomness, ids, digests and codes. libsodium underneath. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define DIGEST_BYTES 32

/* Call once per process, before threads. Aborts if libsodium cannot start. */
void random_start(void);

void random_bytes(void *out, size_t n);

/*
 * A new id: 53 bits, so that every program can hold it, ordered by time:
 * 41 bits of milliseconds since 2024, 12 bits that are counted within one.
 * Unique in this process; `lane` (0-15) keeps processes apart.
 */
int64_t id_new(void);
void id_set_lane(unsigned lane);

/*
 * The demo sector lives a year in a minute: its ids follow its own clock, so
 * that they are in the order of its history. NULL: the system's clock again.
 */
void id_set_clock(int64_t (*clock)(void));

/* SHA-256 and HMAC-SHA-256 (RFC 2104, FIPS 180-4). */
void digest_sha256(const void *p, size_t n, uint8_t out[DIGEST_BYTES]);
void digest_hmac(const uint8_t key[DIGEST_BYTES], const void *p, size_t n,
    uint8_t out[DIGEST_BYTES]);

/* Takes the same time whatever the bytes are. */
bool digest_equal(const void *a, const void *b, size_t n);

char *hex_encode(struct arena *a, const void *p, size_t n);
bool hex_decode(const char *s, void *out, size_t n);

/* base64url without padding (RFC 4648, 5). */
char *base64url_encode(struct arena *a, const void *p, size_t n);
bool base64url_decode(const char *s, void *out, size_t n);

/*
 * Random, unguessable and readable over a telephone: Crockford's base 32, no
 * I, L, O, U. `chars` of 5 bits each.
 */
char *code_new(struct arena *a, size_t chars);

/*
 * A stream of numbers from a seed, the same on every machine: SHA-256 in
 * counter mode, integers by rejection sampling. For draws that are replayed.
 */
struct draw {
	uint8_t seed[DIGEST_BYTES];
	uint8_t block[DIGEST_BYTES];
	uint64_t counter;
	unsigned used;
};

void draw_start(struct draw *d, const uint8_t seed[DIGEST_BYTES]);
uint32_t draw_below(struct draw *d, uint32_t n); /* 0 <= x < n, n > 0 */
void draw_shuffle(struct draw *d, uint32_t *items, size_t n);

#endif
