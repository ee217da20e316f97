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
store_has_evidence(struct db *db, int64_t person, const char *lab, bool *out)
{
	int64_t n;
	enum err e;

	e = db_one_int(
	    db, Q_LAB_EVIDENCE, DB_ARGS(db_int(person), db_text(lab)), &n);
	if (e == ERR_OK)
		*out = n > 0;
	return e;
}
