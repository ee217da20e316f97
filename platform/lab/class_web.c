/* The list of the class, as a page and as CSV. */
#include "base/clock.h"
#include "base/text.h"
#include "http/csv.h"
#include "http/site.h"
#include "lab/class.tmpl.h"
#include "lab/class_web.h"
#include "people/viewer.h"

static struct class_asked
asked_of(const struct req *r)
{
	return (struct class_asked){
	    .lab = field_value(&r->query, "lab"),
	    .course = field_value(&r->query, "course"),
	    .order = class_order_find(field_value(&r->query, "sort")),
	};
}

/* all: before the filter. */
static enum err
load(struct req *r, const struct content *c, struct class_line **out, size_t *n,
    size_t *all)
{
	struct class_asked asked;
	struct labd_status *boxes;
	size_t n_boxes;
	enum err e;

	e = class_boxes(r->site, r->arena, &boxes, &n_boxes);
	if (e == ERR_OK)
		e = class_lines(
		    r->db, scope_class(r), boxes, n_boxes, r->arena, out, n);
	if (e != ERR_OK)
		return e;
	*all = *n;
	asked = asked_of(r);
	class_choose(&asked, c, *out, n);
	return ERR_OK;
}

/* --------------------------------------------------------------------- page */

static const struct class_option *
lab_options(struct req *r, const struct content *c, size_t *n)
{
	const char *asked = field_value(&r->query, "lab");
	struct class_option *list;
	const struct lab *labs;
	size_t i, n_labs;

	labs = content_labs(c, &n_labs);
	list = ARENA_ARRAY(r->arena, struct class_option, n_labs + 1);
	list[0] = (struct class_option){
	    "", message(r->lang, M_lab_class_all), *asked == '\0'};
	for (i = 0; i < n_labs; i++)
		list[i + 1] = (struct class_option){labs[i].id,
		    arena_printf(r->arena, "%s %s", labs[i].id,
			labs[i].title.in[r->lang]),
		    text_eq(asked, labs[i].id)};
	*n = n_labs + 1;
	return list;
}

static bool
has_lab(const struct course *course)
{
	size_t i;

	for (i = 0; i < course->n_modules; i++)
		if (course->modules[i].lab != NULL)
			return true;
	return false;
}

static const struct class_option *
course_options(struct req *r, const struct content *c, size_t *n)
{
	const char *asked = field_value(&r->query, "course");
	const struct course *courses;
	struct class_option *list;
	size_t i, n_courses, at = 0;

	courses = content_courses(c, &n_courses);
	list = ARENA_ARRAY(r->arena, struct class_option, n_courses + 1);
	list[at++] = (struct class_option){
	    "", message(r->lang, M_lab_class_all), *asked == '\0'};
	for (i = 0; i < n_courses; i++)
		if (has_lab(&courses[i]))
			list[at++] = (struct class_option){courses[i].id,
			    arena_printf(r->arena, "%s %s", courses[i].id,
				courses[i].title.in[r->lang]),
			    text_eq(asked, courses[i].id)};
	*n = at;
	return list;
}

static const struct class_option *
sort_options(struct req *r)
{
	static const enum message texts[CLASS_ORDER__MAX] = {
	    [CLASS_BY_NEED] = M_lab_class_by_need,
	    [CLASS_BY_NUMBER] = M_lab_class_by_number,
	    [CLASS_BY_LAB] = M_lab_class_by_lab,
	    [CLASS_BY_STATE] = M_lab_class_by_state,
	};
	const enum class_order asked = asked_of(r).order;
	struct class_option *list;
	enum class_order o;

	list = ARENA_ARRAY(r->arena, struct class_option, CLASS_ORDER__MAX);
	for (o = 0; o < CLASS_ORDER__MAX; o++)
		list[o] = (struct class_option){class_order_name(o),
		    message(r->lang, texts[o]), o == asked};
	return list;
}

static struct url
with_query(struct req *r, struct url u)
{
	static const char *const names[] = {"lab", "course", "sort"};
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = field_value(&r->query, names[i]);
		if (*value != '\0')
			u = url_query(r->arena, u, names[i], value);
	}
	return u;
}

static enum err
fill_rows(struct req *r, const struct content *c, const struct class_line *list,
    size_t n, struct class_page *p)
{
	struct class_row *rows;
	enum err e = ERR_OK;
	size_t i;

	rows = ARENA_ARRAY(r->arena, struct class_row, n);
	for (i = 0; i < n && e == ERR_OK; i++) {
		e = class_row_fill(r, c, &list[i], &rows[i]);
		p->n_working += list[i].live;
		p->n_stuck += list[i].stuck;
	}
	p->rows = rows;
	p->n_rows = n;
	return e;
}

static void
fill_page(struct req *r, const struct content *c, struct class_page *p)
{
	bool managed = viewer_is(r->viewer, ROLE_TRAINING_MANAGER);

	p->self = url_path(r->arena, "/institution/labs");
	p->csv = with_query(r, url_path(r->arena, "/institution/labs.csv"));
	p->at = date_time_text(r->arena, r->lang, r->now);
	p->stuck_minutes = arena_printf(
	    r->arena, "%lld", (long long)(CLASS_STUCK_MS / MINUTE_MS));
	p->labs = lab_options(r, c, &p->n_labs);
	p->courses = course_options(r, c, &p->n_courses);
	p->sorts = sort_options(r);
	p->n_sorts = CLASS_ORDER__MAX;
	page_init(&p->page, r, message(r->lang, M_lab_class));
	page_back(&p->page, url_path(r->arena, managed ? "/institution" : "/"),
	    message(r->lang,
		managed ? M_lab_class_to_institution : M_lab_class_to_home));
	p->page.wide = true;
	p->page.script = "class.js";
}

enum err
class_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct class_page p = {0};
	struct class_line *list;
	size_t n, all;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = load(r, c, &list, &n, &all)) == ERR_OK &&
	    (e = fill_rows(r, c, list, n, &p)) == ERR_OK) {
		p.cut = all == CLASS_LINES_MAX;
		p.filtered = n < all;
		fill_page(r, c, &p);
		class_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* ---------------------------------------------------------------------- CSV */

static const enum message states[CLASS__MAX] = {
    [CLASS_PREPARING] = M_lab_class_preparing,
    [CLASS_FAILED] = M_lab_class_failed,
    [CLASS_READY] = M_lab_class_ready,
    [CLASS_WORKING] = M_lab_class_working,
    [CLASS_GRADING] = M_lab_class_grading,
    [CLASS_MOVED] = M_lab_class_moved,
    [CLASS_PASSED] = M_lab_class_passed,
};

static const char *
number(struct req *r, bool known, int64_t n)
{
	return known ? arena_printf(r->arena, "%lld", (long long)n) : "";
}

static enum err
csv_row(struct req *r, struct buf *b, const struct content *c,
    const struct class_line *line)
{
	struct class_row row;
	enum err e;

	if ((e = class_row_fill(r, c, line, &row)) != ERR_OK)
		return e;
	csv_line(b, row.number, row.name, row.department, row.lab, row.title,
	    number(r, true, row.draw), message(r->lang, states[row.state]),
	    row.stuck ? message(r->lang, M_lab_class_stuck) : "",
	    number(r, row.scored, row.met), number(r, row.scored, row.checks),
	    number(r, row.scored, row.points),
	    number(r, line->standing.scored, line->standing.best),
	    number(r, true, row.n_hints),
	    date_time_iso(r->arena, line->active_at), NULL);
	return ERR_OK;
}

enum err
class_csv_get(struct req *r, struct reply *re)
{
	static const enum message heads[] = {M_lab_class_number,
	    M_lab_class_person, M_lab_class_department, M_lab_class_lab_id,
	    M_lab_class_lab, M_lab_class_draw, M_lab_class_state,
	    M_lab_class_stuck, M_lab_class_met, M_lab_class_checks_all,
	    M_lab_points, M_lab_best, M_lab_hints, M_lab_class_active};
	struct content *c = content_current(r->site->content);
	struct class_line *list;
	size_t i, n, all;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = load(r, c, &list, &n, &all)) == ERR_OK) {
		reply_download(r, re, "text/csv; charset=utf-8", "labs.csv");
		csv_start(&re->body);
		for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
			csv_cell(&re->body, message(r->lang, heads[i]), i == 0);
		csv_end_line(&re->body);
		for (i = 0; i < n && e == ERR_OK; i++)
			e = csv_row(r, &re->body, c, &list[i]);
	}
	content_release(c);
	return e;
}
