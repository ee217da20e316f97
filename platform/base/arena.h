/*
 * Memory that ends all at once. One arena per request; whoever passes the
 * arena owns what comes back. Out of memory ends the process: its parent
 * starts another.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdarg.h>

struct arena;

/* Never NULL. Free with arena_free; arena_free(NULL) is fine. */
struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Forgets everything, keeps the first block for the next user. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type. Size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size);

char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/*
 * Room for one more at the end of a list of n: the list itself or a copy of
 * twice the size (at 8, 16, 32, …). ARENA_PUSH answers the new element:
 *
 *	struct row *list = NULL;
 *	size_t n = 0;
 *	*ARENA_PUSH(a, list, n) = (struct row){…};
 */
void *arena_grow(struct arena *a, void *list, size_t n, size_t size);
#define ARENA_PUSH(a, list, n)                                                 \
	((list) = arena_grow((a), (list), (n), sizeof(*(list))), &(list)[(n)++])

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))

#endif
