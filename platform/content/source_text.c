/* Encoding, ends of lines and characters of a text file. */
#include "content/source_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

static bool
is_private_use(uint32_t c)
{
	return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

/* NULL when the character is fine. */
static const char *
complaint(uint32_t c, bool tabs)
{
	if (c == '\r')
		return "a carriage return; lines end with LF alone";
	if (c == '\t')
		return tabs ? NULL : "a tab; use spaces";
	if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0))
		return "a control character";
	if (c == 0xfeff)
		return "a byte order mark or zero-width no-break space";
	if (is_private_use(c))
		return "a private-use character";
	return NULL;
}

static void
check_characters(struct report *report, const struct source_file *f, bool tabs)
{
	const char *p = f->data, *why;
	uint32_t c;
	int line = 1, told = 0;

	while ((c = text_next(&p)) != 0) {
		/* One complaint for a line is enough. */
		if ((why = complaint(c, tabs)) != NULL && told != line) {
			report_add(report, f->path, line, "%s", why);
			told = line;
		}
		if (c == '\n')
			line++;
	}
}

void
source_text_check(struct report *report, struct source_file *f)
{
	bool text = text_ends(f->path, ".md") || text_ends(f->path, ".yaml") ||
	    text_ends(f->path, ".tsv");

	if (!text_is_utf8(f->data, f->size)) {
		report_add(report, f->path, 0, "not valid UTF-8");
		/* What follows trusts UTF-8: it sees an empty file. */
		f->data = "";
		f->size = 0;
		return;
	}
	if (!text)
		return;
	check_characters(report, f, text_ends(f->path, ".tsv"));
	if (f->size > 0 && f->data[f->size - 1] != '\n')
		report_add(
		    report, f->path, 0, "the last line has no end of line");
}
