/* Small numbers: what is hidden, and that it cannot be computed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/random.h"
#include "oversee/assign.h"
#include "oversee/oversee_rules.h"

#define ROWS_MAX 4
#define COLUMNS_MAX 3

/* ------------------------------------------------------------------- tables */

struct case_cell {
	int64_t institutions, people, done;
};

/*
 * shown: rows with their total at the end, the last row being the totals;
 * '.' shown, '*' hidden.
 */
struct table_case {
	const char *name;
	size_t rows, columns;
	struct case_cell cells[ROWS_MAX][COLUMNS_MAX];
	const char *shown;
};

#define BIG(n)                                                                 \
	{                                                                      \
		9, (n), (n) / 2                                                \
	}
#define FEW(n)                                                                 \
	{                                                                      \
		9, (n), 0                                                      \
	}
#define NONE                                                                   \
	{                                                                      \
		0, 0, 0                                                        \
	}

static const struct table_case tables[] = {
    {"nothing is small", 2, 2, {{BIG(20), BIG(30)}, {BIG(40), BIG(50)}},
	"... ... ..."},
    {"four people are hidden, and three more with them", 2, 2,
	{{FEW(4), BIG(30)}, {BIG(40), BIG(50)}}, "**. **. ..."},
    {"five people are shown", 2, 2, {{FEW(5), BIG(30)}, {BIG(40), BIG(50)}},
	"... ... ..."},
    {"four institutions are hidden however many people they have", 2, 2,
	{{{4, 9000, 4000}, BIG(30)}, {BIG(40), BIG(50)}}, "**. **. ..."},
    {"four who completed are hidden", 2, 2,
	{{{9, 100, 4}, BIG(130)}, {BIG(140), BIG(150)}}, "**. **. ..."},
    {"four who did not complete are hidden: they follow from the others", 2, 2,
	{{{9, 100, 96}, BIG(130)}, {BIG(140), BIG(150)}}, "**. **. ..."},
    {"the second smallest is hidden, not the largest", 3, 3,
	{{FEW(3), BIG(20), BIG(90)}, {BIG(30), BIG(40), BIG(50)},
	    {BIG(60), BIG(70), BIG(80)}},
	"**.. **.. .... ...."},
    {"an empty cell hides nothing, so the totals are hidden", 2, 2,
	{{FEW(4), NONE}, {BIG(40), BIG(50)}}, "*.* *.* ..."},
    {"alone in its row and its column: the totals, and others with them", 2, 2,
	{{FEW(4), NONE}, {NONE, BIG(50)}}, "*.* .** **."},
    {"one column only: its total says it with the row's", 3, 1,
	{{FEW(4)}, {BIG(40)}, {BIG(50)}}, "** ** .. .."},
    {"a single small cell is the whole table", 1, 1, {{FEW(4)}}, "** **"},
    {"nobody anywhere is no secret", 2, 2, {{NONE, NONE}, {NONE, NONE}},
	"... ... ..."},
    {"two in a row do not protect what is alone in the columns", 3, 2,
	{{FEW(3), FEW(4)}, {BIG(40), BIG(50)}, {BIG(60), BIG(70)}},
	"**. **. ... ..."},
};

static int64_t
institutions_of(const struct count_table *t, size_t row, size_t column)
{
	return count_cell(t, row, column)->institutions;
}

static void
fill(const struct table_case *c, struct count_table *t)
{
	int64_t most;
	size_t i, k;

	for (i = 0; i < c->rows; i++)
		for (k = 0; k < c->columns; k++) {
			count_table_add(t, i, k, c->cells[i][k].people,
			    c->cells[i][k].done);
			count_cell(t, i, k)->institutions =
			    c->cells[i][k].institutions;
			/* as many as the widest cell has, at least */
			most = c->cells[i][k].institutions;
			if (institutions_of(t, i, c->columns) < most)
				count_cell(t, i, c->columns)->institutions =
				    most;
			count_cell(t, c->rows, k)->institutions += most;
			count_cell(t, c->rows, c->columns)->institutions +=
			    most;
		}
}

static void
tables_hide_what_is_small_and_what_tells_it(void **state)
{
	struct arena *a = arena_new();
	struct count_table t;
	char shown[64];
	size_t i, k, c, n;

	(void)state;
	for (c = 0; c < sizeof(tables) / sizeof(tables[0]); c++) {
		t = count_table_new(a, tables[c].rows, tables[c].columns);
		fill(&tables[c], &t);
		count_table_suppress(&t);
		for (i = 0, n = 0; i <= t.rows; i++) {
			if (i > 0)
				shown[n++] = ' ';
			for (k = 0; k <= t.columns; k++)
				shown[n++] =
				    count_cell(&t, i, k)->hidden ? '*' : '.';
		}
		shown[n] = '\0';
		if (strcmp(shown, tables[c].shown) != 0)
			fail_msg("%s: %s, not %s", tables[c].name, shown,
			    tables[c].shown);
	}
	arena_free(a);
}

/* ----------------------------------------------------------- random tables */

static size_t
hidden_in_row(const struct count_table *t, size_t row)
{
	size_t k, n = 0;

	for (k = 0; k <= t->columns; k++)
		n += count_cell(t, row, k)->hidden;
	return n;
}

static size_t
hidden_in_column(const struct count_table *t, size_t column)
{
	size_t i, n = 0;

	for (i = 0; i <= t->rows; i++)
		n += count_cell(t, i, column)->hidden;
	return n;
}

/*
 * A second table that fits all that is shown of the first but differs in the
 * cell proves that the cell cannot be computed. It is found by walking a ring
 * of hidden entries: one gets more, the next gets less.
 */
struct ring {
	const struct count_table *t;
	bool *used;
	size_t row, column; /* where it closes */
};

static bool
walk(struct ring *g, size_t row, size_t column, bool along_row)
{
	size_t i, n = along_row ? g->t->columns + 1 : g->t->rows + 1, at;
	size_t r, c;

	for (i = 0; i < n; i++) {
		r = along_row ? row : i;
		c = along_row ? i : column;
		if (r == row && c == column)
			continue;
		if (r == g->row && c == g->column) {
			if (!along_row)
				return true;
			continue;
		}
		at = r * (g->t->columns + 1) + c;
		if (!count_cell(g->t, r, c)->hidden || g->used[at])
			continue;
		g->used[at] = true;
		if (walk(g, r, c, !along_row))
			return true;
	}
	return false;
}

static bool
has_another_solution(
    const struct count_table *t, size_t row, size_t column, struct arena *a)
{
	struct ring g = {t,
	    ARENA_ARRAY(a, bool, (t->rows + 1) * (t->columns + 1)), row,
	    column};

	return walk(&g, row, column, true);
}

static struct count_table
random_table(struct draw *d, struct arena *a)
{
	struct count_table t =
	    count_table_new(a, 1 + draw_below(d, 7), 1 + draw_below(d, 5));
	uint32_t most = 2 + draw_below(d, 40);
	int64_t people, institutions;
	size_t i, k;

	for (i = 0; i < t.rows; i++)
		for (k = 0; k < t.columns; k++) {
			people =
			    draw_below(d, 3) == 0 ? 0 : draw_below(d, most);
			count_table_add(&t, i, k, people,
			    people == 0 ? 0
					: draw_below(d, (uint32_t)people + 1));
			institutions = people == 0 ? 0 : 1 + draw_below(d, 12);
			count_cell(&t, i, k)->institutions = institutions;
			count_cell(&t, i, t.columns)->institutions +=
			    institutions;
			count_cell(&t, t.rows, k)->institutions += institutions;
			count_cell(&t, t.rows, t.columns)->institutions +=
			    institutions;
		}
	return t;
}

static void
check_table(const struct count_table *t, struct arena *a)
{
	const struct count_cell *c;
	size_t i, k;

	for (i = 0; i <= t->rows; i++)
		assert_int_not_equal(hidden_in_row(t, i), 1);
	for (k = 0; k <= t->columns; k++)
		assert_int_not_equal(hidden_in_column(t, k), 1);
	for (i = 0; i <= t->rows; i++)
		for (k = 0; k <= t->columns; k++) {
			c = count_cell(t, i, k);
			if (count_is_small(c))
				assert_true(c->hidden);
			if (c->hidden)
				assert_true(has_another_solution(t, i, k, a));
		}
}

static void
no_hidden_cell_follows_from_what_is_shown(void **state)
{
	static const uint8_t seed[DIGEST_BYTES] = "tables";
	struct arena *a = arena_new();
	struct count_table t;
	size_t hidden = 0, i;
	struct draw d;
	int round;

	(void)state;
	draw_start(&d, seed);
	for (round = 0; round < 3000; round++) {
		arena_reset(a);
		t = random_table(&d, a);
		count_table_suppress(&t);
		check_table(&t, a);
		for (i = 0; i <= t.rows; i++)
			hidden += hidden_in_row(&t, i);
	}
	assert_true(hidden > 3000); /* the tables were worth looking at */
	arena_free(a);
}

static void
shares_are_whole_percents_that_never_flatter(void **state)
{
	static const struct {
		int64_t done, people;
		int share;
	} cases[] = {
	    {0, 0, -1},
	    {0, 10, 0},
	    {1, 3, 33},
	    {2, 3, 66},
	    {199, 200, 99},
	    {200, 200, 100},
	    {201, 200, 100},
	    {-1, 10, 0},
	    {5, -3, -1},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(share_percent(cases[i].done, cases[i].people),
		    cases[i].share);
}

/* -------------------------------------------------------------------- peers */

static struct peer_view
peers_of(size_t of_size, size_t of_others, struct arena *a)
{
	struct peer *list = ARENA_ARRAY(a, struct peer, of_size + of_others);
	struct peer_view v;
	size_t i;

	for (i = 0; i < of_size + of_others; i++)
		list[i] = (struct peer){
		    .size_band = i < of_size ? 2 : 3,
		    .people = 100,
		    .done = (int64_t)i,
		};
	peer_view_of(list, of_size + of_others, 2, a, &v);
	return v;
}

static void
peers_are_shown_from_five_and_by_size_from_ten(void **state)
{
	static const struct {
		size_t of_size, of_others, compared;
		enum peer_group group;
	} cases[] = {
	    {0, 0, 0, PEERS_TOO_FEW},
	    {4, 0, 0, PEERS_TOO_FEW},
	    {3, 1, 0, PEERS_TOO_FEW},
	    {5, 0, 5, PEERS_CATEGORY},
	    {4, 1, 5, PEERS_CATEGORY},
	    {9, 30, 39, PEERS_CATEGORY},
	    {10, 30, 10, PEERS_CATEGORY_SIZE},
	};
	struct arena *a = arena_new();
	struct peer_view v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v = peers_of(cases[i].of_size, cases[i].of_others, a);
		assert_int_equal(v.group, cases[i].group);
		assert_int_equal(v.institutions, cases[i].compared);
	}
	arena_free(a);
}

static void
peers_shares_never_flatter_and_are_coarse_while_there_are_few(void **state)
{
	struct arena *a = arena_new();
	struct peer_view v;

	(void)state;
	/* 0 … 18 %: quartiles 4.5, 9, 13.5 */
	v = peers_of(19, 0, a);
	assert_int_equal(v.lower, 0);
	assert_int_equal(v.median, 5);
	assert_int_equal(v.upper, 10);
	/* 0 … 20 %: 5, 10, 15; 0 … 22 %: 5.5, 11, 16.5 */
	v = peers_of(21, 0, a);
	assert_int_equal(v.lower, 5);
	assert_int_equal(v.median, 10);
	assert_int_equal(v.upper, 15);
	v = peers_of(23, 0, a);
	assert_int_equal(v.lower, 5);
	assert_int_equal(v.median, 11);
	assert_int_equal(v.upper, 16);
	arena_free(a);
}

static void
institutions_without_people_are_no_peers(void **state)
{
	struct peer list[6] = {{1, 10, 1}, {1, 10, 1}, {1, 10, 1}, {1, 10, 1},
	    {1, 0, 0}, {1, 0, 0}};
	struct arena *a = arena_new();
	struct peer_view v;

	(void)state;
	peer_view_of(list, 6, 1, a, &v);
	assert_int_equal(v.group, PEERS_TOO_FEW);
	arena_free(a);
}

/* ----------------------------------------------------------------- choosing */

static void
pasted_numbers_find_people_once_and_unknown_ones_are_named(void **state)
{
	static const struct {
		const char *pasted;
		const char *persons; /* their last digits */
		const char *unknown;
	} cases[] = {
	    {"", "", ""},
	    {"A001", "1", ""},
	    {"a001", "1", ""},
	    {"A001 A001\nA001", "1", ""},
	    {"A001,A002\tA003;A002", "123", ""},
	    {"　A003、A001，A009", "13", "A009"},
	    {"\n\n A002 \n\n", "2", ""},
	    {"A00", "", "A00"},
	    {"X Y X", "", "X Y"},
	};
	struct roster_line roster[3] = {
	    {.person = 1, .employee_number = "A001"},
	    {.person = 2, .employee_number = "A002"},
	    {.person = 3, .employee_number = "A003"}};
	struct arena *a = arena_new();
	struct assign_choice choice = {.whom = WHOM_NUMBERS};
	struct chosen chosen;
	char persons[8], unknown[64];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		choice.numbers = cases[i].pasted;
		assign_choose(&choice, roster, 3, a, &chosen);
		assert_false(chosen.too_many);
		for (k = 0; k < chosen.n; k++)
			persons[k] = (char)('0' + chosen.persons[k]);
		persons[k] = '\0';
		assert_string_equal(persons, cases[i].persons);
		unknown[0] = '\0';
		for (k = 0; k < chosen.n_unknown; k++) {
			if (k > 0)
				strcat(unknown, " ");
			strcat(unknown, chosen.unknown[k]);
		}
		assert_string_equal(unknown, cases[i].unknown);
	}
	arena_free(a);
}

static void
more_numbers_than_the_limit_choose_nobody(void **state)
{
	struct roster_line roster[1] = {{.person = 1, .employee_number = "7"}};
	struct arena *a = arena_new();
	struct buf b = BUF_EMPTY;
	struct assign_choice choice = {.whom = WHOM_NUMBERS};
	struct chosen chosen;
	int i;

	(void)state;
	for (i = 0; i <= NUMBERS_MAX; i++)
		buf_printf(&b, "%d\n", i);
	choice.numbers = buf_text(&b);
	assign_choose(&choice, roster, 1, a, &chosen);
	assert_true(chosen.too_many);
	assert_int_equal(chosen.n, 0);
	buf_free(&b);
	arena_free(a);
}

static void
what_is_for_supervisors_is_not_offered_to_institutions(void **state)
{
	(void)state;
	assert_true(tier_is_offered("institution", "technician"));
	assert_false(tier_is_offered("institution", "supervisor"));
	assert_true(tier_is_offered("authority", "supervisor"));
}

static void
people_are_chosen_by_tier_by_department_or_all(void **state)
{
	static const char *departments[] = {"監査部", "システム部"};
	struct roster_line roster[3] = {
	    {.person = 1, .tier = "technician", .department = "システム部"},
	    {.person = 2, .tier = "management", .department = "監査部"},
	    {.person = 3, .tier = "technician", .department = "営業部"}};
	static const struct {
		struct assign_choice choice;
		size_t n;
	} cases[] = {
	    {{.whom = WHOM_ALL}, 3},
	    {{.whom = WHOM_TIER, .tier = "technician"}, 2},
	    {{.whom = WHOM_TIER, .tier = ""}, 0},
	    {{.whom = WHOM_DEPARTMENTS,
		 .departments = departments,
		 .n_departments = 2},
		2},
	    {{.whom = WHOM_DEPARTMENTS}, 0},
	    {{.whom = WHOM_NOBODY}, 0},
	};
	struct arena *a = arena_new();
	struct chosen chosen;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assign_choose(&cases[i].choice, roster, 3, a, &chosen);
		assert_int_equal(chosen.n, cases[i].n);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_hide_what_is_small_and_what_tells_it),
	    cmocka_unit_test(no_hidden_cell_follows_from_what_is_shown),
	    cmocka_unit_test(shares_are_whole_percents_that_never_flatter),
	    cmocka_unit_test(peers_are_shown_from_five_and_by_size_from_ten),
	    cmocka_unit_test(
		peers_shares_never_flatter_and_are_coarse_while_there_are_few),
	    cmocka_unit_test(institutions_without_people_are_no_peers),
	    cmocka_unit_test(
		pasted_numbers_find_people_once_and_unknown_ones_are_named),
	    cmocka_unit_test(more_numbers_than_the_limit_choose_nobody),
	    cmocka_unit_test(
		what_is_for_supervisors_is_not_offered_to_institutions),
	    cmocka_unit_test(people_are_chosen_by_tier_by_department_or_all),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
