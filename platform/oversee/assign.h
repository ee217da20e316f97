/*
 * Whom a training manager assigns a course to: everyone, a tier, departments
 * or a list of employee numbers, chosen from the roster.
 */
#ifndef OVERSEE_ASSIGN_H
#define OVERSEE_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "people/person.h"

/* Of a pasted list; more are refused. */
#define NUMBERS_MAX 5000
/* The furthest due date. */
#define DUE_DAYS_MAX 1100

enum whom { WHOM_NOBODY, WHOM_ALL, WHOM_TIER, WHOM_DEPARTMENTS, WHOM_NUMBERS };

/* "all", "tier", "departments", "numbers"; anything else is WHOM_NOBODY. */
enum whom whom_parse(const char *s);

struct assign_choice {
	enum whom whom;
	const char *tier;
	const char **departments;
	size_t n_departments;
	const char *numbers; /* as pasted: between them spaces, commas, lines */
};

struct chosen {
	int64_t *persons; /* each once */
	size_t n;
	const char **unknown; /* numbers that nobody has, each once */
	size_t n_unknown;
	bool too_many; /* more than NUMBERS_MAX numbers: nobody is chosen */
};

/* Pure. Numbers fit without regard to case. */
void
assign_choose(const struct assign_choice *c, const struct roster_line *roster,
    size_t n, struct arena *a, struct chosen *out);

#endif
