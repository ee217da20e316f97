/* The worked solution of a lab, and the question before giving it up. */
#include "base/clock.h"
#include "http/site.h"
#include "lab/handlers.h"
#include "lab/lab.tmpl.h"
#include "lab/shell_web.h"
#include "people/viewer.h"

static struct url
lab_to(struct req *r)
{
	return url_path(r->arena, "/labs/%s", param_text(r, "lab"));
}

/* ---------------------------------------------------------------- solution */

/* As it was when the run was begun; of today if there was none then. */
static enum err
find_solution(struct req *r, const struct lab_view *v, struct solution_page *p)
{
	struct content *now;
	enum err e;

	e = content_lab_solution(
	    v->c, v->lab->id, r->lang, r->arena, &p->solution);
	if (e != ERR_NOT_FOUND)
		return e;
	if ((now = content_current(r->site->content)) == NULL)
		return ERR_UNAVAILABLE;
	e = content_lab_solution(
	    now, v->lab->id, r->lang, r->arena, &p->solution);
	content_release(now);
	return e;
}

/*
 * SECURITY: what is closed does not leave the server; the page says what
 * opens it.
 */
static enum err
show_solution(struct req *r, struct reply *re, const struct lab_view *v)
{
	struct out o = {&re->body, r->lang};
	struct solution_page p = {
	    .is_open = lab_solution_is_open(&v->look.standing),
	    .may_give_up = lab_may_give_up(&v->look),
	    .give_up = shell_to(r, "give-up"),
	    .points = lab_points_for_solution(v->lab),
	};
	enum err e;

	if (p.is_open && (e = find_solution(r, v, &p)) != ERR_OK)
		return e;
	page_init(&p.page, r,
	    message_args(r->arena, r->lang, M_lab_solution_of,
		v->lab->title.in[r->lang], NULL));
	page_back(&p.page, lab_to(r), v->lab->title.in[r->lang]);
	solution_page(&o, &p);
	return p.is_open ? ERR_OK : reply_keep(re, ERR_FORBIDDEN);
}

enum err
lab_solution_get(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = show_solution(r, re, &v);
	content_release(v.c);
	return e;
}

/* --------------------------------------------------------------- giving up */

static enum err
show_question(struct req *r, struct reply *re, const struct lab_view *v)
{
	struct out o = {&re->body, r->lang};
	struct give_up_page p = {
	    .post = shell_to(r, "give-up"),
	    .scored = v->look.standing.scored,
	    .best = v->look.standing.best,
	    .days = LAB_PRACTICE_DAYS,
	    .counts_from = date_time_text(
		r->arena, r->lang, r->now + LAB_PRACTICE_DAYS * DAY_MS),
	};

	page_init(&p.page, r, message(r->lang, M_lab_give_up_title));
	page_back(&p.page, lab_to(r), v->lab->title.in[r->lang]);
	give_up_page(&o, &p);
	return ERR_OK;
}

/* With nothing to give up the lab's page tells it all. */
enum err
lab_give_up_get(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = lab_may_give_up(&v.look) ? show_question(r, re, &v)
					     : reply_redirect(r, re, lab_to(r));
	content_release(v.c);
	return e;
}

enum err
lab_give_up_post(struct req *r, struct reply *re)
{
	struct learner who = learner_of(r->viewer);
	struct lab_view v;
	enum err e;

	/* pressed twice, or passed meanwhile: what it is for is there already
	 */
	if ((e = lab_view_find(r, &v)) == ERR_OK &&
	    !lab_solution_is_open(&v.look.standing))
		e = lab_give_up(
		    r->db, scope_own(r), &who, v.lab->id, r->now, r->arena);
	content_release(v.c);
	if (e == ERR_OK)
		return reply_redirect(r, re, shell_to(r, "solution"));
	if (e == ERR_CONFLICT)
		return reply_redirect_saying(
		    r, re, lab_to(r), M_lab_give_up_not_now);
	return e;
}
