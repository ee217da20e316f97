/* The pages of a line manager: what their templates are given. */
#ifndef CAREER_TEAM_PAGES_H
#define CAREER_TEAM_PAGES_H

#include "career/confirmation.h"
#include "http/page.h"
#include "http/template.h"

#define TEAM_LINES_SHOWN 200

/* What level 2 rests on. */
struct team_evidence {
	const char *lab, *lab_score, *lab_at;
	const char *check, *check_score, *check_at; /* NULL: has none */
};

struct team_row {
	const char *name, *department, *competency, *since;
	struct team_evidence evidence;
	const char *said_at, *said_by, *note; /* "not yet"; else NULL */
	struct url to;
};

struct team_page {
	struct page page;
	bool leads;
	size_t n_waiting; /* in all; rows: the oldest ones */
	struct team_row *waiting, *put_off;
	size_t n_waiting_rows, n_put_off_rows;
};

struct confirm_page {
	struct page page;
	const char *name, *department, *competency, *level_words, *since;
	struct team_evidence evidence;
	bool confirmed; /* nothing is asked any more */
	const char *said_at, *said_by, *note; /* NULL: nothing was said */
	struct url confirm, not_yet;
	int64_t number;
	const char *typed; /* the note, when the form is shown again */
	bool note_wrong;
};

#endif
