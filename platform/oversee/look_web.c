/* A supervisor looks at one institution, and the institution sees it. */
#include "http/site.h"
#include "oversee/handlers.h"
#include "oversee/oversee.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/person.h"
#include "people/viewer.h"

static void
fill_series(struct req *r, const struct institution *in,
    struct institution_look_page *p)
{
	const struct series *s = &in->tiers;
	size_t i;

	show_columns(r, &in->columns, &p->tiers, &p->programme_titles);
	show_months(r, s, &p->heads);
	p->n_tiers = in->columns.n;
	p->cells = ARENA_ARRAY(r->arena, struct share_cell, p->n_tiers);
	p->n_series = s->n_rows + 1;
	p->series = ARENA_ARRAY(r->arena, struct month_row, p->n_series);
	for (i = 0; i < p->n_series; i++)
		p->series[i] = i == s->n_rows
		    ? show_month_row(
			  message(r->lang, M_oversee_total), s->rows[i])
		    : show_tier_months(
			  p->tiers[i], &in->columns.list[i], s->rows[i]);
	for (i = 0; i < p->n_tiers; i++)
		p->cells[i] = show_tier_cell(&in->columns.list[i],
		    s->rows[i][MONTHS - 1].people, s->rows[i][MONTHS - 1].done);
	p->people = in->people;
	p->all = show_cell(s->rows[s->n_rows][MONTHS - 1].people,
	    s->rows[s->n_rows][MONTHS - 1].done);
	p->chart = show_chart(r, s, &p->series[s->n_rows]);
}

static void
fill_courses(struct req *r, const struct institution *in,
    struct institution_look_page *p)
{
	const struct course_counts *c;
	size_t i;

	p->courses = ARENA_ARRAY(r->arena, struct course_line, in->n_courses);
	p->n_courses = in->n_courses;
	for (i = 0; i < in->n_courses; i++) {
		c = &in->courses[i];
		p->courses[i] = (struct course_line){
		    .id = c->course->id,
		    .title = c->course->title.in[r->lang],
		    .assigned = c->assigned,
		    .completed = c->completed,
		    .overdue = c->overdue,
		    .exam_taken = c->exam_taken,
		    .exam_passed = c->exam_passed,
		};
	}
}

static void
fill_look(struct req *r, const struct framework *f,
    const struct organisation *o, const struct institution *in,
    struct institution_look_page *p)
{
	p->self = url_path(r->arena, "/sector/institutions/%d", o->id);
	p->programmes = show_programmes(r, f, &in->columns,
	    field_value(&r->query, "programme"), &p->n_programmes);
	p->category = show_category(r, f, o->category);
	p->size_band = show_size_band(r, f, o->size_band);
	fill_series(r, in, p);
	fill_courses(r, in, p);
	page_init(&p->page, r, o->name.in[r->lang]);
	page_back(&p->page, url_path(r->arena, "/sector/institutions"),
	    message(r->lang, M_oversee_institutions));
	p->page.wide = true;
}

enum err
institution_look_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct scope s = scope_supervised(r);
	struct institution_look_page p = {0};
	struct out o = {&re->body, r->lang};
	struct organisation org;
	struct institution in;
	int64_t id;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = param_id(r, "institution", &id)) == ERR_OK)
		e = organisation_get(r->db, s, id, r->arena, &org);
	if (e == ERR_OK && !text_eq(org.kind, "institution"))
		e = ERR_NOT_FOUND;
	if (e == ERR_OK)
		e = institution_load(r->db, s, id, c,
		    field_value(&r->query, "programme"), r->arena, &in);
	if (e == ERR_OK)
		e = look_record(r->db, id, r->viewer->person,
		    r->viewer->organisation, r->now);
	if (e == ERR_OK) {
		fill_look(r, content_framework(c), &org, &in, &p);
		institution_look_page(&o, &p);
	}
	content_release(c);
	return e;
}
