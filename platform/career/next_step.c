/* The next step to level 2, in one sentence. */
#include "career/confirmation.h"
#include "career/handlers.h"
#include "http/message.h"
#include "people/viewer.h"

/* What waits: for an answer, or was put off. */
struct waiting {
	const struct standing *first, *first_put_off;
	int64_t n, n_put_off;
};

static void
count(const struct standing *list, size_t n, struct waiting *w)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!standing_waits(&list[i]))
			continue;
		if (list[i].decision == NULL && w->n++ == 0)
			w->first = &list[i];
		if (list[i].decision != NULL && w->n_put_off++ == 0)
			w->first_put_off = &list[i];
	}
}

static const char *
name_of(const struct req *r, const struct standing *s)
{
	return s->competency->text.in[r->lang];
}

/* "A", or "A and 2 more". */
static const char *
names_of(const struct req *r, const struct standing *first, int64_t n)
{
	if (n == 1)
		return message_args(r->arena, r->lang, M_career_one_name,
		    name_of(r, first), NULL);
	return message_args(r->arena, r->lang, M_career_more_names,
	    name_of(r, first),
	    arena_printf(r->arena, "%lld", (long long)(n - 1)), NULL);
}

enum err
next_step(const struct req *r, const struct career *career, const char **out)
{
	struct waiting w = {0};
	const char *manager;
	enum err e;

	*out = NULL;
	count(career->targets, career->n_targets, &w);
	count(career->others, career->n_others, &w);
	if (w.n + w.n_put_off == 0)
		return ERR_OK;
	e = line_manager_of(r->db, scope_own(r), r->arena, &manager);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_NOT_FOUND)
		*out = message_args(r->arena, r->lang, M_career_step_nobody,
		    w.n > 0 ? names_of(r, w.first, w.n + w.n_put_off)
			    : names_of(r, w.first_put_off, w.n_put_off),
		    NULL);
	else if (w.n > 0)
		*out = message_args(r->arena, r->lang, M_career_step_waits,
		    names_of(r, w.first, w.n), manager, NULL);
	else
		*out = message_args(r->arena, r->lang, M_career_step_put_off,
		    names_of(r, w.first_put_off, w.n_put_off), manager, NULL);
	return ERR_OK;
}
