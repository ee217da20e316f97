/* What a certificate's number looks like, and when it is valid: no rows. */
#include <string.h>

#include "base/random.h"
#include "certify/certify.h"

#define PREFIX "TR"
#define CODE_CHARS 12 /* of 5 bits each */
#define TYPED_CHARS_MAX 64

static const char *
number_of_code(struct arena *a, const char *code)
{
	return arena_printf(
	    a, PREFIX "-%.4s-%.4s-%.4s", code, code + 4, code + 8);
}

const char *
certificate_number_new(struct arena *a)
{
	return number_of_code(a, code_new(a, CODE_CHARS));
}

/* What Japanese and other keyboards offer where a hyphen is meant. */
static bool
is_separator(uint32_t c)
{
	return c == '-' || c == ' ' || c == '_' || c == 0x3000 ||
	    (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc ||
	    c == 0xff70;
}

/* ASCII capital letters and digits; 0 for anything else. */
static char
plain(uint32_t c)
{
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return (char)c;
	return 0;
}

/* Crockford's decoding; U is in no code. */
static char
digit_of(char c)
{
	switch (c) {
	case 'O':
		return '0';
	case 'I':
	case 'L':
		return '1';
	case 'U':
		return 0;
	default:
		return c;
	}
}

/* Letters and digits alone; false for more than a number can have. */
static bool
squeeze(const char *typed, char out[TYPED_CHARS_MAX + 1], size_t *n)
{
	uint32_t c;

	*n = 0;
	while ((c = text_next(&typed)) != 0) {
		if (c >= 0xff01 && c <= 0xff5e) /* full-width ASCII */
			c -= 0xff01 - '!';
		if (is_separator(c))
			continue;
		if (*n == TYPED_CHARS_MAX || (out[*n] = plain(c)) == 0)
			return false;
		(*n)++;
	}
	out[*n] = '\0';
	return true;
}

bool
certificate_number_read(struct arena *a, const char *typed, const char **number)
{
	char letters[TYPED_CHARS_MAX + 1], *code = letters;
	size_t i, n;

	if (!squeeze(typed, letters, &n))
		return false;
	if (n == strlen(PREFIX) + CODE_CHARS && text_starts(letters, PREFIX)) {
		code += strlen(PREFIX);
		n -= strlen(PREFIX);
	}
	if (n != CODE_CHARS)
		return false;
	for (i = 0; i < n; i++)
		if ((code[i] = digit_of(code[i])) == 0)
			return false;
	*number = number_of_code(a, code);
	return true;
}

enum certificate_state
certificate_state(const struct certificate *c, int64_t now)
{
	if (c->revoked_at != 0)
		return CERTIFICATE_REVOKED;
	if (c->expires_at != 0 && c->expires_at <= now)
		return CERTIFICATE_EXPIRED;
	return CERTIFICATE_VALID;
}
