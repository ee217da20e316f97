/* Dashboards' numbers: folds over the counts of a scope. */
#include "oversee/counts.h"

#include <string.h>

#include "base/clock.h"
#include "db/db.h"

#define SCOPE_ARGS(s)                                                          \
	db_int((s).reach), db_int((s).person), db_int((s).organisation),       \
	    db_int((s).now)

int64_t
period_before(int64_t period, int back)
{
	int64_t months = period / 100 * 12 + period % 100 - 1 - back;

	return months / 12 * 100 + months % 12 + 1;
}

/* ----------------------------------------------------------------- columns */

static const struct programme *
programme_named(const struct framework *f, const char *id)
{
	size_t i;

	for (i = 0; i < f->n_programmes; i++)
		if (text_eq(f->programmes[i].id, id))
			return &f->programmes[i];
	return NULL;
}

static const struct programme *
programme_of_tier(const struct framework *f, const char *tier)
{
	size_t i;

	for (i = 0; i < f->n_programmes; i++)
		if (text_eq(f->programmes[i].tier, tier))
			return &f->programmes[i];
	return NULL;
}

static bool
has_roles(const struct framework *f, const char *tier)
{
	size_t i;

	for (i = 0; i < f->n_roles; i++)
		if (text_eq(f->roles[i].tier, tier))
			return true;
	return false;
}

enum err
columns_of(const struct framework *f, const char *programme, struct arena *a,
    struct columns *out)
{
	const struct programme *asked = NULL;
	struct columns c = {0};
	size_t i;

	if (*programme != '\0' &&
	    (asked = programme_named(f, programme)) == NULL)
		return ERR_NOT_FOUND;
	for (i = 0; i < f->n_tiers; i++)
		if (has_roles(f, f->tiers[i].id))
			*ARENA_PUSH(a, c.list, c.n) =
			    (struct tier_column){&f->tiers[i],
				asked != NULL
				    ? asked
				    : programme_of_tier(f, f->tiers[i].id)};
	*out = c;
	return ERR_OK;
}

static bool
column_of(const struct columns *c, const char *tier, size_t *out)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (text_eq(c->list[i].tier->id, tier)) {
			*out = i;
			return true;
		}
	return false;
}

/* What an amount is in a column: people, or people who completed. */
static bool
tally_of(const struct tier_column *c, const char *metric, const char *key,
    int64_t amount, struct tally *out)
{
	if (text_eq(metric, "people"))
		*out = (struct tally){.people = amount};
	else if (text_eq(metric, "programme") && c->programme != NULL &&
	    text_eq(key, c->programme->id))
		*out = (struct tally){.done = amount};
	else
		return false;
	return true;
}

/* ------------------------------------------------------------------- sector */

struct sum {
	int64_t organisation;
	const char *metric, *key, *tier;
	int64_t amount;
};

struct sums {
	struct sum *list;
	size_t n;
};

static enum err
load_institutions(
    struct db *db, struct scope s, struct arena *a, struct sector *out)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_OVERSEE_INSTITUTIONS, DB_ARGS(SCOPE_ARGS(s)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, out->institutions, out->n_institutions) =
		    (struct institution_counts){
			.id = db_col_int(rows, 0),
			.name = {{db_col_text(rows, 1, a),
			    db_col_text(rows, 2, a)}},
			.category = db_col_text(rows, 3, a),
			.size_band = db_col_int(rows, 4),
		    };
	return db_done(rows);
}

static enum err
load_sums(struct db *db, struct scope s, struct arena *a, struct sums *out)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_OVERSEE_SUMS, DB_ARGS(SCOPE_ARGS(s)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, out->list, out->n) = (struct sum){
		    .organisation = db_col_int(rows, 0),
		    .metric = db_col_text(rows, 1, a),
		    .key = db_col_text(rows, 2, a),
		    .tier = db_col_text(rows, 3, a),
		    .amount = db_col_int(rows, 4),
		};
	return db_done(rows);
}

/* The tiers that anybody in the scope has. */
static void
keep_columns(struct columns *c, const struct sums *sums)
{
	bool used[64] = {false};
	size_t i, column, kept = 0;

	for (i = 0; i < sums->n; i++)
		if (text_eq(sums->list[i].metric, "people") &&
		    sums->list[i].amount > 0 &&
		    column_of(c, sums->list[i].tier, &column) && column < 64)
			used[column] = true;
	for (i = 0; i < c->n && i < 64; i++)
		if (used[i])
			c->list[kept++] = c->list[i];
	c->n = kept;
}

static void
keep_categories(const struct framework *f, struct arena *a, struct sector *s)
{
	size_t i, k;

	s->categories = ARENA_ARRAY(a, const struct named *, f->n_categories);
	for (i = 0; i < f->n_categories; i++)
		for (k = 0; k < s->n_institutions; k++)
			if (text_eq(s->institutions[k].category,
				f->categories[i].id)) {
				s->categories[s->n_categories++] =
				    &f->categories[i];
				break;
			}
}

static bool
row_of(const struct sector *s, const char *category, size_t *out)
{
	size_t i;

	for (i = 0; i < s->n_categories; i++)
		if (text_eq(s->categories[i]->id, category)) {
			*out = i;
			return true;
		}
	return false;
}

/* One institution into the table: its people by tier, and itself once. */
static void
add_institution(struct sector *s, const struct institution_counts *in,
    const struct tally *tiers)
{
	size_t row, i;
	bool any = false;

	if (!row_of(s, in->category, &row))
		return;
	for (i = 0; i < s->columns.n; i++) {
		if (tiers[i].people == 0 && tiers[i].done == 0)
			continue;
		any = true;
		count_table_add(
		    &s->now, row, i, tiers[i].people, tiers[i].done);
		count_cell(&s->now, row, i)->institutions++;
		count_cell(&s->now, s->now.rows, i)->institutions++;
	}
	if (!any)
		return;
	count_cell(&s->now, row, s->now.columns)->institutions++;
	count_cell(&s->now, s->now.rows, s->now.columns)->institutions++;
}

static void
add_figure(
    struct sector *s, struct institution_counts *in, const struct sum *sum)
{
	if (text_eq(sum->metric, "overdue")) {
		in->overdue += sum->amount;
		s->overdue += sum->amount;
	} else if (text_eq(sum->metric, "assigned")) {
		s->assigned += sum->amount;
	} else if (text_eq(sum->metric, "exam_taken")) {
		s->exam_taken += sum->amount;
	} else if (text_eq(sum->metric, "exam_passed")) {
		s->exam_passed += sum->amount;
	}
}

/*
 * More completed than people: some have left since. They count no more than
 * those who are there.
 */
static void
tally_bound(struct tally *t)
{
	if (t->people < 0)
		t->people = 0;
	if (t->done > t->people)
		t->done = t->people;
	if (t->done < 0)
		t->done = 0;
}

/* Institutions and sums are both in the order of ids. */
static void
fold_sums(struct sector *s, const struct sums *sums, struct arena *a)
{
	struct institution_counts *in;
	struct tally *tiers, t;
	size_t i, k, column, at = 0;

	tiers = ARENA_ARRAY(a, struct tally, s->columns.n);
	for (i = 0; i < s->n_institutions; i++) {
		in = &s->institutions[i];
		memset(tiers, 0, s->columns.n * sizeof(*tiers));
		for (; at < sums->n && sums->list[at].organisation == in->id;
		     at++) {
			add_figure(s, in, &sums->list[at]);
			if (!column_of(
				&s->columns, sums->list[at].tier, &column) ||
			    !tally_of(&s->columns.list[column],
				sums->list[at].metric, sums->list[at].key,
				sums->list[at].amount, &t))
				continue;
			tiers[column].people += t.people;
			tiers[column].done += t.done;
		}
		for (k = 0; k < s->columns.n; k++) {
			tally_bound(&tiers[k]);
			in->all.people += tiers[k].people;
			in->all.done += tiers[k].done;
		}
		add_institution(s, in, tiers);
	}
}

enum err
sector_load(struct db *db, struct scope supervised, const struct framework *f,
    const char *programme, struct arena *a, struct sector *out)
{
	struct sector s = {0};
	struct sums sums = {0};
	enum err e;

	if ((e = columns_of(f, programme, a, &s.columns)) != ERR_OK)
		return e;
	if ((e = load_institutions(db, supervised, a, &s)) != ERR_OK)
		return e;
	if ((e = load_sums(db, supervised, a, &sums)) != ERR_OK)
		return e;
	keep_columns(&s.columns, &sums);
	keep_categories(f, a, &s);
	s.now = count_table_new(a, s.n_categories, s.columns.n);
	fold_sums(&s, &sums, a);
	*out = s;
	return ERR_OK;
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

/* Adds to a row and to the total, from a month on. */
static void
series_add(struct series *s, size_t row, int64_t period, struct tally t)
{
	size_t i, k, rows[2] = {row, s->n_rows};

	for (k = 0; k < 2; k++)
		for (i = 0; i < MONTHS; i++)
			if (period <= s->periods[i]) {
				s->rows[rows[k]][i].people += t.people;
				s->rows[rows[k]][i].done += t.done;
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
		    tally_of(&sector->columns.list[column],
			db_col_text(rows, 1, a), db_col_text(rows, 2, a),
			db_col_int(rows, 5), &t))
			series_add(&s, row, db_col_int(rows, 4), t);
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

/* Tiers that nobody has are left out; the total stays behind them. */
static void
drop_empty_tiers(struct institution *in)
{
	struct series *s = &in->tiers;
	size_t i, kept = 0;

	for (i = 0; i < s->n_rows; i++) {
		if (s->rows[i][MONTHS - 1].people == 0)
			continue;
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

	e = columns_of(content_framework(c), programme, a, &in.columns);
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
			series_add(&in.tiers, column, db_col_int(rows, 3), t);
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
peers_load(struct db *db, struct scope managed, const struct framework *f,
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
	if ((e = columns_of(f, "", a, &columns)) != ERR_OK)
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
