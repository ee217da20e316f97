/*
 * The model as bytes. One function describes each struct and serves both
 * ways: with a buffer it writes, without it reads into an arena. Bytes from a
 * file are checked: whatever they are, reading stays inside them.
 *
 * Numbers are LEB128, texts a length and bytes, lists a count and elements.
 */
#ifndef CONTENT_CODEC_H
#define CONTENT_CODEC_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "content/model.h"

/*
 * Moves when a struct changes. A manifest written with an older format must
 * stay readable: functions then branch on struct codec's format.
 *
 *	2	struct lab: needs
 *	3	struct lab: trial
 */
#define CODEC_FORMAT 3
#define CODEC_FORMAT_SOLUTIONS 2 /* has the solutions of labs */

void codec_write(const struct model *m, struct buf *out);

/* Texts, plains and scripts are not among it. ERR_INTERNAL: damaged. */
MUST_USE enum err codec_read(const void *bytes, size_t n, int format,
    struct arena *a, struct model *out);

#endif
