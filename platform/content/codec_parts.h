/* What the description of the model (codec.c) is made of. */
#ifndef CONTENT_CODEC_PARTS_H
#define CONTENT_CODEC_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

struct codec {
	struct buf *out; /* writing; NULL: reading */
	const unsigned char *p, *end;
	struct arena *a;
	int format;
	bool damaged;
};

/* Numbers are never negative. A damaged one is left as it was. */
void codec_number(struct codec *c, int *v);
void codec_truth(struct codec *c, bool *v);

/* NULL and "" stay apart; a bilingual text has no NULL. */
void codec_text(struct codec *c, const char **s);
void codec_bilingual(struct codec *c, struct bilingual *b);

/* Answers where the list is: as it was when writing, new when reading. */
void *codec_list(struct codec *c, const void *elements, size_t *n, size_t size,
    void (*one)(struct codec *, void *));

#define LIST(c, list, n, one)                                                  \
	((list) = codec_list((c), (list), &(n), sizeof(*(list)), (one)))

#endif
