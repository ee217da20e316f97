/*
 * A growing piece of text or bytes on the heap: pages, mails, CSV. Kept
 * NUL-terminated, so that data is also a C string.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data; /* NULL until the first write */
	size_t len;
	size_t cap;
};

#define BUF_EMPTY ((struct buf){0})

void buf_put(struct buf *b, const void *p, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The text, "" when nothing was written. Valid until the next write. */
const char *buf_text(const struct buf *b);

/* Hands the memory over (free(3)) and leaves the buffer empty. */
char *buf_take(struct buf *b, size_t *len);

void buf_free(struct buf *b);

#endif
