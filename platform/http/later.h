/*
 * A small write that nobody waits for (a session that is in use, a page that
 * was opened). It goes to the writer lane with a copy of its context; when
 * the lane is full it is dropped, because the next request makes it again.
 * Where there is no writer lane (tests) it is done at once.
 */
#ifndef HTTP_LATER_H
#define HTTP_LATER_H

#include <stddef.h>

#include "base/err.h"
#include "http/request.h"

#define LATER_BYTES_MAX 256

void
write_later(const struct req *r, enum err (*act)(struct db *db, void *context),
    const void *context, size_t size);

#endif
