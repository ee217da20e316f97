/* Who of a team waits for what. */
#include <stdlib.h>

#include "career/confirmation.h"

static int64_t
waiting_since(const struct team_line *line)
{
	return line->standing.decision != NULL ? line->standing.decision->at
					       : line->standing.ready_at;
}

static int
by_time(const void *x, const void *y)
{
	const struct team_line *a = x, *b = y;
	int64_t s = waiting_since(a), t = waiting_since(b);

	if (s != t)
		return s < t ? -1 : 1;
	if (a->who->membership != b->who->membership)
		return a->who->membership < b->who->membership ? -1 : 1;
	/* the framework's order: both point into its table */
	return a->standing.competency < b->standing.competency ? -1 : 1;
}

static struct career_facts
facts_of(const struct career_facts *catalogue, const struct team_member *who)
{
	struct career_facts f = *catalogue;

	f.rows = who->rows;
	f.n_rows = who->n_rows;
	f.decisions = who->decisions;
	f.n_decisions = who->n_decisions;
	return f;
}

static void
fold_member(const struct career_facts *f, const struct team_member *who,
    struct arena *a, struct team *out)
{
	struct team_line line = {.who = who};
	size_t i;

	for (i = 0; i < f->framework->n_competencies; i++) {
		line.standing = (struct standing){
		    .competency = &f->framework->competencies[i],
		};
		standing_weigh(f, a, &line.standing);
		if (!standing_waits(&line.standing))
			continue;
		if (line.standing.decision == NULL)
			*ARENA_PUSH(a, out->waiting, out->n_waiting) = line;
		else
			*ARENA_PUSH(a, out->put_off, out->n_put_off) = line;
	}
}

void
team_fold(const struct career_facts *catalogue,
    const struct team_member *members, size_t n, struct arena *a,
    struct team *out)
{
	struct team team = {0};
	struct career_facts f;
	size_t i;

	for (i = 0; i < n; i++) {
		f = facts_of(catalogue, &members[i]);
		fold_member(&f, &members[i], a, &team);
	}
	if (team.n_waiting > 1)
		qsort(team.waiting, team.n_waiting, sizeof(*team.waiting),
		    by_time);
	if (team.n_put_off > 1)
		qsort(team.put_off, team.n_put_off, sizeof(*team.put_off),
		    by_time);
	*out = team;
}

bool
team_line_of(const struct career_facts *catalogue,
    const struct team_member *who, const char *competency, struct arena *a,
    struct team_line *out)
{
	struct career_facts f = facts_of(catalogue, who);
	struct team_line line = {.who = who};
	const struct standing *s = &line.standing;
	size_t i;

	for (i = 0; i < f.framework->n_competencies; i++)
		if (text_eq(f.framework->competencies[i].id, competency))
			line.standing.competency =
			    &f.framework->competencies[i];
	if (s->competency == NULL)
		return false;
	standing_weigh(&f, a, &line.standing);
	/* what another institution confirmed is not asked, and not shown */
	if (!standing_waits(s) &&
	    (!s->confirmed || s->decision == NULL ||
		s->decision->organisation != f.organisation))
		return false;
	*out = line;
	return true;
}

bool
note_is_fine(const char *note)
{
	size_t n = text_length(note);

	return n >= 1 && n <= NOTE_CHARS_MAX && !text_has_control(note, "\r\n");
}
