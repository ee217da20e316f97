/* The own institution: what a training manager has to do this week. */
#include "base/clock.h"
#include "http/csv.h"
#include "http/site.h"
#include "learn/learn.h"
#include "oversee/due.h"
#include "oversee/handlers.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/person.h"
#include "people/viewer.h"
#include "record/record.h"

#define LATE_SHOWN 20
#define LOOKS_SHOWN 10

static struct url
lines_of(const struct req *r, const char *which, const char *course)
{
	struct url u = url_path(r->arena, "/institution/assignments");

	u = url_query(r->arena, u, "which", which);
	if (*course != '\0')
		u = url_query(r->arena, u, "course", course);
	return u;
}

static void
fill_dues(struct req *r, const struct content *c, const struct due_course *list,
    size_t n, struct institution_page *p)
{
	size_t i;

	p->dues = ARENA_ARRAY(r->arena, struct due_line, n);
	p->n_dues = n;
	for (i = 0; i < n; i++) {
		p->dues[i] = (struct due_line){
		    .id = list[i].course,
		    .title = show_course(r, c, list[i].course),
		    .open = list[i].open,
		    .late = list[i].late,
		    .to_open = lines_of(r, "open", list[i].course),
		    .to_late = lines_of(r, "late", list[i].course),
		};
		p->n_open += list[i].open;
		p->n_late += list[i].late;
	}
}

static void
fill_lates(struct req *r, const struct content *c,
    const struct assignment_line *list, size_t n, struct institution_page *p)
{
	size_t i;

	p->lates = ARENA_ARRAY(r->arena, struct late_line, n);
	p->n_lates = n;
	for (i = 0; i < n; i++)
		p->lates[i] = (struct late_line){
		    .number = list[i].number,
		    .name = list[i].name,
		    .department = list[i].department,
		    .course = show_course(r, c, list[i].course),
		    .due = date_text(r->arena, r->lang, list[i].due_at - 1),
		    .to = lines_of(r, "late", list[i].course),
		};
}

static const char *
authority_name(const struct req *r, const struct authority *list, size_t n,
    const char *subject)
{
	int64_t id;
	size_t i;

	if (text_to_int(subject, &id))
		for (i = 0; i < n; i++)
			if (list[i].id == id)
				return list[i].name.in[r->lang];
	return message(r->lang, M_oversee_an_authority);
}

/* Which authority and when; never who it was there. */
static enum err
load_looks(struct req *r, struct institution_page *p)
{
	struct authority *names;
	struct audit_row *rows;
	size_t i, n, n_names;
	enum err e;

	e = audit_recent(r->db, scope_managed(r), r->viewer->organisation,
	    "authority.looked", LOOKS_SHOWN, r->arena, &rows, &n);
	if (e == ERR_OK)
		e = authorities(r->db, r->arena, &names, &n_names);
	if (e != ERR_OK)
		return e;
	p->looks = ARENA_ARRAY(r->arena, struct look_line, n);
	p->n_looks = n;
	for (i = 0; i < n; i++)
		p->looks[i] = (struct look_line){
		    date_time_text(r->arena, r->lang, rows[i].at),
		    authority_name(r, names, n_names, rows[i].subject)};
	return ERR_OK;
}

static enum err
load_due(struct req *r, const struct content *c, struct institution_page *p)
{
	struct assignment_line *lates;
	struct due_course *dues;
	size_t n_dues, n_lates;
	enum err e;

	e = due_courses(r->db, scope_managed(r), r->arena, &dues, &n_dues);
	if (e == ERR_OK)
		e = assignment_lines(r->db, scope_managed(r), "late", "",
		    LATE_SHOWN, r->arena, &lates, &n_lates);
	if (e != ERR_OK)
		return e;
	fill_dues(r, c, dues, n_dues, p);
	fill_lates(r, c, lates, n_lates, p);
	return ERR_OK;
}

static enum err
load_tiers(struct req *r, const struct content *c, struct institution_page *p)
{
	const struct tally *t;
	struct institution in;
	size_t i;
	enum err e;

	e = institution_load(r->db, scope_managed(r), r->viewer->organisation,
	    c, "", r->arena, &in);
	if (e != ERR_OK)
		return e;
	show_columns(r, &in.columns, &p->tiers, &p->programme_titles);
	p->n_tiers = in.columns.n;
	p->cells = ARENA_ARRAY(r->arena, struct share_cell, p->n_tiers);
	for (i = 0; i < p->n_tiers; i++) {
		t = &in.tiers.rows[i][MONTHS - 1];
		p->cells[i] =
		    show_tier_cell(&in.columns.list[i], t->people, t->done);
	}
	t = &in.tiers.rows[in.tiers.n_rows][MONTHS - 1];
	p->all = show_cell(t->people, t->done);
	p->people = in.people;
	return ERR_OK;
}

static enum err
load_peers(struct req *r, const struct content *c, struct institution_page *p)
{
	const struct framework *f = content_framework(c);
	struct organisation o;
	enum err e;

	e = organisation_get(
	    r->db, scope_managed(r), r->viewer->organisation, r->arena, &o);
	if (e == ERR_OK)
		e = peers_load(r->db, scope_managed(r), c, o.size_band,
		    r->arena, &p->peers);
	if (e != ERR_OK)
		return e;
	p->category = show_category(r, f, o.category);
	p->size_band = show_size_band(r, f, o.size_band);
	return ERR_OK;
}

static void
fill_links(struct req *r, struct institution_page *p)
{
	p->roster = url_path(r->arena, "/institution/roster");
	p->points = url_path(r->arena, "/institution/signals");
	p->labs = url_path(r->arena, "/institution/labs");
	p->assign = url_path(r->arena, "/institution/assignments/new");
	p->open = lines_of(r, "open", "");
	p->late = lines_of(r, "late", "");
	p->late_csv = url_query(r->arena,
	    url_path(r->arena, "/institution/assignments.csv"), "which",
	    "late");
	p->progress_csv = url_path(r->arena, "/institution/progress.csv");
}

enum err
institution_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct institution_page p = {0};
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = load_tiers(r, c, &p)) == ERR_OK &&
	    (e = load_due(r, c, &p)) == ERR_OK &&
	    (e = load_looks(r, &p)) == ERR_OK)
		e = load_peers(r, c, &p);
	if (e == ERR_OK) {
		fill_links(r, &p);
		page_init(&p.page, r, message(r->lang, M_oversee_institution));
		p.page.wide = true;
		institution_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* ----------------------------------------------------------- people × courses
 */

static const struct course **
written_courses(struct req *r, const struct content *c, size_t *n)
{
	const struct course **list, *all;
	size_t i, n_all;

	all = content_courses(c, &n_all);
	list = ARENA_ARRAY(r->arena, const struct course *, n_all);
	for (i = 0, *n = 0; i < n_all; i++)
		if (!all[i].planned)
			list[(*n)++] = &all[i];
	return list;
}

static const char *
state_text(const struct req *r, const struct person_course *c)
{
	if (c->done_at != 0)
		return message_args(r->arena, r->lang, M_oversee_csv_done,
		    date_iso(r->arena, c->done_at), NULL);
	if (c->due_at != 0)
		return message_args(r->arena, r->lang,
		    c->late ? M_oversee_csv_late : M_oversee_csv_due,
		    date_iso(r->arena, c->due_at - 1), NULL);
	return c->started_at != 0 ? message(r->lang, M_oversee_csv_started)
				  : "";
}

static void
csv_person(const struct req *r, struct buf *b, const struct framework *f,
    const struct person_progress *p, size_t n_courses)
{
	size_t i;

	csv_cell(b, p->number, 1);
	csv_cell(b, p->name, 0);
	csv_cell(b, p->department, 0);
	csv_cell(b, show_tier(r, f, p->tier), 0);
	for (i = 0; i < n_courses; i++)
		csv_cell(b, state_text(r, &p->courses[i]), 0);
	csv_end_line(b);
}

static void
csv_head(const struct req *r, struct buf *b,
    const struct course *const *courses, size_t n_courses)
{
	size_t i;

	csv_cell(b, message(r->lang, M_oversee_number), 1);
	csv_cell(b, message(r->lang, M_oversee_person_name), 0);
	csv_cell(b, message(r->lang, M_oversee_department), 0);
	csv_cell(b, message(r->lang, M_oversee_tier), 0);
	for (i = 0; i < n_courses; i++)
		csv_cell(b,
		    arena_printf(r->arena, "%s %s", courses[i]->id,
			courses[i]->title.in[r->lang]),
		    0);
	csv_end_line(b);
}

enum err
progress_csv_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct person_progress *people;
	const struct course **courses;
	size_t i, n, n_courses;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	courses = written_courses(r, c, &n_courses);
	e = people_progress(r->db, scope_managed(r),
	    (const struct course *const *)courses, n_courses, r->arena, &people,
	    &n);
	if (e == ERR_OK) {
		reply_download(
		    r, re, "text/csv; charset=utf-8", "progress.csv");
		csv_start(&re->body);
		csv_head(r, &re->body, (const struct course *const *)courses,
		    n_courses);
		for (i = 0; i < n; i++)
			csv_person(r, &re->body, content_framework(c),
			    &people[i], n_courses);
	}
	content_release(c);
	return e;
}
