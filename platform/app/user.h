/*
 * Who our processes run as. Started by an ordinary user, they are that user's.
 * Started as root, everything but labd runs as the system user `tanren`.
 */
#ifndef APP_USER_H
#define APP_USER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

#define SYSTEM_USER "tanren"

struct user {
	bool changes; /* false: we are nobody special and stay who we are */
	uid_t uid;
	gid_t gid;
	/*
	 * The user cannot enter a directory above VAR: its processes may look
	 * into every directory, until VAR is elsewhere. Told at start.
	 */
	bool must_reach;
};

enum user_need {
	USER_NEEDS_NOTHING = 0,
	USER_NEEDS_LOW_PORT = 1, /* listens on a port below 1024 */
	USER_NEEDS_REACH = 2, /* reads repositories wherever they are */
	USER_NEEDS_ROOT = 4, /* stays who started us: labd, nobody else */
};

/*
 * As root: finds the system user, made (and said so) when it is missing, and
 * gives VAR to it. Otherwise nothing changes.
 */
MUST_USE enum err user_prepare(const char *var, struct user *out);

/* Becomes that user for good, with what it needs (enum user_need) kept. */
MUST_USE enum err user_become(const struct user *u, unsigned needs);

/*
 * For commands: as root, goes on as the owner of VAR, so that no file there
 * becomes root's. May still read what root may read.
 */
MUST_USE enum err user_become_owner(const char *var);

#endif
