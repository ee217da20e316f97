/*
 * Counts for dashboards, recounted from the rows that they were made of. The
 * roll-up and what still waits to be folded into it are taken together.
 *
 *	completed, programme	the ledger
 *	exam_taken, exam_passed	the ledger, with the attempts
 *	lab_passed		the ledger
 *	assigned, overdue	the assignments that were not taken back
 *	people			the memberships
 *
 * The ledger never changes, so its counts are compared tier by tier and month
 * by month. The other rows do change, and keep what is, not what was:
 *
 * - people: who changes the tier leaves one count and joins another in the
 *   month of the change, which no row remembers. Exact are the sum of all
 *   months for each tier, and the sum of all tiers for each month.
 * - assigned: counted with the tier of that day: exact without tiers.
 * - overdue: joins in the month in which the date passed, leaves in the one in
 *   which it was done, moved or cancelled; the date itself may have moved
 *   since. Exact is the sum of all months without tiers.
 */
#include <stdlib.h>
#include <string.h>

#include "app/verify.h"
#include "base/clock.h"
#include "content/content.h"
#include "db/db.h"
#include "http/site.h"

#define JAPAN_MS (9 * HOUR_MS)

/* A figure: what the roll-up says and what the sources say. */
struct cell {
	int64_t organisation;
	const char *key, *tier;
	int64_t period;
	int64_t noted, counted;
};

struct recount {
	const char *metric;
	enum query source;
	const char *argument; /* of the query; NULL: it has none */
	bool by_tier, by_period;
	bool exam; /* the key is an exam's id: its course is counted */
};

static const struct recount recounts[] = {
    {"people", Q_VERIFY_PEOPLE_BY_TIER, NULL, true, false, false},
    {"people", Q_VERIFY_PEOPLE_BY_DAY, NULL, false, true, false},
    {"completed", Q_VERIFY_LEDGER, "course", true, true, false},
    {"programme", Q_VERIFY_LEDGER, "programme", true, true, false},
    {"lab_passed", Q_VERIFY_LEDGER_FIRST, "lab", true, true, false},
    {"exam_taken", Q_VERIFY_LEDGER, "exam", true, true, true},
    {"exam_passed", Q_VERIFY_LEDGER_PASSED, NULL, true, true, true},
    {"assigned", Q_VERIFY_ASSIGNED, NULL, false, true, false},
    {"overdue", Q_VERIFY_OVERDUE, NULL, false, false, false},
};

struct counting {
	struct verify *v;
	const struct recount *of;
	struct arena *a;
	const char **words; /* keys and tiers: few, and often the same */
	size_t n_words;
	struct cell *cells;
	size_t n;
};

static const char *
word(struct counting *c, const char *s)
{
	size_t i;

	for (i = 0; i < c->n_words; i++)
		if (text_eq(c->words[i], s))
			return c->words[i];
	return *ARENA_PUSH(c->a, c->words, c->n_words) = arena_strdup(c->a, s);
}

/* The course of an exam; the exam itself when its content is gone. */
static const char *
course_of(struct counting *c, const char *exam, const char *manifest)
{
	const struct exam *found;
	const char *course = exam;
	struct content *content;

	if (content_named(c->v->site->content, manifest, &content) != ERR_OK)
		return word(c, exam);
	if ((found = content_exam(content, exam)) != NULL)
		course = found->course;
	course = word(c, course);
	content_release(content);
	return course;
}

static struct cell *
add_cell(struct counting *c, int64_t organisation, const char *key,
    const char *tier, int64_t period)
{
	struct cell *cell = ARENA_PUSH(c->a, c->cells, c->n);

	*cell = (struct cell){
	    .organisation = organisation,
	    .key = key,
	    .tier = c->of->by_tier ? word(c, tier) : "",
	    .period = c->of->by_period ? period : 0,
	};
	return cell;
}

/* Columns: organisation, key, manifest, tier, day in Japan, amount. */
static enum err
read_sources(struct counting *c)
{
	const struct recount *of = c->of;
	struct arena *scratch = arena_new();
	struct db_rows *rows;
	const char *key;
	int64_t start;
	enum err e;

	e = db_rows(c->v->db, of->source,
	    of->argument == NULL ? DB_NO_ARGS : DB_ARGS(db_text(of->argument)),
	    &rows);
	if (e == ERR_OK) {
		while (db_next(rows)) {
			key = db_col_text(rows, 1, scratch);
			key = of->exam
			    ? course_of(c, key, db_col_text(rows, 2, scratch))
			    : word(c, key);
			start = db_col_int(rows, 4) * DAY_MS - JAPAN_MS;
			add_cell(c, db_col_int(rows, 0), key,
			    db_col_text(rows, 3, scratch), date_period(start))
			    ->counted = db_col_int(rows, 5);
			arena_reset(scratch);
		}
		e = db_done(rows);
	}
	arena_free(scratch);
	return e;
}

/* Columns: organisation, key, tier, period, amount. */
static enum err
read_rollup(struct counting *c)
{
	struct arena *scratch = arena_new();
	struct db_rows *rows;
	enum err e;

	e = db_rows(
	    c->v->db, Q_VERIFY_ROLLUP, DB_ARGS(db_text(c->of->metric)), &rows);
	if (e == ERR_OK) {
		while (db_next(rows)) {
			add_cell(c, db_col_int(rows, 0),
			    word(c, db_col_text(rows, 1, scratch)),
			    db_col_text(rows, 2, scratch), db_col_int(rows, 3))
			    ->noted = db_col_int(rows, 4);
			arena_reset(scratch);
		}
		e = db_done(rows);
	}
	arena_free(scratch);
	return e;
}

static int
by_place(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;
	int order;

	if (a->organisation != b->organisation)
		return a->organisation < b->organisation ? -1 : 1;
	if ((order = strcmp(a->key, b->key)) != 0 ||
	    (order = strcmp(a->tier, b->tier)) != 0)
		return order;
	return (a->period > b->period) - (a->period < b->period);
}

static void
tell(struct counting *c, const struct cell *cell)
{
	const char *of = *cell->key == '\0' ? "" : " of ";
	const char *when = cell->period == 0
	    ? ""
	    : arena_printf(c->a, ", month %lld", (long long)cell->period);

	verify_wrong(c->v,
	    "organisation %lld: %s%s%s%s%s%s: the count says %lld, the rows "
	    "behind it say %lld",
	    (long long)cell->organisation, c->of->metric, of, cell->key,
	    *cell->tier == '\0' ? "" : ", tier ", cell->tier, when,
	    (long long)cell->noted, (long long)cell->counted);
}

static void
compare(struct counting *c)
{
	struct cell sum;
	size_t i, end;

	if (c->n > 0)
		qsort(c->cells, c->n, sizeof(*c->cells), by_place);
	for (i = 0; i < c->n; i = end) {
		sum = c->cells[i];
		for (end = i + 1;
		     end < c->n && by_place(&c->cells[i], &c->cells[end]) == 0;
		     end++) {
			sum.noted += c->cells[end].noted;
			sum.counted += c->cells[end].counted;
		}
		c->v->figures.counts++;
		if (sum.noted != sum.counted)
			tell(c, &sum);
	}
}

enum err
verify_counts(struct verify *v)
{
	struct arena *a = arena_new();
	enum err e = ERR_OK;
	size_t i;

	for (i = 0; e == ERR_OK && i < sizeof(recounts) / sizeof(recounts[0]);
	     i++) {
		struct counting c = {.v = v, .of = &recounts[i], .a = a};

		if ((e = read_sources(&c)) == ERR_OK &&
		    (e = read_rollup(&c)) == ERR_OK)
			compare(&c);
		arena_reset(a);
	}
	arena_free(a);
	return e;
}
