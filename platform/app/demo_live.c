/*
 * A year of learning. First everybody's year is planned as a list of events,
 * then the list is lived in order of time: each event is the act that a page
 * would call, and what falls due meanwhile happens as jobs would make it.
 */
#include <stdlib.h>

#include "app/dated.h"
#include "app/demo_year.h"
#include "assess/assess.h"
#include "base/clock.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/lab_demo.h"
#include "learn/learn.h"
#include "record/record.h"

#define EVENTS_PER_WRITE 400

#define LAB_QUICK 3 /* the lab of an institution that took a short time */

/* An institution's labs so far. */
struct labs_done {
	int64_t n;
	const struct lab *lab; /* the last, and whose it was */
	int64_t last;
	bool mixed_up;
};

struct life {
	struct demo *d;
	struct event *events;
	size_t n;
	size_t next; /* the first event that is not lived yet */
	struct arena *scratch;
	struct labs_done *labs; /* as d->institutions */
};

static int64_t now_of_ids; /* the sector's own clock, for ids */

static int64_t
id_clock(void)
{
	return now_of_ids;
}

/* Positions that answer a question right, or a plausible wrong one. */
static chosen_bits
choose(const struct form_question *q, bool right)
{
	chosen_bits bits = 0;
	size_t i;

	for (i = 0; i < q->question->n_choices; i++) {
		if (q->question->choices[q->order[i]].right != right)
			continue;
		bits |= 1u << i;
		if (!right)
			break;
	}
	return bits;
}

static struct draft *
answers(const struct form *form, unsigned right_percent, struct arena *a)
{
	struct draft *drafts = ARENA_ARRAY(a, struct draft, form->n);
	size_t i;

	for (i = 0; i < form->n; i++)
		drafts[i] = (struct draft){
		    .question = i,
		    .shown = choose(
			&form->questions[i], i * 100 < form->n * right_percent),
		};
	return drafts;
}

static enum err
live_check(struct life *l, const struct event *ev, const struct learner *who)
{
	struct demo *d = l->d;
	const struct question *questions;
	uint8_t seed[DIGEST_BYTES];
	struct form form;
	const char *thing;
	int64_t taken, attempt;
	size_t n;
	enum err e;

	thing = arena_printf(l->scratch, "%s/%u", ev->course->id, ev->module);
	e = db_one_int(d->db, Q_ATTEMPT_COUNT,
	    DB_ARGS(db_int(who->person), db_text("check"), db_text(thing)),
	    &taken);
	if (e == ERR_OK)
		e = content_check(d->content, ev->course->id, (int)ev->module,
		    &questions, &n);
	if (e != ERR_OK)
		return e;
	attempt_seed(d->site->secret, who->person, thing,
	    content_manifest(d->content), taken + 1, seed);
	form_of_check(questions, n, seed, l->scratch, &form);
	return check_answer(d->db, d->site, who, d->content, ev->course,
	    (int)ev->module, answers(&form, ev->right, l->scratch), n,
	    taken + 1, ev->at, l->scratch, &attempt);
}

static enum err
live_lab(struct life *l, const struct event *ev, const struct learner *who)
{
	struct demo *d = l->d;
	const struct module *m = content_module(ev->course, (int)ev->module);

	const struct lab *lab = content_lab(d->content, m->lab);
	struct labs_done *done = &l->labs[ev->in - d->institutions];
	/* from half the stated time to a fifth more; no draw of the plan */
	struct lab_demo how = {
	    .points = ev->right,
	    .at = ev->at,
	    .took_ms = lab->minutes * MINUTE_MS *
		(50 + (ev->at / MINUTE_MS) % 70) / 100,
	};

	/* two things in a year that somebody has to ask about */
	done->n++;
	if (done->n == LAB_QUICK)
		how.took_ms = lab->minutes * MINUTE_MS / 15;
	else if (!done->mixed_up && done->n > LAB_QUICK && done->lab == lab &&
	    done->last != who->person) {
		how.number_of = done->last;
		done->mixed_up = true;
	}
	done->lab = lab;
	done->last = who->person;
	return lab_demo_done(
	    d->db, d->site, d->content, lab, who, &how, l->scratch);
}

static enum err
live_exam(struct life *l, const struct event *ev, const struct learner *who)
{
	struct scope own = {
	    .reach = SCOPE_OWN, .person = who->person, .now = ev->at};
	const struct exam *exam = content_exam(l->d->content, ev->course->exam);
	struct demo *d = l->d;
	chosen_bits *chosen;
	struct attempt at;
	struct form form;
	int64_t id;
	enum err e;

	e = exam_start(d->db, d->site, own, who, d->content, exam, ev->at,
	    l->scratch, &id);
	/* a module was given up, or the waiting time is not over */
	if (e == ERR_CONFLICT)
		return ERR_OK;
	if (e == ERR_OK)
		e = attempt_get(d->db, own, id, l->scratch, &at);
	if (e == ERR_OK)
		e = attempt_form(d->db, d->site, &at, d->content, l->scratch,
		    &form, &chosen);
	if (e == ERR_OK)
		e = attempt_save(d->db, d->site, &at, &form,
		    answers(&form, ev->right, l->scratch), form.n, "demo",
		    ev->at + 14 * MINUTE_MS, l->scratch);
	if (e == ERR_OK)
		e = attempt_finalise(
		    d->db, d->site, id, "learner", ev->at + 19 * MINUTE_MS);
	return e;
}

static enum err
live_assign(struct life *l, const struct event *ev)
{
	struct demo *d = l->d;
	struct scope s = {.reach = SCOPE_ORGANISATION,
	    .person = ev->in->manager,
	    .organisation = ev->in->organisation.id,
	    .now = ev->at};
	int64_t *persons, made, moved, due_at;
	struct roster_line *lines;
	size_t i, n, count = 0;
	enum err e;

	e = roster_all(d->db, s, s.organisation, l->scratch, &lines, &n);
	if (e != ERR_OK)
		return e;
	persons = ARENA_ARRAY(l->scratch, int64_t, n);
	for (i = 0; i < n; i++)
		if (text_eq(ev->course->tier, "everyone") ||
		    text_eq(ev->course->tier, lines[i].tier))
			persons[count++] = lines[i].person;
	due_at = date_start(date_of(ev->at + 100 * DAY_MS));
	return assignment_make(d->db, s, ev->course->id, persons, count, due_at,
	    ev->at, &made, &moved);
}

static enum err
live_event(struct life *l, const struct event *ev)
{
	struct learner who = {
	    .person = ev->who.person,
	    .organisation = ev->in->organisation.id,
	    .tier = ev->who.tier,
	};

	now_of_ids = ev->at;
	switch (ev->kind) {
	case EVENT_ASSIGN:
		return live_assign(l, ev);
	case EVENT_OPEN:
		return progress_opened(l->d->db, &who, l->d->content,
		    ev->course, (int)ev->module, ev->at);
	case EVENT_CHECK:
		return live_check(l, ev, &who);
	case EVENT_LAB:
		return live_lab(l, ev, &who);
	case EVENT_CONFIRM:
		return demo_confirm(l->d, ev, l->scratch);
	case EVENT_EXAM:
		return live_exam(l, ev, &who);
	}
	return ERR_INTERNAL;
}

/* One transaction: some events, with what falls due before each. */
static enum err
live_some(struct db *db, void *ctx)
{
	struct life *l = ctx;
	size_t end = l->next + EVENTS_PER_WRITE;
	int64_t folded;
	enum err e = ERR_OK;

	if (end > l->n)
		end = l->n;
	for (; e == ERR_OK && l->next < end; l->next++) {
		e = dated_pass(db, l->d->site, l->events[l->next].at);
		if (e == ERR_OK)
			e = live_event(l, &l->events[l->next]);
		arena_reset(l->scratch);
	}
	if (e == ERR_OK)
		e = rollup_fold(db, INT32_MAX, &folded);
	return e;
}

static enum err
live_end(struct db *db, void *ctx)
{
	struct life *l = ctx;
	int64_t folded;
	enum err e;

	now_of_ids = l->d->end;
	if ((e = dated_pass(db, l->d->site, l->d->end)) != ERR_OK)
		return e;
	return rollup_fold(db, INT32_MAX, &folded);
}

enum err
demo_live(struct demo *d)
{
	struct life l = {
	    .d = d,
	    .scratch = arena_new(),
	    .labs = ARENA_ARRAY(d->arena, struct labs_done, d->n_institutions),
	};
	enum err e;

	e = demo_year_plan(d, &l.events, &l.n);
	id_set_clock(id_clock);
	while (e == ERR_OK && l.next < l.n) {
		e = db_write(d->db, live_some, &l);
		d->progress("a year of learning", (int)(l.next * 100 / l.n));
	}
	if (e == ERR_OK)
		e = db_write(d->db, live_end, &l);
	id_set_clock(NULL);
	free(l.events);
	arena_free(l.scratch);
	return e;
}
