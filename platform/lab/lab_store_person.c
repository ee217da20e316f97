/* What is known of a person beside runs and submissions. */
#include "base/text.h"
#include "db/db.h"
#include "lab/lab_store.h"

/* The first text of the first row; "" without one. */
static enum err
one_text(struct db *db, enum query q, struct db_args args, struct arena *a,
    const char **out)
{
	const char *text = "";
	struct db_rows *rows;
	enum err e;

	if ((e = db_rows(db, q, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		text = db_col_text(rows, 0, a);
	if ((e = db_done(rows)) == ERR_OK)
		*out = text;
	return e;
}

enum err
store_hints(struct db *db, struct scope own, const char *lab, struct arena *a,
    const char **out)
{
	return one_text(
	    db, Q_LAB_HINTS, DB_ARGS(db_int(own.person), db_text(lab)), a, out);
}

enum err
store_tier(struct db *db, int64_t person, int64_t organisation, int64_t at,
    struct arena *a, const char **out)
{
	return one_text(db, Q_LAB_TIER,
	    DB_ARGS(db_int(person), db_int(organisation), db_int(at)), a, out);
}

enum err
store_evidence_best(
    struct db *db, int64_t person, const char *lab, int64_t *out)
{
	return db_one_int(db, Q_LAB_EVIDENCE_BEST,
	    DB_ARGS(db_int(person), db_text(lab)), out);
}

enum err
store_give_up(
    struct db *db, int64_t person, const char *lab, struct lab_give_up *out)
{
	struct lab_give_up g = {0};
	struct db_rows *rows;
	enum err e;

	e = db_rows(
	    db, Q_LAB_GIVE_UP, DB_ARGS(db_int(person), db_text(lab)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		g = (struct lab_give_up){
		    .id = db_col_int(rows, 0),
		    .draw = db_col_int(rows, 1),
		    .gave_up_at = db_col_int(rows, 2),
		    .counts_from_at = db_col_int(rows, 3),
		};
	if ((e = db_done(rows)) == ERR_OK)
		*out = g;
	return e;
}

enum err
store_give_up_add(struct db *db, const struct learner *who, const char *lab,
    const struct lab_give_up *g, bool *added)
{
	int64_t changed;
	enum err e;

	e = db_exec(db, Q_LAB_GIVE_UP_ADD,
	    DB_ARGS(db_int(g->id), db_int(who->person),
		db_id(who->organisation), db_text(lab), db_int(g->draw),
		db_int(g->gave_up_at), db_int(g->counts_from_at),
		db_int(LAB_PERCENT_FOR_2)),
	    &changed);
	if (e == ERR_OK)
		*added = changed == 1;
	return e;
}
