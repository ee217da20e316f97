/* The pages of learn/: what their templates are given. */
#ifndef LEARN_LEARN_PAGES_H
#define LEARN_LEARN_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "learn/learn.h"

/* A course as a card: in the catalogue and on the home page. */
struct course_card {
	struct url to;
	const char *id, *title, *summary, *minutes;
	bool planned;
	enum course_state state;
	int done, written;
	const char *due; /* "2026年12月1日まで"; NULL: nothing is due */
	bool overdue;
};

struct tier_group {
	const char *title, *anchor;
	struct course_card *cards;
	size_t n_cards;
};

struct catalogue_page {
	struct page page;
	struct tier_group *groups;
	size_t n_groups;
	struct url search;
};

struct module_line {
	int number;
	bool planned;
	struct url to;
	const char *title, *minutes;
	const char *const *objectives;
	size_t n_objectives;
	bool opened, passed;
	const char *lab; /* its id; NULL: none */
	struct url lab_to;
};

struct course_page {
	struct page page;
	struct course_card card;
	struct module_line *modules;
	size_t n_modules;
	bool has_next;
	struct url next; /* the module to go on with */
	bool has_exam;
	struct url exam;
	const char *completed_on; /* NULL: not yet */
	bool growing; /* some modules are planned */
	const char *reviewed_on;
};

struct module_page {
	struct page page;
	struct url course;
	const char *course_title;
	int number, of;
	const char *minutes;
	const char *const *objectives;
	size_t n_objectives;
	const struct heading *headings;
	size_t n_headings;
	struct url *heading_urls;
	struct safe_html text;
	const char *const *sources;
	size_t n_sources;
	bool has_check, passed, has_lab;
	struct url check, lab;
	const char *lab_id;
	bool has_previous, has_next;
	struct url previous, next;
	const char *previous_title, *next_title;
	const char *revision; /* the first 10 digits of the commit */
	const char *reviewed_on;
};

struct hit_line {
	struct url to;
	const char *title, *course;
	struct safe_html excerpt;
};

struct search_page {
	struct page page;
	const char *query;
	struct url search;
	bool searched;
	struct hit_line *hits;
	size_t n_hits;
};

/* The day of a course's last review as pages show it; NULL: planned. */
const char *reviewed_text(const struct req *r, const struct course *c);

/* Shared with the home page. */
struct course_card
course_card_of(const struct req *r, const struct course_progress *p);

#endif
