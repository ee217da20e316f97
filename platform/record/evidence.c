/* The evidence ledger: appended, never changed. */
#include "base/random.h"
#include "db/db.h"
#include "record/record.h"

enum err
evidence_add(struct db *db, const struct evidence *ev)
{
	return db_exec(db, Q_EVIDENCE_ADD,
	    DB_ARGS(db_int(id_new()), db_int(ev->person),
		db_id(ev->organisation), db_text(ev->tier), db_text(ev->source),
		db_text(ev->thing), db_id(ev->reference), db_int(ev->points),
		db_int(ev->points_max), db_text(ev->competencies),
		db_text(ev->manifest), db_int(ev->at)),
	    NULL);
}

enum err
evidence_of_person(struct db *db, struct scope s, int64_t person,
    struct arena *a, struct evidence_row **out, size_t *n)
{
	struct evidence_row *list = NULL, *row;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_EVIDENCE_OF_PERSON,
	    DB_ARGS(db_int(person), db_int(s.reach), db_int(s.person),
		db_int(s.organisation)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		row = ARENA_PUSH(a, list, count);
		row->id = db_col_int(rows, 0);
		row->ev = (struct evidence){
		    .person = person,
		    .organisation = db_col_int(rows, 1),
		    .tier = db_col_text(rows, 2, a),
		    .source = db_col_text(rows, 3, a),
		    .thing = db_col_text(rows, 4, a),
		    .reference = db_col_int(rows, 5),
		    .points = db_col_int(rows, 6),
		    .points_max = db_col_int(rows, 7),
		    .competencies = db_col_text(rows, 8, a),
		    .manifest = db_col_text(rows, 9, a),
		    .at = db_col_int(rows, 10),
		};
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}
