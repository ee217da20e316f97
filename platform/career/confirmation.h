/*
 * The line manager's confirmation: what turns a lab and a check into level 2.
 * Whoever is entered as line manager of a membership in force, in the same
 * organisation, is asked once lab and check are there, and answers "confirmed"
 * or "not yet" with a sentence to the person. "Not yet" may be followed by
 * another answer, a confirmation by none. It belongs to the person, who keeps
 * it in another institution; "not yet" ends with the institution.
 */
#ifndef CAREER_CONFIRMATION_H
#define CAREER_CONFIRMATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "career/career.h"
#include "content/content.h"
#include "db/scope.h"

struct db;

#define NOTE_CHARS_MAX 300

/* Somebody of the line manager's team who passed such a lab. */
struct team_member {
	int64_t membership, person;
	const char *name, *department, *tier;
	struct evidence_row *rows; /* labs, checks, confirmations */
	size_t n_rows;
	struct decision *decisions;
	size_t n_decisions;
};

struct team_line {
	const struct team_member *who;
	struct standing standing;
};

struct team {
	struct team_line *waiting; /* for an answer, oldest first */
	size_t n_waiting;
	struct team_line *put_off; /* "not yet", oldest answer first */
	size_t n_put_off;
};

/* --------------------------------------------------------------- pure rule */

/*
 * Who waits for what. catalogue: framework, courses and the organisation, no
 * person's. Owned by the arena; points into the members.
 */
void team_fold(const struct career_facts *catalogue,
    const struct team_member *members, size_t n, struct arena *a,
    struct team *out);

/*
 * One member and one competency: false unless it waits, or was confirmed in
 * this organisation.
 */
bool team_line_of(const struct career_facts *catalogue,
    const struct team_member *who, const char *competency, struct arena *a,
    struct team_line *out);

/* A sentence to the person: 1 to NOTE_CHARS_MAX characters to read. */
bool note_is_fine(const char *note);

/* -------------------------------------------------------------------- read */

/* Everybody who waits; two queries. scope: of the line manager's team. */
MUST_USE enum err team_of(struct db *db, struct scope team,
    const struct content *c, struct arena *a, struct team *out);

/*
 * One of them and one competency: it waits, or was confirmed here.
 * ERR_NOT_FOUND: not in the team, or lab and check are not there.
 */
MUST_USE enum err team_one(struct db *db, struct scope team,
    const struct content *c, int64_t membership, const char *competency,
    struct arena *a, struct team_line *out);

/* What was said about a person, in order of competency and number. */
MUST_USE enum err decisions_of(struct db *db, struct scope own, int64_t person,
    struct arena *a, struct decision **out, size_t *n);

/*
 * The name of the person's line manager, if that one can confirm now;
 * ERR_NOT_FOUND: nobody can.
 */
MUST_USE enum err line_manager_of(
    struct db *db, struct scope own, struct arena *a, const char **name);

/* --------------------------------------------------------------------- act */

struct answer {
	int64_t membership;
	const char *competency;
	int64_t number; /* the one that the form was made for */
	bool confirmed; /* else: not yet, with a note that is fine */
	const char *note;
};

/*
 * Writes the answer down: its row, an audit row, and with a confirmation the
 * evidence. ERR_NOT_FOUND as in team_one; ERR_CONFLICT when it was answered
 * since: then nothing has changed.
 */
MUST_USE enum err
confirmation_answer(struct db *db, struct scope team, const struct content *c,
    const struct answer *answer, int64_t now, struct arena *a);

#endif
