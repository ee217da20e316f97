/* Lists that grow in an arena. */
#include "content/list.h"

#include <stdint.h>
#include <string.h>

void *
list_grow(struct arena *a, const void *list, size_t n, size_t size)
{
	void *more;

	if (n != 0 && (n & (n - 1)) != 0)
		return (void *)(uintptr_t)list; /* it was ours */
	more = arena_array(a, n == 0 ? 1 : n * 2, size);
	if (n > 0)
		memcpy(more, list, n * size);
	return more;
}

void *
list_append(
    struct arena *a, const void *list, size_t *n, size_t size, const void *one)
{
	unsigned char *own = list_grow(a, list, *n, size);

	memcpy(own + *n * size, one, size);
	(*n)++;
	return own;
}
