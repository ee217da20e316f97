/*
 * Arena: a list of blocks, the newest first. Under AddressSanitizer the
 * unused tail of a block is poisoned, so that a write past an allocation is
 * found as if it came from malloc.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP 16
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP 0
#endif

#define BLOCK_BYTES ((size_t)32 * 1024)
#define ALIGNMENT ((size_t)16)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	size_t unused_; /* keeps data at a multiple of ALIGNMENT */
	unsigned char data[];
};

struct arena {
	struct block *newest;
	size_t used;
};

static struct block *
block_new(size_t size, struct block *next)
{
	struct block *b;

	b = malloc(sizeof(*b) + size);
	if (b == NULL)
		abort();
	b->next = next;
	b->size = size;
	b->used = 0;
	POISON(b->data, size);
	return b;
}

static void
block_free(struct block *b)
{
	UNPOISON(b->data, b->size);
	free(b);
}

struct arena *
arena_new(void)
{
	struct arena *a;

	if ((a = calloc(1, sizeof(*a))) == NULL)
		abort();
	a->newest = block_new(BLOCK_BYTES, NULL);
	return a;
}

void
arena_free(struct arena *a)
{
	struct block *b, *next;

	if (a == NULL)
		return;
	for (b = a->newest; b != NULL; b = next) {
		next = b->next;
		block_free(b);
	}
	free(a);
}

void
arena_reset(struct arena *a)
{
	struct block *b, *next;

	for (b = a->newest; b->next != NULL; b = next) {
		next = b->next;
		block_free(b);
	}
	a->newest = b;
	POISON(b->data, b->size);
	b->used = 0;
	a->used = 0;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->newest;
	size_t need;
	void *p;

	if (size > SIZE_MAX / 2)
		abort();
	need = (size + GAP + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (need > b->size - b->used) {
		b = block_new(need > BLOCK_BYTES ? need : BLOCK_BYTES, b);
		a->newest = b;
	}
	p = b->data + b->used;
	b->used += need;
	a->used += size;
	UNPOISON(p, size);
	memset(p, 0, size);
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		abort();
	return arena_alloc(a, total);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p;

	p = arena_alloc(a, n + 1);
	memcpy(p, s, n);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		abort();
	p = arena_alloc(a, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

void *
arena_grow(struct arena *a, void *list, size_t n, size_t size)
{
	void *grown;

	if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
		return list;
	grown = arena_array(a, n == 0 ? 8 : n * 2, size);
	if (n != 0)
		memcpy(grown, list, n * size);
	return grown;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
