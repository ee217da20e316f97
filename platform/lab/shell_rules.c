/* How long a shell lives, and what is written down of it. */
#include <string.h>

#include "base/clock.h"
#include "lab/shells.h"

#define SHELL_MARK ", shell "

int64_t
shell_first_deadline(int64_t now)
{
	return now + SHELL_SECONDS * SECOND_MS;
}

int64_t
shell_next_deadline(int64_t started_at, int64_t deadline_at)
{
	int64_t last = started_at + SHELL_SECONDS_MAX * SECOND_MS,
		next = deadline_at + SHELL_MORE_SECONDS * SECOND_MS;

	if (next > last)
		next = last;
	return next > deadline_at ? next : deadline_at;
}

const char *
shell_isolation(struct arena *a, const char *isolation, char level)
{
	const char *mark;
	size_t n;

	if (isolation == NULL)
		isolation = "";
	mark = strstr(isolation, SHELL_MARK);
	n = mark == NULL ? strlen(isolation) : (size_t)(mark - isolation);
	return arena_printf(
	    a, "%.*s" SHELL_MARK "%c", (int)n, isolation, level);
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* The bytes of a character after its first are left out: one "_" for each. */
const char *
shell_file_name(struct arena *a, const char *name)
{
	const char *part = name;
	char *out;
	size_t n = 0;

	for (; *name != '\0'; name++)
		if (*name == '/' || *name == '\\')
			part = name + 1;
	out = arena_alloc(a, LABD_NAME_MAX + 1);
	for (; *part != '\0' && n < LABD_NAME_MAX; part++)
		if (((unsigned char)*part & 0xc0) != 0x80)
			out[n++] = is_plain(*part) ? *part : '_';
	if (n > 0 && out[0] == '.')
		out[0] = '_';
	out[n] = '\0';
	return n == 0 ? "file" : out;
}
