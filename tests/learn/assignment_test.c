/* Assignments and completion, with what the dashboards count of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "learn/learn.h"
#include "people/person.h"
#include "record/record.h"
#include "support/counted.h"
#include "support/pages.h"

/* C-901 with an exam; T-901, one module with a check and a lab, without. */
#define TREE "tests/learn/tree"

static const struct route *const rooms[] = {NULL};

struct world {
	struct fixture *f;
	struct pages pages;
	struct content *c;
	int64_t one, two, away; /* away: of another institution */
	int64_t elsewhere; /* that institution */
	int64_t membership; /* of the one at home */
	/* for acts inside db_write */
	const char *course, *source;
	int64_t persons[4];
	size_t n;
	int64_t due_at, made, moved, id, who, organisation;
	int module;
};

static int hook_calls;

static enum err
course_completed(struct db *db, const struct site *site,
    const struct content *c, const struct course *course, int64_t person,
    int64_t organisation, int64_t attempt, int64_t now)
{
	(void)db;
	(void)site;
	(void)c;
	(void)course;
	(void)organisation;
	(void)attempt;
	assert_true(person != 0 && now != 0);
	hook_calls++;
	return ERR_OK;
}

static enum err
settle_elsewhere(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct organisation o = {
	    .kind = "institution",
	    .code = "0002",
	    .name = {.in = {"架空第二銀行", "Fictional Second Bank"}},
	    .category = "RGB",
	    .size_band = 1,
	    .created_at = w->f->now,
	};
	enum err e = organisation_add(db, &o);

	w->elsewhere = o.id;
	return e;
}

static enum err
join_elsewhere(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct membership m = {
	    .person = w->who,
	    .organisation = w->elsewhere,
	    .employee_number = w->who == w->away ? "E1" : "E2",
	    .department = "",
	    .role = "T-IR",
	    .tier = "technician",
	    .from_at = w->f->now,
	};

	return membership_add(db, &m, w->f->now);
}

static enum err
leave(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct membership m;
	enum err e;

	e = membership_of(
	    db, scope_machine(w->f->now), w->who, w->f->arena, &m);
	w->membership = m.id;
	return e != ERR_OK
	    ? e
	    : membership_end(db, scope_machine(w->f->now), m.id, w->f->now);
}

static void
write(struct world *w, enum err (*act)(struct db *db, void *ctx))
{
	assert_int_equal(db_write(w->f->db, act, w), ERR_OK);
}

static void
open_world(struct world *w, struct fixture *f)
{
	*w = (struct world){.f = f, .course = "C-901", .source = "check"};
	hook_calls = 0;
	pages_open(&w->pages, f, TREE, rooms);
	w->pages.site.course_completed = course_completed;
	w->c = pages_content(&w->pages);
	w->one = pages_person(&w->pages, "山田 太郎", "T-SOC", "technician");
	w->two = pages_person(&w->pages, "鈴木 一郎", "T-SOC", "technician");
	w->away = pages_person(&w->pages, "田中 次郎", "T-SOC", "technician");
	write(w, settle_elsewhere);
	w->who = w->away;
	write(w, leave);
	write(w, join_elsewhere);
	w->who = w->one;
	w->organisation = w->pages.organisation;
	w->due_at = f->now + 10 * DAY_MS;
}

static void
close_world(struct world *w)
{
	pages_close(&w->pages);
}

static struct scope
managed(const struct world *w)
{
	return (struct scope){
	    .reach = SCOPE_ORGANISATION,
	    .person = 7,
	    .organisation = w->organisation,
	    .now = w->f->now,
	};
}

static int64_t
count(const struct world *w, const char *metric)
{
	return counted(w->f, w->pages.organisation, metric, "C-901", NULL);
}

/* ---------------------------------------------------------------------- acts
 */

static enum err
do_make(struct db *db, void *ctx)
{
	struct world *w = ctx;

	return assignment_make(db, managed(w), w->course, w->persons, w->n,
	    w->due_at, w->f->now, &w->made, &w->moved);
}

/* What is foreseen is what happens, in every test of this file. */
static enum err
make(struct world *w, int64_t a, int64_t b, int64_t c)
{
	int64_t made = -1, moved = -1;
	enum err e;

	w->persons[0] = a;
	w->persons[1] = b;
	w->persons[2] = c;
	w->n = (size_t)(a != 0) + (b != 0) + (c != 0);
	w->made = w->moved = -1;
	assert_int_equal(
	    assignment_foresee(w->f->db, managed(w), w->course, w->persons,
		w->n, w->due_at, w->f->arena, &made, &moved),
	    ERR_OK);
	e = db_write(w->f->db, do_make, w);
	if (e == ERR_OK) {
		assert_int_equal(w->made, made);
		assert_int_equal(w->moved, moved);
	}
	return e;
}

static enum err
do_cancel(struct db *db, void *ctx)
{
	struct world *w = ctx;

	return assignment_cancel(db, managed(w), w->id, w->f->now);
}

/* What jobs do when time has passed; how many things happened. */
static enum err
do_time(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct dated d;
	enum err e;

	while ((e = dated_take(db, w->f->now, w->f->arena, &d)) == ERR_OK) {
		if (strcmp(d.kind, "assignment_due") == 0)
			e = assignment_became_due(db, d.subject, d.at);
		else if (strcmp(d.kind, "membership_end") == 0)
			e = assignments_of_leaver_end(db, d.subject, d.at);
		else
			fail_msg("%s", d.kind);
		if (e != ERR_OK)
			return e;
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void
pass_time(struct world *w, int64_t to)
{
	w->f->now = to;
	write(w, do_time);
}

static enum err
do_passed(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct learner who = {w->who, w->organisation, "technician"};

	return progress_passed(db, &w->pages.site, &who, w->c,
	    content_course(w->c, w->course), w->module, w->source, 11, 300, 300,
	    w->f->now);
}

static void
passed(struct world *w, const char *course, int module, const char *source)
{
	w->course = course;
	w->module = module;
	w->source = source;
	write(w, do_passed);
}

static enum err
do_exam(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct learner who = {w->who, w->organisation, "technician"};

	return course_exam_passed(db, &w->pages.site, &who, w->c,
	    content_course(w->c, "C-901"), 12, w->f->now);
}

static struct course_progress
progress(struct world *w, const char *course)
{
	struct scope own = {
	    .reach = SCOPE_OWN, .person = w->who, .now = w->f->now};
	struct course_progress p;

	assert_int_equal(progress_of_course(w->f->db, own,
			     content_course(w->c, course), w->f->arena, &p),
	    ERR_OK);
	return p;
}

static size_t
lines(struct world *w, const char *which, struct assignment_line **list)
{
	size_t n;

	assert_int_equal(assignment_lines(w->f->db, managed(w), which, "", 100,
			     w->f->arena, list, &n),
	    ERR_OK);
	return n;
}

/* ------------------------------------------------------------------- making */

static void
everybody_of_the_institution_is_assigned_and_nobody_else(void **state)
{
	struct assignment_line *list;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, w.away, w.two), ERR_OK);
	assert_int_equal(w.made, 2);
	assert_int_equal(w.moved, 0);
	assert_int_equal(count(&w, "assigned"), 2);
	assert_int_equal(lines(&w, "open", &list), 2);
	assert_string_equal(list[0].course, "C-901");
	assert_int_equal(lines(&w, "late", &list), 0);
	assert_int_equal(lines(&w, "done", &list), 0);
	w.who = w.away;
	assert_int_equal(progress(&w, "C-901").due_at, 0);
	w.who = w.one;
	assert_true(progress(&w, "C-901").due_at == w.due_at);
	close_world(&w);
}

static void
a_second_assignment_moves_the_date(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, 0, 0), ERR_OK);
	assert_int_equal(make(&w, w.one, w.two, 0), ERR_OK);
	assert_int_equal(w.made, 1); /* the same date: no change for one */
	assert_int_equal(w.moved, 0);
	w.due_at += DAY_MS;
	assert_int_equal(make(&w, w.one, w.two, 0), ERR_OK);
	assert_int_equal(w.made, 0);
	assert_int_equal(w.moved, 2);
	assert_true(progress(&w, "C-901").due_at == w.due_at);
	assert_int_equal(count(&w, "assigned"), 2);
	/* the old date has no effect any more */
	pass_time(&w, w.due_at - 1);
	assert_int_equal(count(&w, "overdue"), 0);
	pass_time(&w, w.due_at);
	assert_int_equal(count(&w, "overdue"), 2);
	close_world(&w);
}

static void
who_completed_it_is_left_alone(void **state)
{
	struct world w;

	open_world(&w, *state);
	write(&w, do_exam);
	assert_int_equal(make(&w, w.one, w.two, 0), ERR_OK);
	assert_int_equal(w.made, 1);
	assert_int_equal(progress(&w, "C-901").due_at, 0);
	close_world(&w);
}

static void
only_a_manager_assigns_and_only_into_the_future(void **state)
{
	int64_t made, moved;
	struct world w;
	struct scope s;

	open_world(&w, *state);
	w.due_at = w.f->now;
	assert_int_equal(make(&w, w.one, 0, 0), ERR_INVALID);
	s = managed(&w);
	s.reach = SCOPE_OWN;
	assert_int_equal(assignment_make(w.f->db, s, "C-901", &w.one, 1,
			     w.f->now + 1, w.f->now, &made, &moved),
	    ERR_NOT_FOUND);
	assert_int_equal(count(&w, "assigned"), 0);
	close_world(&w);
}

/* ------------------------------------------------------------------ overdue */

static void
overdue_counts_once_and_ends_with_the_course(void **state)
{
	struct assignment_line *list;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, w.two, 0), ERR_OK);
	pass_time(&w, w.due_at - 1);
	assert_int_equal(count(&w, "overdue"), 0);
	assert_false(progress(&w, "C-901").overdue);
	pass_time(&w, w.due_at);
	pass_time(&w, w.due_at + DAY_MS);
	assert_int_equal(count(&w, "overdue"), 2);
	assert_true(progress(&w, "C-901").overdue);
	assert_int_equal(lines(&w, "late", &list), 2);
	assert_true(list[0].overdue);
	write(&w, do_exam);
	assert_int_equal(count(&w, "overdue"), 1);
	assert_int_equal(lines(&w, "done", &list), 1);
	write(&w, do_exam); /* passed again: nothing changes */
	assert_int_equal(count(&w, "overdue"), 1);
	assert_int_equal(count(&w, "completed"), 1);
	close_world(&w);
}

static void
another_date_takes_it_out_of_the_count(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, 0, 0), ERR_OK);
	pass_time(&w, w.due_at);
	assert_int_equal(count(&w, "overdue"), 1);
	w.due_at += DAY_MS;
	assert_int_equal(make(&w, w.one, 0, 0), ERR_OK);
	assert_int_equal(w.moved, 1);
	assert_int_equal(count(&w, "overdue"), 0);
	pass_time(&w, w.due_at);
	assert_int_equal(count(&w, "overdue"), 1);
	close_world(&w);
}

static void
cancelled_ones_are_not_counted_and_not_another_banks(void **state)
{
	struct assignment_line *list;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, w.two, 0), ERR_OK);
	assert_int_equal(lines(&w, "open", &list), 2);
	w.id = list[0].id;
	w.organisation = w.elsewhere;
	assert_int_equal(db_write(w.f->db, do_cancel, &w), ERR_NOT_FOUND);
	w.organisation = w.pages.organisation;
	write(&w, do_cancel);
	assert_int_equal(db_write(w.f->db, do_cancel, &w), ERR_NOT_FOUND);
	assert_int_equal(count(&w, "assigned"), 1);
	pass_time(&w, w.due_at);
	assert_int_equal(count(&w, "overdue"), 1);
	assert_int_equal(lines(&w, "late", &list), 1);
	w.id = list[0].id; /* a late one leaves the count */
	write(&w, do_cancel);
	assert_int_equal(count(&w, "overdue"), 0);
	assert_int_equal(count(&w, "assigned"), 0);
	close_world(&w);
}

static void
who_leaves_takes_open_assignments_away(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, w.two, 0), ERR_OK);
	pass_time(&w, w.due_at);
	assert_int_equal(count(&w, "overdue"), 2);
	write(&w, leave);
	pass_time(&w, w.f->now + 1);
	assert_int_equal(count(&w, "overdue"), 1);
	assert_int_equal(
	    counted(w.f, w.pages.organisation, "overdue", NULL, "technician"),
	    1);
	/* the next institution assigns anew, and counts by itself */
	write(&w, join_elsewhere);
	w.organisation = w.elsewhere;
	w.due_at = w.f->now + DAY_MS;
	assert_int_equal(make(&w, w.one, 0, 0), ERR_OK);
	assert_int_equal(w.made, 1);
	pass_time(&w, w.due_at);
	write(&w, do_exam);
	assert_int_equal(counted(w.f, w.elsewhere, "overdue", NULL, NULL), 0);
	assert_int_equal(count(&w, "overdue"), 1);
	close_world(&w);
}

/* Left and completed before jobs ran: the count is the old institution's. */
static void
what_is_late_leaves_the_count_it_was_put_in(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, 0, 0), ERR_OK);
	pass_time(&w, w.due_at);
	write(&w, leave);
	write(&w, join_elsewhere);
	w.organisation = w.elsewhere;
	write(&w, do_exam);
	assert_int_equal(count(&w, "overdue"), 0);
	assert_int_equal(counted(w.f, w.elsewhere, "overdue", NULL, NULL), 0);
	pass_time(&w, w.f->now + 1);
	assert_int_equal(count(&w, "overdue"), 0);
	close_world(&w);
}

/* --------------------------------------------------------------- completion */

static void
course_with_an_exam_is_completed_by_the_exam(void **state)
{
	struct world w;

	open_world(&w, *state);
	passed(&w, "C-901", 1, "check");
	assert_int_equal(progress(&w, "C-901").state, COURSE_STARTED);
	assert_int_equal(progress(&w, "C-901").next_module, 2);
	passed(&w, "C-901", 2, "check");
	assert_int_equal(progress(&w, "C-901").state, COURSE_MODULES_DONE);
	assert_int_equal(hook_calls, 0);
	write(&w, do_exam);
	assert_int_equal(progress(&w, "C-901").state, COURSE_COMPLETED);
	assert_int_equal(hook_calls, 1);
	/* again: evidence, counts and the hook stay as they are */
	write(&w, do_exam);
	passed(&w, "C-901", 2, "check");
	assert_int_equal(hook_calls, 1);
	assert_int_equal(evidence_counted(w.f, w.one, "check"), 2);
	assert_int_equal(evidence_counted(w.f, w.one, "course"), 1);
	assert_int_equal(count(&w, "completed"), 1);
	close_world(&w);
}

static void
lab_module_needs_the_check_and_the_lab(void **state)
{
	static const char *const orders[2][2] = {
	    {"check", "lab"}, {"lab", "check"}};
	struct world w;
	size_t i;

	open_world(&w, *state);
	for (i = 0; i < 2; i++) {
		w.who = i == 0 ? w.one : w.two;
		passed(&w, "T-901", 1, orders[i][0]);
		assert_int_equal(progress(&w, "T-901").done, 0);
		passed(&w, "T-901", 1, orders[i][0]);
		assert_int_equal(progress(&w, "T-901").done, 0);
		assert_int_equal(hook_calls, (int)i);
		passed(&w, "T-901", 1, orders[i][1]);
		/* no exam: the last module completes the course */
		assert_int_equal(progress(&w, "T-901").state, COURSE_COMPLETED);
		assert_int_equal(hook_calls, (int)i + 1);
		assert_int_equal(evidence_counted(w.f, w.who, "lab"), 1);
		assert_int_equal(evidence_counted(w.f, w.who, "check"), 1);
	}
	close_world(&w);
}

static void
course_with_a_planned_module_is_not_completed(void **state)
{
	struct world w;

	open_world(&w, *state);
	passed(&w, "C-902", 1, "check");
	assert_int_equal(progress(&w, "C-902").done, 1);
	assert_int_equal(progress(&w, "C-902").state, COURSE_STARTED);
	assert_int_equal(hook_calls, 0);
	assert_int_equal(evidence_counted(w.f, w.one, "course"), 0);
	close_world(&w);
}

static void
all_courses_are_folded_as_one_is(void **state)
{
	struct course_progress *all, one;
	struct scope own;
	struct world w;
	size_t i, n;

	open_world(&w, *state);
	assert_int_equal(make(&w, w.one, 0, 0), ERR_OK);
	passed(&w, "C-901", 1, "check");
	passed(&w, "C-902", 1, "check");
	own = (struct scope){
	    .reach = SCOPE_OWN, .person = w.one, .now = w.f->now};
	assert_int_equal(
	    progress_of_all(w.f->db, own, w.c, w.f->arena, &all, &n), ERR_OK);
	assert_int_equal(n, 4); /* with the one that is planned */
	for (i = 0; i < n; i++) {
		one = progress(&w, all[i].course->id);
		assert_int_equal(all[i].state, one.state);
		assert_int_equal(all[i].done, one.done);
		assert_int_equal(all[i].written, one.written);
		assert_int_equal(all[i].next_module, one.next_module);
		assert_true(all[i].due_at == one.due_at);
	}
	close_world(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(
		everybody_of_the_institution_is_assigned_and_nobody_else),
	    ON_BOTH_ENGINES(a_second_assignment_moves_the_date),
	    ON_BOTH_ENGINES(who_completed_it_is_left_alone),
	    ON_BOTH_ENGINES(only_a_manager_assigns_and_only_into_the_future),
	    ON_BOTH_ENGINES(overdue_counts_once_and_ends_with_the_course),
	    ON_BOTH_ENGINES(another_date_takes_it_out_of_the_count),
	    ON_BOTH_ENGINES(
		cancelled_ones_are_not_counted_and_not_another_banks),
	    ON_BOTH_ENGINES(who_leaves_takes_open_assignments_away),
	    ON_BOTH_ENGINES(what_is_late_leaves_the_count_it_was_put_in),
	    ON_BOTH_ENGINES(course_with_an_exam_is_completed_by_the_exam),
	    ON_BOTH_ENGINES(lab_module_needs_the_check_and_the_lab),
	    ON_BOTH_ENGINES(course_with_a_planned_module_is_not_completed),
	    ON_BOTH_ENGINES(all_courses_are_folded_as_one_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
