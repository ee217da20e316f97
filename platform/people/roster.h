/*
 * A roster from CSV. Wrong lines are named by number and reason, the good
 * ones go in. UTF-8 with or without BOM, or Shift_JIS, which is converted and
 * said.
 *
 * Columns, in any order, by their Japanese or English names:
 *
 *	職員番号 employee_number, 氏名 name, フリガナ kana,
 *	メールアドレス email, 部署 department, 役割 role,
 *	上司 line_manager (an employee number)
 *
 * Number, name and role are required. Numbers are kept in upper case. A
 * number that is known changes that person; nobody is removed by a file. A
 * column that is absent changes nothing, an empty cell takes away.
 */
#ifndef PEOPLE_ROSTER_H
#define PEOPLE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "people/person.h"

struct site;

#define ROSTER_LINES_MAX 20000
#define ROSTER_BYTES_MAX ((size_t)2 * 1024 * 1024)

enum roster_problem {
	ROSTER_MISSING, /* a required cell is empty */
	ROSTER_TOO_LONG,
	ROSTER_BAD_NUMBER, /* employee number: letters, digits, _ only */
	ROSTER_BAD_EMAIL,
	ROSTER_EMAIL_TAKEN,
	ROSTER_EMAIL_FIXED, /* who has a password changes it, nobody else */
	ROSTER_BAD_ROLE, /* no role of the framework */
	ROSTER_TWICE, /* the number stands in the file before */
	ROSTER_FORMULA, /* begins with = + - @: a spreadsheet formula */
	/* the line went in, its line manager stays as it was */
	ROSTER_BAD_MANAGER, /* no such number in file or roster */
	ROSTER_OWN_MANAGER,
	ROSTER_MUTUAL_MANAGERS, /* two who are each other's */
	ROSTER_CONTROL, /* control characters */
	ROSTER__MAX
};

struct roster_wrong {
	int64_t line; /* of the file, the header being line 1 */
	enum roster_problem problem;
	const char *column; /* its English name */
	const char *cell; /* cut at 40 characters */
};

/* Whether the line went in all the same. */
static inline bool
roster_problem_is_small(enum roster_problem p)
{
	return p == ROSTER_BAD_MANAGER || p == ROSTER_OWN_MANAGER ||
	    p == ROSTER_MUTUAL_MANAGERS;
}

struct roster_report {
	int64_t lines, added, changed, unchanged;
	struct roster_wrong *wrong;
	size_t n_wrong;
	bool converted; /* from Shift_JIS */
	bool cut; /* more than ROSTER_LINES_MAX lines: the rest was left */
};

enum roster_refusal {
	ROSTER_FINE,
	ROSTER_EMPTY,
	ROSTER_NOT_TEXT, /* neither UTF-8 nor Shift_JIS */
	ROSTER_NO_HEADER, /* a required column is missing */
	ROSTER_NOT_CSV, /* quotes that do not close */
	ROSTER_REFUSAL__MAX
};

/* Whether a role exists, and its tier (NULL: it does not). */
typedef const char *roster_tier_of(void *ctx, const char *role);

/*
 * Imports into the organisation of scope s, in a write. invite: new persons
 * with a mail address get an invitation. ERR_INVALID with *refusal set when
 * the file as a whole cannot be read; nothing went in then.
 */
MUST_USE enum err roster_import(struct db *db, struct scope s,
    const struct site *site, int64_t actor, const void *csv, size_t size,
    roster_tier_of *tier_of, void *ctx, bool invite, int64_t now,
    struct arena *a, enum roster_refusal *refusal, struct roster_report *out);

#endif
