/* The check of a module: answered whole, graded at once, as often as wanted. */
#include "assess/assess.tmpl.h"
#include "assess/attempt.h"
#include "assess/handlers.h"
#include "db/db.h"
#include "http/site.h"
#include "people/viewer.h"

struct checked {
	struct content *c;
	const struct course *course;
	const struct module *module;
	const struct question *questions;
	size_t n;
	const char *thing;
	int64_t draw; /* the next one */
};

/* c is held: the caller releases it, also on an error. */
static enum err
find_check(struct req *r, struct checked *k)
{
	int64_t number, taken;
	enum err e;

	*k = (struct checked){.c = content_current(r->site->content)};
	if (k->c == NULL)
		return ERR_UNAVAILABLE;
	k->course = content_course(k->c, param_text(r, "course"));
	if (k->course == NULL ||
	    !text_to_int(param_text(r, "module"), &number) ||
	    number > INT32_MAX)
		return ERR_NOT_FOUND;
	k->module = content_module(k->course, (int)number);
	if (k->module == NULL)
		return ERR_NOT_FOUND;
	e = content_check(
	    k->c, k->course->id, (int)number, &k->questions, &k->n);
	if (e != ERR_OK)
		return e;
	k->thing = arena_printf(r->arena, "%s/%d", k->course->id, (int)number);
	e = db_one_int(r->db, Q_ATTEMPT_COUNT,
	    DB_ARGS(
		db_int(r->viewer->person), db_text("check"), db_text(k->thing)),
	    &taken);
	k->draw = taken + 1;
	return e;
}

static void
check_form(struct req *r, const struct checked *k, struct form *form)
{
	uint8_t seed[DIGEST_BYTES];

	attempt_seed(r->site->secret, r->viewer->person, k->thing,
	    content_manifest(k->c), k->draw, seed);
	form_of_check(k->questions, k->n, seed, r->arena, form);
}

/* Every question without an answer, with a way to its first choice. */
static void
tell_missing(struct req *r, struct check_page *p)
{
	struct shown_question *q;
	size_t i;

	p->page.error_title = message(r->lang, M_assess_answer_all);
	for (i = 0; i < p->n_questions; i++) {
		q = &p->questions[i];
		q->missing = !q->answered;
		if (q->missing)
			page_problem(&p->page,
			    arena_printf(r->arena, "%s-0", q->name),
			    message_args(r->arena, r->lang,
				M_assess_answer_this,
				arena_printf(r->arena, "%zu", q->number),
				NULL));
	}
}

static void
show_check(struct req *r, struct reply *re, const struct checked *k,
    const struct form *form, const chosen_bits *chosen, bool again)
{
	struct out o = {&re->body, r->lang};
	struct check_page p = {
	    .post = url_path(r->arena, "/courses/%s/%d/check", k->course->id,
		(int64_t)k->module->number),
	    .draw = k->draw,
	    .questions = show_form(r, form, chosen, false),
	    .n_questions = form->n,
	};

	page_init(&p.page, r,
	    message_args(r->arena, r->lang, M_assess_check_of,
		k->module->title.in[r->lang], NULL));
	page_back(&p.page,
	    url_path(r->arena, "/courses/%s/%d", k->course->id,
		(int64_t)k->module->number),
	    message(r->lang, M_assess_to_module));
	if (again)
		tell_missing(r, &p);
	check_page(&o, &p);
}

enum err
check_get(struct req *r, struct reply *re)
{
	struct checked k;
	struct form form;
	enum err e;

	if ((e = find_check(r, &k)) == ERR_OK) {
		check_form(r, &k, &form);
		show_check(r, re, &k, &form,
		    ARENA_ARRAY(r->arena, chosen_bits, form.n), false);
	}
	content_release(k.c);
	return e;
}

/* The form again, with what was chosen kept. */
static enum err
incomplete(struct req *r, struct reply *re, const struct checked *k,
    const struct form *form, const struct draft *drafts, size_t n)
{
	chosen_bits *chosen = ARENA_ARRAY(r->arena, chosen_bits, form->n);
	const struct form_question *q;
	size_t i, j;

	for (i = 0; i < n; i++) {
		q = &form->questions[drafts[i].question];
		for (j = 0; j < q->question->n_choices; j++)
			if ((drafts[i].shown & (1u << j)) != 0)
				chosen[drafts[i].question] |= 1u << q->order[j];
	}
	show_check(r, re, k, form, chosen, true);
	return reply_invalid(re);
}

static enum err
answer(struct req *r, struct reply *re, const struct checked *k)
{
	struct learner who = learner_of(r->viewer);
	struct draft *drafts;
	int64_t draw, attempt;
	struct form form;
	size_t n;
	enum err e;

	/* another draw: this form was handed in before */
	if (!text_to_int(field_value(&r->form, "draw"), &draw) ||
	    draw != k->draw)
		return reply_redirect(r, re,
		    url_path(r->arena, "/courses/%s/%d/check", k->course->id,
			(int64_t)k->module->number));
	check_form(r, k, &form);
	if ((e = drafts_of_form(r, &form, &drafts, &n)) != ERR_OK)
		return e;
	if (n < form.n)
		return incomplete(r, re, k, &form, drafts, n);
	e = check_answer(r->db, r->site, &who, k->c, k->course,
	    k->module->number, drafts, n, draw, r->now, r->arena, &attempt);
	if (e != ERR_OK)
		return e;
	return reply_redirect(
	    r, re, url_path(r->arena, "/attempts/%d", attempt));
}

enum err
check_post(struct req *r, struct reply *re)
{
	struct checked k;
	enum err e;

	if ((e = find_check(r, &k)) == ERR_OK)
		e = answer(r, re, &k);
	content_release(k.c);
	return e;
}
