/* Between forms and pages: questions shown, positions sent back, results. */
#include <string.h>

#include "assess/assess.tmpl.h"
#include "assess/attempt.h"
#include "assess/handlers.h"
#include "base/clock.h"
#include "http/site.h"
#include "learn/learn.h"
#include "people/viewer.h"

const char *
score_text(struct arena *a, int64_t points, int64_t points_max)
{
	/* tenths of a percent, rounded down: 69.9 % is not 70 % */
	int64_t tenths = points_max == 0 ? 0 : points * 1000 / points_max;

	if (tenths % 10 == 0)
		return arena_printf(a, "%lld %%", (long long)(tenths / 10));
	return arena_printf(a, "%lld.%lld %%", (long long)(tenths / 10),
	    (long long)(tenths % 10));
}

static const char *
points_text(struct arena *a, int points)
{
	if (points % QUESTION_POINTS == 0)
		return arena_printf(a, "%d", points / QUESTION_POINTS);
	return arena_printf(
	    a, "%d.%02d", points / QUESTION_POINTS, points % QUESTION_POINTS);
}

static void
show_choices(const struct req *r, const struct form_question *fq,
    chosen_bits chosen, struct shown_question *out)
{
	const struct question *q = fq->question;
	const struct choice *choice;
	size_t i;

	out->choices = ARENA_ARRAY(r->arena, struct shown_choice, q->n_choices);
	out->n_choices = q->n_choices;
	for (i = 0; i < q->n_choices; i++) {
		choice = &q->choices[fq->order[i]];
		out->choices[i] = (struct shown_choice){
		    .position = i,
		    .text = choice->text.in[r->lang],
		    .chosen = (chosen & (1u << fq->order[i])) != 0,
		    .right = choice->right,
		};
	}
}

struct shown_question *
show_form(const struct req *r, const struct form *form,
    const chosen_bits *chosen, bool with_result)
{
	struct shown_question *list, *q;
	const struct question *question;
	int points;
	size_t i;

	list = ARENA_ARRAY(r->arena, struct shown_question, form->n);
	for (i = 0; i < form->n; i++) {
		q = &list[i];
		question = form->questions[i].question;
		*q = (struct shown_question){
		    .place = i,
		    .number = i + 1,
		    .name = arena_printf(r->arena, "q%zu", i),
		    .text = question->text.in[r->lang],
		    .multiple = question->type == QUESTION_MULTIPLE,
		    .answered = chosen[i] != 0,
		};
		show_choices(r, &form->questions[i], chosen[i], q);
		if (!with_result)
			continue;
		points = question_points(question, chosen[i]);
		q->points = points_text(r->arena, points);
		q->explanation = question->explanation.in[r->lang];
		q->full = points == QUESTION_POINTS;
		q->none = points == 0;
	}
	return list;
}

/* One field "q3" with position "0": adds to the draft of question 3. */
static bool
take_field(const struct form *form, const struct field *f, chosen_bits *shown,
    bool *sent)
{
	int64_t question, position;

	if (f->name[0] != 'q' || !text_to_int(f->name + 1, &question))
		return true; /* another field of the form */
	if ((size_t)question >= form->n || !text_to_int(f->value, &position) ||
	    position >= CHOICES_MAX)
		return false;
	shown[question] |= 1u << position;
	sent[question] = true;
	return true;
}

enum err
drafts_of_form(
    const struct req *r, const struct form *form, struct draft **out, size_t *n)
{
	chosen_bits *shown = ARENA_ARRAY(r->arena, chosen_bits, form->n);
	bool *sent = ARENA_ARRAY(r->arena, bool, form->n);
	struct draft *list = NULL;
	size_t i, count = 0;

	for (i = 0; i < r->form.n; i++)
		if (!take_field(form, &r->form.list[i], shown, sent))
			return ERR_INVALID;
	for (i = 0; i < form->n; i++)
		if (sent[i])
			*ARENA_PUSH(r->arena, list, count) = (struct draft){
			    .question = i,
			    .shown = shown[i],
			};
	*out = list;
	*n = count;
	return ERR_OK;
}

/* ------------------------------------------------------------------ result */

static void
after_exam(struct req *r, const struct attempt *at, const struct content *c,
    struct result_page *p)
{
	const struct exam *exam = content_exam(c, at->thing);

	p->pass_mark = arena_printf(r->arena, "%d %%", exam->pass);
	page_back(&p->page, url_path(r->arena, "/courses/%s", exam->course),
	    content_course(c, exam->course)->title.in[r->lang]);
	p->next = at->passed ? url_path(r->arena, "/certificates")
			     : url_path(r->arena, "/exams/%s", exam->id);
	p->next_text = message(
	    r->lang, at->passed ? M_assess_to_certificates : M_assess_to_exam);
}

/* The next module that is not done, then the exam, then the course. */
static enum err
after_passed_check(struct req *r, const struct course *course, int module,
    struct result_page *p)
{
	struct course_progress progress;
	enum err e;

	e = progress_of_course(
	    r->db, scope_own(r), course, r->arena, &progress);
	if (e != ERR_OK)
		return e;
	if (progress.next_module != 0 && progress.next_module != module) {
		p->next = url_path(r->arena, "/courses/%s/%d", course->id,
		    (int64_t)progress.next_module);
		p->next_text = message(r->lang, M_assess_to_next_module);
	} else if (progress.state == COURSE_MODULES_DONE &&
	    course->exam != NULL) {
		p->next = url_path(r->arena, "/exams/%s", course->exam);
		p->next_text = message(r->lang, M_assess_to_exam);
	} else {
		p->next = url_path(r->arena, "/courses/%s", course->id);
		p->next_text = message(r->lang, M_assess_to_course);
	}
	return ERR_OK;
}

static enum err
after_check(struct req *r, const struct attempt *at, const struct content *c,
    struct result_page *p)
{
	const char *course;
	int module;

	p->pass_mark = arena_printf(r->arena, "%d %%", CHECK_PASS_PERCENT);
	if (!thing_split(r->arena, at->thing, &course, &module))
		return ERR_INTERNAL;
	page_back(&p->page,
	    url_path(r->arena, "/courses/%s/%d", course, (int64_t)module),
	    message(r->lang, M_assess_to_module));
	if (at->passed)
		return after_passed_check(
		    r, content_course(c, course), module, p);
	p->next =
	    url_path(r->arena, "/courses/%s/%d/check", course, (int64_t)module);
	p->next_text = message(r->lang, M_assess_try_again);
	return ERR_OK;
}

static enum err
fill_result(struct req *r, const struct attempt *at, const struct content *c,
    struct result_page *p)
{
	chosen_bits *chosen;
	struct form form;
	enum err e;

	e = attempt_form(r->db, r->site, at, c, r->arena, &form, &chosen);
	if (e != ERR_OK)
		return e;
	p->exam = text_eq(at->kind, "exam");
	p->passed = at->passed;
	p->by_server = text_eq(at->finalised_by, "server");
	p->score = score_text(r->arena, at->points, at->points_max);
	p->at = date_time_text(r->arena, r->lang, at->submitted_at);
	p->questions = show_form(r, &form, chosen, true);
	p->n_questions = form.n;
	p->revision = arena_strndup(r->arena, content_commit(c), 10);
	page_init(&p->page, r,
	    message(r->lang,
		p->exam ? M_assess_exam_result : M_assess_check_result));
	if (!p->exam)
		return after_check(r, at, c, p);
	after_exam(r, at, c, p);
	return ERR_OK;
}

enum err
show_result(struct req *r, struct reply *re, const struct attempt *at)
{
	struct out o = {&re->body, r->lang};
	struct result_page p = {0};
	struct content *c;
	enum err e;

	e = content_named(r->site->content, at->manifest, &c);
	if (e != ERR_OK)
		return e;
	if ((e = fill_result(r, at, c, &p)) == ERR_OK)
		result_page(&o, &p);
	content_release(c);
	return e;
}
