/* One description of each struct, for writing and for reading. */
#include "content/codec.h"

#include "content/codec_parts.h"

static void
an_id(struct codec *c, void *p)
{
	codec_text(c, p);
	if (*(const char **)p == NULL)
		*(const char **)p = "";
}

static void
a_bilingual(struct codec *c, void *p)
{
	codec_bilingual(c, p);
}

static void
a_level(struct codec *c, void *p)
{
	struct level_of *l = p;

	an_id(c, &l->competency);
	codec_number(c, &l->level);
}

/* ------------------------------------------------------------- framework */

static void
a_named(struct codec *c, void *p)
{
	struct named *named = p;

	an_id(c, &named->id);
	codec_bilingual(c, &named->text);
}

static void
a_competency(struct codec *c, void *p)
{
	struct competency *co = p;

	an_id(c, &co->id);
	codec_bilingual(c, &co->text);
	LIST(c, co->csf, co->n_csf, an_id);
}

static void
a_role(struct codec *c, void *p)
{
	struct work_role *r = p;

	an_id(c, &r->id);
	an_id(c, &r->tier);
	codec_bilingual(c, &r->text);
	LIST(c, r->targets, r->n_targets, a_level);
}

static void
a_programme(struct codec *c, void *p)
{
	struct programme *pr = p;

	an_id(c, &pr->id);
	an_id(c, &pr->tier);
	codec_bilingual(c, &pr->text);
	LIST(c, pr->courses, pr->n_courses, an_id);
}

static void
an_edge(struct codec *c, void *p)
{
	struct edge *e = p;

	an_id(c, &e->from);
	an_id(c, &e->to);
	codec_bilingual(c, &e->text);
}

static void
framework(struct codec *c, struct framework *f)
{
	LIST(c, f->tiers, f->n_tiers, a_named);
	LIST(c, f->policy, f->n_policy, a_named);
	LIST(c, f->scope, f->n_scope, a_named);
	LIST(c, f->csf, f->n_csf, a_named);
	LIST(c, f->levels, f->n_levels, a_named);
	LIST(c, f->categories, f->n_categories, a_named);
	LIST(c, f->size_bands, f->n_size_bands, a_named);
	LIST(c, f->competencies, f->n_competencies, a_competency);
	LIST(c, f->roles, f->n_roles, a_role);
	LIST(c, f->programmes, f->n_programmes, a_programme);
	LIST(c, f->edges, f->n_edges, an_edge);
}

/* --------------------------------------------------------------- courses */

static void
an_objective(struct codec *c, void *p)
{
	struct objective *o = p;

	an_id(c, &o->id);
	codec_bilingual(c, &o->text);
}

static void
a_module(struct codec *c, void *p)
{
	struct module *m = p;

	codec_number(c, &m->number);
	codec_truth(c, &m->planned);
	codec_text(c, &m->slug);
	codec_bilingual(c, &m->title);
	codec_number(c, &m->minutes);
	LIST(c, m->objectives, m->n_objectives, an_objective);
	LIST(c, m->csf, m->n_csf, an_id);
	LIST(c, m->scope, m->n_scope, an_id);
	LIST(c, m->guideline, m->n_guideline, an_id);
	LIST(c, m->roles, m->n_roles, an_id);
	LIST(c, m->levels, m->n_levels, a_level);
	codec_text(c, &m->lab);
	codec_truth(c, &m->has_check);
	LIST(c, m->sources, m->n_sources, a_bilingual);
}

static void
a_course(struct codec *c, void *p)
{
	struct course *co = p;

	an_id(c, &co->id);
	an_id(c, &co->tier);
	codec_truth(c, &co->planned);
	codec_bilingual(c, &co->title);
	codec_bilingual(c, &co->summary);
	LIST(c, co->modules, co->n_modules, a_module);
	codec_text(c, &co->exam);
	codec_text(c, &co->reviewed_on);
	codec_text(c, &co->review_due);
}

/* ------------------------------------------------------------- questions */

static void
a_choice(struct codec *c, void *p)
{
	struct choice *ch = p;

	codec_bilingual(c, &ch->text);
	codec_truth(c, &ch->right);
}

static void
a_question(struct codec *c, void *p)
{
	struct question *q = p;
	int type = (int)q->type;

	an_id(c, &q->id);
	codec_number(c, &type);
	q->type =
	    type == QUESTION_MULTIPLE ? QUESTION_MULTIPLE : QUESTION_SINGLE;
	an_id(c, &q->objective);
	codec_number(c, &q->module);
	codec_bilingual(c, &q->text);
	LIST(c, q->choices, q->n_choices, a_choice);
	codec_bilingual(c, &q->explanation);
}

static void
a_question_set(struct codec *c, void *p)
{
	struct question_set *s = p;

	an_id(c, &s->course);
	codec_number(c, &s->module);
	LIST(c, s->list, s->n, a_question);
}

static void
a_draw(struct codec *c, void *p)
{
	struct exam_draw *d = p;

	codec_number(c, &d->module);
	codec_number(c, &d->questions);
}

static void
an_exam(struct codec *c, void *p)
{
	struct exam *e = p;

	an_id(c, &e->id);
	an_id(c, &e->course);
	codec_bilingual(c, &e->title);
	codec_number(c, &e->minutes);
	codec_number(c, &e->attempts);
	codec_number(c, &e->wait_hours);
	codec_number(c, &e->pass);
	LIST(c, e->draws, e->n_draws, a_draw);
	LIST(c, e->bank, e->n_bank, a_question);
}

/* ------------------------------------------------------------------ labs */

static void
a_lab_check(struct codec *c, void *p)
{
	struct lab_check *l = p;

	an_id(c, &l->id);
	codec_number(c, &l->points);
	codec_bilingual(c, &l->text);
}

static void
a_lab_message(struct codec *c, void *p)
{
	struct lab_message *l = p;

	an_id(c, &l->key);
	codec_bilingual(c, &l->text);
}

static void
a_lab_hint(struct codec *c, void *p)
{
	struct lab_hint *l = p;

	an_id(c, &l->id);
	codec_number(c, &l->cost);
	codec_bilingual(c, &l->text);
}

static void
a_lab_file(struct codec *c, void *p)
{
	struct lab_file_spec *l = p;

	an_id(c, &l->path);
	codec_number(c, &l->max_kb);
	codec_bilingual(c, &l->text);
}

static void
a_lab_partial(struct codec *c, void *p)
{
	struct lab_partial *part = p;

	an_id(c, &part->id);
	codec_number(c, &part->points);
}

static void
a_lab_trial(struct codec *c, struct lab_trial *t)
{
	codec_number(c, &t->seconds);
	codec_number(c, &t->memory_mb);
	codec_number(c, &t->processes);
	codec_number(c, &t->output_kb);
	codec_number(c, &t->files);
}

static void
a_lab(struct codec *c, void *p)
{
	struct lab *l = p;

	an_id(c, &l->id);
	codec_bilingual(c, &l->title);
	codec_bilingual(c, &l->summary);
	codec_number(c, &l->minutes);
	codec_number(c, &l->pass);
	codec_number(c, &l->version);
	LIST(c, l->scope, l->n_scope, an_id);
	LIST(c, l->csf, l->n_csf, an_id);
	LIST(c, l->roles, l->n_roles, an_id);
	LIST(c, l->levels, l->n_levels, a_level);
	codec_number(c, &l->limit_seconds);
	codec_number(c, &l->limit_memory_mb);
	codec_number(c, &l->limit_output_kb);
	codec_number(c, &l->limit_files);
	LIST(c, l->artefacts, l->n_artefacts, a_lab_file);
	LIST(c, l->collect, l->n_collect, a_lab_file);
	LIST(c, l->checks, l->n_checks, a_lab_check);
	LIST(c, l->messages, l->n_messages, a_lab_message);
	LIST(c, l->hints, l->n_hints, a_lab_hint);
	LIST(c, l->partial, l->n_partial, a_lab_partial);
	if (c->format >= 2)
		LIST(c, l->needs, l->n_needs, an_id);
	if (c->format >= 3)
		a_lab_trial(c, &l->trial);
}

/* ----------------------------------------------------------------- texts */

static void
a_heading(struct codec *c, void *p)
{
	struct heading *h = p;

	an_id(c, &h->anchor);
	an_id(c, &h->text);
	codec_number(c, &h->level);
}

static void
headings(struct codec *c, struct rendered in[LANG__MAX])
{
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++)
		LIST(c, in[lang].headings, in[lang].n_headings, a_heading);
}

static void
a_module_text(struct codec *c, void *p)
{
	struct module_text *t = p;

	an_id(c, &t->course);
	codec_number(c, &t->module);
	headings(c, t->in);
}

static void
a_lab_text(struct codec *c, void *p)
{
	struct lab_text *t = p;

	an_id(c, &t->lab);
	headings(c, t->in);
}

static void
a_script(struct codec *c, void *p)
{
	struct script *s = p;

	an_id(c, &s->lab);
	an_id(c, &s->name);
}

static void
codec_model(struct codec *c, struct model *m)
{
	framework(c, &m->framework);
	LIST(c, m->courses, m->n_courses, a_course);
	LIST(c, m->exams, m->n_exams, an_exam);
	LIST(c, m->labs, m->n_labs, a_lab);
	LIST(c, m->checks, m->n_checks, a_question_set);
	LIST(c, m->texts, m->n_texts, a_module_text);
	LIST(c, m->tasks, m->n_tasks, a_lab_text);
	LIST(c, m->scripts, m->n_scripts, a_script);
	if (c->format >= CODEC_FORMAT_SOLUTIONS)
		LIST(c, m->solutions, m->n_solutions, a_lab_text);
}

void
codec_write(const struct model *m, struct buf *out)
{
	struct codec c = {.out = out, .a = arena_new(), .format = CODEC_FORMAT};
	struct model copy = *m;

	codec_model(&c, &copy);
	arena_free(c.a);
}

enum err
codec_read(
    const void *bytes, size_t n, int format, struct arena *a, struct model *out)
{
	struct codec c = {.p = bytes,
	    .end = (const unsigned char *)bytes + n,
	    .a = a,
	    .format = format};

	if (format < 1 || format > CODEC_FORMAT)
		return ERR_INTERNAL;
	*out = (struct model){0};
	codec_model(&c, out);
	return c.damaged || c.p != c.end ? ERR_INTERNAL : ERR_OK;
}
