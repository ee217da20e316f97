/* The roster as it is read: page by page, and whole. */
#include "db/db.h"
#include "people/person.h"

static enum err
read_roster(struct db *db, struct db_args args, struct arena *a,
    struct roster_line **out, size_t *n)
{
	struct roster_line *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	if ((e = db_rows(db, Q_ROSTER_PAGE, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct roster_line){
		    .membership = db_col_int(rows, 0),
		    .person = db_col_int(rows, 1),
		    .employee_number = db_col_text(rows, 2, a),
		    .name = db_col_text(rows, 3, a),
		    .kana = db_col_text(rows, 4, a),
		    .email = db_col_text(rows, 5, a),
		    .department = db_col_text(rows, 6, a),
		    .role = db_col_text(rows, 7, a),
		    .tier = db_col_text(rows, 8, a),
		    .line_manager = db_col_text(rows, 9, a),
		    .line_manager_number = db_col_text(rows, 10, a),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
roster_page(struct db *db, struct scope s, int64_t organisation,
    const char *words, int64_t offset, struct arena *a,
    struct roster_line **out, size_t *n, int64_t *total)
{
	enum err e;

	e = db_one_int(db, Q_ROSTER_COUNT,
	    DB_ARGS(db_int(organisation), db_int(s.reach),
		db_int(s.organisation), db_text(words)),
	    total);
	if (e != ERR_OK)
		return e;
	return read_roster(db,
	    DB_ARGS(db_int(organisation), db_int(s.reach),
		db_int(s.organisation), db_text(words), db_int(offset),
		db_int(ROSTER_PAGE)),
	    a, out, n);
}

enum err
roster_all(struct db *db, struct scope s, int64_t organisation, struct arena *a,
    struct roster_line **out, size_t *n)
{
	return read_roster(db,
	    DB_ARGS(db_int(organisation), db_int(s.reach),
		db_int(s.organisation), db_text(""), db_int(0),
		db_int(INT64_MAX)),
	    a, out, n);
}
