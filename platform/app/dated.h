/*
 * Time becomes rows: what was written down for a time (dated_add) is done by
 * the act of its room, inside the transaction that takes the row away.
 */
#ifndef APP_DATED_H
#define APP_DATED_H

#include <stdint.h>

#include "base/err.h"
#include "record/record.h"

struct db;
struct site;

struct dated_kind {
	const char *kind;
	enum err (*run)(
	    struct db *db, const struct site *site, const struct dated *d);
};

extern const struct dated_kind dated_kinds[]; /* app/job_kinds.c; NULL ends */

/* One row that was taken. ERR_INTERNAL when nobody knows its kind. */
MUST_USE enum err
dated_do(struct db *db, const struct site *site, const struct dated *d);

/* Takes and does everything that is due at `now`. For the demo sector. */
MUST_USE enum err
dated_pass(struct db *db, const struct site *site, int64_t now);

#endif
