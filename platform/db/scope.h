/*
 * Whose rows may this viewer see? Every store function that reads or changes
 * rows of an organisation or a person demands a scope, so that forgetting it
 * does not compile. Made from a viewer in one place (people/viewer.c); acts
 * of the machine itself (jobs, publishing) use scope_machine().
 */
#ifndef DB_SCOPE_H
#define DB_SCOPE_H

#include <stdint.h>

enum scope_reach {
	SCOPE_NOTHING = 0,
	SCOPE_OWN, /* the person's own rows */
	SCOPE_ORGANISATION, /* all rows of one organisation */
	SCOPE_GRANTED, /* organisations that the person's grants name */
	SCOPE_MACHINE, /* everything: jobs and the command line */
	SCOPE_TEAM, /* those there whose line manager the person is now */
};

struct scope {
	enum scope_reach reach;
	int64_t person; /* whose own rows, whose grants */
	int64_t organisation; /* of the membership in force; 0: none */
	int64_t now; /* grants and memberships are valid at */
};

static inline struct scope
scope_machine(int64_t now)
{
	return (struct scope){.reach = SCOPE_MACHINE, .now = now};
}

#endif
