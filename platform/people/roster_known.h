/* Who is in an institution's roster while a file is imported into it. */
#ifndef PEOPLE_ROSTER_KNOWN_H
#define PEOPLE_ROSTER_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "people/roster_read.h"

struct db;

/* Somebody of the organisation: known before, or from a line of the file. */
struct known {
	int64_t membership, person, line_manager;
	const char *number, *name, *kana, *email, *department, *role, *tier;
	bool in_file;
	const struct roster_cells *line; /* the line it came from, or NULL */
	bool added, changed; /* by that line */
	int64_t next_manager; /* a person; as line_manager unless it changes */
};

struct known_list {
	struct known **list; /* in order of numbers */
	size_t n;
};

/* Those of the organisation now, in any order. Owned by the arena. */
MUST_USE enum err known_load(struct db *db, int64_t organisation,
    struct arena *a, struct known_list *out);

/*
 * Numbers of the file that nobody has yet get an empty place (membership 0);
 * after that the list is in order.
 */
void known_add_places(
    struct known_list *known, const struct roster_file *file, struct arena *a);

/* NULL: there is no such number. The list must be in order. */
struct known *known_find(const struct known_list *known, const char *number);

#endif
