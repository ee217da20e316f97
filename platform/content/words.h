/*
 * Words for the search, ours on both sides: texts are cut into tokens before
 * they are stored, and queries in the same way, so that the index sees tokens
 * with spaces between and nothing else.
 *
 * A run of Japanese becomes its pairs of characters, and the last character
 * alone: 監視体制 → 監視 視体 体制 制. A run of letters and digits is one
 * token, in lower case; full-width forms are read as ASCII.
 */
#ifndef CONTENT_WORDS_H
#define CONTENT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/template.h"

#define WORDS_MAX 32

enum word_kind { WORD_NONE, WORD_LETTER, WORD_WIDE };

/* One run of a query, folded. */
struct word {
	enum word_kind kind;
	const uint32_t *chars;
	size_t n;
};

struct words {
	struct word list[WORDS_MAX];
	size_t n;
};

/* The character as it is compared: ASCII lower case, half-width. */
uint32_t word_fold(uint32_t c);
enum word_kind word_kind(uint32_t folded);

/* Tokens of a text, each followed by a space. */
void words_tokens(const char *text, struct buf *out);

/* The runs of a query; more than WORDS_MAX are left out. */
void words_of_query(struct arena *a, const char *query, struct words *out);

/* The query for FTS5: every run must be there. "" if there is none. */
const char *words_match(struct arena *a, const struct words *w);

/* A piece of the text around the first run, escaped, the runs in <mark>. */
struct safe_html
words_excerpt(struct arena *a, const char *text, const struct words *w);

#endif
