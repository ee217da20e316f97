/* Numbers over time, of one institution, and of its peers. */
#include "oversee/counts.h"

#include <string.h>

#include "base/clock.h"
#include "oversee/counts_parts.h"

int64_t
period_before(int64_t period, int back)
{
	int64_t months = period / 100 * 12 + period % 100 - 1 - back;

	return months / 12 * 100 + months % 12 + 1;
}

/* ------------------------------------------------------------------- series */

static void
series_new(struct series *s, size_t rows, int64_t now, struct arena *a)
{
	size_t i;

	*s = (struct series){.n_rows = rows};
	s->rows = arena_array(a, rows + 1, sizeof(*s->rows));
	for (i = 0; i < MONTHS; i++)
		s->periods[i] =
		    period_before(date_period(now), (int)(MONTHS - 1 - i));
}

/* Adds to a row, from a month on. */
static void
series_add(struct series *s, size_t row, int64_t period, struct tally t)
{
	size_t i;

	for (i = 0; i < MONTHS; i++)
		if (period <= s->periods[i]) {
			s->rows[row][i].people += t.people;
			s->rows[row][i].done += t.done;
		}
}

static void
series_bound(struct series *s)
{
	size_t row, i;

	for (row = 0; row <= s->n_rows; row++)
		for (i = 0; i < MONTHS; i++)
			tally_bound(&s->rows[row][i]);
}

enum err
sector_series(struct db *db, struct scope supervised,
    const struct sector *sector, struct arena *a, struct series *out)
{
	struct db_rows *rows;
	struct series s;
	struct tally t;
	size_t row, column;
	enum err e;

	series_new(&s, sector->n_categories, supervised.now, a);
	e = db_rows(db, Q_OVERSEE_SERIES,
	    DB_ARGS(SCOPE_ARGS(supervised), db_int(s.periods[0])), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		if (row_of(sector, db_col_text(rows, 0, a), &row) &&
		    column_of(
			&sector->columns, db_col_text(rows, 3, a), &column) &&
		    column_in_total(&sector->columns.list[column]) &&
		    tally_of(&sector->columns.list[column],
			db_col_text(rows, 1, a), db_col_text(rows, 2, a),
			db_col_int(rows, 5), &t)) {
			series_add(&s, row, db_col_int(rows, 4), t);
			series_add(&s, s.n_rows, db_col_int(rows, 4), t);
		}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	series_bound(&s);
	*out = s;
	return ERR_OK;
}

/* -------------------------------------------------------------- institution */

static void
add_course(struct institution *in, const struct content *c, const char *metric,
    const char *key, int64_t amount, struct arena *a)
{
	struct course_counts *counts = NULL;
	const struct course *course;
	size_t i;

	if ((course = content_course(c, key)) == NULL)
		return;
	for (i = 0; i < in->n_courses; i++)
		if (in->courses[i].course == course)
			counts = &in->courses[i];
	if (counts == NULL) {
		counts = ARENA_PUSH(a, in->courses, in->n_courses);
		*counts = (struct course_counts){.course = course};
	}
	if (text_eq(metric, "assigned"))
		counts->assigned += amount;
	else if (text_eq(metric, "completed"))
		counts->completed += amount;
	else if (text_eq(metric, "overdue"))
		counts->overdue += amount;
	else if (text_eq(metric, "exam_taken"))
		counts->exam_taken += amount;
	else if (text_eq(metric, "exam_passed"))
		counts->exam_passed += amount;
}

/* In the catalogue's order, whatever came first. */
static void
sort_courses(struct institution *in, const struct content *c, struct arena *a)
{
	struct course_counts *sorted;
	const struct course *all;
	size_t i, k, n, at = 0;

	all = content_courses(c, &n);
	sorted = ARENA_ARRAY(a, struct course_counts, in->n_courses);
	for (i = 0; i < n; i++)
		for (k = 0; k < in->n_courses; k++)
			if (in->courses[k].course == &all[i])
				sorted[at++] = in->courses[k];
	in->courses = sorted;
	in->n_courses = at;
}

static void
add_to_tier(
    struct institution *in, size_t column, int64_t period, struct tally t)
{
	series_add(&in->tiers, column, period, t);
	if (column_in_total(&in->columns.list[column]))
		series_add(&in->tiers, in->tiers.n_rows, period, t);
}

/* Tiers that nobody has are left out; the total stays behind them. */
static void
drop_empty_tiers(struct institution *in)
{
	struct series *s = &in->tiers;
	size_t i, kept = 0;

	for (i = 0; i < s->n_rows; i++) {
		if (s->rows[i][MONTHS - 1].people == 0)
			continue;
		in->people += s->rows[i][MONTHS - 1].people;
		in->columns.list[kept] = in->columns.list[i];
		memmove(s->rows[kept++], s->rows[i], sizeof(s->rows[i]));
	}
	memmove(s->rows[kept], s->rows[s->n_rows], sizeof(s->rows[kept]));
	s->n_rows = in->columns.n = kept;
}

enum err
institution_load(struct db *db, struct scope s, int64_t id,
    const struct content *c, const char *programme, struct arena *a,
    struct institution *out)
{
	const char *metric, *key;
	struct institution in = {0};
	struct db_rows *rows;
	struct tally t;
	size_t column;
	enum err e;

	e = columns_of(c, programme, a, &in.columns);
	if (e != ERR_OK)
		return e;
	series_new(&in.tiers, in.columns.n, s.now, a);
	e = db_rows(db, Q_OVERSEE_OF_ONE,
	    DB_ARGS(SCOPE_ARGS(s), db_int(in.tiers.periods[0]), db_int(id)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		metric = db_col_text(rows, 0, a);
		key = db_col_text(rows, 1, a);
		add_course(&in, c, metric, key, db_col_int(rows, 4), a);
		if (column_of(&in.columns, db_col_text(rows, 2, a), &column) &&
		    tally_of(&in.columns.list[column], metric, key,
			db_col_int(rows, 4), &t))
			add_to_tier(&in, column, db_col_int(rows, 3), t);
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	series_bound(&in.tiers);
	drop_empty_tiers(&in);
	sort_courses(&in, c, a);
	*out = in;
	return ERR_OK;
}

/* -------------------------------------------------------------------- peers */

static struct peer *
peer_add(struct arena *a, struct peer **list, size_t *n, int64_t size_band)
{
	struct peer *p = ARENA_PUSH(a, *list, *n);

	*p = (struct peer){.size_band = size_band};
	return p;
}

enum err
peers_load(struct db *db, struct scope managed, const struct content *c,
    int64_t size_band, struct arena *a, struct peer_view *out)
{
	struct peer *list = NULL, *p = NULL;
	struct columns columns;
	struct db_rows *rows;
	int64_t id, last = 0;
	struct tally t;
	size_t column, n = 0;
	enum err e;

	if (managed.reach != SCOPE_ORGANISATION)
		return ERR_NOT_FOUND;
	if ((e = columns_of(c, "", a, &columns)) != ERR_OK)
		return e;
	e = db_rows(
	    db, Q_OVERSEE_PEERS, DB_ARGS(db_int(managed.organisation)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		if ((id = db_col_int(rows, 0)) != last)
			p = peer_add(a, &list, &n, db_col_int(rows, 1));
		last = id;
		if (!column_of(&columns, db_col_text(rows, 4, a), &column) ||
		    !column_in_total(&columns.list[column]) ||
		    !tally_of(&columns.list[column], db_col_text(rows, 2, a),
			db_col_text(rows, 3, a), db_col_int(rows, 5), &t))
			continue;
		p->people += t.people;
		p->done += t.done;
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	peer_view_of(list, n, size_band, a, out);
	return ERR_OK;
}
