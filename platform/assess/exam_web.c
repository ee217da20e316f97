/* About an exam: what it asks for, and the start. */
#include "assess/assess.tmpl.h"
#include "assess/attempt.h"
#include "assess/handlers.h"
#include "base/clock.h"
#include "http/site.h"
#include "people/viewer.h"

#define PAST_MAX 20

static enum err
fill_past(struct req *r, const struct exam *exam, struct exam_about_page *p)
{
	struct attempt *past;
	size_t i, n;
	enum err e;

	e = attempts_past(r->db, scope_own(r), "exam", exam->id, PAST_MAX,
	    r->arena, &past, &n);
	if (e != ERR_OK)
		return e;
	p->past = ARENA_ARRAY(r->arena, struct past_attempt, n);
	p->n_past = n;
	for (i = 0; i < n; i++)
		p->past[i] = (struct past_attempt){
		    .to = url_path(r->arena, "/attempts/%d", past[i].id),
		    .at =
			date_time_text(r->arena, r->lang, past[i].submitted_at),
		    .score = score_text(
			r->arena, past[i].points, past[i].points_max),
		    .passed = past[i].passed,
		};
	return ERR_OK;
}

static void
fill_about(struct req *r, const struct content *c, const struct exam *exam,
    const struct exam_history *h, int64_t opens_at, struct exam_about_page *p)
{
	const struct course *course = content_course(c, exam->course);
	int64_t begun = h->taken + (h->open != 0); /* the one that runs too */
	size_t i;

	for (i = 0; i < exam->n_draws; i++)
		p->questions += exam->draws[i].questions;
	p->minutes = exam->minutes;
	p->pass = exam->pass;
	p->attempts = exam->attempts;
	p->wait_hours = exam->wait_hours;
	p->left = exam->attempts > begun ? exam->attempts - begun : 0;
	if (opens_at != 0)
		p->opens_at = date_time_text(r->arena, r->lang, opens_at);
	p->start = url_path(r->arena, "/exams/%s/start", exam->id);
	p->course = url_path(r->arena, "/courses/%s", course->id);
	p->course_title = course->title.in[r->lang];
	p->running = url_path(r->arena, "/attempts/%d", h->open);
	p->passed = url_path(r->arena, "/certificates");
	page_init(&p->page, r, exam->title.in[r->lang]);
	page_back(&p->page, p->course, p->course_title);
}

enum err
exam_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct exam_about_page p = {0};
	const struct exam *exam;
	struct exam_history h;
	int64_t opens_at;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	exam = content_exam(c, param_text(r, "exam"));
	e = exam == NULL ? ERR_NOT_FOUND
			 : exam_gate_of(r->db, r->site, scope_own(r), c, exam,
			       r->arena, &h, &p.gate, &opens_at);
	if (e == ERR_OK)
		e = fill_past(r, exam, &p);
	if (e == ERR_OK) {
		fill_about(r, c, exam, &h, opens_at, &p);
		exam_about_page(&o, &p);
	}
	content_release(c);
	return e;
}

enum err
exam_start_post(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct learner who = learner_of(r->viewer);
	const struct exam *exam;
	int64_t attempt = 0;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	exam = content_exam(c, param_text(r, "exam"));
	e = exam == NULL ? ERR_NOT_FOUND
			 : exam_start(r->db, r->site, scope_own(r), &who, c,
			       exam, r->now, r->arena, &attempt);
	/* pressed twice, or not open: the page about it says what is so */
	if (e == ERR_CONFLICT)
		e = reply_redirect(
		    r, re, url_path(r->arena, "/exams/%s", exam->id));
	else if (e == ERR_OK)
		e = reply_redirect(
		    r, re, url_path(r->arena, "/attempts/%d", attempt));
	content_release(c);
	return e;
}
