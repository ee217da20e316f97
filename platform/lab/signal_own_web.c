/* One's own points to check of a lab: what was noticed, what one says to it. */
#include "base/clock.h"
#include "http/site.h"
#include "lab/handlers.h"
#include "lab/signal.tmpl.h"
#include "lab/signal_text.h"
#include "people/viewer.h"

/* What was sent for one of them and refused; signal 0: nothing was. */
struct refused {
	int64_t signal;
	const char *typed;
};

static enum err
fill_point(struct req *r, const struct lab *lab, const struct signal *s,
    const struct refused *refused, struct own_point *q)
{
	struct signal_words w;
	enum err e;

	e = signal_own_words(r->db, scope_own(r), s->id, r->arena, &w);
	if (e != ERR_OK)
		return e;
	*q = (struct own_point){
	    .anchor = arena_printf(r->arena, "point-%lld", (long long)s->id),
	    .kind = point_kind_text(r, s->kind),
	    .says = point_says(r, s, lab),
	    .about = message_args(r->arena, r->lang, M_lab_point_about,
		arena_printf(r->arena, "%lld", (long long)s->nth),
		date_time_text(r->arena, r->lang, s->submitted_at), NULL),
	    .state = s->state,
	    .statements = point_statements(r, &w),
	    .n_statements = w.n_statements,
	    .decisions = point_decisions(r, &w),
	    .n_decisions = w.n_decisions,
	    .post = url_path(r->arena, "/labs/%s/signals/%d", s->lab, s->id),
	    .may_write = w.n_statements < SIGNAL_STATEMENTS_MAX,
	    .text_id = arena_printf(r->arena, "text-%lld", (long long)s->id),
	    .typed = "",
	};
	if (refused->signal == s->id) {
		q->typed = refused->typed;
		q->wrong = message(r->lang, M_lab_point_text_wrong);
	}
	return ERR_OK;
}

static enum err
show(struct req *r, struct reply *re, const struct lab *lab,
    const struct refused *refused)
{
	struct out o = {&re->body, r->lang};
	struct own_points_page p = {0};
	struct own_point *points;
	struct signal *list;
	enum err e;
	size_t i;

	e = signals_own(
	    r->db, scope_own(r), lab->id, r->arena, &list, &p.n_points);
	if (e != ERR_OK)
		return e;
	points = ARENA_ARRAY(r->arena, struct own_point, p.n_points);
	for (i = 0; i < p.n_points && e == ERR_OK; i++)
		e = fill_point(r, lab, &list[i], refused, &points[i]);
	if (e != ERR_OK)
		return e;
	p.points = points;
	page_init(&p.page, r, message(r->lang, M_lab_points_title));
	page_back(&p.page, url_path(r->arena, "/labs/%s", lab->id),
	    lab->title.in[r->lang]);
	for (i = 0; i < p.n_points; i++)
		if (points[i].wrong != NULL)
			page_problem(
			    &p.page, points[i].text_id, points[i].wrong);
	own_points_page(&o, &p);
	return ERR_OK;
}

enum err
own_points_get(struct req *r, struct reply *re)
{
	static const struct refused nothing;
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = show(r, re, v.lab, &nothing);
	content_release(v.c);
	return e;
}

static enum err
state_it(struct req *r, struct reply *re, const struct lab *lab)
{
	struct refused refused = {
	    .typed = text_trim(r->arena, field_value(&r->form, "text")),
	};
	struct url here = url_path(r->arena, "/labs/%s/signals", lab->id);
	enum err e;

	if ((e = param_id(r, "signal", &refused.signal)) != ERR_OK)
		return e;
	e = signal_state_own(r->db, scope_own(r), lab->id, refused.signal,
	    refused.typed, r->now);
	if (e == ERR_INVALID) {
		e = show(r, re, lab, &refused);
		return e == ERR_OK ? reply_invalid(re) : e;
	}
	if (e == ERR_CONFLICT)
		return reply_redirect_saying(r, re, here, M_lab_point_enough);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re, here, M_lab_point_sent);
}

enum err
own_point_post(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = state_it(r, re, v.lab);
	content_release(v.c);
	return e;
}
