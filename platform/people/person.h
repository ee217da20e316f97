/*
 * Persons, organisations and memberships. A person outlives memberships;
 * personal data stands in the table person alone.
 */
#ifndef PEOPLE_PERSON_H
#define PEOPLE_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "db/scope.h"

struct db;

#define NAME_CHARS_MAX 100
#define EMAIL_BYTES_MAX 254
#define EMPLOYEE_NUMBER_MAX 32
#define DEPARTMENT_CHARS_MAX 100

struct organisation {
	int64_t id;
	const char *kind; /* institution, authority, association, centre */
	const char *code; /* 1-16 of A-Z, 0-9 */
	struct bilingual name;
	const char *category; /* RGB; "" unless an institution */
	int64_t size_band; /* 1-5; 0 unless an institution */
	int64_t created_at;
};

struct person {
	int64_t id;
	const char *email; /* lower case; "" when there is none */
	const char *name, *kana;
	enum lang lang;
};

struct membership {
	int64_t id, person, organisation;
	const char *employee_number, *department;
	const char *role; /* a work role: T-SOC */
	const char *tier;
	int64_t line_manager; /* a person; 0: none */
	int64_t from_at, until_at; /* until_at 0: open */
};

/* ERR_CONFLICT when the code is taken. id is set. */
MUST_USE enum err organisation_add(struct db *db, struct organisation *o);
MUST_USE enum err organisation_by_code(
    struct db *db, const char *code, struct arena *a, struct organisation *out);

/* scope must reach the organisation: else ERR_NOT_FOUND. */
MUST_USE enum err organisation_get(struct db *db, struct scope s, int64_t id,
    struct arena *a, struct organisation *out);

/* id is set. ERR_CONFLICT when the mail address is taken. */
MUST_USE enum err person_add(struct db *db, struct person *p, int64_t now);
MUST_USE enum err person_by_email(
    struct db *db, const char *email, struct arena *a, struct person *out);

/* The language of mails and of pages; the scope's own person. */
MUST_USE enum err
person_set_language(struct db *db, struct scope own, enum lang lang);

/* The name of the person behind a membership that the scope reaches. */
MUST_USE enum err membership_name(struct db *db, struct scope s, int64_t id,
    struct arena *a, const char **name, const char **number);

/*
 * Adds a membership and counts it (metric "people"). id is set.
 * ERR_CONFLICT when the employee number is in use there.
 */
MUST_USE enum err
membership_add(struct db *db, struct membership *m, int64_t now);

/*
 * Ends it, its person's grants there and all their sessions. A dated row
 * "membership_end" tells the rooms above. ERR_CONFLICT when it has ended.
 */
MUST_USE enum err
membership_end(struct db *db, struct scope s, int64_t id, int64_t now);

/* The membership in force; ERR_NOT_FOUND when there is none. */
MUST_USE enum err membership_of(struct db *db, struct scope s, int64_t person,
    struct arena *a, struct membership *out);

/* Sets role, tier, department and line manager; the counts follow. */
MUST_USE enum err
membership_change(struct db *db, struct membership *to, int64_t now);

/* kind is a grant's name ("supervisor"); reach all, category, institution. */
MUST_USE enum err
role_grant_add(struct db *db, int64_t person, int64_t organisation,
    const char *kind, const char *reach, const char *value, int64_t now);

/* One line of a roster page. */
struct roster_line {
	int64_t membership, person;
	const char *employee_number, *name, *kana, *email, *department, *role,
	    *tier, *line_manager; /* name; "" */
	const char *line_manager_number; /* "" also when they left */
};

#define ROSTER_PAGE 50

/*
 * The roster of an organisation in order of kana, ROSTER_PAGE lines from
 * `offset`, those whose name, kana, number or department holds `words` ("":
 * all). total: how many there are in all.
 */
MUST_USE enum err roster_page(struct db *db, struct scope s,
    int64_t organisation, const char *words, int64_t offset, struct arena *a,
    struct roster_line **out, size_t *n, int64_t *total);

/* The whole roster, for the CSV and for assigning. */
MUST_USE enum err roster_all(struct db *db, struct scope s,
    int64_t organisation, struct arena *a, struct roster_line **out, size_t *n);

/*
 * Whether what was written for a tier is offered to an organisation of that
 * kind: what is for supervisors is not for the institutions they supervise.
 */
bool tier_is_offered(const char *organisation_kind, const char *tier);

#endif
