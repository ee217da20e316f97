/*
 * What this machine offers an installation: one line per thing that was
 * looked at, with what to do when it is not right. Nothing is changed.
 */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include <stddef.h>

#include "app/config.h"
#include "base/arena.h"
#include "lab/engine/box.h"
#include "lab/engine/container.h"

enum finding_state { FINDING_OK, FINDING_WARN, FINDING_FAIL };

struct finding {
	enum finding_state state;
	const char *what; /* a word: "database" */
	const char *text; /* what was found */
	const char *advice; /* what to do; NULL when all is well */
};

struct doctor {
	struct arena *a;
	const struct config *c;
	struct box_caps live; /* what labd would find here */
	struct container_found host; /* or there, if one is configured */
	struct finding *list;
	size_t n;
};

/* Looks at everything. Strings belong to the arena. */
void doctor_look(struct doctor *d);

enum finding_state doctor_worst(const struct doctor *d);

/* --------------------------------------------------- what its files share */

void doctor_note(struct doctor *d, enum finding_state state, const char *what,
    const char *advice, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Each kind of thing in a file of its own. */
void doctor_machine(struct doctor *d); /* programs, clock, disk, port, box */
void doctor_data(struct doctor *d); /* secret, database, content, jobs */

#endif
