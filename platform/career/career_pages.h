/* The page of career/: what its template is given. */
#ifndef CAREER_CAREER_PAGES_H
#define CAREER_CAREER_PAGES_H

#include "career/career.h"
#include "http/page.h"
#include "http/template.h"

struct evidence_line {
	const char *text, *at, *score;
	struct url to; /* NULL: nothing to open */
};

struct course_line {
	struct url to;
	const char *id, *title;
	bool planned, mandatory;
};

/* One competency as the page shows it. */
struct standing_line {
	const char *id, *name;
	int target, shown, gap;
	const char *target_words, *shown_words; /* of the scale */
	const char *missing; /* for level 2; NULL: nothing to say */
	const char *said; /* by the line manager; NULL: nothing */
	struct evidence_line *evidence;
	size_t n_evidence;
	struct course_line *courses;
	size_t n_courses;
};

struct path_line {
	const char *role, *tier, *condition;
};

struct me_page {
	struct page page;
	const char *name, *organisation, *department, *role, *tier; /* "" */
	bool has_role;
	const char *next_step; /* to level 2; NULL: nothing waits */
	size_t n_targets, on_target;
	/* the largest gaps, the first ones of targets */
	size_t n_largest;
	struct standing_line *targets, *others;
	size_t n_others;
	struct path_line *paths;
	size_t n_paths;
	const struct named *levels;
	size_t n_levels;
	size_t n_certificates;
	struct url certificates, csv, courses;
};

#endif
