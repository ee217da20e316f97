/* What the dashboards count. */
#include "support/counted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"

static void
must(enum err e)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "counted: %s\n", err_name(e));
	abort();
}

static bool
fits(const char *wanted, const char *is)
{
	return wanted == NULL || strcmp(wanted, is) == 0;
}

int64_t
counted(const struct fixture *f, int64_t organisation, const char *metric,
    const char *key, const char *tier)
{
	struct db_rows *rows;
	int64_t sum = 0;

	must(db_rows(f->db, Q_VERIFY_ROLLUP, DB_ARGS(db_text(metric)), &rows));
	while (db_next(rows))
		if (db_col_int(rows, 0) == organisation &&
		    fits(key, db_col_text(rows, 1, f->arena)) &&
		    fits(tier, db_col_text(rows, 2, f->arena)))
			sum += db_col_int(rows, 4);
	must(db_done(rows));
	return sum;
}

int
evidence_counted(const struct fixture *f, int64_t person, const char *source)
{
	struct evidence_row *rows;
	size_t i, n;
	int count = 0;

	must(evidence_of_person(
	    f->db, scope_machine(f->now), person, f->arena, &rows, &n));
	for (i = 0; i < n; i++)
		count += strcmp(rows[i].ev.source, source) == 0;
	return count;
}
