/* The rows of confirmations, for confirmation.c alone. */
#ifndef CAREER_CONFIRMATION_STORE_H
#define CAREER_CONFIRMATION_STORE_H

#include "career/confirmation.h"

/* Those of the team who passed a lab; membership 0: all of them. */
MUST_USE enum err team_load(struct db *db, struct scope team,
    int64_t membership, struct arena *a, struct team_member **out, size_t *n);

/* ERR_CONFLICT when it was answered before, or is the team's no more. */
MUST_USE enum err confirmation_store(
    struct db *db, struct scope team, int64_t id, const struct answer *answer);

#endif
