/*
 * Small numbers. The shown table is a system of equations: each row and each
 * column adds up to its total, also those of the totals. A hidden entry can
 * be computed exactly when its unknown has one solution:
 *
 *	        E    M    T   all        a hidden cell alone in its row is
 *	RGB     x    9    7    20   <--  20 - 9 - 7: M is hidden with it, then
 *	SHK    12    8   11    31        one more in column E and in column M
 */
#include "oversee/oversee_rules.h"

#include <assert.h>

struct count_table
count_table_new(struct arena *a, size_t rows, size_t columns)
{
	return (struct count_table){rows, columns,
	    ARENA_ARRAY(a, struct count_cell, (rows + 1) * (columns + 1))};
}

struct count_cell *
count_cell(const struct count_table *t, size_t row, size_t column)
{
	return &t->cells[row * (t->columns + 1) + column];
}

void
count_table_add(struct count_table *t, size_t row, size_t column,
    int64_t people, int64_t done)
{
	size_t rows[2] = {row, t->rows}, columns[2] = {column, t->columns};
	struct count_cell *c;
	size_t i, k;

	for (i = 0; i < 2; i++)
		for (k = 0; k < 2; k++) {
			c = count_cell(t, rows[i], columns[k]);
			c->people += people;
			c->done += done;
		}
}

static bool
is_few(int64_t n)
{
	return n > 0 && n < SMALL_BELOW;
}

bool
count_is_small(const struct count_cell *c)
{
	return is_few(c->institutions) || is_few(c->people) ||
	    is_few(c->done) || is_few(c->people - c->done);
}

/* -------------------------------------------------------------------- lines */

/*
 * A line is a row or a column with its total at the end: lines 0 … rows are
 * the rows, the rest are the columns.
 */
static size_t
lines_of(const struct count_table *t)
{
	return t->rows + 1 + t->columns + 1;
}

static size_t
line_length(const struct count_table *t, size_t line)
{
	return line <= t->rows ? t->columns + 1 : t->rows + 1;
}

static struct count_cell *
line_cell(const struct count_table *t, size_t line, size_t i)
{
	if (line <= t->rows)
		return count_cell(t, line, i);
	return count_cell(t, i, line - t->rows - 1);
}

static size_t
line_hidden(const struct count_table *t, size_t line)
{
	size_t i, n = 0;

	for (i = 0; i < line_length(t, line); i++)
		n += line_cell(t, line, i)->hidden;
	return n;
}

/* The smallest shown cell that has people; the total's place comes last. */
static struct count_cell *
line_next(const struct count_table *t, size_t line)
{
	struct count_cell *c, *best = NULL;
	size_t i, last = line_length(t, line) - 1;

	for (i = 0; i < last; i++) {
		c = line_cell(t, line, i);
		if (!c->hidden && c->people > 0 &&
		    (best == NULL || c->people < best->people))
			best = c;
	}
	c = line_cell(t, line, last);
	return best == NULL && !c->hidden ? c : best;
}

static bool
hide_next(struct count_table *t, size_t line)
{
	struct count_cell *c = line_next(t, line);

	if (c != NULL)
		c->hidden = true;
	return c != NULL;
}

static void
complete_lines(struct count_table *t)
{
	bool again;
	size_t i;

	do {
		again = false;
		for (i = 0; i < lines_of(t); i++)
			if (line_hidden(t, i) == 1)
				again |= hide_next(t, i);
	} while (again);
}

/* ---------------------------------------------------------------- equations */

/*
 * Whether an unknown has one solution does not depend on the field: the
 * matrix is that of a graph, all its minors are -1, 0 or 1.
 */
#define PRIME UINT64_C(2147483647)

static uint64_t
inverse(uint64_t x)
{
	uint64_t result = 1, power = PRIME - 2;

	for (; power > 0; power >>= 1) {
		if ((power & 1) != 0)
			result = result * x % PRIME;
		x = x * x % PRIME;
	}
	return result;
}

struct matrix {
	size_t rows, columns;
	uint64_t *at;
};

static void
row_reduce(struct matrix *m, size_t pivot, size_t column)
{
	uint64_t factor, *row, *top = m->at + pivot * m->columns;
	size_t i, k;

	factor = inverse(top[column]);
	for (k = 0; k < m->columns; k++)
		top[k] = top[k] * factor % PRIME;
	for (i = 0; i < m->rows; i++) {
		row = m->at + i * m->columns;
		factor = row[column];
		if (i == pivot || factor == 0)
			continue;
		for (k = 0; k < m->columns; k++)
			row[k] = (row[k] + (PRIME - factor) * top[k]) % PRIME;
	}
}

static void
row_swap(struct matrix *m, size_t i, size_t k)
{
	uint64_t x;
	size_t c;

	for (c = 0; c < m->columns; c++) {
		x = m->at[i * m->columns + c];
		m->at[i * m->columns + c] = m->at[k * m->columns + c];
		m->at[k * m->columns + c] = x;
	}
}

/* A row of the reduced form with one entry only: that unknown is known. */
static bool
row_tells(const struct matrix *m, size_t row, size_t *unknown)
{
	size_t k, n = 0;

	for (k = 0; k < m->columns; k++)
		if (m->at[row * m->columns + k] != 0) {
			*unknown = k;
			n++;
		}
	return n == 1;
}

static bool
solve_one(struct matrix *m, size_t *unknown)
{
	size_t i, column, pivot = 0;

	for (column = 0; column < m->columns && pivot < m->rows; column++) {
		for (i = pivot; i < m->rows; i++)
			if (m->at[i * m->columns + column] != 0)
				break;
		if (i == m->rows)
			continue;
		row_swap(m, i, pivot);
		row_reduce(m, pivot++, column);
	}
	for (i = 0; i < pivot; i++)
		if (row_tells(m, i, unknown))
			return true;
	return false;
}

/* The place of a hidden cell that can be computed; false: there is none. */
static bool
find_known(const struct count_table *t, struct arena *a, size_t *place)
{
	size_t all = (t->rows + 1) * (t->columns + 1), i, k, at, n = 0;
	size_t *number = ARENA_ARRAY(a, size_t, all);
	size_t *places = ARENA_ARRAY(a, size_t, all);
	struct matrix m = {.rows = lines_of(t)};

	for (i = 0; i < all; i++)
		if (t->cells[i].hidden) {
			number[i] = n;
			places[n++] = i;
		}
	m.columns = n;
	m.at = ARENA_ARRAY(a, uint64_t, m.rows * m.columns);
	for (i = 0; i < m.rows; i++)
		for (k = 0; k < line_length(t, i); k++) {
			at = (size_t)(line_cell(t, i, k) - t->cells);
			if (t->cells[at].hidden)
				m.at[i * n + number[at]] =
				    k + 1 == line_length(t, i) ? PRIME - 1 : 1;
		}
	if (n == 0 || !solve_one(&m, &at))
		return false;
	*place = places[at];
	return true;
}

/*
 * There is one as long as anything can be computed: with all people hidden
 * the equations hold for any multiple of the counts.
 */
static void
hide_anywhere(struct count_table *t)
{
	size_t i, all = (t->rows + 1) * (t->columns + 1);
	struct count_cell *c, *best = NULL;

	for (i = 0; i < all; i++) {
		c = &t->cells[i];
		if (!c->hidden && c->people > 0 &&
		    (best == NULL || c->people < best->people))
			best = c;
	}
	assert(best != NULL);
	best->hidden = true;
}

void
count_table_suppress(struct count_table *t)
{
	size_t i, place, all = (t->rows + 1) * (t->columns + 1);
	struct arena *a = arena_new();

	for (i = 0; i < all; i++)
		t->cells[i].hidden |= count_is_small(&t->cells[i]);
	complete_lines(t);
	while (find_known(t, a, &place)) {
		if (!hide_next(t, place / (t->columns + 1)) &&
		    !hide_next(t, t->rows + 1 + place % (t->columns + 1)))
			hide_anywhere(t);
		complete_lines(t);
		arena_reset(a);
	}
	arena_free(a);
}

int
share_percent(int64_t done, int64_t people)
{
	if (people <= 0)
		return -1;
	if (done >= people)
		return 100;
	return done <= 0 ? 0 : (int)(done * 100 / people);
}
