/* Who is looking: made from the session once per request. */
#ifndef HTTP_VIEWER_H
#define HTTP_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "base/text.h"

/* Everybody signed in is a learner; the others are granted (role_grant). */
enum role {
	ROLE_LEARNER,
	ROLE_LINE_MANAGER,
	ROLE_TRAINING_MANAGER,
	ROLE_INSTRUCTOR, /* sees the labs of the own institution's learners */
	ROLE_AUTHOR,
	ROLE_REVIEWER,
	ROLE_ASSESSOR,
	ROLE_EXERCISE_CONTROLLER,
	ROLE_SUPERVISOR,
	ROLE_OPERATOR,
	ROLE__MAX
};

#define ROLE_BIT(role) (1u << (role))

/* Policies of routes. */
#define WHO_ANYONE 0x80000000u /* also without signing in */
#define WHO_SIGNED_IN ROLE_BIT(ROLE_LEARNER)

struct viewer {
	int64_t person;
	const char *name;
	enum lang lang;
	unsigned roles; /* ROLE_BIT, in force now */
	/* the membership in force; organisation 0 when there is none */
	int64_t membership;
	int64_t organisation;
	const char *organisation_kind;
	struct bilingual organisation_name;
	const char *category; /* "" unless an institution */
	bool leads; /* is somebody's line manager there, by the roster */
	const char *work_role; /* T-SOC */
	const char *tier; /* technician */
	uint8_t csrf_key[DIGEST_BYTES];
	uint8_t session[DIGEST_BYTES]; /* hash of the token */
};

static inline bool
viewer_is(const struct viewer *v, enum role role)
{
	return v != NULL && (v->roles & ROLE_BIT(role)) != 0;
}

#endif
