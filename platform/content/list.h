/* Lists that grow in an arena: their length decides when they move. */
#ifndef CONTENT_LIST_H
#define CONTENT_LIST_H

#include <stddef.h>

#include "base/arena.h"

/* Room for one more; the list moves when n is 0 or a power of two. */
void *list_grow(struct arena *a, const void *list, size_t n, size_t size);

/*
 * For lists of const elements: adds a copy of *one, answers where the list
 * is now.
 */
void *list_append(
    struct arena *a, const void *list, size_t *n, size_t size, const void *one);

/* Adds a zeroed element and answers its address. */
#define LIST_ADD(a, list, n)                                                   \
	((list) = list_grow((a), (list), (n), sizeof(*(list))), &(list)[(n)++])

#endif
