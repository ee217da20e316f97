/* The sector: categories by tiers, over time, as a page and as CSV. */
#include "http/csv.h"
#include "http/site.h"
#include "oversee/handlers.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/viewer.h"

static struct share_row
row_of(const struct req *r, const struct count_table *t, size_t row)
{
	struct share_row line = {
	    .cells = ARENA_ARRAY(r->arena, struct share_cell, t->columns + 1)};
	const struct count_cell *c;
	size_t i;

	for (i = 0; i <= t->columns; i++) {
		c = count_cell(t, row, i);
		line.cells[i] = show_cell(c->people, c->done);
	}
	line.institutions = count_cell(t, row, t->columns)->institutions;
	return line;
}

static void
fill_table(struct req *r, const struct sector *s, struct sector_page *p)
{
	size_t i;

	show_columns(r, &s->columns, &p->tiers, &p->programme_titles);
	p->n_tiers = s->columns.n;
	p->n_rows = s->n_categories + 1;
	p->rows = ARENA_ARRAY(r->arena, struct share_row, p->n_rows);
	for (i = 0; i < p->n_rows; i++) {
		p->rows[i] = row_of(r, &s->now, i);
		if (i == s->n_categories) {
			p->rows[i].title = message(r->lang, M_oversee_total);
			continue;
		}
		p->rows[i].title = s->categories[i]->text.in[r->lang];
		p->rows[i].to = url_query(r->arena, p->institutions, "category",
		    s->categories[i]->id);
	}
}

static void
fill_series(struct req *r, const struct sector *s, const struct series *series,
    struct sector_page *p)
{
	size_t i;

	show_months(r, series, p->months);
	p->n_series = series->n_rows + 1;
	p->series = ARENA_ARRAY(r->arena, struct month_row, p->n_series);
	for (i = 0; i < p->n_series; i++)
		p->series[i] = show_month_row(i == series->n_rows
			? message(r->lang, M_oversee_total)
			: s->categories[i]->text.in[r->lang],
		    series->rows[i]);
	p->chart = show_chart(r, series, &p->series[series->n_rows]);
}

static void
fill_figures(const struct sector *s, struct sector_page *p)
{
	p->n_institutions = (int64_t)s->n_institutions;
	p->overdue = s->overdue;
	p->assigned = s->assigned;
	p->exam_taken = s->exam_taken;
	p->exam_passed = s->exam_passed;
	p->all = p->rows[p->n_rows - 1].cells[p->n_tiers];
}

static void
fill_sector(struct req *r, const struct framework *f, const char *programme,
    const struct sector *s, const struct series *series, struct sector_page *p)
{
	p->self = url_path(r->arena, "/sector");
	p->institutions = url_path(r->arena, "/sector/institutions");
	p->csv = url_path(r->arena, "/sector.csv");
	if (*programme != '\0')
		p->csv = url_query(r->arena, p->csv, "programme", programme);
	p->programmes = show_programmes(r, f, programme, &p->n_programmes);
	fill_table(r, s, p);
	fill_series(r, s, series, p);
	fill_figures(s, p);
	page_init(&p->page, r, message(r->lang, M_oversee_sector));
	p->page.wide = true;
}

enum err
sector_get(struct req *r, struct reply *re)
{
	const char *programme = field_value(&r->query, "programme");
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct sector_page p = {0};
	const struct framework *f;
	struct series series;
	struct sector s;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	f = content_framework(c);
	e = sector_load(r->db, scope_supervised(r), f, programme, r->arena, &s);
	if (e == ERR_OK)
		e = sector_series(
		    r->db, scope_supervised(r), &s, r->arena, &series);
	if (e == ERR_OK) {
		fill_sector(r, f, programme, &s, &series, &p);
		sector_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* ---------------------------------------------------------------------- CSV */

/*
 * SECURITY: a file leaves the authority, so small cells are hidden in it,
 * and what they could be computed from.
 */
#define HIDDEN_TEXT "*"

static const char *
number(const struct req *r, const struct count_cell *c, int64_t n)
{
	return c->hidden ? HIDDEN_TEXT
			 : arena_printf(r->arena, "%lld", (long long)n);
}

static void
csv_row(struct req *r, struct buf *b, const struct sector *s, size_t row,
    size_t column)
{
	const struct count_cell *c = count_cell(&s->now, row, column);
	const struct tier_column *t =
	    column == s->columns.n ? NULL : &s->columns.list[column];
	int share = share_percent(c->done, c->people);

	csv_line(b, row == s->n_categories ? "all" : s->categories[row]->id,
	    row == s->n_categories ? message(r->lang, M_oversee_total)
				   : s->categories[row]->text.in[r->lang],
	    t == NULL ? "all" : t->tier->id,
	    t == NULL || t->programme == NULL ? "" : t->programme->id,
	    number(r, c, c->institutions), number(r, c, c->people),
	    number(r, c, c->done), share < 0 ? "" : number(r, c, share), NULL);
}

enum err
sector_csv_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct sector s;
	size_t row, column;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = sector_load(r->db, scope_supervised(r), content_framework(c),
	    field_value(&r->query, "programme"), r->arena, &s);
	if (e == ERR_OK) {
		count_table_suppress(&s.now);
		reply_download(r, re, "text/csv; charset=utf-8", "sector.csv");
		csv_start(&re->body);
		csv_line(&re->body, "category", "category_name", "tier",
		    "programme", "institutions", "people", "completed",
		    "share_percent", NULL);
		for (row = 0; row <= s.now.rows; row++)
			for (column = 0; column <= s.now.columns; column++)
				csv_row(r, &re->body, &s, row, column);
	}
	content_release(c);
	return e;
}
