/* Fills the page of a lab: task, files, form, hints, results. */
#include "base/clock.h"
#include "base/text.h"
#include "http/site.h"
#include "lab/lab.tmpl.h"
#include "lab/lab_result.h"
#include "lab/notice_web.h"
#include "lab/shell_web.h"
#include "lab/signal.h"
#include "people/viewer.h"

#define TYPED_KB_MAX 256 /* larger ones are uploaded only */

static const char *
size_text(struct arena *a, size_t bytes)
{
	if (bytes < 1024)
		return arena_printf(a, "%zu B", bytes);
	if (bytes < 1024 * 1024)
		return arena_printf(a, "%zu KB", (bytes + 512) / 1024);
	return arena_printf(a, "%.1f MB", (double)bytes / (1024 * 1024));
}

/* ------------------------------------------------------------------- files */

static const char *
artefact_text(const struct req *r, const struct lab *lab, const char *name)
{
	size_t i;

	for (i = 0; i < lab->n_artefacts; i++)
		if (text_eq(lab->artefacts[i].path, name))
			return lab->artefacts[i].text.in[r->lang];
	return "";
}

static void
fill_artefacts(struct req *r, const struct lab_view *v, struct lab_page *p)
{
	const struct lab_file *f = v->look.artefacts;
	struct artefact_line *lines;
	size_t i;

	p->n_artefacts = v->look.n_artefacts;
	lines = ARENA_ARRAY(r->arena, struct artefact_line, p->n_artefacts);
	for (i = 0; i < p->n_artefacts; i++)
		lines[i] = (struct artefact_line){
		    .to = url_path(
			r->arena, "/labs/%s/files/%d", v->lab->id, f[i].id),
		    .name = f[i].name,
		    .text = artefact_text(r, v->lab, f[i].name),
		    .size = size_text(r->arena, f[i].size),
		};
	p->artefacts = lines;
}

/* -------------------------------------------------------------------- form */

struct answer_field *
lab_fields(struct req *r, const struct lab *lab)
{
	const struct lab_file_spec *spec;
	struct answer_field *fields;
	const char *text;
	size_t i;

	fields = ARENA_ARRAY(r->arena, struct answer_field, lab->n_collect);
	for (i = 0; i < lab->n_collect; i++) {
		spec = &lab->collect[i];
		text = spec->text.in[r->lang];
		fields[i] = (struct answer_field){
		    .name = spec->path,
		    .text = text == NULL ? "" : text,
		    .size = size_text(r->arena, (size_t)spec->max_kb * 1024),
		    .file_id = arena_printf(r->arena, "file-%zu", i),
		    .file_hint_id = arena_printf(r->arena, "file-%zu-hint", i),
		    .text_id = arena_printf(r->arena, "text-%zu", i),
		    .typed = lab_file_is_text(spec->path) &&
			spec->max_kb <= TYPED_KB_MAX,
		    .value = "",
		};
	}
	return fields;
}

/* As they were handed in last. */
static const struct answer_field *
last_fields(struct req *r, const struct lab_view *v)
{
	struct answer_field *fields = lab_fields(r, v->lab);
	const struct lab_file *f;
	size_t i, j;

	for (i = 0; i < v->lab->n_collect; i++)
		for (j = 0; j < v->look.n_answers; j++) {
			f = &v->look.answers[j];
			if (!text_eq(f->name, fields[i].name))
				continue;
			fields[i].handed_in = true;
			if (fields[i].typed && text_is_utf8(f->data, f->size))
				fields[i].value =
				    arena_strndup(r->arena, f->data, f->size);
		}
	return fields;
}

/* ------------------------------------------------------------------- hints */

static void
fill_hints(struct req *r, const struct lab_view *v, struct lab_page *p)
{
	const struct lab_hint *h = v->lab->hints;
	const char *open = v->look.run.hints;
	struct hint_line *lines;
	size_t i;

	p->n_hints = v->lab->n_hints;
	p->hint_cost = lab_hint_cost(v->lab, open);
	lines = ARENA_ARRAY(r->arena, struct hint_line, p->n_hints);
	for (i = 0; i < p->n_hints; i++) {
		lines[i] = (struct hint_line){
		    .open = url_path(
			r->arena, "/labs/%s/hints/%s", v->lab->id, h[i].id),
		    .id = h[i].id,
		    .cost = h[i].cost,
		    .is_open = lab_hint_is_open(open, h[i].id),
		    .text = "",
		};
		/* SECURITY: a closed hint does not leave the server */
		if (lines[i].is_open)
			lines[i].text = h[i].text.in[r->lang];
	}
	p->hints = lines;
}

/* -------------------------------------------------------------------- page */

/* A sentence for "A own-range v1"; NULL while it is not known. */
static const char *
isolation_text(const struct req *r, const char *isolation)
{
	if (isolation == NULL)
		return NULL;
	switch (*isolation) {
	case 'A':
		return message(r->lang, M_lab_isolation_a);
	case 'C':
		return message(r->lang, M_lab_isolation_c);
	case 'D':
		return message(r->lang, M_lab_isolation_d);
	default:
		return NULL;
	}
}

/* Of the submission whose result is shown, else of the run. */
static const char *
image_of(const struct lab_look *look)
{
	size_t n = look->n_submissions;

	while (n > 0 && look->submissions[n - 1].state != SUBMISSION_GRADED)
		n--;
	return n > 0 ? look->submissions[n - 1].image : look->run.image;
}

/* NULL: there is one. */
static const char *
no_shell_text(const struct req *r, const struct lab_view *v)
{
	const char *programs = lab_lacks(&v->isolation, v->lab->id, r->arena);

	if (programs != NULL)
		return message_args(
		    r->arena, r->lang, M_lab_missing_programs, programs, NULL);
	return shell_missing_text(r, shells_state(r->site->shells));
}

static enum err
count_points(struct req *r, const struct lab *lab, int64_t *n)
{
	struct signal *list;
	size_t count;
	enum err e;

	e = signals_own(r->db, scope_own(r), lab->id, r->arena, &list, &count);
	if (e == ERR_OK)
		*n = (int64_t)count;
	return e;
}

static void
fill_addresses(struct req *r, const struct lab *lab, struct lab_page *p)
{
	p->here = url_path(r->arena, "/labs/%s", lab->id);
	p->poll = url_path(r->arena, "/labs/%s/state", lab->id);
	p->start = url_path(r->arena, "/labs/%s/start", lab->id);
	p->submit = url_path(r->arena, "/labs/%s/submit", lab->id);
	p->shell = url_path(r->arena, "/labs/%s/box", lab->id);
	p->points = url_path(r->arena, "/labs/%s/signals", lab->id);
}

/* Practice or counted, and where the worked solution is. */
static void
fill_terms(struct req *r, const struct lab_view *v, struct lab_page *p)
{
	const struct lab_standing *s = &v->look.standing;
	size_t i;

	p->solution = url_path(r->arena, "/labs/%s/solution", v->lab->id);
	p->give_up = url_path(r->arena, "/labs/%s/give-up", v->lab->id);
	p->solution_open = lab_solution_is_open(s);
	p->may_give_up = lab_may_give_up(&v->look);
	p->passed = s->passed;
	p->solution_points = lab_points_for_solution(v->lab);
	p->practice = lab_is_practice_now(s, r->now);
	if (p->practice && !s->settled)
		p->counts_from =
		    date_time_text(r->arena, r->lang, s->counts_from_at);
	p->practice_days = LAB_PRACTICE_DAYS;
	p->level_2_points = LAB_PERCENT_FOR_2 * LAB_POINTS_MAX / 100;
	for (i = 0; i < v->lab->n_levels; i++)
		p->level_2 = p->level_2 || v->lab->levels[i].level == 2;
}

static void
show_problems(struct lab_page *p)
{
	const struct answer_field *f;
	size_t i;

	for (i = 0; i < p->n_fields; i++) {
		f = &p->fields[i];
		if (f->problem != NULL)
			page_problem(&p->page,
			    f->typed ? f->text_id : f->file_id, f->problem);
	}
}

enum err
lab_page_show(struct req *r, struct reply *re, const struct lab_view *v,
    const struct answer_field *fields, bool incomplete)
{
	struct out o = {&re->body, r->lang};
	struct lab_page p = {
	    .card = lab_card_of(
		r, v->c, v->lab, &v->look.standing, v->look.run.state),
	    .stage = lab_stage_of(&v->look),
	    .missing = lab_lacking_text(r, &v->isolation, v->lab),
	    .isolation = isolation_text(r, v->look.run.isolation),
	    .root = lab_image_text(r, image_of(&v->look)),
	    .no_shell = no_shell_text(r, v),
	    .again = v->look.standing.draw > 1,
	    .given_up = v->look.gave_up_draw != 0 &&
		v->look.standing.draw == v->look.gave_up_draw + 1,
	    .left = v->look.standing.left,
	    .fields = fields == NULL ? last_fields(r, v) : fields,
	    .n_fields = v->lab->n_collect,
	    .incomplete_offered = incomplete,
	};
	enum err e;

	p.state = lab_stage_name(p.stage);
	e = content_lab_task(v->c, v->lab->id, r->lang, r->arena, &p.task);
	if (e == ERR_OK)
		e = lab_stage_text(r, &v->look, &p.progress);
	if (e == ERR_OK)
		e = lab_fill_results(r, v, &p);
	if (e == ERR_OK)
		e = count_points(r, v->lab, &p.n_points);
	if (e == ERR_OK)
		e = notice_fill(r, scope_own(r), v->lab->id, &p.notices);
	if (e != ERR_OK)
		return e;
	fill_addresses(r, v->lab, &p);
	fill_terms(r, v, &p);
	fill_artefacts(r, v, &p);
	fill_hints(r, v, &p);
	page_init(&p.page, r, p.card.title);
	page_back(
	    &p.page, url_path(r->arena, "/labs"), message(r->lang, M_lab_labs));
	p.page.script = "lab.js";
	if (fields != NULL)
		show_problems(&p);
	lab_page(&o, &p);
	return ERR_OK;
}
