/* What the files of counts.h share. */
#ifndef OVERSEE_COUNTS_PARTS_H
#define OVERSEE_COUNTS_PARTS_H

#include <stdbool.h>

#include "db/db.h"
#include "oversee/counts.h"

/* $1 to $4 of the statements that are read through a scope. */
#define SCOPE_ARGS(s)                                                          \
	db_int((s).reach), db_int((s).person), db_int((s).organisation),       \
	    db_int((s).now)

/* The place of a tier among the columns, of a category among the rows. */
bool column_of(const struct columns *c, const char *tier, size_t *out);
bool row_of(const struct sector *s, const char *category, size_t *out);

/* Whether a column's people stand in the total that is shown. */
bool column_in_total(const struct tier_column *c);

/* What an amount is in a column: people, or people who completed. */
bool tally_of(const struct tier_column *c, const char *metric, const char *key,
    int64_t amount, struct tally *out);

/*
 * More completed than people: some have left since. They count no more than
 * those who are there.
 */
void tally_bound(struct tally *t);

#endif
