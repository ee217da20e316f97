/* Numbers, texts and lists as bytes, both ways. */
#include "content/codec_parts.h"

#include <limits.h>
#include <string.h>

#define ELEMENTS_MAX ((uint64_t)1000000)

static void
put_number(struct codec *c, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_putc(c->out, (char)(v | 0x80));
	buf_putc(c->out, (char)v);
}

static uint64_t
get_number(struct codec *c)
{
	uint64_t v = 0;
	unsigned shift;

	for (shift = 0; c->p < c->end && shift < 63; shift += 7) {
		v |= (uint64_t)(*c->p & 0x7f) << shift;
		if ((*c->p++ & 0x80) == 0)
			return v;
	}
	c->damaged = true;
	return 0;
}

/* Our numbers are never negative. */
void
codec_number(struct codec *c, int *v)
{
	uint64_t got;

	if (c->out != NULL) {
		put_number(c, (uint64_t)*v);
		return;
	}
	got = get_number(c);
	if (got > INT_MAX)
		c->damaged = true;
	else
		*v = (int)got;
}

void
codec_truth(struct codec *c, bool *v)
{
	int i = *v;

	codec_number(c, &i);
	*v = i != 0;
}

/* NULL and "" stay apart: the length is stored plus one. */
void
codec_text(struct codec *c, const char **s)
{
	uint64_t n;

	if (c->out != NULL) {
		put_number(c, *s == NULL ? 0 : strlen(*s) + 1);
		if (*s != NULL)
			buf_puts(c->out, *s);
		return;
	}
	*s = NULL;
	if ((n = get_number(c)) == 0)
		return;
	if (n - 1 > (uint64_t)(c->end - c->p)) {
		c->damaged = true;
		return;
	}
	*s = arena_strndup(c->a, (const char *)c->p, n - 1);
	c->p += n - 1;
}

void
codec_bilingual(struct codec *c, struct bilingual *b)
{
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		codec_text(c, &b->in[lang]);
		if (b->in[lang] == NULL)
			b->in[lang] = "";
	}
}

/* Answers where the list is: as it was when writing, new when reading. */
void *
codec_list(struct codec *c, const void *elements, size_t *n, size_t size,
    void (*one)(struct codec *, void *))
{
	unsigned char *own;
	uint64_t count;
	size_t i;

	if (c->out != NULL) {
		/* A copy: descriptions take elements they could change. */
		own = arena_array(c->a, *n, size);
		if (*n > 0)
			memcpy(own, elements, *n * size);
		put_number(c, *n);
	} else {
		count = get_number(c);
		/* An element takes a byte at least. */
		if (count > ELEMENTS_MAX || count > (uint64_t)(c->end - c->p)) {
			c->damaged = true;
			count = 0;
		}
		*n = (size_t)count;
		own = arena_array(c->a, *n, size);
	}
	for (i = 0; i < *n && !c->damaged; i++)
		one(c, own + i * size);
	return own;
}
