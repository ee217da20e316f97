/*
 * The home page: what Tanren is to whoever is not signed in, what to do next
 * to everybody else. The number of queries depends on the roles only.
 */
#include "app/home.h"

#include "app/home.tmpl.h"
#include "app/home_pages.h"
#include "base/clock.h"
#include "career/career.h"
#include "career/confirmation.h"
#include "certify/certify.h"
#include "db/db.h"
#include "http/site.h"
#include "learn/learn.h"
#include "oversee/oversee.h"
#include "people/viewer.h"

#define COMMIT_CHARS 10

static void
landing(struct req *r, struct reply *re)
{
	struct landing_page p = {
	    .sign_in = url_path(r->arena, "/sign-in"),
	    .verify = url_path(r->arena, "/verify"),
	};
	struct out o = {&re->body, r->lang};

	page_init(&p.page, r, message(r->lang, M_app_landing_title));
	landing_page(&o, &p);
}

/* ---------------------------------------------------------------- learning */

static void
card_add(struct home_cards *cards, const struct req *r,
    const struct course_progress *p)
{
	if (cards->n < HOME_CARDS_MAX)
		cards->list[cards->n++] = course_card_of(r, p);
}

/* Overdue first, then the next date: 0 is none. */
static bool
is_more_urgent(const struct course_progress *p, const struct course_progress *q)
{
	if (p->overdue != q->overdue)
		return p->overdue;
	return p->due_at < q->due_at;
}

/* The most urgent one after `last`; NULL when there is no other. */
static const struct course_progress *
next_due(const struct course_progress *all, size_t n,
    const struct course_progress *last)
{
	const struct course_progress *best = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (all[i].due_at == 0 || all[i].state == COURSE_COMPLETED)
			continue;
		if (last != NULL &&
		    (&all[i] == last || is_more_urgent(&all[i], last) ||
			(!is_more_urgent(last, &all[i]) && &all[i] < last)))
			continue;
		if (best == NULL || is_more_urgent(&all[i], best))
			best = &all[i];
	}
	return best;
}

static bool
in_programme_of(const struct framework *f, const char *tier, const char *id)
{
	size_t i, k;

	for (i = 0; i < f->n_programmes; i++)
		for (k = 0; text_eq(f->programmes[i].tier, tier) &&
		     k < f->programmes[i].n_courses;
		     k++)
			if (text_eq(f->programmes[i].courses[k], id))
				return true;
	return false;
}

/*
 * Begun, and not only looked at: of a course for others something must have
 * been done.
 */
static bool
is_going_on(const struct framework *f, const char *tier,
    const struct course_progress *p)
{
	return p->state == COURSE_MODULES_DONE ||
	    (p->state == COURSE_STARTED &&
		(p->done > 0 || in_programme_of(f, tier, p->course->id)));
}

/* The first thing to open: of what is due, else of what was begun. */
static void
set_next(const struct req *r, const struct course_progress *p,
    struct home_page *page)
{
	const struct module *m;

	if (page->has_next || p->next_module == 0)
		return;
	m = content_module(p->course, p->next_module);
	page->has_next = true;
	page->next_begun = p->state != COURSE_NEW;
	page->next = url_path(
	    r->arena, "/courses/%s/%d", p->course->id, (int64_t)p->next_module);
	page->next_title = m->title.in[r->lang];
	page->next_course = p->course->title.in[r->lang];
}

static void
fill_courses(const struct req *r, const struct framework *f,
    const struct course_progress *all, size_t n, struct home_page *p)
{
	const struct course_progress *due = NULL;
	size_t i;

	while ((due = next_due(all, n, due)) != NULL) {
		card_add(&p->due, r, due);
		set_next(r, due, p);
	}
	for (i = 0; i < n; i++)
		if (all[i].due_at == 0 &&
		    is_going_on(f, r->viewer->tier, &all[i])) {
			card_add(&p->started, r, &all[i]);
			set_next(r, &all[i], p);
		}
	if (p->due.n + p->started.n > 0)
		return;
	for (i = 0; i < n; i++)
		if (all[i].state == COURSE_NEW && !all[i].course->planned &&
		    in_programme_of(f, r->viewer->tier, all[i].course->id))
			card_add(&p->suggested, r, &all[i]);
}

static enum err
load_attempt(const struct req *r, const struct content *c, struct home_page *p)
{
	const struct exam *exam;
	struct db_rows *rows;
	const char *thing;
	int64_t deadline;
	enum err e;

	e = db_rows(r->db, Q_HOME_ATTEMPT,
	    DB_ARGS(db_int(r->viewer->person), db_int(r->now)), &rows);
	if (e != ERR_OK)
		return e;
	if ((p->has_attempt = db_next(rows))) {
		thing = db_col_text(rows, 1, r->arena);
		deadline = db_col_int(rows, 2);
		exam = content_exam(c, thing);
		p->attempt =
		    url_path(r->arena, "/attempts/%d", db_col_int(rows, 0));
		p->attempt_title =
		    exam == NULL ? thing : exam->title.in[r->lang];
		p->attempt_until = deadline == 0
		    ? NULL
		    : date_time_text(r->arena, r->lang, deadline);
	}
	return db_done(rows);
}

static enum err
load_certificates(const struct req *r, struct home_page *p)
{
	struct certificate *list;
	size_t i, n;
	enum err e;

	e = certificates_of(
	    r->db, scope_own(r), r->viewer->person, r->arena, &list, &n);
	if (e != ERR_OK)
		return e;
	for (i = 0; i < n; i++)
		p->n_certificates +=
		    certificate_state(&list[i], r->now) == CERTIFICATE_VALID;
	return ERR_OK;
}

static enum err
load_programmes(
    const struct req *r, const struct content *c, struct home_page *p)
{
	const struct programme *programme;
	struct programme_met *list;
	size_t i, n;
	enum err e;

	e = programmes_met(
	    r->db, scope_own(r), r->viewer->person, r->arena, &list, &n);
	for (i = 0; e == ERR_OK && i < n; i++)
		if ((programme = content_programme(c, list[i].id)) != NULL)
			*ARENA_PUSH(r->arena, p->programmes, p->n_programmes) =
			    programme->text.in[r->lang];
	return e;
}

static enum err
load_learning(const struct req *r, const struct content *c, struct home_page *p)
{
	struct course_progress *all;
	struct career career;
	size_t n;
	enum err e;

	e = progress_of_all(r->db, scope_own(r), c, r->arena, &all, &n);
	if (e == ERR_OK)
		e = load_attempt(r, c, p);
	if (e == ERR_OK)
		e = load_certificates(r, p);
	if (e == ERR_OK)
		e = load_programmes(r, c, p);
	if (e == ERR_OK)
		e = career_of(r->db, scope_own(r), c, r->viewer->work_role,
		    r->viewer->tier, r->arena, &career);
	if (e != ERR_OK)
		return e;
	fill_courses(r, content_framework(c), all, n, p);
	if (career.n_targets > 0 && career.targets[0].gap > 0)
		p->gap = career.targets[0].competency->text.in[r->lang];
	return ERR_OK;
}

/* ------------------------------------------------------------- other roles */

static enum err
load_team(const struct req *r, const struct content *c, struct home_page *p)
{
	struct team team;
	enum err e;

	if (!r->viewer->leads)
		return ERR_OK;
	e = team_of(r->db, scope_team(r), c, r->arena, &team);
	if (e == ERR_OK)
		p->team_waiting = (int64_t)team.n_waiting;
	return e;
}

static enum err
load_manager(const struct req *r, struct home_page *p)
{
	struct week week;
	enum err e;

	if (!viewer_is(r->viewer, ROLE_TRAINING_MANAGER))
		return ERR_OK;
	if ((e = week_load(r->db, scope_managed(r), &week)) != ERR_OK)
		return e;
	p->manages = true;
	p->late = week.late;
	p->open = week.open;
	return ERR_OK;
}

static enum err
load_supervisor(
    const struct req *r, const struct content *c, struct home_page *p)
{
	struct headline h;
	enum err e;

	if (!viewer_is(r->viewer, ROLE_SUPERVISOR))
		return ERR_OK;
	e = headline_load(r->db, scope_supervised(r), c, &h);
	if (e != ERR_OK)
		return e;
	p->supervises = true;
	p->institutions = h.institutions;
	p->people = h.people;
	p->able = h.able;
	p->share = h.share;
	return ERR_OK;
}

static enum err
load_author(const struct req *r, struct home_page *p)
{
	struct db_rows *rows;
	enum err e;

	if (!viewer_is(r->viewer, ROLE_AUTHOR) &&
	    !viewer_is(r->viewer, ROLE_REVIEWER))
		return ERR_OK;
	p->writes = true;
	if ((e = db_rows(r->db, Q_HOME_REVISION, DB_NO_ARGS, &rows)) != ERR_OK)
		return e;
	if (db_next(rows)) {
		p->commit = arena_printf(r->arena, "%.*s", COMMIT_CHARS,
		    db_col_text(rows, 0, r->arena));
		p->published_at =
		    date_time_text(r->arena, r->lang, db_col_int(rows, 1));
	}
	return db_done(rows);
}

static enum err
load_operator(const struct req *r, struct home_page *p)
{
	enum err e;

	if (!viewer_is(r->viewer, ROLE_OPERATOR))
		return ERR_OK;
	p->operates = true;
	e = db_one_int(r->db, Q_JOBS_WAITING, DB_NO_ARGS, &p->jobs_waiting);
	if (e == ERR_OK)
		e = db_one_int(
		    r->db, Q_JOBS_FAILED, DB_NO_ARGS, &p->jobs_failed);
	if (e == ERR_OK)
		e = db_one_int(
		    r->db, Q_OUTBOX_WAITING, DB_NO_ARGS, &p->mails_waiting);
	return e;
}

static void
fill_links(const struct req *r, struct home_page *p)
{
	p->courses = url_path(r->arena, "/courses");
	p->certificates = url_path(r->arena, "/certificates");
	p->me = url_path(r->arena, "/me");
	p->team = url_path(r->arena, "/team");
	p->institution = url_path(r->arena, "/institution");
	p->to_late = url_query(r->arena,
	    url_path(r->arena, "/institution/assignments"), "which", "late");
	p->assign = url_path(r->arena, "/institution/assignments/new");
	p->sector = url_path(r->arena, "/sector");
	p->outbox = url_path(r->arena, "/operator/outbox");
}

static enum err
home(struct req *r, struct reply *re, const struct content *c)
{
	struct out o = {&re->body, r->lang};
	struct home_page p = {0};
	enum err e;

	if ((e = load_learning(r, c, &p)) != ERR_OK ||
	    (e = load_team(r, c, &p)) != ERR_OK ||
	    (e = load_manager(r, &p)) != ERR_OK ||
	    (e = load_supervisor(r, c, &p)) != ERR_OK ||
	    (e = load_author(r, &p)) != ERR_OK ||
	    (e = load_operator(r, &p)) != ERR_OK)
		return e;
	fill_links(r, &p);
	page_init(&p.page, r, message(r->lang, M_app_home_title));
	home_page(&o, &p);
	return ERR_OK;
}

static enum err
home_get(struct req *r, struct reply *re)
{
	struct content *c;
	enum err e;

	if (r->viewer == NULL) {
		landing(r, re);
		return ERR_OK;
	}
	if ((c = content_current(r->site->content)) == NULL)
		return ERR_UNAVAILABLE;
	e = home(r, re, c);
	content_release(c);
	return e;
}

const struct route home_routes[] = {
    {HTTP_GET, "/", home_get, WHO_ANYONE, 0},
    ROUTES_END,
};
