/* The pages of a shell: what their templates are given. */
#ifndef LAB_SHELL_PAGES_H
#define LAB_SHELL_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "lab/notice_pages.h"

/* A file that is handed in, as it is called inside the box. */
struct shell_answer {
	struct url save; /* a copy of it */
	const char *name, *path; /* "answers.txt", "/lab/out/answers.txt" */
};

/* What shell.js says; {n}, {h}, {m} are filled in there. */
struct shell_words {
	const char *tab, *input, *left_hours, *left_minutes, *minutes_left;
	const char *connecting, *connected, *reconnecting, *signed_out;
	const char *ended_shell, *ended_busy;
	const char *over_deadline, *over_idle, *over_box, *over_gone;
	const char *too_much;
	const char *watched, *watched_one, *watched_many;
};

struct shell_page {
	struct page page;
	struct url lab, open, reset, extend, submit, put, ticket, solution;
	bool solution_open;
	const char *terminals; /* the address of the websocket */
	struct safe_html task;
	bool is_live;
	bool is_silent; /* nothing can be opened now: why is in `missing` */
	const char *missing;
	const char *left, *until; /* "1時間20分", "14:30" */
	const char *level; /* a sentence */
	int64_t now, deadline; /* ms since 1970 UTC */
	const struct shell_answer *answers;
	size_t n_answers;
	int terminals_max;
	struct notice_list notices;
	struct shell_words words;
};

/* Asks before the box is emptied. */
struct shell_reset_page {
	struct page page;
	struct url post;
};

/* What keeps a hand-in back. */
struct shell_submit_page {
	struct page page;
	struct url post;
	bool incomplete_offered; /* some are there: hand in without the rest? */
};

#endif
