/* A roster file, read: bytes become lines of checked cells. */
#ifndef PEOPLE_ROSTER_READ_H
#define PEOPLE_ROSTER_READ_H

#include "people/roster.h"

enum roster_column {
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_KANA,
	COLUMN_EMAIL,
	COLUMN_DEPARTMENT,
	COLUMN_ROLE,
	COLUMN_MANAGER,
	COLUMN__MAX
};

extern const char *const roster_column_names[COLUMN__MAX]; /* English */

/* The name of a column as a file in that language has it. */
const char *roster_column_title(enum lang lang, const char *column);

struct roster_cells {
	int64_t line;
	const char *cell[COLUMN__MAX]; /* trimmed, never NULL */
};

struct roster_file {
	struct roster_cells *lines; /* without the header */
	size_t n;
	bool has[COLUMN__MAX]; /* the columns that stand in the file */
	bool converted, cut;
};

/* ERR_INVALID with *refusal set when the file as a whole cannot be read. */
MUST_USE enum err roster_read(const void *csv, size_t size, struct arena *a,
    enum roster_refusal *refusal, struct roster_file *out);

/*
 * The first thing wrong with a line taken by itself; false when it is fine.
 * seen: whether its number stood in the file before.
 */
bool roster_check(const struct roster_cells *line, enum roster_problem *problem,
    enum roster_column *column);

#endif
