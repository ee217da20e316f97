/* The numbers of a roster: loaded once, found by halving. */
#include "people/roster_known.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/db.h"

static int
by_number(const void *x, const void *y)
{
	struct known *const *a = x, *const *b = y;

	return strcmp((*a)->number, (*b)->number);
}

struct known *
known_find(const struct known_list *known, const char *number)
{
	struct known key = {.number = number}, *k = &key, **found;

	if (known->n == 0)
		return NULL;
	found =
	    bsearch(&k, known->list, known->n, sizeof(*known->list), by_number);
	return found == NULL ? NULL : *found;
}

enum err
known_load(struct db *db, int64_t organisation, struct arena *a,
    struct known_list *out)
{
	struct db_rows *rows;
	struct known *k;
	enum err e;

	e = db_rows(db, Q_ROSTER_KNOWN, DB_ARGS(db_int(organisation)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		k = ARENA_NEW(a, struct known);
		*k = (struct known){
		    .membership = db_col_int(rows, 0),
		    .person = db_col_int(rows, 1),
		    .number = db_col_text(rows, 2, a),
		    .name = db_col_text(rows, 3, a),
		    .kana = db_col_text(rows, 4, a),
		    .email = db_col_text(rows, 5, a),
		    .department = db_col_text(rows, 6, a),
		    .role = db_col_text(rows, 7, a),
		    .tier = db_col_text(rows, 8, a),
		    .line_manager = db_col_int(rows, 9),
		};
		k->next_manager = k->line_manager;
		*ARENA_PUSH(a, out->list, out->n) = k;
	}
	return db_done(rows);
}

void
known_add_places(
    struct known_list *known, const struct roster_file *file, struct arena *a)
{
	size_t before = known->n, i;
	struct known *k;

	if (before > 0)
		qsort(known->list, before, sizeof(*known->list), by_number);
	for (i = 0; i < file->n; i++) {
		struct known_list old = {known->list, before};

		if (known_find(&old, file->lines[i].cell[COLUMN_NUMBER]) !=
		    NULL)
			continue;
		k = ARENA_NEW(a, struct known);
		k->number = file->lines[i].cell[COLUMN_NUMBER];
		*ARENA_PUSH(a, known->list, known->n) = k;
	}
	qsort(known->list, known->n, sizeof(*known->list), by_number);
	/* a number that stands twice in the file keeps one place */
	for (i = 1, before = known->n > 0 ? 1 : 0; i < known->n; i++)
		if (!text_eq(known->list[i]->number,
			known->list[before - 1]->number))
			known->list[before++] = known->list[i];
	known->n = before;
}
