/* The catalogue and the page of a course. */
#include "base/clock.h"
#include "http/site.h"
#include "learn/handlers.h"
#include "learn/learn.h"
#include "learn/learn.tmpl.h"
#include "learn/learn_pages.h"
#include "people/viewer.h"

const char *
minutes_text(struct arena *a, enum lang lang, int minutes)
{
	return message_count(a, lang, M_learn_minutes, minutes);
}

const char *
reviewed_text(const struct req *r, const struct course *c)
{
	struct date d;

	if (c->reviewed_on == NULL || !date_parse(c->reviewed_on, &d))
		return NULL;
	return date_text(r->arena, r->lang, date_start(d));
}

struct course_card
course_card_of(const struct req *r, const struct course_progress *p)
{
	const struct course *c = p->course;

	return (struct course_card){
	    .to = url_path(r->arena, "/courses/%s", c->id),
	    .id = c->id,
	    .title = c->title.in[r->lang],
	    .summary = c->planned ? "" : c->summary.in[r->lang],
	    .minutes =
		minutes_text(r->arena, r->lang, content_course_minutes(c)),
	    .planned = c->planned,
	    .state = p->state,
	    .done = p->done,
	    .written = p->written,
	    .due = p->due_at == 0 || p->state == COURSE_COMPLETED
		? NULL
		: message_args(r->arena, r->lang, M_learn_due_by,
		      /* due at midnight: the last day is the day before */
		      date_text(r->arena, r->lang, p->due_at - 1), NULL),
	    .overdue = p->overdue,
	};
}

/* The viewer's own tier first, then what is for everyone, then the others. */
static int
tier_rank(const struct req *r, const char *tier)
{
	if (text_eq(tier, r->viewer->tier))
		return 0;
	return text_eq(tier, "everyone") ? 1 : 2;
}

static void
fill_group(struct req *r, const struct named *tier,
    const struct course_progress *all, size_t n, struct tier_group *g)
{
	size_t i;

	g->title = tier->text.in[r->lang];
	g->anchor = tier->id;
	for (i = 0; i < n; i++)
		if (text_eq(all[i].course->tier, tier->id))
			*ARENA_PUSH(r->arena, g->cards, g->n_cards) =
			    course_card_of(r, &all[i]);
}

static void
fill_groups(struct req *r, const struct framework *f,
    const struct course_progress *all, size_t n, struct catalogue_page *p)
{
	struct tier_group *g;
	size_t i;
	int rank;

	p->groups = ARENA_ARRAY(r->arena, struct tier_group, f->n_tiers);
	for (rank = 0; rank < 3; rank++)
		for (i = 0; i < f->n_tiers; i++) {
			if (tier_rank(r, f->tiers[i].id) != rank)
				continue;
			g = &p->groups[p->n_groups];
			fill_group(r, &f->tiers[i], all, n, g);
			if (g->n_cards > 0)
				p->n_groups++;
		}
}

enum err
catalogue_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct catalogue_page p = {.search = url_path(r->arena, "/search")};
	struct course_progress *all;
	size_t n;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = progress_of_all(r->db, scope_own(r), c, r->arena, &all, &n);
	if (e == ERR_OK) {
		fill_groups(r, content_framework(c), all, n, &p);
		page_init(&p.page, r, message(r->lang, M_learn_courses));
		catalogue_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* ------------------------------------------------------------------ course */

static const char *const *
objective_texts(struct req *r, const struct module *m)
{
	const char **list;
	size_t i;

	list = ARENA_ARRAY(r->arena, const char *, m->n_objectives);
	for (i = 0; i < m->n_objectives; i++)
		list[i] = m->objectives[i].text.in[r->lang];
	return (const char *const *)list;
}

static void
fill_modules(struct req *r, const struct course_progress *progress,
    struct course_page *p)
{
	const struct course *c = progress->course;
	const struct module *m;
	struct module_line *line;
	size_t i;

	p->modules = ARENA_ARRAY(r->arena, struct module_line, c->n_modules);
	p->n_modules = c->n_modules;
	for (i = 0; i < c->n_modules; i++) {
		m = &c->modules[i];
		line = &p->modules[i];
		*line = (struct module_line){
		    .number = m->number,
		    .planned = m->planned,
		    .to = url_path(
			r->arena, "/courses/%s/%d", c->id, (int64_t)m->number),
		    .title = m->title.in[r->lang],
		    .minutes = minutes_text(r->arena, r->lang, m->minutes),
		    .objectives = objective_texts(r, m),
		    .n_objectives = m->n_objectives,
		    .opened = progress->modules[i].opened_at != 0,
		    .passed = progress->modules[i].passed_at != 0,
		    .lab = m->lab,
		};
		if (m->lab != NULL)
			line->lab_to = url_path(r->arena, "/labs/%s", m->lab);
		if (m->planned)
			p->growing = !c->planned;
	}
}

static void
fill_course(struct req *r, const struct course_progress *progress,
    struct course_page *p)
{
	const struct course *c = progress->course;

	p->card = course_card_of(r, progress);
	fill_modules(r, progress, p);
	if (progress->next_module != 0) {
		p->has_next = true;
		p->next = url_path(r->arena, "/courses/%s/%d", c->id,
		    (int64_t)progress->next_module);
	}
	if (c->exam != NULL) {
		p->has_exam = true;
		p->exam = url_path(r->arena, "/exams/%s", c->exam);
	}
	if (progress->completed_at != 0)
		p->completed_on =
		    date_text(r->arena, r->lang, progress->completed_at);
	p->reviewed_on = reviewed_text(r, c);
}

enum err
course_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct course_progress progress;
	const struct course *course;
	struct course_page p = {0};
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	course = content_course(c, param_text(r, "course"));
	e = course == NULL ? ERR_NOT_FOUND
			   : progress_of_course(r->db, scope_own(r), course,
				 r->arena, &progress);
	if (e == ERR_OK) {
		fill_course(r, &progress, &p);
		page_init(&p.page, r, course->title.in[r->lang]);
		page_back(&p.page, url_path(r->arena, "/courses"),
		    message(r->lang, M_learn_courses));
		course_page(&o, &p);
	}
	content_release(c);
	return e;
}
