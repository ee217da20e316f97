/* The pages of oversee/: what their templates are given. */
#ifndef OVERSEE_OVERSEE_PAGES_H
#define OVERSEE_OVERSEE_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "oversee/counts.h"

/* People of a cell, and who of them completed. */
struct share_cell {
	int64_t people, done;
	int share; /* percent, rounded down; -1: nobody is there */
	bool left_out; /* a tier whose people are not counted */
};

struct share_row {
	const char *title;
	struct url to; /* text NULL: none */
	int64_t institutions;
	struct share_cell *cells; /* as many as the table has columns */
};

/* A title and the shares at the ends of the months. */
struct month_row {
	const char *title;
	int shares[MONTHS];
	int64_t people[MONTHS], done[MONTHS];
};

/* Months below their years: 2025年 | 12月, 2026年 | 1月 … */
struct year_head {
	const char *text;
	int64_t months;
};

struct month_heads {
	struct year_head years[MONTHS];
	size_t n_years;
	const char *months[MONTHS];
	bool first[MONTHS]; /* of its year */
};

/* A line from left to right; the table beside it says the same. */
struct chart {
	const char *points; /* of a polyline, "40,180 90,165 …" */
	const char *from, *to; /* the first and the last month */
	const char *says; /* the line in words */
};

struct choice_option {
	const char *value, *text;
	bool selected;
};

struct option_group {
	const char *label;
	struct choice_option *list;
	size_t n;
};

struct sector_page {
	struct page page;
	struct url self, csv, institutions;
	struct choice_option *programmes;
	size_t n_programmes;
	int64_t n_institutions, overdue, assigned, exam_taken, exam_passed;
	struct share_cell all;
	const char **tiers, **programme_titles; /* of the columns */
	size_t n_tiers;
	struct share_row *rows; /* categories, the total last */
	size_t n_rows;
	struct month_heads heads;
	struct month_row *series; /* categories, the total last */
	size_t n_series;
	struct chart chart;
};

struct institution_line {
	struct url to;
	const char *name, *category, *size_band;
	struct share_cell all;
	int64_t overdue;
};

struct sort_link {
	struct url to;
	const char *text;
	bool current;
};

#define SORTS 4

struct institutions_page {
	struct page page;
	struct url self;
	struct choice_option *categories;
	size_t n_categories;
	const char *sort; /* kept by the filter */
	struct sort_link sorts[SORTS];
	struct institution_line *lines;
	size_t n_lines;
	int64_t total, first, last;
	bool has_previous, has_next;
	struct url previous, next;
};

struct course_line {
	const char *id, *title;
	int64_t assigned, completed, overdue, exam_taken, exam_passed;
};

struct institution_look_page {
	struct page page;
	struct url self;
	struct choice_option *programmes;
	size_t n_programmes;
	const char *category, *size_band;
	int64_t people;
	struct share_cell all;
	const char **tiers, **programme_titles;
	struct share_cell *cells;
	size_t n_tiers;
	struct month_heads heads;
	struct month_row *series;
	size_t n_series;
	struct chart chart;
	struct course_line *courses;
	size_t n_courses;
};

/* ----------------------------------------------- of the own institution */

struct due_line {
	const char *id, *title;
	int64_t open, late;
	struct url to_open, to_late;
};

struct late_line {
	const char *number, *name, *department, *course, *due;
	struct url to; /* the course's late ones */
};

struct look_line {
	const char *at, *authority;
};

struct institution_page {
	struct page page;
	struct url roster, labs, points, assign, open, late, late_csv,
	    progress_csv;
	int64_t people, n_open, n_late;
	struct share_cell all;
	const char **tiers, **programme_titles;
	struct share_cell *cells;
	size_t n_tiers;
	struct due_line *dues;
	size_t n_dues;
	struct late_line *lates;
	size_t n_lates;
	struct look_line *looks;
	size_t n_looks;
	struct peer_view peers;
	const char *category, *size_band;
};

struct assignment_row {
	const char *number, *name, *department, *tier, *course, *due, *done;
	bool late;
	struct url cancel;
};

struct assignments_page {
	struct page page;
	struct url self, assign, csv;
	const char *which;
	struct sort_link kinds[3];
	struct choice_option *courses;
	size_t n_courses;
	struct assignment_row *rows;
	size_t n_rows;
	bool done, cut; /* cut: there are more */
};

struct cancel_page {
	struct page page;
	struct url post;
	const char *name, *number, *course, *due;
};

/* A form as it was typed. */
struct assign_page {
	struct page page;
	struct url post;
	struct option_group *courses; /* by the tier they were written for */
	struct choice_option *tiers, *departments;
	size_t n_courses, n_tiers, n_departments;
	const char *due, *tomorrow, *whom, *numbers;
	bool empty; /* nobody is in the roster */
};

/* The second step: how many it will be. */
struct assign_ask_page {
	struct page page;
	struct url post;
	const char *course_id, *course, *due, *due_text, *whom, *tier, *numbers;
	const char **departments;
	size_t n_departments;
	int64_t people, made, moved, unchanged; /* if it is confirmed now */
	const char **unknown; /* employee numbers that nobody has */
	size_t n_unknown;
};

struct assigned_page {
	struct page page;
	const char *course, *due;
	int64_t made, moved, unchanged;
	struct url list, again;
};

#endif
