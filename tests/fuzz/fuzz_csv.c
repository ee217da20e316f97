/*
 * Any bytes as a roster: it ends, stays in its memory, every cell is text, and
 * what the check lets through is what the database is promised.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "people/roster_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
expect_line(const struct roster_cells *line)
{
	enum roster_problem problem = ROSTER_MISSING;
	enum roster_column column = COLUMN__MAX;
	const char *s;
	int i;

	for (i = 0; i < COLUMN__MAX; i++) {
		s = line->cell[i];
		must(s != NULL && text_is_utf8(s, strlen(s)));
	}
	if (roster_check(line, &problem, &column)) {
		must(column < COLUMN__MAX);
		return;
	}
	must(*line->cell[COLUMN_NUMBER] != '\0' &&
	    *line->cell[COLUMN_NAME] != '\0' &&
	    *line->cell[COLUMN_ROLE] != '\0');
	for (i = 0; i < COLUMN__MAX; i++)
		must(strpbrk(line->cell[i], "\n\r\t\x1b") == NULL &&
		    (*line->cell[i] == '\0' ||
			strchr("=+-@", *line->cell[i]) == NULL));
	s = line->cell[COLUMN_EMAIL];
	must(*s == '\0' || strchr(s, '@') != NULL);
	must(text_length(line->cell[COLUMN_NUMBER]) <= EMPLOYEE_NUMBER_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	enum roster_refusal refusal = ROSTER_FINE;
	struct roster_file file;
	int64_t before = 0;
	size_t i;
	enum err e;

	e = roster_read(data, size, a, &refusal, &file);
	must(e == ERR_OK || e == ERR_INVALID || e == ERR_TOO_LARGE);
	must(
	    e == ERR_INVALID ? refusal != ROSTER_FINE : refusal == ROSTER_FINE);
	if (e == ERR_OK) {
		must(file.n > 0 && file.n <= ROSTER_LINES_MAX);
		for (i = 0; i < file.n; i++) {
			must(file.lines[i].line > before);
			before = file.lines[i].line;
			expect_line(&file.lines[i]);
		}
	}
	arena_free(a);
	return 0;
}
