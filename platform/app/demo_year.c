/*
 * A year is planned as a list of events: who is sent on which course when,
 * and what they will do of it. Nothing is done yet.
 */
#include "app/demo_year.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "people/roster.h"

struct year {
	struct demo *d;
	struct event *events;
	size_t n, room;
};

static void
add_event(struct year *y, struct event ev)
{
	if (ev.at >= y->d->end)
		return;
	if (y->n == y->room) {
		y->room = y->room == 0 ? 4096 : y->room * 2;
		y->events = realloc(y->events, y->room * sizeof(*y->events));
		if (y->events == NULL)
			abort();
	}
	y->events[y->n++] = ev;
}

/* ---------------------------------------------------------------- planning */

/* In office hours, most of the time. */
static int64_t
hour_of_day(struct demo *d, int64_t day)
{
	return d->start + day * DAY_MS + demo_between(d, 9, 18) * HOUR_MS +
	    demo_between(d, 0, 3599) * SECOND_MS;
}

/* Sits the exam until it is passed or the attempts are used up. */
static void
plan_exam(struct year *y, struct event ev, int64_t day)
{
	struct demo *d = y->d;
	int tries;

	ev.kind = EVENT_EXAM;
	for (tries = 0; tries < 3; tries++) {
		ev.at = hour_of_day(d, day);
		if (demo_chance(d, 72)) {
			ev.right = (unsigned)demo_between(d, 75, 100);
			add_event(y, ev);
			return;
		}
		ev.right = (unsigned)demo_between(d, 35, 65);
		add_event(y, ev);
		if (demo_chance(d, 15))
			return;
		day += demo_between(d, 2, 12);
	}
}

/* The line manager answers some weeks after a lab, or has not done so yet. */
static void
plan_confirmation(struct year *y, struct event ev)
{
	struct demo *d = y->d;

	if (demo_chance(d, 25))
		return;
	ev.kind = EVENT_CONFIRM;
	ev.at += demo_between(d, 5, 60) * DAY_MS;
	ev.right = demo_chance(d, 85) ? 100 : 0;
	add_event(y, ev);
}

/* Reads the modules from `day` on; not everybody comes to the end. */
static void
plan_course(struct year *y, struct event ev, int64_t day)
{
	struct demo *d = y->d;
	const struct module *m;
	size_t i;

	for (i = 0; i < ev.course->n_modules; i++) {
		m = &ev.course->modules[i];
		if (m->planned)
			continue;
		ev.module = (unsigned)m->number;
		ev.kind = EVENT_OPEN;
		ev.at = hour_of_day(d, day);
		add_event(y, ev);
		if (demo_chance(d, 6))
			return;
		ev.kind = EVENT_CHECK;
		if (demo_chance(d, 20)) {
			ev.at += 20 * MINUTE_MS;
			ev.right = (unsigned)demo_between(d, 20, 60);
			add_event(y, ev);
		}
		ev.at += 25 * MINUTE_MS;
		ev.right = 100;
		add_event(y, ev);
		if (m->lab != NULL) {
			if (demo_chance(d, 12))
				return;
			ev.kind = EVENT_LAB;
			ev.at += demo_between(d, 90, 240) * MINUTE_MS;
			ev.right = (unsigned)demo_between(d, 70, 100);
			add_event(y, ev);
			plan_confirmation(y, ev);
		}
		day += demo_between(d, 0, 9);
	}
	if (ev.course->exam != NULL && demo_chance(d, 93))
		plan_exam(y, ev, day + demo_between(d, 0, 6));
}

/* An institution sends its people on a course, and they go, or do not. */
static void
plan_assignment(struct year *y, const struct demo_institution *in,
    const struct course *course, const struct learner_line *people, size_t n,
    int64_t day)
{
	struct demo *d = y->d;
	struct event ev = {.in = in, .course = course};
	size_t i;

	ev.kind = EVENT_ASSIGN;
	ev.at = hour_of_day(d, day);
	/* nobody sets a date for what cannot be completed yet */
	if (content_course_is_whole(course))
		add_event(y, ev);
	for (i = 0; i < n; i++) {
		if (!text_eq(course->tier, "everyone") &&
		    !text_eq(course->tier, people[i].tier))
			continue;
		ev.who = people[i];
		if (demo_chance(d, in->zeal))
			plan_course(y, ev, day + demo_between(d, 1, 80));
		else if (demo_chance(d, 60))
			plan_course(y, ev, day + demo_between(d, 60, 200));
	}
}

static enum err
plan_institution(struct year *y, const struct demo_institution *in)
{
	struct demo *d = y->d;
	struct scope s = {.reach = SCOPE_ORGANISATION,
	    .organisation = in->organisation.id,
	    .now = d->start};
	struct arena *a = d->arena;
	const struct course *courses;
	struct learner_line *people;
	struct roster_line *lines;
	size_t i, n, n_courses;
	int64_t day;
	enum err e;

	e = roster_all(d->db, s, in->organisation.id, a, &lines, &n);
	if (e != ERR_OK)
		return e;
	people = ARENA_ARRAY(a, struct learner_line, n);
	for (i = 0; i < n; i++) {
		people[i].person = lines[i].person;
		people[i].tier = lines[i].tier;
	}
	courses = content_courses(d->content, &n_courses);
	for (i = 0; i < n_courses; i++) {
		if (courses[i].planned)
			continue;
		if (text_eq(courses[i].tier, "everyone"))
			day = demo_between(d, 5, 60);
		else
			day = demo_between(d, 70, 300);
		plan_assignment(y, in, &courses[i], people, n, day);
	}
	return ERR_OK;
}

static int
by_time(const void *x, const void *y)
{
	const struct event *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->who.person != b->who.person)
		return a->who.person < b->who.person ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

enum err
demo_year_plan(struct demo *d, struct event **events, size_t *n)
{
	struct year y = {.d = d};
	enum err e = ERR_OK;
	size_t i;

	for (i = 0; e == ERR_OK && i < d->n_institutions; i++)
		e = plan_institution(&y, &d->institutions[i]);
	if (y.n > 0)
		qsort(y.events, y.n, sizeof(*y.events), by_time);
	*events = y.events;
	*n = y.n;
	return e;
}
