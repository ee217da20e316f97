/* A scope's numbers of now: categories by tiers, institution by institution. */
#include "oversee/counts.h"

#include <string.h>

#include "oversee/counts_parts.h"

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

/* A course of it is still being written: nobody can have met it. */
static bool
can_be_completed(const struct content *c, const struct programme *programme)
{
	const struct course *course;
	size_t i;

	for (i = 0; i < programme->n_courses; i++) {
		course = content_course(c, programme->courses[i]);
		if (course == NULL || !content_course_is_whole(course))
			return false;
	}
	return true;
}

static struct tier_column
column_new(const struct content *c, const struct named *tier,
    const struct programme *asked)
{
	bool shown = asked == NULL || text_eq(asked->tier, tier->id);
	const struct programme *programme = asked != NULL && shown
	    ? asked
	    : programme_of_tier(content_framework(c), tier->id);

	return (struct tier_column){
	    .tier = tier,
	    .programme = programme,
	    .counted = programme != NULL && can_be_completed(c, programme),
	    .shown = shown,
	};
}

enum err
columns_of(const struct content *content, const char *programme,
    struct arena *a, struct columns *out)
{
	const struct framework *f = content_framework(content);
	const struct programme *asked = NULL;
	struct columns c = {.asked = *programme != '\0'};
	size_t i;

	if (c.asked && (asked = programme_named(f, programme)) == NULL)
		return ERR_NOT_FOUND;
	for (i = 0; i < f->n_tiers; i++)
		if (has_roles(f, f->tiers[i].id))
			*ARENA_PUSH(a, c.list, c.n) =
			    column_new(content, &f->tiers[i], asked);
	*out = c;
	return ERR_OK;
}

bool
column_in_total(const struct tier_column *c)
{
	return c->counted && c->shown;
}

bool
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

bool
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

bool
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

/*
 * One institution into the table: its people by tier, and itself once. All
 * tiers that are counted, also when one programme was asked for: what is
 * hidden in a file depends on the whole table.
 */
static void
add_institution(struct sector *s, const struct institution_counts *in,
    const struct tally *tiers)
{
	size_t row, i;
	bool any = false;

	if (!row_of(s, in->category, &row))
		return;
	for (i = 0; i < s->columns.n; i++) {
		if (!s->columns.list[i].counted ||
		    (tiers[i].people == 0 && tiers[i].done == 0))
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

void
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
			in->people += tiers[k].people;
			if (!column_in_total(&s->columns.list[k]))
				continue;
			in->all.people += tiers[k].people;
			in->all.done += tiers[k].done;
		}
		s->people += in->people;
		add_institution(s, in, tiers);
	}
}

struct count_cell
sector_total(const struct sector *s, size_t row)
{
	size_t i;

	if (!s->columns.asked)
		return *count_cell(&s->now, row, s->columns.n);
	for (i = 0; i < s->columns.n; i++)
		if (s->columns.list[i].shown)
			return *count_cell(&s->now, row, i);
	return (struct count_cell){0};
}

enum err
sector_load(struct db *db, struct scope supervised, const struct content *c,
    const char *programme, struct arena *a, struct sector *out)
{
	struct sector s = {0};
	struct sums sums = {0};
	enum err e;

	if ((e = columns_of(c, programme, a, &s.columns)) != ERR_OK)
		return e;
	if ((e = load_institutions(db, supervised, a, &s)) != ERR_OK)
		return e;
	if ((e = load_sums(db, supervised, a, &sums)) != ERR_OK)
		return e;
	keep_columns(&s.columns, &sums);
	keep_categories(content_framework(c), a, &s);
	s.now = count_table_new(a, s.n_categories, s.columns.n);
	fold_sums(&s, &sums, a);
	*out = s;
	return ERR_OK;
}
