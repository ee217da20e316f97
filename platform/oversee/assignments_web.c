/* Assignments of the own institution: the list, its CSV, taking one back. */
#include "base/clock.h"
#include "http/csv.h"
#include "http/site.h"
#include "learn/learn.h"
#include "oversee/assign.h"
#include "oversee/due.h"
#include "oversee/handlers.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/viewer.h"

#define LINES_SHOWN 200
#define LINES_CSV 200000

static const struct {
	const char *name;
	enum message text;
} kinds[3] = {
    {"late", M_oversee_late},
    {"open", M_oversee_open},
    {"done", M_oversee_done},
};

static size_t
kind_asked(const struct req *r)
{
	const char *which = field_value(&r->query, "which");
	size_t i;

	for (i = 0; i < 3; i++)
		if (text_eq(which, kinds[i].name))
			return i;
	return *which == '\0' ? 1 : 3;
}

static struct url
list_at(
    const struct req *r, struct url u, const char *which, const char *course)
{
	u = url_query(r->arena, u, "which", which);
	if (*course != '\0')
		u = url_query(r->arena, u, "course", course);
	return u;
}

static void
fill_choices(struct req *r, const struct content *c, size_t kind,
    const char *course, struct assignments_page *p)
{
	const struct course *all;
	size_t i, n;

	p->self = url_path(r->arena, "/institution/assignments");
	p->assign = url_path(r->arena, "/institution/assignments/new");
	p->csv = list_at(r, url_path(r->arena, "/institution/assignments.csv"),
	    kinds[kind].name, course);
	p->which = kinds[kind].name;
	p->done = kind == 2;
	for (i = 0; i < 3; i++)
		p->kinds[i] = (struct sort_link){
		    list_at(r, p->self, kinds[i].name, course),
		    message(r->lang, kinds[i].text), i == kind};
	all = content_courses(c, &n);
	*ARENA_PUSH(r->arena, p->courses, p->n_courses) =
	    (struct choice_option){
		"", message(r->lang, M_oversee_all_courses), *course == '\0'};
	for (i = 0; i < n; i++)
		if (!all[i].planned &&
		    tier_is_offered(r->viewer->organisation_kind, all[i].tier))
			*ARENA_PUSH(r->arena, p->courses, p->n_courses) =
			    (struct choice_option){all[i].id,
				all[i].title.in[r->lang],
				text_eq(course, all[i].id)};
}

static void
fill_rows(struct req *r, const struct content *c,
    const struct assignment_line *list, size_t n, struct assignments_page *p)
{
	const struct framework *f = content_framework(c);
	size_t i;

	p->cut = n > LINES_SHOWN;
	p->n_rows = p->cut ? LINES_SHOWN : n;
	p->rows = ARENA_ARRAY(r->arena, struct assignment_row, p->n_rows);
	for (i = 0; i < p->n_rows; i++)
		p->rows[i] = (struct assignment_row){
		    .number = list[i].number,
		    .name = list[i].name,
		    .department = list[i].department,
		    .tier = show_tier(r, f, list[i].tier),
		    .course = show_course(r, c, list[i].course),
		    .due = date_text(r->arena, r->lang, list[i].due_at - 1),
		    .done = list[i].completed_at == 0
			? ""
			: date_text(r->arena, r->lang, list[i].completed_at),
		    .late = list[i].overdue,
		    .cancel = url_path(r->arena,
			"/institution/assignments/%d/cancel", list[i].id),
		};
}

enum err
assignments_get(struct req *r, struct reply *re)
{
	const char *course = field_value(&r->query, "course");
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct assignments_page p = {0};
	struct assignment_line *list;
	size_t n, kind = kind_asked(r);
	enum err e = ERR_NOT_FOUND;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if (kind < 3)
		e = assignment_lines(r->db, scope_managed(r), kinds[kind].name,
		    course, LINES_SHOWN + 1, r->arena, &list, &n);
	if (e == ERR_OK) {
		fill_choices(r, c, kind, course, &p);
		fill_rows(r, c, list, n, &p);
		page_init(&p.page, r, message(r->lang, M_oversee_assignments));
		page_back(&p.page, url_path(r->arena, "/institution"),
		    message(r->lang, M_oversee_institution));
		p.page.wide = true;
		assignments_page(&o, &p);
	}
	content_release(c);
	return e;
}

static const char *
state_text(const struct req *r, const struct assignment_line *line)
{
	if (line->completed_at != 0)
		return message(r->lang,
		    line->overdue ? M_oversee_done_late : M_oversee_done);
	return message(
	    r->lang, line->overdue ? M_oversee_late : M_oversee_open);
}

static void
csv_assignment(const struct req *r, struct buf *b, const struct content *c,
    const struct assignment_line *line)
{
	csv_line(b, line->number, line->name, line->department,
	    show_tier(r, content_framework(c), line->tier), line->course,
	    show_course(r, c, line->course),
	    date_iso(r->arena, line->due_at - 1),
	    line->completed_at == 0 ? ""
				    : date_iso(r->arena, line->completed_at),
	    state_text(r, line), NULL);
}

static void
csv_assignments(struct req *r, struct reply *re, const struct content *c,
    const struct assignment_line *list, size_t n)
{
	size_t i;

	reply_download(r, re, "text/csv; charset=utf-8", "assignments.csv");
	csv_start(&re->body);
	csv_line(&re->body, message(r->lang, M_oversee_number),
	    message(r->lang, M_oversee_person_name),
	    message(r->lang, M_oversee_department),
	    message(r->lang, M_oversee_tier),
	    message(r->lang, M_oversee_course_id),
	    message(r->lang, M_oversee_course), message(r->lang, M_oversee_due),
	    message(r->lang, M_oversee_done_on),
	    message(r->lang, M_oversee_state), NULL);
	for (i = 0; i < n; i++)
		csv_assignment(r, &re->body, c, &list[i]);
}

enum err
assignments_csv_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct assignment_line *list;
	size_t n, kind = kind_asked(r);
	enum err e = ERR_NOT_FOUND;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if (kind < 3)
		e = assignment_lines(r->db, scope_managed(r), kinds[kind].name,
		    field_value(&r->query, "course"), LINES_CSV, r->arena,
		    &list, &n);
	if (e == ERR_OK)
		csv_assignments(r, re, c, list, n);
	content_release(c);
	return e;
}

/* -------------------------------------------------------------- taking back */

enum err
assignment_cancel_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct cancel_page p = {0};
	struct due_one one = {0};
	int64_t id;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = param_id(r, "assignment", &id)) == ERR_OK)
		e = due_one(r->db, scope_managed(r), id, r->arena, &one);
	if (e == ERR_OK) {
		p.post = url_path(
		    r->arena, "/institution/assignments/%d/cancel", id);
		p.name = one.name;
		p.number = one.number;
		p.course = show_course(r, c, one.course);
		p.due = date_text(r->arena, r->lang, one.due_at - 1);
		page_init(&p.page, r, message(r->lang, M_oversee_cancel_do));
		page_back(&p.page,
		    url_path(r->arena, "/institution/assignments"),
		    message(r->lang, M_oversee_assignments));
		cancel_page(&o, &p);
	}
	content_release(c);
	return e;
}

enum err
assignment_cancel_post(struct req *r, struct reply *re)
{
	int64_t id;
	enum err e;

	if ((e = param_id(r, "assignment", &id)) != ERR_OK)
		return e;
	e = assignment_cancel(r->db, scope_managed(r), id, r->now);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re,
	    url_path(r->arena, "/institution/assignments"),
	    M_oversee_cancelled);
}
