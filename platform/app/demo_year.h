/* The year of the demo sector, before it is lived (demo_live.c). */
#ifndef APP_DEMO_YEAR_H
#define APP_DEMO_YEAR_H

#include "app/demo.h"
#include "content/content.h"

enum event_kind {
	EVENT_ASSIGN,
	EVENT_OPEN,
	EVENT_CHECK,
	EVENT_LAB,
	EVENT_CONFIRM,
	EVENT_EXAM,
};

struct learner_line {
	int64_t person;
	const char *tier;
};

struct event {
	int64_t at;
	const struct demo_institution *in;
	const struct course *course;
	struct learner_line who;
	enum event_kind kind;
	unsigned module;
	/* percent of the questions, or of the lab's points; a line manager
	 * confirms with 100 and says "not yet" with 0 */
	unsigned right;
};

/* The line manager's answer about what the module's lab is evidence for. */
MUST_USE enum err
demo_confirm(struct demo *d, const struct event *ev, struct arena *a);

/* In the order of time; the list is from malloc, also on an error. */
MUST_USE enum err
demo_year_plan(struct demo *d, struct event **events, size_t *n);

#endif
