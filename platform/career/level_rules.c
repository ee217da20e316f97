/*
 * How evidence becomes a level, and what the line manager said about it.
 */
#include <stdlib.h>
#include <string.h>

#include "career/career.h"

int
competency_level(const char *competencies, const char *id)
{
	size_t n = strlen(id);
	const char *s = competencies;
	int level, best = 0;

	while (*s != '\0') {
		if (strncmp(s, id, n) == 0 && s[n] == ':') {
			level = atoi(s + n + 1);
			if (level > best)
				best = level;
		}
		s += strcspn(s, ",");
		s += *s == ',';
	}
	return best;
}

static bool
is_question_work(const struct evidence *ev)
{
	return text_eq(ev->source, "check") || text_eq(ev->source, "exam");
}

/* The first time that a module's check was passed; NULL: not yet. */
static const struct evidence_row *
check_of(const struct career_facts *f, const struct course *c,
    const struct module *m)
{
	size_t n = strlen(c->id), i;
	const struct evidence *ev;

	for (i = 0; i < f->n_rows; i++) {
		ev = &f->rows[i].ev;
		if (text_eq(ev->source, "check") &&
		    strncmp(ev->thing, c->id, n) == 0 && ev->thing[n] == '/' &&
		    atoi(ev->thing + n + 1) == m->number)
			return &f->rows[i];
	}
	return NULL;
}

/* An applied task of level 2 in that competency. */
static bool
is_applied_task(const struct evidence *lab, const struct standing *s)
{
	return competency_level(lab->competencies, s->competency->id) >=
	    LEVEL_CONFIRMED &&
	    lab->points * 100 >= lab->points_max * LAB_PERCENT_FOR_2;
}

static bool
is_better(const struct evidence *lab, const struct evidence *than)
{
	return lab->points * than->points_max > than->points * lab->points_max;
}

/* Both are there: keeps the best lab, and the first time it was so. */
static void
note_ready(struct standing *s, const struct evidence_row *lab,
    const struct evidence_row *check)
{
	int64_t at = lab->ev.at;

	if (check != NULL && check->ev.at > at)
		at = check->ev.at;
	if (!s->has_check || at < s->ready_at)
		s->ready_at = at;
	if (!s->has_check || is_better(&lab->ev, &s->lab->ev)) {
		s->lab = lab;
		s->check = check;
	}
	s->has_check = true;
}

/*
 * What a passed lab stands for: looks at the modules that it belongs to. A
 * module without a check is assessed by its lab alone.
 */
static void
weigh_lab(const struct career_facts *f, const struct evidence_row *lab,
    struct standing *s)
{
	bool applied = is_applied_task(&lab->ev, s);
	const struct evidence_row *check;
	const struct course *c;
	const struct module *m;
	size_t i, j;

	s->has_lab |= applied;
	for (i = 0; i < f->n_courses; i++) {
		c = f->courses[i].course;
		for (j = 0; j < c->n_modules; j++) {
			m = &c->modules[j];
			if (m->lab == NULL || !text_eq(m->lab, lab->ev.thing))
				continue;
			if (!m->has_check)
				s->shown = 1;
			check = m->has_check ? check_of(f, c, m) : NULL;
			if (applied && (!m->has_check || check != NULL))
				note_ready(s, lab, check);
		}
	}
}

/* What a former institution's line manager put off is not told on. */
static void
weigh_decisions(const struct career_facts *f, struct standing *s)
{
	const struct decision *d;
	size_t i;

	for (i = 0; i < f->n_decisions; i++) {
		d = &f->decisions[i];
		if (!text_eq(d->competency, s->competency->id) ||
		    d->level != LEVEL_CONFIRMED)
			continue;
		s->n_decisions = d->number;
		if (d->confirmed || d->organisation == f->organisation)
			s->decision = d;
	}
}

void
standing_weigh(
    const struct career_facts *f, struct arena *a, struct standing *s)
{
	const struct evidence_row *row;
	int level;
	size_t i;

	s->evidence = ARENA_ARRAY(a, const struct evidence_row *, f->n_rows);
	for (i = 0; i < f->n_rows; i++) {
		row = &f->rows[i];
		level =
		    competency_level(row->ev.competencies, s->competency->id);
		if (level == 0)
			continue;
		s->evidence[s->n_evidence++] = row;
		if (is_question_work(&row->ev))
			s->shown = 1;
		if (text_eq(row->ev.source, "lab"))
			weigh_lab(f, row, s);
		if (text_eq(row->ev.source, "confirmation"))
			s->confirmed |= level >= LEVEL_CONFIRMED;
	}
	/*
	 * A confirmation was only taken when lab and check were there: what
	 * later becomes of the module takes nothing away.
	 */
	if (s->has_lab && s->confirmed)
		s->shown = LEVEL_CONFIRMED;
	s->gap = s->target > s->shown ? s->target - s->shown : 0;
	weigh_decisions(f, s);
}

bool
standing_waits(const struct standing *s)
{
	return s->has_lab && s->has_check && !s->confirmed;
}
