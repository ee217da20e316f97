/*
 * Dashboards' numbers: folds over the counts of a scope. The number of
 * queries is the same for one institution and for all, and none depends on
 * the number of people.
 */
#ifndef OVERSEE_COUNTS_H
#define OVERSEE_COUNTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/content.h"
#include "db/scope.h"
#include "oversee/oversee_rules.h"

struct db;

#define MONTHS 12 /* that a series shows, the current one last */

/*
 * A tier that people have, and its programme: the first one, or the one asked
 * for; NULL when it has none. Its people are counted in shares and totals as
 * soon as they can complete it: every course of it is written.
 */
struct tier_column {
	const struct named *tier;
	const struct programme *programme;
	bool counted;
	bool shown; /* false: another tier's programme was asked for */
};

struct columns {
	struct tier_column *list;
	size_t n;
	bool asked; /* for one programme: at most one column is shown */
};

/* programme "": each tier's own. ERR_NOT_FOUND for one that is unknown. */
MUST_USE enum err columns_of(const struct content *c, const char *programme,
    struct arena *a, struct columns *out);

struct tally {
	int64_t people, done;
};

struct institution_counts {
	int64_t id;
	struct bilingual name;
	const char *category;
	int64_t size_band;
	int64_t people; /* of all tiers */
	struct tally all; /* of those that are counted */
	int64_t overdue;
};

struct sector {
	struct columns columns; /* those with people in the scope */
	const struct named **categories; /* rows: with institutions in it */
	size_t n_categories;
	struct count_table now; /* tiers that are not counted are empty */
	int64_t people; /* of all tiers */
	struct institution_counts *institutions;
	size_t n_institutions;
	int64_t overdue, assigned, exam_taken, exam_passed;
};

/* What a supervisor's scope holds now; two queries. */
MUST_USE enum err
sector_load(struct db *db, struct scope supervised, const struct content *c,
    const char *programme, struct arena *a, struct sector *out);

/* What a row says of all its tiers, or of the one that was asked for. */
struct count_cell sector_total(const struct sector *s, size_t row);

/* At the ends of the last months, cumulative; rows and total as in `now`. */
struct series {
	int64_t periods[MONTHS]; /* 202611 */
	struct tally (*rows)[MONTHS];
	size_t n_rows; /* without the total, which stands at n_rows */
};

/* One query. */
MUST_USE enum err sector_series(struct db *db, struct scope supervised,
    const struct sector *sector, struct arena *a, struct series *out);

/* One institution of the scope, also of its own training manager. */
struct course_counts {
	const struct course *course;
	int64_t assigned, completed, overdue, exam_taken, exam_passed;
};

struct institution {
	struct columns columns; /* tiers that somebody has */
	struct series tiers; /* a row per column, and those that are counted */
	int64_t people; /* of all tiers, now */
	struct course_counts *courses; /* that have any count */
	size_t n_courses;
};

/* One query. An institution out of the scope has no counts. */
MUST_USE enum err institution_load(struct db *db, struct scope s, int64_t id,
    const struct content *c, const char *programme, struct arena *a,
    struct institution *out);

/* The scope's own institution among the others of its category; one query. */
MUST_USE enum err
peers_load(struct db *db, struct scope managed, const struct content *c,
    int64_t size_band, struct arena *a, struct peer_view *out);

/* The month `back` months before, as 202611. */
int64_t period_before(int64_t period, int back);

#endif
