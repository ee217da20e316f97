/* The sector: categories by tiers, over time, as a page and as CSV. */
#include "http/csv.h"
#include "http/site.h"
#include "oversee/counts_parts.h"
#include "oversee/handlers.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/viewer.h"

static struct share_row
share_row_of(const struct req *r, const struct sector *s, size_t row)
{
	const struct count_cell total = sector_total(s, row), *c;
	struct share_row line = {
	    .cells = ARENA_ARRAY(r->arena, struct share_cell, s->columns.n + 1),
	    .institutions = total.institutions,
	};
	size_t i;

	for (i = 0; i < s->columns.n; i++) {
		c = count_cell(&s->now, row, i);
		line.cells[i] =
		    show_tier_cell(&s->columns.list[i], c->people, c->done);
	}
	line.cells[i] = show_cell(total.people, total.done);
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
		p->rows[i] = share_row_of(r, s, i);
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

	show_months(r, series, &p->heads);
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
	p->programmes =
	    show_programmes(r, f, &s->columns, programme, &p->n_programmes);
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
	struct series series;
	struct sector s;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = sector_load(r->db, scope_supervised(r), c, programme, r->arena, &s);
	if (e == ERR_OK)
		e = sector_series(
		    r->db, scope_supervised(r), &s, r->arena, &series);
	if (e == ERR_OK) {
		fill_sector(
		    r, content_framework(c), programme, &s, &series, &p);
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

/*
 * SECURITY: what the file of all tiers hides of a tier is also hidden in the
 * file of one programme of it; else the two together would tell it.
 */
static enum err
hide_small(struct req *r, const struct content *c, struct sector *s)
{
	size_t row, column, all_row, all_column;
	struct sector all;
	enum err e;

	if (!s->columns.asked) {
		count_table_suppress(&s->now);
		return ERR_OK;
	}
	e = sector_load(r->db, scope_supervised(r), c, "", r->arena, &all);
	if (e != ERR_OK)
		return e;
	count_table_suppress(&all.now);
	for (column = 0; column < s->columns.n; column++)
		for (row = 0; row <= s->n_categories; row++) {
			all_row = all.n_categories;
			if (!s->columns.list[column].shown ||
			    !column_of(&all.columns,
				s->columns.list[column].tier->id,
				&all_column) ||
			    (row < s->n_categories &&
				!row_of(
				    &all, s->categories[row]->id, &all_row)))
				continue;
			count_cell(&s->now, row, column)->hidden =
			    count_cell(&all.now, all_row, all_column)->hidden;
		}
	count_table_suppress(&s->now);
	return ERR_OK;
}

static const char *
number(const struct req *r, const struct count_cell *c, int64_t n)
{
	return c->hidden ? HIDDEN_TEXT
			 : arena_printf(r->arena, "%lld", (long long)n);
}

/* A tier that is not counted has no numbers. */
static void
csv_numbers(const struct req *r, struct buf *b, const struct count_cell *c,
    bool counted)
{
	int share = share_percent(c->done, c->people);

	if (!counted) {
		csv_line(b, "", "", "", "", NULL);
		return;
	}
	csv_line(b, number(r, c, c->institutions), number(r, c, c->people),
	    number(r, c, c->done), share < 0 ? "" : number(r, c, share), NULL);
}

static void
csv_row(struct req *r, struct buf *b, const struct sector *s, size_t row,
    size_t column)
{
	const struct count_cell *c = count_cell(&s->now, row, column);
	const struct tier_column *t =
	    column == s->columns.n ? NULL : &s->columns.list[column];
	bool total = row == s->n_categories;

	csv_cell(b, total ? "" : s->categories[row]->id, 1);
	csv_cell(b,
	    total ? message(r->lang, M_oversee_total)
		  : s->categories[row]->text.in[r->lang],
	    0);
	csv_cell(b,
	    t == NULL ? message(r->lang, M_oversee_total)
		      : t->tier->text.in[r->lang],
	    0);
	csv_cell(b,
	    t == NULL || t->programme == NULL ? ""
					      : t->programme->text.in[r->lang],
	    0);
	buf_putc(b, ',');
	csv_numbers(r, b, c, t == NULL || t->counted);
}

/* Of one programme only its tier is told: a total would say the same. */
static bool
is_told(const struct sector *s, size_t column)
{
	if (column == s->columns.n)
		return !s->columns.asked;
	return s->columns.list[column].shown;
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
	e = sector_load(r->db, scope_supervised(r), c,
	    field_value(&r->query, "programme"), r->arena, &s);
	if (e == ERR_OK)
		e = hide_small(r, c, &s);
	if (e == ERR_OK) {
		reply_download(r, re, "text/csv; charset=utf-8", "sector.csv");
		csv_start(&re->body);
		csv_line(&re->body, message(r->lang, M_oversee_category_id),
		    message(r->lang, M_oversee_category),
		    message(r->lang, M_oversee_tier),
		    message(r->lang, M_oversee_programme),
		    message(r->lang, M_oversee_n_institutions),
		    message(r->lang, M_oversee_csv_people),
		    message(r->lang, M_oversee_completed),
		    message(r->lang, M_oversee_csv_share), NULL);
		for (row = 0; row <= s.now.rows; row++)
			for (column = 0; column <= s.now.columns; column++)
				if (is_told(&s, column))
					csv_row(r, &re->body, &s, row, column);
	}
	content_release(c);
	return e;
}
