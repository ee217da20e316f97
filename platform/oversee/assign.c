/* Whom a course is assigned to: pure choosing from the roster. */
#include "oversee/assign.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const whom_names[] = {
    [WHOM_ALL] = "all",
    [WHOM_TIER] = "tier",
    [WHOM_DEPARTMENTS] = "departments",
    [WHOM_NUMBERS] = "numbers",
};

enum whom
whom_parse(const char *s)
{
	int i;

	for (i = WHOM_ALL; i <= WHOM_NUMBERS; i++)
		if (text_eq(s, whom_names[i]))
			return (enum whom)i;
	return WHOM_NOBODY;
}

/* ----------------------------------------------------------- pasted numbers */

struct words {
	const char **list;
	size_t n;
};

static bool
is_gap(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == ',' || c == ';' ||
	    c == 0x3000 /* ideographic space */ || c == 0x3001 /* 、 */ ||
	    c == 0xff0c /* , */;
}

static int
by_number(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcasecmp(*x, *y);
}

/* Sorted, each once whatever its case, as they were typed. */
static struct words
split(const char *s, struct arena *a)
{
	const char *from = s, *at = s, *next = s;
	struct words w = {0};
	size_t i, kept = 0;
	uint32_t c;

	do {
		at = next;
		c = text_next(&next);
		if (c != 0 && !is_gap(c))
			continue;
		if (at > from)
			*ARENA_PUSH(a, w.list, w.n) =
			    arena_strndup(a, from, (size_t)(at - from));
		from = next;
	} while (c != 0);
	if (w.n > 0)
		qsort(w.list, w.n, sizeof(*w.list), by_number);
	for (i = 0; i < w.n; i++)
		if (i == 0 || strcasecmp(w.list[i], w.list[kept - 1]) != 0)
			w.list[kept++] = w.list[i];
	w.n = kept;
	return w;
}

static void
choose_numbers(const char *pasted, const struct roster_line *roster, size_t n,
    struct arena *a, struct chosen *out)
{
	struct words words = split(pasted, a);
	const char **hit, *key;
	bool *found;
	size_t i;

	if (words.n > NUMBERS_MAX) {
		out->too_many = true;
		return;
	}
	found = ARENA_ARRAY(a, bool, words.n);
	for (i = 0; i < n && words.n > 0; i++) {
		key = roster[i].employee_number;
		hit = bsearch(
		    &key, words.list, words.n, sizeof(*words.list), by_number);
		if (hit == NULL)
			continue;
		found[hit - words.list] = true;
		out->persons[out->n++] = roster[i].person;
	}
	for (i = 0; i < words.n; i++)
		if (!found[i])
			*ARENA_PUSH(a, out->unknown, out->n_unknown) =
			    words.list[i];
}

/* ------------------------------------------------------------------ choosing
 */

static bool
is_chosen(const struct assign_choice *c, const struct roster_line *line)
{
	size_t i;

	if (c->whom == WHOM_ALL)
		return true;
	if (c->whom == WHOM_TIER)
		return text_eq(line->tier, c->tier);
	for (i = 0; c->whom == WHOM_DEPARTMENTS && i < c->n_departments; i++)
		if (text_eq(line->department, c->departments[i]))
			return true;
	return false;
}

void
assign_choose(const struct assign_choice *c, const struct roster_line *roster,
    size_t n, struct arena *a, struct chosen *out)
{
	struct chosen chosen = {.persons = ARENA_ARRAY(a, int64_t, n)};
	size_t i;

	if (c->whom == WHOM_NUMBERS)
		choose_numbers(c->numbers, roster, n, a, &chosen);
	for (i = 0; c->whom != WHOM_NUMBERS && i < n; i++)
		if (is_chosen(c, &roster[i]))
			chosen.persons[chosen.n++] = roster[i].person;
	*out = chosen;
}
