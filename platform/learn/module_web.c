/* The page of a module: the text, and where to go from here. */
#include <stdio.h>

#include "http/later.h"
#include "http/site.h"
#include "learn/handlers.h"
#include "learn/learn.h"
#include "learn/learn.tmpl.h"
#include "learn/learn_pages.h"
#include "people/viewer.h"

/* ---------------------------------------- that the module was opened, later */

struct opened {
	int64_t person, now;
	int module;
	char course[16], manifest[128];
};

static enum err
write_opened(struct db *db, void *context)
{
	const struct opened *o = context;

	return progress_opened_in(
	    db, o->person, o->course, o->module, o->manifest, o->now);
}

static void
opened_later(struct req *r, const struct content *c,
    const struct course *course, int module)
{
	struct opened o = {
	    .person = r->viewer->person,
	    .module = module,
	    .now = r->now,
	};

	(void)snprintf(o.course, sizeof(o.course), "%s", course->id);
	(void)snprintf(
	    o.manifest, sizeof(o.manifest), "%s", content_manifest(c));
	write_later(r, write_opened, &o, sizeof(o));
}

/* -------------------------------------------------------------------- page */

static void
fill_lists(struct req *r, const struct course *course, const struct module *m,
    struct module_page *p)
{
	const char **objectives, **sources;
	size_t i;

	objectives = ARENA_ARRAY(r->arena, const char *, m->n_objectives);
	for (i = 0; i < m->n_objectives; i++)
		objectives[i] = m->objectives[i].text.in[r->lang];
	sources = ARENA_ARRAY(r->arena, const char *, m->n_sources);
	for (i = 0; i < m->n_sources; i++)
		sources[i] = m->sources[i].in[r->lang];
	p->objectives = (const char *const *)objectives;
	p->n_objectives = m->n_objectives;
	p->sources = (const char *const *)sources;
	p->n_sources = m->n_sources;
	p->heading_urls = ARENA_ARRAY(r->arena, struct url, p->n_headings);
	for (i = 0; i < p->n_headings; i++)
		p->heading_urls[i] = url_fragment(r->arena,
		    url_path(r->arena, "/courses/%s/%d", course->id,
			(int64_t)m->number),
		    p->headings[i].anchor);
}

static void
fill_neighbours(struct req *r, const struct course *course, size_t at,
    struct module_page *p)
{
	const struct module *m;
	size_t i;

	for (i = at; i-- > 0;) {
		m = &course->modules[i];
		if (m->planned)
			continue;
		p->has_previous = true;
		p->previous = url_path(
		    r->arena, "/courses/%s/%d", course->id, (int64_t)m->number);
		p->previous_title = m->title.in[r->lang];
		break;
	}
	for (i = at + 1; i < course->n_modules; i++) {
		m = &course->modules[i];
		if (m->planned)
			continue;
		p->has_next = true;
		p->next = url_path(
		    r->arena, "/courses/%s/%d", course->id, (int64_t)m->number);
		p->next_title = m->title.in[r->lang];
		break;
	}
}

static enum err
fill_module(struct req *r, const struct content *c, const struct course *course,
    const struct module *m, struct module_page *p)
{
	struct course_progress progress;
	size_t at = (size_t)(m - course->modules);
	enum err e;

	e = progress_of_course(
	    r->db, scope_own(r), course, r->arena, &progress);
	if (e != ERR_OK)
		return e;
	e = content_module_text(c, course->id, m->number, r->lang, r->arena,
	    &p->text, &p->headings, &p->n_headings);
	if (e != ERR_OK)
		return e;
	fill_lists(r, course, m, p);
	fill_neighbours(r, course, at, p);
	p->course = url_path(r->arena, "/courses/%s", course->id);
	p->course_title = course->title.in[r->lang];
	p->number = m->number;
	p->of = (int)course->n_modules;
	p->minutes = minutes_text(r->arena, r->lang, m->minutes);
	p->has_check = m->has_check;
	p->check = url_path(
	    r->arena, "/courses/%s/%d/check", course->id, (int64_t)m->number);
	p->passed = progress.modules[at].passed_at != 0;
	p->has_lab = m->lab != NULL;
	p->lab_id = m->lab;
	if (p->has_lab)
		p->lab = url_path(r->arena, "/labs/%s", m->lab);
	p->revision = arena_strndup(r->arena, content_commit(c), 10);
	p->reviewed_on = reviewed_text(r, course);
	if (progress.modules[at].opened_at == 0)
		opened_later(r, c, course, m->number);
	return ERR_OK;
}

enum err
module_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	const struct course *course;
	const struct module *m = NULL;
	struct module_page p = {0};
	int64_t number;
	enum err e = ERR_NOT_FOUND;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	course = content_course(c, param_text(r, "course"));
	if (course != NULL && text_to_int(param_text(r, "module"), &number) &&
	    number <= INT32_MAX)
		m = content_module(course, (int)number);
	if (m != NULL && !m->planned)
		e = fill_module(r, c, course, m, &p);
	if (e == ERR_OK) {
		page_init(&p.page, r, m->title.in[r->lang]);
		page_back(&p.page, p.course, p.course_title);
		p.page.script = "module.js";
		module_page(&o, &p);
	}
	content_release(c);
	return e;
}
