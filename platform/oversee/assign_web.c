/*
 * Assigning a course in two steps: the form, then what it will do, then
 * it is done. The second step carries what the first was filled with, and
 * chooses anew, so that the roster of the moment counts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/site.h"
#include "learn/learn.h"
#include "oversee/assign.h"
#include "oversee/handlers.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/viewer.h"

/* What was filled in, checked. */
struct filled {
	const struct course *course;
	int64_t due_at;
	struct assign_choice choice;
	struct chosen chosen;
};

struct roster {
	struct roster_line *list;
	size_t n;
};

static enum err
roster_load(struct req *r, struct roster *out)
{
	return roster_all(r->db, scope_managed(r), r->viewer->organisation,
	    r->arena, &out->list, &out->n);
}

/* ------------------------------------------------------------------ the form
 */

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool
was_checked(const struct req *r, const char *department)
{
	size_t i;

	for (i = 0; i < r->form.n; i++)
		if (text_eq(r->form.list[i].name, "department") &&
		    text_eq(r->form.list[i].value, department))
			return true;
	return false;
}

/* Each department of the roster once, by name. */
static void
fill_departments(
    struct req *r, const struct roster *roster, struct assign_page *p)
{
	const char **names = ARENA_ARRAY(r->arena, const char *, roster->n);
	size_t i, n = 0;

	for (i = 0; i < roster->n; i++)
		if (*roster->list[i].department != '\0')
			names[n++] = roster->list[i].department;
	if (n > 0)
		qsort(names, n, sizeof(*names), by_text);
	for (i = 0; i < n; i++)
		if (i == 0 || !text_eq(names[i], names[i - 1]))
			*ARENA_PUSH(r->arena, p->departments,
			    p->n_departments) = (struct choice_option){
			    names[i], names[i], was_checked(r, names[i])};
}

static bool
is_offered(const struct req *r, const struct course *course)
{
	return !course->planned &&
	    tier_is_offered(r->viewer->organisation_kind, course->tier);
}

/* In groups: courses are sorted by id, whose first letter is the tier's. */
static void
fill_courses(struct req *r, const struct content *c, struct assign_page *p)
{
	const struct framework *f = content_framework(c);
	const char *tier = "", *asked;
	const struct named *named;
	struct option_group *group = NULL;
	const struct course *all;
	size_t i, n;

	asked = field_value(
	    r->method == HTTP_POST ? &r->form : &r->query, "course");
	all = content_courses(c, &n);
	for (i = 0; i < n; i++) {
		if (!is_offered(r, &all[i]))
			continue;
		if (group == NULL || !text_eq(tier, all[i].tier)) {
			tier = all[i].tier;
			named = content_named_in(f->tiers, f->n_tiers, tier);
			group = ARENA_PUSH(r->arena, p->courses, p->n_courses);
			*group = (struct option_group){.label = named == NULL
				? tier
				: named->text.in[r->lang]};
		}
		*ARENA_PUSH(r->arena, group->list, group->n) =
		    (struct choice_option){all[i].id, all[i].title.in[r->lang],
			text_eq(asked, all[i].id)};
	}
}

static void
fill_tiers(struct req *r, const struct content *c, struct assign_page *p)
{
	const char *asked = field_value(&r->form, "tier");
	struct columns columns = {0};
	size_t i;

	if (columns_of(c, "", r->arena, &columns) != ERR_OK)
		return; /* only an unknown programme fails */
	for (i = 0; i < columns.n; i++)
		if (tier_is_offered(
			r->viewer->organisation_kind, columns.list[i].tier->id))
			*ARENA_PUSH(r->arena, p->tiers, p->n_tiers) =
			    (struct choice_option){columns.list[i].tier->id,
				columns.list[i].tier->text.in[r->lang],
				text_eq(asked, columns.list[i].tier->id)};
}

static void
form_init(struct req *r, const struct content *c, const struct roster *roster,
    struct assign_page *p)
{
	*p = (struct assign_page){
	    .post = url_path(r->arena, "/institution/assignments/new"),
	    .due = field_value(&r->form, "due"),
	    .tomorrow = date_iso(r->arena, r->now + DAY_MS),
	    .whom = field_value(&r->form, "whom"),
	    .numbers = field_value(&r->form, "numbers"),
	    .empty = roster->n == 0,
	};
	fill_courses(r, c, p);
	fill_tiers(r, c, p);
	fill_departments(r, roster, p);
	page_init(&p->page, r, message(r->lang, M_oversee_assign));
	page_back(&p->page, url_path(r->arena, "/institution"),
	    message(r->lang, M_oversee_institution));
}

enum err
assign_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct roster roster;
	struct assign_page p;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = roster_load(r, &roster)) == ERR_OK) {
		form_init(r, c, &roster, &p);
		assign_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* --------------------------------------------------------- what was filled in
 */

static void
read_choice(struct req *r, struct assign_choice *c)
{
	size_t i;

	*c = (struct assign_choice){
	    .whom = whom_parse(field_value(&r->form, "whom")),
	    .tier = field_value(&r->form, "tier"),
	    .numbers = field_value(&r->form, "numbers"),
	};
	for (i = 0; i < r->form.n; i++)
		if (text_eq(r->form.list[i].name, "department"))
			*ARENA_PUSH(r->arena, c->departments,
			    c->n_departments) = r->form.list[i].value;
}

/*
 * Due when the day is over: the midnight after it. The earliest day is
 * tomorrow.
 */
static bool
read_due(const struct req *r, int64_t *out)
{
	struct date d;
	int64_t start;

	if (!date_parse(field_value(&r->form, "due"), &d))
		return false;
	start = date_start(d);
	if (start <= r->now || start > r->now + DUE_DAYS_MAX * DAY_MS)
		return false;
	*out = start + DAY_MS;
	return true;
}

/* Where nobody is chosen, the field that could choose somebody. */
static const char *
field_of(enum whom whom)
{
	switch (whom) {
	case WHOM_DEPARTMENTS:
		return "department-0";
	case WHOM_NUMBERS:
		return "numbers";
	case WHOM_TIER:
		return "tier";
	default:
		return "whom-all";
	}
}

/* Reads the form; mistakes go to the page. */
static void
read_form(struct req *r, const struct content *c, const struct roster *roster,
    struct filled *f, struct page *page)
{
	*f = (struct filled){
	    .course = content_course(c, field_value(&r->form, "course"))};
	if (f->course == NULL || !is_offered(r, f->course))
		page_problem(
		    page, "course", message(r->lang, M_oversee_wrong_course));
	if (!read_due(r, &f->due_at))
		page_problem(
		    page, "due", message(r->lang, M_oversee_wrong_due));
	read_choice(r, &f->choice);
	assign_choose(
	    &f->choice, roster->list, roster->n, r->arena, &f->chosen);
	if (f->choice.whom == WHOM_NOBODY)
		page_problem(
		    page, "whom-all", message(r->lang, M_oversee_wrong_whom));
	else if (f->chosen.too_many)
		page_problem(page, "numbers",
		    message(r->lang, M_oversee_too_many_numbers));
	else if (f->chosen.n == 0)
		page_problem(page, field_of(f->choice.whom),
		    message(r->lang, M_oversee_nobody_chosen));
}

static enum err
show_question(struct req *r, struct reply *re, const struct filled *f)
{
	struct assign_ask_page p = {
	    .post = url_path(r->arena, "/institution/assignments/new"),
	    .course_id = f->course->id,
	    .course = f->course->title.in[r->lang],
	    .due = field_value(&r->form, "due"),
	    .due_text = date_text(r->arena, r->lang, f->due_at - 1),
	    .whom = field_value(&r->form, "whom"),
	    .tier = f->choice.tier,
	    .numbers = f->choice.numbers,
	    .departments = f->choice.departments,
	    .n_departments = f->choice.n_departments,
	    .people = (int64_t)f->chosen.n,
	    .unknown = f->chosen.unknown,
	    .n_unknown = f->chosen.n_unknown,
	};
	struct out o = {&re->body, r->lang};
	enum err e;

	e = assignment_foresee(r->db, scope_managed(r), f->course->id,
	    f->chosen.persons, f->chosen.n, f->due_at, r->arena, &p.made,
	    &p.moved);
	if (e != ERR_OK)
		return e;
	p.unchanged = p.people - p.made - p.moved;
	page_init(&p.page, r, message(r->lang, M_oversee_assign_ask));
	page_back(&p.page, url_path(r->arena, "/institution/assignments/new"),
	    message(r->lang, M_oversee_assign));
	assign_ask_page(&o, &p);
	return ERR_OK;
}

static enum err
assign_now(struct req *r, struct reply *re, const struct filled *f)
{
	struct url list = url_path(r->arena, "/institution/assignments");
	struct assigned_page p = {
	    .course = f->course->title.in[r->lang],
	    .due = date_text(r->arena, r->lang, f->due_at - 1),
	    .list = url_query(r->arena, list, "course", f->course->id),
	    .again = url_path(r->arena, "/institution/assignments/new"),
	};
	struct out o = {&re->body, r->lang};
	enum err e;

	e = assignment_make(r->db, scope_managed(r), f->course->id,
	    f->chosen.persons, f->chosen.n, f->due_at, r->now, &p.made,
	    &p.moved);
	if (e != ERR_OK)
		return e;
	p.unchanged = (int64_t)f->chosen.n - p.made - p.moved;
	page_init(&p.page, r, message(r->lang, M_oversee_assigned));
	page_back(&p.page, url_path(r->arena, "/institution"),
	    message(r->lang, M_oversee_institution));
	assigned_page(&o, &p);
	return ERR_OK;
}

enum err
assign_post(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct roster roster;
	struct assign_page p;
	struct filled f;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = roster_load(r, &roster)) != ERR_OK)
		goto out;
	form_init(r, c, &roster, &p);
	read_form(r, c, &roster, &f, &p.page);
	if (p.page.n_problems > 0) {
		assign_page(&o, &p);
		e = reply_invalid(re);
	} else if (field_present(&r->form, "confirmed")) {
		e = assign_now(r, re, &f);
	} else {
		e = show_question(r, re, &f);
	}
out:
	content_release(c);
	return e;
}
