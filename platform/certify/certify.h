/*
 * Certificates. A 修了証 (kind completion, thing: the course) says that a
 * course was done and its exam passed: it is issued once, in the act that
 * completes the course. Who has completed all courses of a programme has met
 * it: that is recorded once as evidence; the 認定証 (kind professional) that
 * answers it is no work of this room yet.
 *
 * A number, TR-7K3M-Q0ZD-H4WX, is public: 60 random bits, so that numbers can
 * neither be counted nor walked. Whoever has one learns the holder's name, the
 * course, the date and whether it is valid; nothing else.
 */
#ifndef CERTIFY_CERTIFY_H
#define CERTIFY_CERTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "db/scope.h"
#include "http/route.h"

struct content;
struct course;
struct db;
struct site;

#define CERTIFICATE_REASON_CHARS_MAX 200

struct certificate {
	int64_t id, person;
	int64_t organisation; /* at that time; 0: none */
	struct bilingual organisation_name; /* "" without one */
	const char *number; /* TR-7K3M-Q0ZD-H4WX */
	const char *kind; /* completion, professional */
	const char *thing; /* the course; the programme */
	const char *manifest;
	int64_t issued_at;
	int64_t expires_at, revoked_at; /* 0: never, not */
	const char *revoked_reason; /* "" unless revoked */
	const char *holder; /* the name; "" when the person was erased */
};

enum certificate_state {
	CERTIFICATE_VALID,
	CERTIFICATE_EXPIRED,
	CERTIFICATE_REVOKED,
};

/* ------------------------------------------------------------- pure rules */

/* A new number, from the arena. */
const char *certificate_number_new(struct arena *a);

/*
 * The number that somebody typed: with or without TR and hyphens, in small or
 * full-width letters, with O for 0, I or L for 1. False if it can be none.
 */
bool certificate_number_read(
    struct arena *a, const char *typed, const char **number);

enum certificate_state
certificate_state(const struct certificate *c, int64_t now);

/* ------------------------------------------------------------------- acts */

/*
 * The site's course_completed hook: issues the 修了証 when an exam was passed
 * (attempt is not 0), and records each programme that is met now. A second
 * call changes nothing.
 */
MUST_USE enum err
certify_course_completed(struct db *db, const struct site *site,
    const struct content *c, const struct course *course, int64_t person,
    int64_t organisation, int64_t attempt, int64_t now);

/* A person's certificates, newest first. */
MUST_USE enum err certificates_of(struct db *db, struct scope s, int64_t person,
    struct arena *a, struct certificate **out, size_t *n);

/* A programme all of whose courses the person has completed. */
struct programme_met {
	const char *id; /* executive-foundation */
	int64_t at;
};

/* Earliest first. */
MUST_USE enum err programmes_met(struct db *db, struct scope s, int64_t person,
    struct arena *a, struct programme_met **out, size_t *n);

/* By its number; another's is ERR_NOT_FOUND. */
MUST_USE enum err certificate_get(struct db *db, struct scope s,
    const char *number, struct arena *a, struct certificate *out);

/*
 * For anybody: scope is not asked. What may be shown of it is the name, the
 * course, the dates and the state; not the organisation.
 */
MUST_USE enum err certificate_verify(struct db *db, const char *number,
    struct arena *a, struct certificate *out);

/*
 * Takes a certificate back, with an audit row in the chain of the institution
 * it was earned in (else of the person's last one). Only the machine's scope:
 * the caller has checked that `actor` (0: the machine) is an operator. reason
 * is shown to the holder: 1 to CERTIFICATE_REASON_CHARS_MAX characters, else
 * ERR_INVALID. ERR_NOT_FOUND without such a number, ERR_CONFLICT when it was
 * revoked before.
 */
MUST_USE enum err certificate_revoke(struct db *db, struct scope machine,
    int64_t actor, const char *number, const char *reason, int64_t now);

/*
 * What the certificate is for, in the words of the revision it was earned on;
 * the thing's id when that revision is gone.
 */
struct bilingual certificate_title(
    const struct site *site, const struct certificate *c, struct arena *a);

extern const struct route certify_routes[];

#endif
