/* Arenas and buffers: alignment, growth, and traps behind allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "support/dies.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define IS_POISONED(p) (__asan_address_is_poisoned(p) != 0)
#endif

static void
memory_is_zero_and_aligned_also_after_a_reset(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 4096, 100000};
	struct arena *a = arena_new();
	unsigned char *p;
	size_t i, j, round;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			p = arena_alloc(a, sizes[i]);
			assert_non_null(p);
			assert_int_equal((uintptr_t)p % 16, 0);
			for (j = 0; j < sizes[i]; j++)
				assert_int_equal(p[j], 0);
			memset(p, 0xff, sizes[i]);
		}
		assert_int_equal(arena_used(a), 0 + 1 + 15 + 16 + 17 + 104096);
		arena_reset(a);
		assert_int_equal(arena_used(a), 0);
	}
	arena_free(a);
	arena_free(NULL);
}

static void
what_lies_behind_an_allocation_is_a_trap(void **state)
{
#ifdef IS_POISONED
	struct arena *a = arena_new();
	char *p = arena_alloc(a, 10), *q = arena_alloc(a, 10);

	(void)state;
	assert_false(IS_POISONED(p + 9));
	assert_true(IS_POISONED(p + 10));
	assert_true(IS_POISONED(q - 1));
	assert_true(IS_POISONED(q + 10));
	arena_reset(a);
	assert_true(IS_POISONED(p));
	arena_free(a);
#else
	(void)state;
	/* only AddressSanitizer has traps; the gate builds with it */
	skip();
#endif
}

static int
array_too_large(void *ctx)
{
	(void)arena_array(ctx, SIZE_MAX / 8, 16);
	return 0;
}

static int
size_too_large(void *ctx)
{
	(void)arena_alloc(ctx, SIZE_MAX - 8);
	return 0;
}

static void
sizes_that_overflow_end_the_program(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_true(dies(array_too_large, a));
	assert_true(dies(size_too_large, a));
	arena_free(a);
}

static void
lists_grow_and_keep_what_they_hold(void **state)
{
	struct arena *a = arena_new();
	size_t i, n = 0;
	int *list = NULL;

	(void)state;
	for (i = 0; i < 1000; i++)
		*ARENA_PUSH(a, list, n) = (int)i;
	assert_int_equal(n, 1000);
	for (i = 0; i < 1000; i++)
		assert_int_equal(list[i], (int)i);
	arena_free(a);
}

static void
texts_are_copied_whole(void **state)
{
	struct arena *a = arena_new();
	char *text = arena_printf(a, "%s %d %s", "受講", 7, "");

	(void)state;
	assert_string_equal(text, "受講 7 ");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_string_equal(arena_strdup(a, ""), "");
	text = arena_printf(a, "%0100000d", 1);
	assert_int_equal(strlen(text), 100000);
	arena_free(a);
}

static void
buffers_grow_and_stay_texts(void **state)
{
	struct buf b = BUF_EMPTY;
	size_t i, n;
	char *text;

	(void)state;
	assert_string_equal(buf_text(&b), "");
	for (i = 0; i < 1000; i++)
		buf_puts(&b, "鍛錬");
	assert_int_equal(b.len, 6000);
	assert_int_equal(strlen(buf_text(&b)), 6000);
	text = buf_take(&b, &n);
	assert_int_equal(n, 6000);
	free(text);
	assert_null(b.data);
	buf_int(&b, INT64_MIN);
	buf_putc(&b, ' ');
	buf_int(&b, INT64_MAX);
	buf_putc(&b, ' ');
	buf_int(&b, 0);
	buf_printf(&b, " %s", "x");
	buf_put(&b, "y\0z", 3);
	assert_int_equal(b.len, strlen(buf_text(&b)) + 2);
	assert_string_equal(
	    buf_text(&b), "-9223372036854775808 9223372036854775807 0 xy");
	buf_free(&b);
	text = buf_take(&b, NULL);
	assert_string_equal(text, "");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_is_zero_and_aligned_also_after_a_reset),
	    cmocka_unit_test(what_lies_behind_an_allocation_is_a_trap),
	    cmocka_unit_test(sizes_that_overflow_end_the_program),
	    cmocka_unit_test(lists_grow_and_keep_what_they_hold),
	    cmocka_unit_test(texts_are_copied_whole),
	    cmocka_unit_test(buffers_grow_and_stay_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
