/* The institutions of a supervisor's scope, as a list. */
#include <stdlib.h>

#include "http/site.h"
#include "oversee/handlers.h"
#include "oversee/oversee.tmpl.h"
#include "oversee/show.h"
#include "people/viewer.h"

#define LINES_PER_PAGE 50

typedef int comparison(const void *a, const void *b);

static int
by_number(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

/* Ties stay in the order of ids. */
static int
by_id(const struct institution_counts *x, const struct institution_counts *y)
{
	return by_number(x->id, y->id);
}

static int
by_people(const void *a, const void *b)
{
	const struct institution_counts *x = a, *y = b;
	int d = by_number(y->people, x->people);

	return d != 0 ? d : by_id(x, y);
}

/* The least first: that is where to look. Nobody there comes last. */
static int
by_share(const void *a, const void *b)
{
	const struct institution_counts *x = a, *y = b;
	int d;

	if (x->all.people == 0 || y->all.people == 0)
		d = by_number(x->all.people == 0, y->all.people == 0);
	else
		d = by_number(
		    x->all.done * y->all.people, y->all.done * x->all.people);
	return d != 0 ? d : by_id(x, y);
}

static int
by_overdue(const void *a, const void *b)
{
	const struct institution_counts *x = a, *y = b;
	int d = by_number(y->overdue, x->overdue);

	return d != 0 ? d : by_id(x, y);
}

static const struct {
	const char *name;
	enum message text;
	comparison *compare; /* NULL: as registered */
} sorts[SORTS] = {
    {"", M_oversee_sort_registered, NULL},
    {"share", M_oversee_sort_share, by_share},
    {"overdue", M_oversee_sort_overdue, by_overdue},
    {"people", M_oversee_sort_people, by_people},
};

static struct url
list_at(
    const struct req *r, const char *category, const char *sort, int64_t from)
{
	struct url u = url_path(r->arena, "/sector/institutions");

	if (*category != '\0')
		u = url_query(r->arena, u, "category", category);
	if (*sort != '\0')
		u = url_query(r->arena, u, "sort", sort);
	if (from > 0)
		u = url_query(r->arena, u, "from",
		    arena_printf(r->arena, "%lld", (long long)from));
	return u;
}

/* Those of the category, in the order asked for. */
static size_t
choose(struct sector *s, const char *category, size_t sort)
{
	size_t i, n = 0;

	for (i = 0; i < s->n_institutions; i++)
		if (*category == '\0' ||
		    text_eq(s->institutions[i].category, category))
			s->institutions[n++] = s->institutions[i];
	if (sorts[sort].compare != NULL && n > 1)
		qsort(s->institutions, n, sizeof(*s->institutions),
		    sorts[sort].compare);
	return n;
}

static void
fill_lines(struct req *r, const struct framework *f,
    const struct institution_counts *list, size_t n,
    struct institutions_page *p)
{
	size_t i;

	p->lines = ARENA_ARRAY(r->arena, struct institution_line, n);
	p->n_lines = n;
	for (i = 0; i < n; i++)
		p->lines[i] = (struct institution_line){
		    .to = url_path(
			r->arena, "/sector/institutions/%d", list[i].id),
		    .name = list[i].name.in[r->lang],
		    .category = show_category(r, f, list[i].category),
		    .size_band = show_size_band(r, f, list[i].size_band),
		    .all = show_cell(list[i].all.people, list[i].all.done),
		    .overdue = list[i].overdue,
		};
}

static void
fill_choices(struct req *r, const struct sector *s, const char *category,
    size_t sort, struct institutions_page *p)
{
	size_t i;

	p->categories =
	    ARENA_ARRAY(r->arena, struct choice_option, s->n_categories + 1);
	p->n_categories = s->n_categories + 1;
	p->categories[0] = (struct choice_option){
	    "", message(r->lang, M_oversee_all_categories), *category == '\0'};
	for (i = 0; i < s->n_categories; i++)
		p->categories[i + 1] = (struct choice_option){
		    s->categories[i]->id, s->categories[i]->text.in[r->lang],
		    text_eq(category, s->categories[i]->id)};
	for (i = 0; i < SORTS; i++)
		p->sorts[i] =
		    (struct sort_link){list_at(r, category, sorts[i].name, 0),
			message(r->lang, sorts[i].text), i == sort};
	p->sort = sorts[sort].name;
	p->self = url_path(r->arena, "/sector/institutions");
}

static void
fill_list(struct req *r, const struct framework *f, struct sector *s,
    struct institutions_page *p)
{
	const char *category = field_value(&r->query, "category");
	size_t i, n, sort = 0;
	int64_t from;

	for (i = 0; i < SORTS; i++)
		if (text_eq(field_value(&r->query, "sort"), sorts[i].name))
			sort = i;
	fill_choices(r, s, category, sort, p);
	n = choose(s, category, sort);
	p->total = (int64_t)n;
	if (!text_to_int(field_value(&r->query, "from"), &from) ||
	    from >= p->total)
		from = 0;
	p->last =
	    from + LINES_PER_PAGE < p->total ? from + LINES_PER_PAGE : p->total;
	fill_lines(r, f, s->institutions + from, (size_t)(p->last - from), p);
	p->first = n == 0 ? 0 : from + 1;
	p->has_previous = from > 0;
	p->previous = list_at(r, category, sorts[sort].name,
	    from > LINES_PER_PAGE ? from - LINES_PER_PAGE : 0);
	p->has_next = p->last < p->total;
	p->next = list_at(r, category, sorts[sort].name, p->last);
}

enum err
institutions_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct institutions_page p = {0};
	struct sector s;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = sector_load(r->db, scope_supervised(r), c, "", r->arena, &s);
	if (e == ERR_OK) {
		page_init(&p.page, r, message(r->lang, M_oversee_institutions));
		page_back(&p.page, url_path(r->arena, "/sector"),
		    message(r->lang, M_oversee_sector));
		p.page.wide = true;
		fill_list(r, content_framework(c), &s, &p);
		institutions_page(&o, &p);
	}
	content_release(c);
	return e;
}
