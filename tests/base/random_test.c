/* Ids, digests, encodings, codes and draws. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"

#define THREADS 3
#define IDS 100000

/* ---------------------------------------------------------------------- ids */

static void *
take_ids(void *ctx)
{
	int64_t *ids = ctx;
	size_t i;

	for (i = 0; i < IDS; i++)
		ids[i] = id_new();
	return NULL;
}

static int
by_value(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void
ids_of_three_threads_increase_and_are_unique(void **state)
{
	int64_t *ids = calloc((size_t)THREADS * IDS, sizeof(*ids));
	pthread_t threads[THREADS];
	size_t i, j;

	(void)state;
	assert_non_null(ids);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, take_ids, ids + i * IDS),
		    0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (i = 0; i < THREADS; i++)
		for (j = 1; j < IDS; j++)
			assert_true(ids[i * IDS + j - 1] < ids[i * IDS + j]);
	qsort(ids, (size_t)THREADS * IDS, sizeof(*ids), by_value);
	for (i = 1; i < (size_t)THREADS * IDS; i++)
		assert_true(ids[i - 1] < ids[i]);
	free(ids);
}

static int64_t fixed;

static int64_t
fixed_clock(void)
{
	return fixed;
}

/* The last test of ids: what was handed out never goes back in time. */
static void
ids_fit_53_bits_until_2093(void **state)
{
	struct date last = {2093, 1, 1};

	(void)state;
	fixed = date_start(last);
	id_set_clock(fixed_clock);
	id_set_lane(7);
	assert_true(id_new() > 0);
	assert_true(id_new() < INT64_C(1) << 53);
	id_set_lane(0);
	/* a clock that goes back, even before 2024, does not repeat an id */
	fixed = 0;
	assert_true(id_new() < id_new());
	id_set_clock(NULL);
}

static void
lanes_keep_processes_apart(void **state)
{
	int64_t a, b;

	(void)state;
	id_set_lane(1);
	a = id_new();
	id_set_lane(2);
	b = id_new();
	id_set_lane(0);
	assert_int_equal(a >> 8 & 15, 1);
	assert_int_equal(b >> 8 & 15, 2);
}

/* ------------------------------------------------------- digests, encodings */

static void
digests_are_the_published_ones(void **state)
{
	/* FIPS 180-2, B.1; RFC 4231, test case 1 with its key to 32 bytes */
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223"
				  "b00361a396177a9cb410ff61f20015ad";
	static const char hi[] = "b0344c61d8db38535ca8afceaf0bf12b"
				 "881dc200c9833da726e9376c2e32cff7";
	struct arena *a = arena_new();
	uint8_t out[DIGEST_BYTES], key[DIGEST_BYTES];

	(void)state;
	digest_sha256("abc", 3, out);
	assert_string_equal(hex_encode(a, out, sizeof(out)), abc);
	/* HMAC fills a short key with zeros: 20 bytes 0x0b are 32 here */
	memset(key, 0, sizeof(key));
	memset(key, 0x0b, 20);
	digest_hmac(key, "Hi There", 8, out);
	assert_string_equal(hex_encode(a, out, sizeof(out)), hi);
	assert_true(digest_equal(out, out, sizeof(out)));
	assert_false(digest_equal(out, key, sizeof(out)));
	arena_free(a);
}

static void
broken_hex_and_base64url_are_refused(void **state)
{
	static const struct {
		const char *text;
		bool hex, base64url;
	} cases[] = {
	    {"00ff10", true, false},
	    {"00FF10", true, false},
	    {"00ff1", false, false},
	    {"00ff1000", false, false},
	    {"00ff1g", false, false},
	    {" 00ff1", false, false},
	    {"AP8Q", false, true},
	    {"_-8Q", false, true},
	    {"AP8", false, false}, /* another length */
	    {"AP8QAA", false, false},
	    {"AP8=", false, false},
	    {"+/8Q", false, false}, /* the other alphabet */
	    {"AP8Q\n", false, false},
	    {"", false, false},
	};
	struct arena *a = arena_new();
	uint8_t out[3];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (hex_decode(cases[i].text, out, 3) != cases[i].hex ||
		    base64url_decode(cases[i].text, out, 3) !=
			cases[i].base64url)
			fail_msg("\"%s\"", cases[i].text);
	assert_true(base64url_decode("AP8Q", out, 3));
	assert_string_equal(base64url_encode(a, out, 3), "AP8Q");
	assert_string_equal(hex_encode(a, out, 3), "00ff10");
	arena_free(a);
}

static void
codes_use_crockfords_letters_and_all_of_them(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct arena *a = arena_new();
	const char *code = code_new(a, 2000), *p;
	size_t i;

	(void)state;
	assert_int_equal(strlen(code), 2000);
	for (p = code; *p != '\0'; p++)
		assert_non_null(strchr(alphabet, *p));
	for (i = 0; alphabet[i] != '\0'; i++)
		assert_non_null(strchr(code, alphabet[i]));
	assert_string_not_equal(code_new(a, 20), code_new(a, 20));
	assert_string_equal(code_new(a, 0), "");
	arena_free(a);
}

/* -------------------------------------------------------------------- draws */

static void
count_up(uint8_t seed[DIGEST_BYTES])
{
	uint8_t i;

	for (i = 0; i < DIGEST_BYTES; i++)
		seed[i] = i;
}

/*
 * Made by an implementation of its own (Python, hashlib): attempts of years
 * ago are replayed with these numbers.
 */
static void
same_seed_gives_the_same_numbers_for_ever(void **state)
{
	static const uint32_t tens[] = {
	    2, 9, 9, 9, 3, 7, 7, 0, 0, 0, 6, 2, 6, 7, 9, 9};
	/* about half of all words are drawn again here */
	static const uint32_t large[] = {691701949, 952885779, 1376201217,
	    1617019960, 1836717960, 326517996};
	uint8_t seed[DIGEST_BYTES];
	struct draw d;
	size_t i;

	(void)state;
	count_up(seed);
	draw_start(&d, seed);
	for (i = 0; i < sizeof(tens) / sizeof(tens[0]); i++)
		assert_int_equal(draw_below(&d, 10), tens[i]);
	draw_start(&d, seed);
	for (i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		assert_int_equal(draw_below(&d, (1u << 31) + 1), large[i]);
}

static void
draw_below_stays_below(void **state)
{
	static const uint32_t limits[] = {
	    1, 2, 3, 7, 1u << 16, (1u << 31) + 1, UINT32_MAX};
	uint8_t seed[DIGEST_BYTES];
	struct draw d;
	size_t i, j;

	(void)state;
	count_up(seed);
	draw_start(&d, seed);
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		for (j = 0; j < 200; j++)
			assert_true(draw_below(&d, limits[i]) < limits[i]);
}

/*
 * Of 3 * 2^30 values a remainder would show the lower third twice as often
 * as the others: 3,000 of 6,000 instead of 2,000.
 */
static void
draw_below_is_not_biased(void **state)
{
	const uint32_t n = 3u << 30;
	uint8_t seed[DIGEST_BYTES];
	unsigned thirds[3] = {0};
	struct draw d;
	size_t i;

	(void)state;
	count_up(seed);
	draw_start(&d, seed);
	for (i = 0; i < 6000; i++)
		thirds[draw_below(&d, n) / (1u << 30)]++;
	for (i = 0; i < 3; i++)
		assert_in_range(thirds[i], 1850, 2150);
}

static void
shuffle_is_a_permutation_and_the_same_for_ever(void **state)
{
	static const uint32_t expected[] = {8, 6, 0, 7, 9, 5, 4, 3, 1, 2};
	uint8_t seed[DIGEST_BYTES];
	uint32_t items[10];
	struct draw d;
	uint32_t i;

	(void)state;
	count_up(seed);
	draw_start(&d, seed);
	for (i = 0; i < 10; i++)
		items[i] = i;
	draw_shuffle(&d, items, 10);
	assert_memory_equal(items, expected, sizeof(expected));
	draw_shuffle(&d, items, 0);
	draw_shuffle(&d, items, 1);
	assert_memory_equal(items, expected, sizeof(expected));
}

/* Each of 6 orders of three things: 1,000 of 6,000 expected. */
static void
shuffle_is_fair(void **state)
{
	unsigned times[27] = {0}, orders = 0;
	uint8_t seed[DIGEST_BYTES];
	uint32_t items[3];
	struct draw d;
	size_t i;

	(void)state;
	count_up(seed);
	draw_start(&d, seed);
	for (i = 0; i < 6000; i++) {
		items[0] = 0;
		items[1] = 1;
		items[2] = 2;
		draw_shuffle(&d, items, 3);
		times[items[0] * 9 + items[1] * 3 + items[2]]++;
	}
	for (i = 0; i < 27; i++) {
		if (times[i] == 0)
			continue;
		orders++;
		assert_in_range(times[i], 880, 1120);
	}
	assert_int_equal(orders, 6);
}

static int
start(void **state)
{
	(void)state;
	random_start();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_of_three_threads_increase_and_are_unique),
	    cmocka_unit_test(lanes_keep_processes_apart),
	    cmocka_unit_test(ids_fit_53_bits_until_2093),
	    cmocka_unit_test(digests_are_the_published_ones),
	    cmocka_unit_test(broken_hex_and_base64url_are_refused),
	    cmocka_unit_test(codes_use_crockfords_letters_and_all_of_them),
	    cmocka_unit_test(same_seed_gives_the_same_numbers_for_ever),
	    cmocka_unit_test(draw_below_stays_below),
	    cmocka_unit_test(draw_below_is_not_biased),
	    cmocka_unit_test(shuffle_is_a_permutation_and_the_same_for_ever),
	    cmocka_unit_test(shuffle_is_fair),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
