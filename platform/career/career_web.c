/* My page: who I am here, what I can show, and what comes next. */
#include "base/clock.h"
#include "career/career.tmpl.h"
#include "career/career_pages.h"
#include "career/handlers.h"
#include "certify/certify.h"
#include "http/site.h"
#include "people/person.h"
#include "people/viewer.h"

#define LARGEST_GAPS 3

/* ------------------------------------------------------------------ a line */

static struct url
evidence_url(const struct req *r, const struct evidence *ev)
{
	if (text_eq(ev->source, "lab"))
		return url_path(r->arena, "/labs/%s", ev->thing);
	if (ev->reference != 0 && !text_eq(ev->source, "confirmation"))
		return url_path(r->arena, "/attempts/%d", ev->reference);
	return (struct url){NULL};
}

static void
fill_evidence(const struct req *r, const struct content *c,
    const struct standing *s, struct standing_line *line)
{
	const struct evidence *ev;
	size_t i;

	line->n_evidence = s->n_evidence;
	line->evidence =
	    ARENA_ARRAY(r->arena, struct evidence_line, s->n_evidence);
	for (i = 0; i < s->n_evidence; i++) {
		ev = &s->evidence[i]->ev;
		line->evidence[i] = (struct evidence_line){
		    .text = evidence_text(r, c, ev),
		    .at = date_text(r->arena, r->lang, ev->at),
		    .score = evidence_score(r->arena, ev),
		    .to = evidence_url(r, ev),
		};
	}
}

static void
fill_courses(
    const struct req *r, const struct standing *s, struct standing_line *line)
{
	const struct suggestion *from;
	size_t i;

	line->n_courses = s->n_suggestions;
	line->courses =
	    ARENA_ARRAY(r->arena, struct course_line, s->n_suggestions);
	for (i = 0; i < s->n_suggestions; i++) {
		from = &s->suggestions[i];
		line->courses[i] = (struct course_line){
		    .to = url_path(r->arena, "/courses/%s", from->course->id),
		    .id = from->course->id,
		    .title = from->course->title.in[r->lang],
		    .planned = from->planned,
		    .mandatory = from->mandatory,
		};
	}
}

static const char *
level_words(const struct req *r, const struct framework *f, int level)
{
	const struct named *named;

	named = content_named_in(
	    f->levels, f->n_levels, arena_printf(r->arena, "%d", level));
	return named == NULL ? "" : named->text.in[r->lang];
}

/* What is missing after the first steps; NULL: the courses say enough. */
static const char *
missing_text(const struct req *r, const struct standing *s)
{
	if (s->shown == 0 && s->has_lab)
		return message(r->lang, M_career_missing_check_first);
	if (s->shown != 1 || s->target < 2)
		return NULL;
	if (standing_waits(s))
		return message(r->lang,
		    s->decision == NULL ? M_career_missing_confirmation
					: M_career_missing_experience);
	if (s->has_lab)
		return message(r->lang, M_career_missing_check);
	return message(r->lang, M_career_missing_lab);
}

/* Who confirmed when, or what is still asked for; NULL: nothing was said. */
static const char *
said_text(const struct req *r, const struct standing *s)
{
	const struct decision *d = s->decision;

	if (d == NULL)
		return NULL;
	if (d->confirmed)
		return message_args(r->arena, r->lang, M_career_said_confirmed,
		    date_text(r->arena, r->lang, d->at), d->by, NULL);
	return message_args(r->arena, r->lang, M_career_said_not_yet,
	    date_text(r->arena, r->lang, d->at), d->by, d->note, NULL);
}

static struct standing_line *
standing_lines(const struct req *r, const struct content *c,
    const struct standing *list, size_t n)
{
	const struct framework *f = content_framework(c);
	struct standing_line *lines;
	const struct standing *s;
	size_t i;

	lines = ARENA_ARRAY(r->arena, struct standing_line, n);
	for (i = 0; i < n; i++) {
		s = &list[i];
		lines[i] = (struct standing_line){
		    .id = s->competency->id,
		    .name = s->competency->text.in[r->lang],
		    .target = s->target,
		    .shown = s->shown,
		    .gap = s->gap,
		    .target_words = level_words(r, f, s->target),
		    /* 0 is "not needed" on the scale of targets */
		    .shown_words = s->shown == 0
			? message(r->lang, M_career_not_shown)
			: level_words(r, f, s->shown),
		    .missing = missing_text(r, s),
		    .said = said_text(r, s),
		};
		fill_evidence(r, c, s, &lines[i]);
		fill_courses(r, s, &lines[i]);
	}
	return lines;
}

/* ----------------------------------------------------------------- the page */

static const char *
tier_name(const struct req *r, const struct framework *f, const char *tier)
{
	const struct named *named;

	named = content_named_in(f->tiers, f->n_tiers, tier);
	return named == NULL ? "" : named->text.in[r->lang];
}

static void
fill_paths(const struct req *r, const struct content *c,
    const struct work_role *role, struct me_page *p)
{
	const struct framework *f = content_framework(c);
	const struct work_role *to;
	size_t i;

	for (i = 0; i < f->n_edges; i++) {
		if (!text_eq(f->edges[i].from, role->id) ||
		    (to = content_role(c, f->edges[i].to)) == NULL)
			continue;
		*ARENA_PUSH(r->arena, p->paths, p->n_paths) =
		    (struct path_line){
			.role = to->text.in[r->lang],
			.tier = tier_name(r, f, to->tier),
			.condition = f->edges[i].text.in[r->lang],
		    };
	}
}

static void
fill_career(const struct req *r, const struct content *c,
    const struct career *career, struct me_page *p)
{
	const struct framework *f = content_framework(c);

	p->levels = f->levels;
	p->n_levels = f->n_levels;
	p->n_targets = career->n_targets;
	p->on_target = career->on_target;
	p->targets = standing_lines(r, c, career->targets, career->n_targets);
	p->others = standing_lines(r, c, career->others, career->n_others);
	p->n_others = career->n_others;
	while (p->n_largest < LARGEST_GAPS &&
	    p->n_largest < career->n_targets &&
	    career->targets[p->n_largest].gap > 0)
		p->n_largest++;
	p->role = p->tier = "";
	if (career->role == NULL)
		return;
	p->has_role = true;
	p->role = career->role->text.in[r->lang];
	p->tier = tier_name(r, f, career->role->tier);
	fill_paths(r, c, career->role, p);
}

static enum err
fill_person(const struct req *r, struct me_page *p)
{
	struct certificate *certificates;
	struct membership m;
	enum err e;

	p->name = r->viewer->name;
	p->organisation = r->viewer->organisation == 0
	    ? ""
	    : r->viewer->organisation_name.in[r->lang];
	p->department = "";
	e = membership_of(r->db, scope_own(r), r->viewer->person, r->arena, &m);
	if (e == ERR_OK)
		p->department = m.department;
	else if (e != ERR_NOT_FOUND)
		return e;
	return certificates_of(r->db, scope_own(r), r->viewer->person, r->arena,
	    &certificates, &p->n_certificates);
}

enum err
me_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct me_page p = {
	    .certificates = url_path(r->arena, "/certificates"),
	    .csv = url_path(r->arena, "/me.csv"),
	    .courses = url_path(r->arena, "/courses"),
	};
	struct out o = {&re->body, r->lang};
	struct career career;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = career_of(r->db, scope_own(r), c, r->viewer->work_role,
	    r->viewer->tier, r->arena, &career);
	if (e == ERR_OK)
		e = fill_person(r, &p);
	if (e == ERR_OK)
		e = next_step(r, &career, &p.next_step);
	if (e == ERR_OK) {
		fill_career(r, c, &career, &p);
		page_init(&p.page, r, message(r->lang, M_career_me));
		p.page.wide = true;
		me_page(&o, &p);
	}
	content_release(c);
	return e;
}
