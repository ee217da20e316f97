/*
 * Acts of the machine's operator on the command line: the first hour of an
 * installation, before anybody can sign in, and what has no page. Each is one
 * transaction with an audit row by actor 0 in the organisation's chain.
 */
#ifndef APP_ADMIN_H
#define APP_ADMIN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct content;
struct db;
struct site;

enum admin_key {
	ADMIN_KIND,
	ADMIN_CODE,
	ADMIN_NAME_JA,
	ADMIN_NAME_EN,
	ADMIN_CATEGORY,
	ADMIN_SIZE_BAND,
	ADMIN_ORGANISATION,
	ADMIN_NUMBER, /* of an employee; of a certificate */
	ADMIN_NAME,
	ADMIN_KANA,
	ADMIN_EMAIL,
	ADMIN_DEPARTMENT,
	ADMIN_ROLE,
	ADMIN_LANG,
	ADMIN_REACH,
	ADMIN_VALUE,
	ADMIN_REASON,
	ADMIN_KEY__MAX
};

struct admin {
	const struct site *site;
	const struct content *content; /* the published revision */
	struct arena *a;
	int64_t now;
	/* Valid UTF-8 without control characters; "": not given. */
	const char *value[ADMIN_KEY__MAX];

	/* What the act says: the sentence for an error, a link. */
	const char *problem, *link;
	int64_t id; /* of what was made */
};

/*
 * For db_write; ctx is the struct admin. ERR_INVALID, ERR_NOT_FOUND and
 * ERR_CONFLICT come with a problem.
 */
MUST_USE enum err admin_organisation_add(struct db *db, void *ctx);
MUST_USE enum err admin_person_add(struct db *db, void *ctx);
MUST_USE enum err admin_grant_add(struct db *db, void *ctx);
MUST_USE enum err admin_grant_end(struct db *db, void *ctx);
MUST_USE enum err admin_invite(struct db *db, void *ctx);
MUST_USE enum err admin_certificate_revoke(struct db *db, void *ctx);

/* Sets the problem and answers e. */
enum err admin_refuse(struct admin *ad, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
