/* A row of the ledger in words. */
#include <stdlib.h>
#include <string.h>

#include "career/handlers.h"
#include "http/message.h"
#include "http/request.h"

static const char *
course_title(const struct req *r, const struct content *c, const char *id)
{
	const struct course *course = content_course(c, id);

	return course == NULL ? "" : course->title.in[r->lang];
}

/* thing: E-101/2 */
static const char *
module_text(const struct req *r, const struct content *c, const char *thing)
{
	const char *slash = strchr(thing, '/');
	const struct course *course;
	const struct module *m;

	if (slash == NULL)
		return thing;
	course = content_course(
	    c, arena_strndup(r->arena, thing, (size_t)(slash - thing)));
	m = course == NULL ? NULL : content_module(course, atoi(slash + 1));
	return message_args(r->arena, r->lang, M_career_by_check, thing,
	    m == NULL ? "" : m->title.in[r->lang], NULL);
}

static const char *
programme_title(const struct req *r, const struct content *c, const char *id)
{
	const struct programme *p = content_programme(c, id);

	return p == NULL ? id : p->text.in[r->lang];
}

static const char *
competency_name(const struct req *r, const struct content *c, const char *id)
{
	const struct framework *f = content_framework(c);
	size_t i;

	for (i = 0; i < f->n_competencies; i++)
		if (text_eq(f->competencies[i].id, id))
			return f->competencies[i].text.in[r->lang];
	return "";
}

const char *
evidence_text(
    const struct req *r, const struct content *c, const struct evidence *ev)
{
	static const struct {
		const char *source;
		enum message text;
	} courses[] = {
	    {"exam", M_career_by_exam},
	    {"course", M_career_by_course},
	    {"certificate", M_career_by_certificate},
	};
	const struct lab *lab;
	size_t i;

	for (i = 0; i < sizeof(courses) / sizeof(courses[0]); i++)
		if (text_eq(ev->source, courses[i].source))
			return message_args(r->arena, r->lang, courses[i].text,
			    ev->thing, course_title(r, c, ev->thing), NULL);
	if (text_eq(ev->source, "check"))
		return module_text(r, c, ev->thing);
	if (text_eq(ev->source, "programme"))
		return message_args(r->arena, r->lang, M_career_by_programme,
		    programme_title(r, c, ev->thing), NULL);
	if (text_eq(ev->source, "confirmation"))
		return message_args(r->arena, r->lang, M_career_by_confirmation,
		    ev->thing, competency_name(r, c, ev->thing), NULL);
	lab = content_lab(c, ev->thing);
	if (text_eq(ev->source, "lab"))
		return message_args(r->arena, r->lang, M_career_by_lab,
		    ev->thing, lab == NULL ? "" : lab->title.in[r->lang], NULL);
	return ev->thing;
}

const char *
evidence_score(struct arena *a, const struct evidence *ev)
{
	if (ev->points_max <= 0)
		return "";
	return arena_printf(
	    a, "%lld %%", (long long)(ev->points * 100 / ev->points_max));
}
