/* The pages of the class: what their templates are given. */
#ifndef LAB_CLASS_PAGES_H
#define LAB_CLASS_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "lab/class.h"
#include "lab/notice_pages.h"

struct class_option {
	const char *value, *text;
	bool selected;
};

struct class_row {
	struct url to, watch;
	const char *name, *number, *department, *lab, *title;
	int64_t draw;
	enum class_state state;
	bool stuck, live;
	int watchers;
	bool scored; /* the four below are of the last that was graded */
	int64_t points, met, checks;
	int64_t n_hints;
	const char *active; /* "12分前" */
};

struct class_page {
	struct page page;
	struct url self, csv;
	const char *stuck_minutes, *at;
	const struct class_row *rows;
	size_t n_rows, n_working, n_stuck;
	bool cut; /* there are more */
	bool filtered; /* not all lines are shown */
	const struct class_option *labs, *courses, *sorts;
	size_t n_labs, n_courses, n_sorts;
};

/* The way a form goes back to: the learner's page, or the terminal. */
struct class_forms {
	struct url extend, prepare, add, message;
	const char *from; /* "" or "watch" */
	bool may_extend, may_prepare, may_add;
	int text_max;
	const char *typed, *problem; /* of a message that was refused; "" */
};

struct class_one_page {
	struct page page;
	struct class_row row;
	const char *until; /* of the shell; "" without */
	struct class_forms forms;
	struct notice_list notices;
};

struct watch_page {
	struct page page;
	struct class_row row;
	struct url ticket;
	const char *terminals; /* the address of the websocket */
	int terminals_max;
	struct class_forms forms;
	const char *tab, *input; /* {n} is filled in by watch.js */
};

#endif
