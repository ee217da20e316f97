/* Randomness, ids, digests and codes. */
#include "base/random.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define ID_EPOCH ((int64_t)1704067200000) /* 2024-01-01T00:00:00Z */
#define ID_LANE_BITS 4
#define ID_COUNT_BITS 8

static pthread_mutex_t id_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t id_last; /* milliseconds << ID_COUNT_BITS | count */
static unsigned id_lane;
static int64_t (*id_clock)(void) = clock_real;

void
random_start(void)
{
	if (sodium_init() == -1)
		abort();
}

void
random_bytes(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void
id_set_lane(unsigned lane)
{
	id_lane = lane & ((1u << ID_LANE_BITS) - 1);
}

void
id_set_clock(int64_t (*clock)(void))
{
	id_clock = clock == NULL ? clock_real : clock;
}

/*
 * When more ids are wanted than a millisecond holds, the count runs over into
 * the next one: order and uniqueness stay, the time in it runs ahead a little.
 */
int64_t
id_new(void)
{
	int64_t next;

	(void)pthread_mutex_lock(&id_lock);
	next = (id_clock() - ID_EPOCH) * (1 << ID_COUNT_BITS);
	if (next <= id_last)
		next = id_last + 1;
	id_last = next;
	(void)pthread_mutex_unlock(&id_lock);
	return (next >> ID_COUNT_BITS) << (ID_COUNT_BITS + ID_LANE_BITS) |
	    (int64_t)id_lane << ID_COUNT_BITS |
	    (next & ((1 << ID_COUNT_BITS) - 1));
}

void
digest_sha256(const void *p, size_t n, uint8_t out[DIGEST_BYTES])
{
	(void)crypto_hash_sha256(out, p, n);
}

void
digest_hmac(const uint8_t key[DIGEST_BYTES], const void *p, size_t n,
    uint8_t out[DIGEST_BYTES])
{
	(void)crypto_auth_hmacsha256(out, p, n, key);
}

bool
digest_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

char *
hex_encode(struct arena *a, const void *p, size_t n)
{
	char *s = arena_alloc(a, n * 2 + 1);

	(void)sodium_bin2hex(s, n * 2 + 1, p, n);
	return s;
}

bool
hex_decode(const char *s, void *out, size_t n)
{
	size_t len;

	return strlen(s) == n * 2 &&
	    sodium_hex2bin(out, n, s, n * 2, NULL, &len, NULL) == 0 && len == n;
}

char *
base64url_encode(struct arena *a, const void *p, size_t n)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t room = sodium_base64_encoded_len(n, variant);
	char *s = arena_alloc(a, room);

	(void)sodium_bin2base64(s, room, p, n, variant);
	return s;
}

bool
base64url_decode(const char *s, void *out, size_t n)
{
	size_t len;

	return sodium_base642bin(out, n, s, strlen(s), NULL, &len, NULL,
		   sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
	    len == n;
}

char *
code_new(struct arena *a, size_t chars)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char *s = arena_alloc(a, chars + 1);
	size_t i;

	random_bytes(s, chars);
	for (i = 0; i < chars; i++)
		s[i] = alphabet[(unsigned char)s[i] & 31];
	return s;
}

void
draw_start(struct draw *d, const uint8_t seed[DIGEST_BYTES])
{
	memcpy(d->seed, seed, DIGEST_BYTES);
	d->counter = 0;
	d->used = DIGEST_BYTES;
}

static uint32_t
draw_word(struct draw *d)
{
	uint8_t in[DIGEST_BYTES + 8];
	uint32_t w;
	unsigned i;

	if (d->used == DIGEST_BYTES) {
		memcpy(in, d->seed, DIGEST_BYTES);
		for (i = 0; i < 8; i++)
			in[DIGEST_BYTES + i] =
			    (uint8_t)(d->counter >> (56 - 8 * i));
		d->counter++;
		digest_sha256(in, sizeof(in), d->block);
		d->used = 0;
	}
	w = (uint32_t)d->block[d->used] << 24 |
	    (uint32_t)d->block[d->used + 1] << 16 |
	    (uint32_t)d->block[d->used + 2] << 8 |
	    (uint32_t)d->block[d->used + 3];
	d->used += 4;
	return w;
}

uint32_t
draw_below(struct draw *d, uint32_t n)
{
	/* the largest multiple of n that fits; above it, draw again */
	uint32_t limit = UINT32_MAX - (UINT32_MAX % n + 1) % n, w;

	do {
		w = draw_word(d);
	} while (w > limit);
	return w % n;
}

void
draw_shuffle(struct draw *d, uint32_t *items, size_t n)
{
	uint32_t t;
	size_t i, j;

	for (i = n; i > 1; i--) {
		j = draw_below(d, (uint32_t)i);
		t = items[i - 1];
		items[i - 1] = items[j];
		items[j] = t;
	}
}
