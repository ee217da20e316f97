/* Folding, tokens, queries and excerpts. */
#include "content/words.h"

#include <string.h>

#include "base/text.h"

#define EXCERPT_BEFORE 30
#define EXCERPT_AFTER 90

uint32_t
word_fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e) /* full-width forms of ASCII */
		c -= 0xff01 - '!';
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7))
		c += 0x20;
	return c;
}

struct range {
	uint32_t from, to;
};

static bool
is_in(uint32_t c, const struct range *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (c >= list[i].from && c <= list[i].to)
			return true;
	return false;
}

enum word_kind
word_kind(uint32_t c)
{
	static const struct range wide[] = {
	    {0x3005, 0x3007}, /* 々 〆 〇 */
	    {0x3041, 0x3096}, /* hiragana */
	    {0x309d, 0x309f},
	    {0x30a1, 0x30fa}, /* katakana without the middle dot */
	    {0x30fc, 0x30ff},
	    {0x31f0, 0x31ff},
	    {0x3400, 0x4dbf},
	    {0x4e00, 0x9fff}, /* kanji */
	    {0xac00, 0xd7a3},
	    {0xf900, 0xfaff},
	    {0xff66, 0xff9f}, /* half-width katakana */
	    {0x20000, 0x3ffff},
	};
	static const struct range letters[] = {
	    {'0', '9'},
	    {'a', 'z'},
	    {0xc0, 0xd6},
	    {0xd8, 0xf6},
	    {0xf8, 0x24f},
	    {0x370, 0x3ff},
	    {0x400, 0x52f},
	};

	if (is_in(c, letters, sizeof(letters) / sizeof(letters[0])))
		return WORD_LETTER;
	if (is_in(c, wide, sizeof(wide) / sizeof(wide[0])))
		return WORD_WIDE;
	return WORD_NONE;
}

static void
put_char(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(out, (char)c);
	} else if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | c >> 6));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_putc(out, (char)(0xe0 | c >> 12));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(out, (char)(0xf0 | c >> 18));
		buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

void
words_tokens(const char *text, struct buf *out)
{
	enum word_kind kind, last_kind = WORD_NONE;
	uint32_t raw, c, last = 0;

	do {
		raw = text_next(&text);
		c = word_fold(raw);
		kind = raw == 0 ? WORD_NONE : word_kind(c);
		if (last_kind == WORD_WIDE) {
			put_char(out, last);
			if (kind == WORD_WIDE)
				put_char(out, c);
			buf_putc(out, ' ');
		}
		if (last_kind == WORD_LETTER && kind != WORD_LETTER)
			buf_putc(out, ' ');
		if (kind == WORD_LETTER)
			put_char(out, c);
		last = c;
		last_kind = kind;
	} while (raw != 0);
}

void
words_of_query(struct arena *a, const char *query, struct words *out)
{
	uint32_t *chars = ARENA_ARRAY(a, uint32_t, text_length(query)), c;
	enum word_kind kind, last = WORD_NONE;
	struct word *w = NULL;

	*out = (struct words){.n = 0};
	while ((c = text_next(&query)) != 0) {
		c = word_fold(c);
		kind = word_kind(c);
		if (kind != WORD_NONE && kind != last) {
			if (out->n == WORDS_MAX)
				return;
			w = &out->list[out->n++];
			*w = (struct word){.kind = kind, .chars = chars};
		}
		if (kind != WORD_NONE) {
			*chars++ = c;
			w->n++;
		}
		last = kind;
	}
}

static void
put_match(struct buf *b, const struct word *w)
{
	size_t i;

	buf_putc(b, '"');
	if (w->kind == WORD_LETTER || w->n == 1)
		for (i = 0; i < w->n; i++)
			put_char(b, w->chars[i]);
	else
		for (i = 0; i + 1 < w->n; i++) {
			if (i > 0)
				buf_putc(b, ' ');
			put_char(b, w->chars[i]);
			put_char(b, w->chars[i + 1]);
		}
	buf_putc(b, '"');
	/* One character stands at the start of a pair, or alone at an end. */
	if (w->kind == WORD_WIDE && w->n == 1)
		buf_putc(b, '*');
}

const char *
words_match(struct arena *a, const struct words *w)
{
	struct buf b = BUF_EMPTY;
	const char *match;
	size_t i;

	/*
	 * SECURITY: a run holds letters and kana only, no quote: nothing of
	 * the query is read as an operator.
	 */
	for (i = 0; i < w->n; i++) {
		if (i > 0)
			buf_puts(&b, " AND ");
		put_match(&b, &w->list[i]);
	}
	match = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return match;
}

/* ------------------------------------------------------------- excerpts */

struct text {
	const uint32_t *chars; /* as written */
	size_t n;
};

static enum word_kind
kind_at(const struct text *t, size_t i)
{
	return i >= t->n ? WORD_NONE : word_kind(word_fold(t->chars[i]));
}

/* Letters count as whole words only, as the index does. */
static bool
is_at(const struct text *t, size_t at, const struct word *w)
{
	size_t i;

	if (at + w->n > t->n)
		return false;
	for (i = 0; i < w->n; i++)
		if (word_fold(t->chars[at + i]) != w->chars[i])
			return false;
	if (w->kind != WORD_LETTER)
		return true;
	return (at == 0 || kind_at(t, at - 1) != WORD_LETTER) &&
	    kind_at(t, at + w->n) != WORD_LETTER;
}

/* Characters of the longest run here; 0: none. */
static size_t
run_at(const struct text *t, size_t at, const struct words *w)
{
	size_t i, longest = 0;

	for (i = 0; i < w->n; i++)
		if (w->list[i].n > longest && is_at(t, at, &w->list[i]))
			longest = w->list[i].n;
	return longest;
}

static void
put_escaped(struct buf *b, uint32_t c)
{
	if (c == '<')
		buf_puts(b, "&lt;");
	else if (c == '>')
		buf_puts(b, "&gt;");
	else if (c == '&')
		buf_puts(b, "&amp;");
	else if (c == '"')
		buf_puts(b, "&quot;");
	else
		put_char(b, c == '\n' ? ' ' : c);
}

static void
put_window(struct buf *b, const struct text *t, size_t from, size_t to,
    const struct words *w)
{
	size_t i, run;

	if (from > 0)
		buf_puts(b, "…");
	for (i = from; i < to;) {
		if ((run = run_at(t, i, w)) == 0) {
			put_escaped(b, t->chars[i++]);
			continue;
		}
		buf_puts(b, "<mark>");
		while (run-- > 0)
			put_escaped(b, t->chars[i++]);
		buf_puts(b, "</mark>");
	}
	if (i < t->n)
		buf_puts(b, "…");
}

struct safe_html
words_excerpt(struct arena *a, const char *s, const struct words *w)
{
	uint32_t *chars = ARENA_ARRAY(a, uint32_t, text_length(s) + 1);
	struct text t = {.chars = chars};
	struct buf b = BUF_EMPTY;
	struct safe_html html;
	size_t at, from, to;

	while ((chars[t.n] = text_next(&s)) != 0)
		t.n++;
	for (at = 0; at < t.n && run_at(&t, at, w) == 0; at++)
		;
	if (at == t.n) /* only the title holds the words */
		at = 0;
	from = at > EXCERPT_BEFORE ? at - EXCERPT_BEFORE : 0;
	/* A Latin word is not cut in two. */
	while (from > 0 && from < at && kind_at(&t, from - 1) == WORD_LETTER)
		from++;
	to = at + EXCERPT_AFTER < t.n ? at + EXCERPT_AFTER : t.n;
	while (to < t.n && kind_at(&t, to) == WORD_LETTER &&
	    kind_at(&t, to - 1) == WORD_LETTER)
		to++;
	put_window(&b, &t, from, to, w);
	html.text = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return html;
}
