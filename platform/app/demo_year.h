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
	unsigned right; /* percent of the questions, or of the lab's points */
};

/* In the order of time; the list is from malloc, also on an error. */
MUST_USE enum err
demo_year_plan(struct demo *d, struct event **events, size_t *n);

#endif
