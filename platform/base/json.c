/* Writing JSON. */
#include "base/json.h"

#include <string.h>

#include "base/text.h"

static size_t
sequence_length(const char *s)
{
	size_t n;

	for (n = 1; n <= 4 && s[n - 1] != '\0'; n++)
		if (text_is_utf8(s, n))
			return n;
	return 0;
}

void
json_quote(struct buf *b, const char *s)
{
	size_t n;

	buf_putc(b, '"');
	while (*s != '\0') {
		if ((n = sequence_length(s)) == 0) {
			buf_puts(b, "\\ufffd");
			s++;
			continue;
		}
		if (n > 1)
			buf_put(b, s, n);
		else if (*s == '"' || *s == '\\')
			buf_printf(b, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f || *s == '<' ||
		    *s == '>' || *s == '&')
			/* safe inside HTML as well */
			buf_printf(b, "\\u%04x", (unsigned)(unsigned char)*s);
		else
			buf_putc(b, *s);
		s += n;
	}
	buf_putc(b, '"');
}
