/* Sitting an exam: the form, saving, looking over, handing in. */
#include "assess/assess.tmpl.h"
#include "assess/attempt.h"
#include "assess/handlers.h"
#include "base/buf.h"
#include "base/clock.h"
#include "http/site.h"
#include "people/viewer.h"

#define CLIENT_KEY_MAX 64

struct sitting {
	struct attempt at;
	struct content *c; /* held; NULL when the attempt has ended */
	const struct exam *exam;
	struct form form;
};

/* The viewer's attempt; its form only while it is open. Release s->c. */
static enum err
find_sitting(struct req *r, struct sitting *s)
{
	int64_t id;
	enum err e;

	*s = (struct sitting){0};
	if ((e = param_id(r, "attempt", &id)) != ERR_OK)
		return e;
	e = attempt_get(r->db, scope_own(r), id, r->arena, &s->at);
	if (e != ERR_OK || s->at.finalised)
		return e;
	e = content_named(r->site->content, s->at.manifest, &s->c);
	if (e != ERR_OK)
		return e;
	s->exam = content_exam(s->c, s->at.thing);
	if (s->exam == NULL)
		return ERR_INTERNAL;
	return attempt_drawn(r->site, &s->at, s->c, r->arena, &s->form);
}

/* What was chosen so far, for pages that show it. */
static enum err
find_chosen(struct req *r, struct sitting *s, chosen_bits **chosen)
{
	return attempt_form(
	    r->db, r->site, &s->at, s->c, r->arena, &s->form, chosen);
}

static bool
time_is_over(const struct req *r, const struct sitting *s)
{
	return s->at.deadline != 0 && r->now > s->at.deadline;
}

static struct url
at_path(const struct req *r, const struct attempt *at, const char *what)
{
	if (*what == '\0')
		return url_path(r->arena, "/attempts/%d", at->id);
	return url_path(r->arena, "/attempts/%d/%s", at->id, what);
}

/* -------------------------------------------------------------------- page */

static void
show_exam(struct req *r, struct reply *re, const struct sitting *s,
    const chosen_bits *chosen)
{
	struct out o = {&re->body, r->lang};
	struct exam_page p = {
	    .submit = at_path(r, &s->at, "submit"),
	    .review = at_path(r, &s->at, "review"),
	    .save = at_path(r, &s->at, "save"),
	    .answers = at_path(r, &s->at, "answers"),
	    .questions = show_form(r, &s->form, chosen, false),
	    .n_questions = s->form.n,
	    .now = r->now,
	    .deadline = s->at.deadline,
	    .deadline_text = date_time_text(r->arena, r->lang, s->at.deadline),
	    .saving = message(r->lang, M_assess_saving),
	    /* exam.js fills in what stands in braces */
	    .saved =
		message_args(r->arena, r->lang, M_assess_saved, "{time}", NULL),
	    .unsaved = message(r->lang, M_assess_unsaved),
	    .left = message_args(
		r->arena, r->lang, M_assess_left, "{m}", "{s}", NULL),
	    .minutes_left = message_args(
		r->arena, r->lang, M_assess_minutes_left, "{m}", NULL),
	    .leave = message(r->lang, M_assess_leave),
	    .ended = time_is_over(r, s),
	};

	page_init(&p.page, r, s->exam->title.in[r->lang]);
	p.page.script = "exam.js";
	exam_page(&o, &p);
}

enum err
attempt_page_get(struct req *r, struct reply *re)
{
	chosen_bits *chosen;
	struct sitting s;
	enum err e;

	e = find_sitting(r, &s);
	if (e == ERR_OK && s.at.finalised)
		e = show_result(r, re, &s.at);
	else if (e == ERR_OK && (e = find_chosen(r, &s, &chosen)) == ERR_OK)
		show_exam(r, re, &s, chosen);
	content_release(s.c);
	return e;
}

/* ------------------------------------------------------------------ saving */

/* One question from exam.js: question=3&chosen=0&chosen=2&client_key=… */
static enum err
read_draft(const struct req *r, const struct sitting *s, struct draft *d)
{
	int64_t question, position;
	size_t i;

	if (!text_to_int(field_value(&r->form, "question"), &question) ||
	    (size_t)question >= s->form.n)
		return ERR_INVALID;
	*d = (struct draft){.question = (size_t)question};
	for (i = 0; i < r->form.n; i++) {
		if (!text_eq(r->form.list[i].name, "chosen"))
			continue;
		if (!text_to_int(r->form.list[i].value, &position) ||
		    position >= CHOICES_MAX)
			return ERR_INVALID;
		d->shown |= 1u << position;
	}
	return ERR_OK;
}

static const char *
client_key(const struct req *r)
{
	const char *key = field_value(&r->form, "client_key");
	size_t n = text_length(key);

	return n == 0 || n > CLIENT_KEY_MAX ? NULL : key;
}

enum err
attempt_answers_post(struct req *r, struct reply *re)
{
	const char *key = client_key(r);
	struct sitting s;
	struct draft d;
	enum err e;

	e = find_sitting(r, &s);
	if (e == ERR_OK && (s.at.finalised || time_is_over(r, &s)))
		e = ERR_GONE;
	if (e == ERR_OK && key == NULL)
		e = ERR_INVALID;
	if (e == ERR_OK)
		e = read_draft(r, &s, &d);
	if (e == ERR_OK)
		e = attempt_save(r->db, r->site, &s.at, &s.form, &d, 1, key,
		    r->now, r->arena);
	if (e == ERR_OK) {
		re->content_type = "application/json";
		buf_printf(&re->body, "{\"saved_at\": %lld, \"now\": %lld}\n",
		    (long long)r->now, (long long)r->now);
	}
	content_release(s.c);
	return e;
}

/* Where nothing is ticked any more a browser sends nothing: taken back. */
static void
take_back(struct req *r, const struct sitting *s, const chosen_bits *chosen,
    struct draft **drafts, size_t *n)
{
	size_t i, j, sent = *n;

	for (i = 0; i < s->form.n; i++) {
		for (j = 0; j < sent && (*drafts)[j].question != i; j++)
			;
		if (j == sent && chosen[i] != 0)
			*ARENA_PUSH(r->arena, *drafts, *n) =
			    (struct draft){.question = i};
	}
}

/*
 * The whole form, as a browser without scripts sends it; the page for looking
 * over sends none of it. Late answers are not taken: ERR_GONE.
 */
static enum err
save_form(struct req *r, struct sitting *s)
{
	struct draft *drafts;
	chosen_bits *chosen;
	size_t n;
	enum err e;

	if (time_is_over(r, s))
		return ERR_GONE;
	if ((e = drafts_of_form(r, &s->form, &drafts, &n)) != ERR_OK)
		return e;
	if (field_present(&r->form, "whole")) {
		if ((e = find_chosen(r, s, &chosen)) != ERR_OK)
			return e;
		take_back(r, s, chosen, &drafts, &n);
	}
	if (n == 0)
		return ERR_OK;
	return attempt_save(r->db, r->site, &s->at, &s->form, drafts, n,
	    code_new(r->arena, 20), r->now, r->arena);
}

static enum err
save_and_go(struct req *r, struct reply *re, const char *to)
{
	struct sitting s;
	enum err e;

	e = find_sitting(r, &s);
	if (e == ERR_OK && !s.at.finalised) {
		e = save_form(r, &s);
		if (e == ERR_GONE) /* the page says that the time is over */
			e = reply_redirect(r, re, at_path(r, &s.at, ""));
		else if (e == ERR_OK)
			e = reply_redirect_saying(
			    r, re, at_path(r, &s.at, to), M_assess_form_saved);
	} else if (e == ERR_OK) {
		e = reply_redirect(r, re, at_path(r, &s.at, ""));
	}
	content_release(s.c);
	return e;
}

enum err
attempt_save_post(struct req *r, struct reply *re)
{
	return save_and_go(r, re, "");
}

enum err
attempt_review_post(struct req *r, struct reply *re)
{
	return save_and_go(r, re, "review");
}

/* -------------------------------------------------- looking over, handing in
 */

static void
show_review(struct req *r, struct reply *re, const struct sitting *s,
    const chosen_bits *chosen)
{
	struct out o = {&re->body, r->lang};
	struct review_page p = {
	    .submit = at_path(r, &s->at, "submit"),
	    .back = at_path(r, &s->at, ""),
	    .all = s->form.n,
	    .deadline_text = date_time_text(r->arena, r->lang, s->at.deadline),
	    .questions = show_form(r, &s->form, chosen, false),
	    .question_urls = ARENA_ARRAY(r->arena, struct url, s->form.n),
	    .n_questions = s->form.n,
	};
	size_t i;

	for (i = 0; i < s->form.n; i++) {
		p.answered += p.questions[i].answered;
		p.question_urls[i] =
		    url_fragment(r->arena, p.back, p.questions[i].name);
	}
	p.unanswered = p.all - p.answered;
	page_init(&p.page, r, message(r->lang, M_assess_review));
	page_back(&p.page, p.back, message(r->lang, M_assess_back_to_exam));
	review_page(&o, &p);
}

enum err
attempt_review_get(struct req *r, struct reply *re)
{
	chosen_bits *chosen;
	struct sitting s;
	enum err e;

	e = find_sitting(r, &s);
	if (e == ERR_OK && s.at.finalised)
		e = reply_redirect(r, re, at_path(r, &s.at, ""));
	else if (e == ERR_OK && (e = find_chosen(r, &s, &chosen)) == ERR_OK)
		show_review(r, re, &s, chosen);
	content_release(s.c);
	return e;
}

enum err
attempt_submit_post(struct req *r, struct reply *re)
{
	struct sitting s;
	bool late = false;
	enum err e;

	e = find_sitting(r, &s);
	if (e == ERR_OK && !s.at.finalised) {
		late = time_is_over(r, &s);
		if (!late)
			e = save_form(r, &s);
		if (e == ERR_OK)
			e = late ? attempt_finalise(r->db, r->site, s.at.id,
				       "server", s.at.deadline)
				 : attempt_finalise(r->db, r->site, s.at.id,
				       "learner", r->now);
		/* jobs ended it a moment ago: the result is the same */
		if (e == ERR_CONFLICT)
			e = ERR_OK;
	}
	if (e == ERR_OK && late)
		e = reply_redirect_saying(
		    r, re, at_path(r, &s.at, ""), M_assess_was_late);
	else if (e == ERR_OK)
		e = reply_redirect(r, re, at_path(r, &s.at, ""));
	content_release(s.c);
	return e;
}
