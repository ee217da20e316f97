/*
 * A class on a site of support/pages.h: two learners, their training manager
 * and instructor, and another institution's learner and manager.
 */
#ifndef SUPPORT_CLASSROOM_H
#define SUPPORT_CLASSROOM_H

#include "support/browser.h"
#include "support/pages.h"

enum classroom_person {
	LEARNER,
	SECOND,
	MANAGER,
	INSTRUCTOR,
	OTHER_LEARNER, /* of the other institution */
	OTHER_MANAGER,
	CLASSROOM_PERSONS
};

struct classroom {
	struct pages p;
	struct fixture *f;
	int64_t other; /* the other institution */
	int64_t persons[CLASSROOM_PERSONS];
	struct browser b; /* of the last classroom_as */
};

/* f->now may be set before. Pages of the rooms lab and people. */
void classroom_open(struct classroom *c, struct fixture *f);
void classroom_close(struct classroom *c);

/* c->b is that person's, with a form's token. */
void
classroom_as(struct classroom *c, enum classroom_person who, enum lang lang);

/*
 * A run of L91: ready unless state says else; the last sign of progress so
 * many minutes ago.
 */
void classroom_run(struct classroom *c, enum classroom_person who, int64_t id,
    int draw, const char *state, int minutes_ago);

/* A graded submission of a run. */
void classroom_graded(struct classroom *c, enum classroom_person who,
    int64_t run, int number, int points);

int64_t classroom_int(struct classroom *c, const char *sql);

/* Fails the test with the page when it does not show the text. */
void classroom_shows(struct classroom *c, const char *text);

#endif
