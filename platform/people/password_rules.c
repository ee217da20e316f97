/* What makes a long password a bad one. */
#include "people/password_rules.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define DIFFERENT_MIN 5 /* characters */
#define PIECE_BYTES_MAX 24 /* "abcdefghabcdefgh" is one piece, twice */
#define ROW_BYTES_MIN 5 /* of a row, to count as one */
#define WORD_BYTES_MIN 4
#define REST_MIN 6 /* beside words and rows */
#define TAKEN '\x01'

static const char *const rows[] = {
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmik",
    "!@#$%^&*()",
};

static const char *const words[] = {"password", "passw0rd", "p@ssw0rd",
    "p@ssword", "passphrase", "tanren", "welcome", "iloveyou", "letmein",
    "administrator", "admin", "secret", "changeme", "default", "login",
    "pasuwado", "himitsu", "security", "cyber", "training", "bank", "ginkou",
    "kinyuu", "sakura", "nippon", "japan", "tokyo", "pokemon", "dragon",
    "monkey", "football", "baseball", "sunshine", "princess", "summer",
    "winter", "spring", "autumn", "january", "february", "march", "april",
    "august", "september", "october", "november", "december"};

static size_t
different(const char *s)
{
	bool seen[256] = {false};
	size_t n = 0;

	for (; *s != '\0'; s++) {
		n += !seen[(uint8_t)*s];
		seen[(uint8_t)*s] = true;
	}
	return n;
}

/* The last piece may be cut: "abcabcab". */
static bool
is_repeated(const char *s)
{
	size_t n = strlen(s), piece, i;

	for (piece = 1; piece <= PIECE_BYTES_MAX && 2 * piece <= n; piece++) {
		for (i = piece; i < n && s[i] == s[i - piece]; i++)
			;
		if (i == n)
			return true;
	}
	return false;
}

/* Blanks out every place of a word; the length stays. */
static void
take_out(char *s, const char *word)
{
	size_t n = strlen(word);

	if (n < WORD_BYTES_MIN)
		return;
	while ((s = strstr(s, word)) != NULL) {
		memset(s, TAKEN, n);
		s += n;
	}
}

/* How much of `s` stands in a row of keys. */
static size_t
along(const char *s, const char *row)
{
	size_t best = 0, n;
	const char *at;

	for (at = row; *at != '\0'; at++) {
		for (n = 0; at[n] != '\0' && s[n] == at[n]; n++)
			;
		best = n > best ? n : best;
	}
	return best;
}

static void
take_out_rows(char *s)
{
	size_t i, n;

	while (*s != '\0') {
		for (i = n = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (along(s, rows[i]) > n)
				n = along(s, rows[i]);
		if (n >= ROW_BYTES_MIN)
			memset(s, TAKEN, n);
		s += n == 0 ? 1 : n;
	}
}

/* The parts of a name or an address, each a word of its own. */
static void
take_out_own(char *s, const char *own, struct arena *a)
{
	char *copy = text_lower(a, own), *part;

	take_out(s, copy);
	while ((part = strsep(&copy, " .@-_\t")) != NULL)
		take_out(s, part);
}

/* What a guesser still has to find. Figures beside a word add little. */
static size_t
rest(const char *s)
{
	size_t halves = 0;

	for (; *s != '\0'; s++)
		if (*s != TAKEN)
			halves += *s >= '0' && *s <= '9' ? 1 : 2;
	return halves / 2;
}

bool
password_is_guessable(
    const char *password, const char *const *own, size_t n_own, struct arena *a)
{
	char *s = text_lower(a, password);
	size_t i;

	if (different(s) < DIFFERENT_MIN || is_repeated(s))
		return true;
	for (i = 0; i < n_own; i++)
		if (own[i] != NULL)
			take_out_own(s, own[i], a);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		take_out(s, words[i]);
	take_out_rows(s);
	return strchr(s, TAKEN) != NULL && rest(s) < REST_MIN;
}
