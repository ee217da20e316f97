/* The last of what a terminal showed. */
#include <string.h>

#include "lab/engine/labd_parts.h"
#include "lab/engine/pages.h"

#define LINE_MAX_BYTES 4096 /* how far a beginning of a line is looked for */

void
ring_put(struct ring *r, const void *p, size_t n)
{
	const uint8_t *from = p;
	size_t at, part;

	if (r->bytes == NULL)
		r->bytes = pages_new(RING_BYTES);
	while (n > 0) {
		at = (size_t)(r->n % RING_BYTES);
		part = RING_BYTES - at < n ? RING_BYTES - at : n;
		memcpy(r->bytes + at, from, part);
		r->n += part;
		from += part;
		n -= part;
	}
}

void
ring_close(struct ring *r)
{
	pages_free(r->bytes, RING_BYTES);
	*r = (struct ring){0};
}

/* Bytes in front that belong to a line or a character that was cut. */
static size_t
cut(const uint8_t *p, size_t n)
{
	const uint8_t *end;
	size_t i;

	end = memchr(p, '\n', n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES);
	if (end != NULL)
		return (size_t)(end - p) + 1;
	/* UTF-8: bytes 10xxxxxx go on with a character */
	for (i = 0; i < n && i < 3 && (p[i] & 0xc0) == 0x80; i++)
		;
	return i;
}

size_t
ring_copy(const struct ring *r, uint8_t out[RING_BYTES])
{
	size_t at = (size_t)(r->n % RING_BYTES), skip;

	if (r->n <= RING_BYTES) {
		if (r->n > 0)
			memcpy(out, r->bytes, (size_t)r->n);
		return (size_t)r->n;
	}
	memcpy(out, r->bytes + at, RING_BYTES - at);
	memcpy(out + RING_BYTES - at, r->bytes, at);
	skip = cut(out, RING_BYTES);
	memmove(out, out + skip, RING_BYTES - skip);
	return RING_BYTES - skip;
}
