/* Text: UTF-8 that is checked once, at the door, and trusted afterwards. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

/* The two languages, Japanese first. */
enum lang { LANG_JA, LANG_EN, LANG__MAX };

extern const char *const lang_codes[LANG__MAX]; /* "ja", "en" */

/* A text in both languages; both members are always set. */
struct bilingual {
	const char *in[LANG__MAX];
};

/* False for overlong forms, surrogates, NUL and anything past U+10FFFF. */
bool text_is_utf8(const char *s, size_t n);

/* Code points in a valid UTF-8 string. */
size_t text_length(const char *s);

/* A copy without white space (also U+3000) at both ends. */
char *text_trim(struct arena *a, const char *s);

/*
 * Characters that show nothing or change how others are shown: controls,
 * zero-width ones, and those that turn the direction of writing. but: ASCII
 * ones that are let through.
 */
bool text_has_control(const char *s, const char *but);

/* Writes text from outside to a terminal or a log of lines: '?' for those. */
void text_print_plain(FILE *out, const char *s, size_t n, bool keep_lines);

/* ASCII lower case copy; other characters stay. */
char *text_lower(struct arena *a, const char *s);

bool text_eq(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);

/* Digits only, no sign, no leading zero except "0", within int64. */
bool text_to_int(const char *s, int64_t *out);

/* Next code point; *s moves on. 0 at the end. The input is valid UTF-8. */
uint32_t text_next(const char **s);

#endif
