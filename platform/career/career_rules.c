/* How gaps become what to learn next, and a person's whole standing. */
#include <stdlib.h>

#include "career/career.h"

static int
level_in(const struct level_of *levels, size_t n, const char *id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(levels[i].competency, id))
			return levels[i].level;
	return 0;
}

static int
module_level(const struct module *m, const struct standing *s)
{
	return level_in(m->levels, m->n_levels, s->competency->id);
}

/* -------------------------------------------------------------- suggestions */

/* A candidate with what it is ranked by. */
struct candidate {
	struct suggestion suggestion;
	bool suits; /* is written for this person */
	size_t place;
};

static bool
tier_suits(const char *tier, const struct career_facts *f)
{
	return text_eq(tier, "everyone") || text_eq(tier, f->tier);
}

static bool
is_mandatory(const struct career_facts *f, const struct course_progress *p)
{
	const struct programme *programme;
	size_t i, j;

	if (p->due_at != 0)
		return true;
	for (i = 0; i < f->framework->n_programmes; i++) {
		programme = &f->framework->programmes[i];
		if (!tier_suits(programme->tier, f))
			continue;
		for (j = 0; j < programme->n_courses; j++)
			if (text_eq(programme->courses[j], p->course->id))
				return true;
	}
	return false;
}

static bool
names_role(const struct module *m, const struct work_role *role)
{
	size_t i;

	for (i = 0; role != NULL && i < m->n_roles; i++)
		if (text_eq(m->roles[i], role->id))
			return true;
	return false;
}

/* True if a module that is not passed yet leads above the level shown. */
static bool
consider(const struct career_facts *f, size_t place, const struct standing *s,
    struct candidate *out)
{
	const struct course_progress *p = &f->courses[place];
	const struct module *m;
	bool raises = false;
	/* only the confirmation is missing: no course brings that */
	int reached = standing_waits(s) ? 2 : s->shown;
	size_t i;

	*out = (struct candidate){
	    .suggestion = {.course = p->course,
		.planned = true,
		.mandatory = is_mandatory(f, p)},
	    .suits = tier_suits(p->course->tier, f),
	    .place = place,
	};
	for (i = 0; i < p->course->n_modules; i++) {
		m = &p->course->modules[i];
		if (module_level(m, s) <= reached ||
		    p->modules[i].passed_at != 0)
			continue;
		raises = true;
		if (!m->planned)
			out->suggestion.planned = false;
		if (names_role(m, f->role))
			out->suits = true;
	}
	return raises;
}

static int
compare_candidates(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->suits != b->suits)
		return a->suits ? -1 : 1;
	if (a->suggestion.planned != b->suggestion.planned)
		return a->suggestion.planned ? 1 : -1;
	if (a->suggestion.mandatory != b->suggestion.mandatory)
		return a->suggestion.mandatory ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

/* Courses for other people only where there is none for this one. */
static void
suggest(const struct career_facts *f, struct arena *a, struct standing *s)
{
	struct candidate *list = NULL, one;
	size_t i, n = 0;

	if (s->gap == 0)
		return;
	for (i = 0; i < f->n_courses; i++)
		if (consider(f, i, s, &one))
			*ARENA_PUSH(a, list, n) = one;
	if (n > 1)
		qsort(list, n, sizeof(*list), compare_candidates);
	for (i = 0; i < n && i < SUGGESTIONS_MAX; i++)
		if (list[i].suits == list[0].suits)
			s->suggestions[s->n_suggestions++] = list[i].suggestion;
}

/* --------------------------------------------------------------------- fold */

static bool
is_mandatory_now(const struct standing *s)
{
	return s->n_suggestions > 0 && s->suggestions[0].mandatory;
}

static int
compare_standings(const void *x, const void *y)
{
	const struct standing *a = x, *b = y;

	if (a->gap != b->gap)
		return a->gap > b->gap ? -1 : 1;
	if (is_mandatory_now(a) != is_mandatory_now(b))
		return is_mandatory_now(a) ? -1 : 1;
	/* the framework's order: both point into its table */
	return a->competency < b->competency ? -1 : 1;
}

void
career_fold(const struct career_facts *f, struct arena *a, struct career *out)
{
	struct career c = {
	    .role = f->role,
	    .rows = f->rows,
	    .n_rows = f->n_rows,
	};
	struct standing s;
	size_t i;

	for (i = 0; i < f->framework->n_competencies; i++) {
		s = (struct standing){
		    .competency = &f->framework->competencies[i],
		};
		if (f->role != NULL)
			s.target = level_in(f->role->targets,
			    f->role->n_targets, s.competency->id);
		standing_weigh(f, a, &s);
		suggest(f, a, &s);
		if (s.target > 0) {
			c.on_target += s.gap == 0;
			*ARENA_PUSH(a, c.targets, c.n_targets) = s;
		} else if (s.n_evidence > 0) {
			*ARENA_PUSH(a, c.others, c.n_others) = s;
		}
	}
	if (c.n_targets > 1)
		qsort(c.targets, c.n_targets, sizeof(*c.targets),
		    compare_standings);
	*out = c;
}
