/* The pages of lab/: what their templates are given. */
#ifndef LAB_LAB_PAGES_H
#define LAB_LAB_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "lab/lab.h"
#include "lab/notice_pages.h"

/* What the tag of a lab says. */
enum lab_tag {
	TAG_NEW,
	TAG_PREPARING,
	TAG_READY,
	TAG_GRADING,
	TAG_TRY_AGAIN, /* another draw is in turn, or preparing failed */
	TAG_PASSED,
	TAG__MAX
};

struct lab_card {
	struct url to;
	const char *id, *title, *summary, *minutes, *competencies;
	enum lab_tag tag;
	bool scored;
	int64_t best;
	int pass;
};

struct labs_page {
	struct page page;
	const struct lab_card *cards;
	size_t n_cards;
	const char *missing; /* why no lab can be begun here; NULL: one can */
};

struct artefact_line {
	struct url to;
	const char *name, *text, *size;
};

/* One file of the form. */
struct answer_field {
	const char *name, *text; /* what it is; "" without */
	const char *size; /* the limit, "256 KB" */
	const char *file_id, *text_id; /* of the elements, and their names */
	const char *file_hint_id;
	bool typed; /* has a text area */
	const char *value; /* its text, kept */
	const char *problem; /* a sentence; NULL: none */
	bool handed_in; /* there was one in the last submission */
};

struct hint_line {
	struct url open;
	const char *id;
	int cost;
	bool is_open;
	const char *text; /* when it is open */
};

struct check_line {
	const char *text, *reason;
	int64_t points;
	int points_max;
};

struct submission_line {
	int64_t number, points;
	const char *at;
	bool grading, failed, passing, best, practice;
};

/* The page's main state; the names are those of GET /labs/:lab/state. */
enum lab_stage {
	STAGE_NEW, /* not begun, or another draw is in turn */
	STAGE_PREPARING,
	STAGE_FAILED, /* it could not be prepared */
	STAGE_READY,
	STAGE_GRADING,
	STAGE__MAX
};

struct lab_page {
	struct page page;
	struct lab_card card;
	enum lab_stage stage;
	const char *state; /* its name, for lab.js */
	const char *progress; /* a sentence on it */
	struct url poll, start, submit, here;
	struct safe_html task;
	const char *missing; /* why it cannot be begun here; NULL: it can */
	const char *isolation; /* of the run; NULL: not known */
	const char *root; /* what it ran in; NULL: not known */
	struct url shell; /* opens the shell */
	const char *no_shell; /* why there is none here; NULL: there is */
	bool again; /* a draw before this one was used up */
	bool given_up; /* that draw was given up */
	const struct artefact_line *artefacts;
	size_t n_artefacts;
	const struct answer_field *fields;
	size_t n_fields;
	bool incomplete_offered; /* a file is missing: send it like that? */
	int64_t left; /* submissions until the data change; 0: no end */
	bool passed, practice; /* what is handed in now is practice */
	const char *counts_from; /* it counts again then; NULL: never */
	struct url solution, give_up;
	bool solution_open, may_give_up;
	int solution_points; /* of a pass that opens it */
	bool level_2; /* it can be evidence for that */
	int level_2_points; /* what it asks for */
	int practice_days;
	const struct hint_line *hints;
	size_t n_hints;
	int64_t hint_cost; /* of those that are open */
	const struct submission_line *submissions; /* newest first */
	size_t n_submissions;
	int64_t first;
	struct notice_list notices;
	const char *failed; /* why the last could not be graded; NULL */
	const struct check_line *checks; /* of the last that was graded */
	size_t n_checks;
	int64_t result_number, result_points, result_hints;
	bool result_practice;
	int64_t n_points; /* to check (lab/signal.h) */
	struct url points;
};

/* The worked solution, or what opens it. */
struct solution_page {
	struct page page;
	bool is_open;
	struct safe_html solution; /* when it is open */
	bool may_give_up;
	struct url give_up;
	int points; /* of a pass that opens it */
};

/* Asks before a lab is given up. */
struct give_up_page {
	struct page page;
	struct url post;
	bool scored;
	int64_t best;
	int days; /* of practice */
	const char *counts_from; /* after them */
};

/* Asks before a hint is opened. */
struct hint_page {
	struct page page;
	int cost;
	struct url post;
};

#endif
