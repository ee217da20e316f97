/* Counts for dashboards: deltas with the act, folded by jobs. */
#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "record/record.h"

enum err
rollup_add(struct db *db, int64_t organisation, const char *metric,
    const char *key, const char *tier, int64_t at, int64_t amount)
{
	return db_exec(db, Q_ROLLUP_ADD,
	    DB_ARGS(db_int(id_new()), db_int(organisation), db_text(metric),
		db_text(key), db_text(tier), db_int(date_period(at)),
		db_int(amount)),
	    NULL);
}

enum err
rollup_fold(struct db *db, int limit, int64_t *folded)
{
	int64_t fold = id_new(), marked;
	enum err e;

	e = db_exec(
	    db, Q_ROLLUP_MARK, DB_ARGS(db_int(fold), db_int(limit)), &marked);
	if (e == ERR_OK && marked > 0)
		e = db_exec(db, Q_ROLLUP_FOLD, DB_ARGS(db_int(fold)), NULL);
	if (e == ERR_OK && marked > 0)
		e = db_exec(
		    db, Q_ROLLUP_FOLD_TOTAL, DB_ARGS(db_int(fold)), NULL);
	if (e == ERR_OK && marked > 0)
		e = db_exec(db, Q_ROLLUP_FOLDED, DB_ARGS(db_int(fold)), NULL);
	if (e == ERR_OK)
		*folded = marked;
	return e;
}
