/*
 * What may be shown of others, or leave the authority: pure rules. Small
 * cells are hidden, and more cells with them, until none of the hidden ones
 * can be computed from what is shown.
 */
#ifndef OVERSEE_OVERSEE_RULES_H
#define OVERSEE_OVERSEE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A cell of fewer institutions or fewer people is small. */
#define SMALL_BELOW 5

struct count_cell {
	int64_t institutions; /* that have people in the cell */
	int64_t people, done; /* done: of them, who completed */
	bool hidden;
};

/*
 * Categories by tiers, with their totals in the last row and the last
 * column. Institutions of a total are not a sum: one has people in several
 * tiers.
 */
struct count_table {
	size_t rows, columns; /* without the totals */
	struct count_cell *cells;
};

struct count_table
count_table_new(struct arena *a, size_t rows, size_t columns);
struct count_cell *
count_cell(const struct count_table *t, size_t row, size_t column);

/* Adds people to a cell and to its three totals. */
void count_table_add(struct count_table *t, size_t row, size_t column,
    int64_t people, int64_t done);

/* Fewer than SMALL_BELOW institutions, people, people who did or did not. */
bool count_is_small(const struct count_cell *c);

/*
 * Hides the small cells, with those that are hidden already; then, where a row
 * or a column has exactly one hidden entry, the smallest of the others, or the
 * total when all of those are empty; then whatever it takes that no hidden
 * entry follows from any sum of rows and columns. Empty cells are shown: nobody
 * is in them.
 */
void count_table_suppress(struct count_table *t);

/* In whole percent, rounded down; -1 when there is nobody. At most 100. */
int share_percent(int64_t done, int64_t people);

/* ------------------------------------------------------------------- peers */

/* Below this many institutions of a size, the whole category is compared. */
#define PEERS_OF_SIZE_MIN 10
/* Below this many institutions, shares are told to the next 5 points. */
#define PEERS_EXACT_MIN 20

struct peer {
	int64_t size_band, people, done;
};

enum peer_group { PEERS_TOO_FEW, PEERS_CATEGORY, PEERS_CATEGORY_SIZE };

/* Percentages of institutions, each counting once; no least, no greatest. */
struct peer_view {
	enum peer_group group;
	size_t institutions; /* the others that are compared */
	int lower, median, upper; /* quartiles, rounded down like every share */
};

/* others: the category without the institution that asks. */
void peer_view_of(const struct peer *others, size_t n, int64_t size_band,
    struct arena *a, struct peer_view *out);

#endif
