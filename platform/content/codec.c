/* One description of each struct, for writing and for reading. */
#include "content/codec.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ELEMENTS_MAX ((uint64_t)1000000)

struct codec {
	struct buf *out; /* writing; NULL: reading */
	const unsigned char *p, *end;
	struct arena *a;
	int format;
	bool damaged;
};

static void
put_number(struct codec *c, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_putc(c->out, (char)(v | 0x80));
	buf_putc(c->out, (char)v);
}

static uint64_t
get_number(struct codec *c)
{
	uint64_t v = 0;
	unsigned shift;

	for (shift = 0; c->p < c->end && shift < 63; shift += 7) {
		v |= (uint64_t)(*c->p & 0x7f) << shift;
		if ((*c->p++ & 0x80) == 0)
			return v;
	}
	c->damaged = true;
	return 0;
}

/* Our numbers are never negative. */
static void
number(struct codec *c, int *v)
{
	uint64_t got;

	if (c->out != NULL) {
		put_number(c, (uint64_t)*v);
		return;
	}
	got = get_number(c);
	if (got > INT_MAX)
		c->damaged = true;
	else
		*v = (int)got;
}

static void
truth(struct codec *c, bool *v)
{
	int i = *v;

	number(c, &i);
	*v = i != 0;
}

/* NULL and "" stay apart: the length is stored plus one. */
static void
text(struct codec *c, const char **s)
{
	uint64_t n;

	if (c->out != NULL) {
		put_number(c, *s == NULL ? 0 : strlen(*s) + 1);
		if (*s != NULL)
			buf_puts(c->out, *s);
		return;
	}
	*s = NULL;
	if ((n = get_number(c)) == 0)
		return;
	if (n - 1 > (uint64_t)(c->end - c->p)) {
		c->damaged = true;
		return;
	}
	*s = arena_strndup(c->a, (const char *)c->p, n - 1);
	c->p += n - 1;
}

static void
bilingual(struct codec *c, struct bilingual *b)
{
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		text(c, &b->in[lang]);
		if (b->in[lang] == NULL)
			b->in[lang] = "";
	}
}

/* Answers where the list is: as it was when writing, new when reading. */
static void *
list(struct codec *c, const void *elements, size_t *n, size_t size,
    void (*one)(struct codec *, void *))
{
	unsigned char *own;
	uint64_t count;
	size_t i;

	if (c->out != NULL) {
		/* A copy: descriptions take elements they could change. */
		own = arena_array(c->a, *n, size);
		if (*n > 0)
			memcpy(own, elements, *n * size);
		put_number(c, *n);
	} else {
		count = get_number(c);
		/* An element takes a byte at least. */
		if (count > ELEMENTS_MAX || count > (uint64_t)(c->end - c->p)) {
			c->damaged = true;
			count = 0;
		}
		*n = (size_t)count;
		own = arena_array(c->a, *n, size);
	}
	for (i = 0; i < *n && !c->damaged; i++)
		one(c, own + i * size);
	return own;
}

#define LIST(c, list_, n, one)                                                 \
	((list_) = list((c), (list_), &(n), sizeof(*(list_)), (one)))

static void
an_id(struct codec *c, void *p)
{
	text(c, p);
	if (*(const char **)p == NULL)
		*(const char **)p = "";
}

static void
a_bilingual(struct codec *c, void *p)
{
	bilingual(c, p);
}

static void
a_level(struct codec *c, void *p)
{
	struct level_of *l = p;

	an_id(c, &l->competency);
	number(c, &l->level);
}

/* ------------------------------------------------------------- framework */

static void
a_named(struct codec *c, void *p)
{
	struct named *named = p;

	an_id(c, &named->id);
	bilingual(c, &named->text);
}

static void
a_competency(struct codec *c, void *p)
{
	struct competency *co = p;

	an_id(c, &co->id);
	bilingual(c, &co->text);
	LIST(c, co->csf, co->n_csf, an_id);
}

static void
a_role(struct codec *c, void *p)
{
	struct work_role *r = p;

	an_id(c, &r->id);
	an_id(c, &r->tier);
	bilingual(c, &r->text);
	LIST(c, r->targets, r->n_targets, a_level);
}

static void
a_programme(struct codec *c, void *p)
{
	struct programme *pr = p;

	an_id(c, &pr->id);
	an_id(c, &pr->tier);
	bilingual(c, &pr->text);
	LIST(c, pr->courses, pr->n_courses, an_id);
}

static void
an_edge(struct codec *c, void *p)
{
	struct edge *e = p;

	an_id(c, &e->from);
	an_id(c, &e->to);
	bilingual(c, &e->text);
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
	bilingual(c, &o->text);
}

static void
a_module(struct codec *c, void *p)
{
	struct module *m = p;

	number(c, &m->number);
	truth(c, &m->planned);
	text(c, &m->slug);
	bilingual(c, &m->title);
	number(c, &m->minutes);
	LIST(c, m->objectives, m->n_objectives, an_objective);
	LIST(c, m->csf, m->n_csf, an_id);
	LIST(c, m->scope, m->n_scope, an_id);
	LIST(c, m->guideline, m->n_guideline, an_id);
	LIST(c, m->roles, m->n_roles, an_id);
	LIST(c, m->levels, m->n_levels, a_level);
	text(c, &m->lab);
	truth(c, &m->has_check);
	LIST(c, m->sources, m->n_sources, a_bilingual);
}

static void
a_course(struct codec *c, void *p)
{
	struct course *co = p;

	an_id(c, &co->id);
	an_id(c, &co->tier);
	truth(c, &co->planned);
	bilingual(c, &co->title);
	bilingual(c, &co->summary);
	LIST(c, co->modules, co->n_modules, a_module);
	text(c, &co->exam);
	text(c, &co->reviewed_on);
	text(c, &co->review_due);
}

/* ------------------------------------------------------------- questions */

static void
a_choice(struct codec *c, void *p)
{
	struct choice *ch = p;

	bilingual(c, &ch->text);
	truth(c, &ch->right);
}

static void
a_question(struct codec *c, void *p)
{
	struct question *q = p;
	int type = (int)q->type;

	an_id(c, &q->id);
	number(c, &type);
	q->type =
	    type == QUESTION_MULTIPLE ? QUESTION_MULTIPLE : QUESTION_SINGLE;
	an_id(c, &q->objective);
	number(c, &q->module);
	bilingual(c, &q->text);
	LIST(c, q->choices, q->n_choices, a_choice);
	bilingual(c, &q->explanation);
}

static void
a_question_set(struct codec *c, void *p)
{
	struct question_set *s = p;

	an_id(c, &s->course);
	number(c, &s->module);
	LIST(c, s->list, s->n, a_question);
}

static void
a_draw(struct codec *c, void *p)
{
	struct exam_draw *d = p;

	number(c, &d->module);
	number(c, &d->questions);
}

static void
an_exam(struct codec *c, void *p)
{
	struct exam *e = p;

	an_id(c, &e->id);
	an_id(c, &e->course);
	bilingual(c, &e->title);
	number(c, &e->minutes);
	number(c, &e->attempts);
	number(c, &e->wait_hours);
	number(c, &e->pass);
	LIST(c, e->draws, e->n_draws, a_draw);
	LIST(c, e->bank, e->n_bank, a_question);
}

/* ------------------------------------------------------------------ labs */

static void
a_lab_check(struct codec *c, void *p)
{
	struct lab_check *l = p;

	an_id(c, &l->id);
	number(c, &l->points);
	bilingual(c, &l->text);
}

static void
a_lab_message(struct codec *c, void *p)
{
	struct lab_message *l = p;

	an_id(c, &l->key);
	bilingual(c, &l->text);
}

static void
a_lab_hint(struct codec *c, void *p)
{
	struct lab_hint *l = p;

	an_id(c, &l->id);
	number(c, &l->cost);
	bilingual(c, &l->text);
}

static void
a_lab_file(struct codec *c, void *p)
{
	struct lab_file_spec *l = p;

	an_id(c, &l->path);
	number(c, &l->max_kb);
	bilingual(c, &l->text);
}

static void
a_lab(struct codec *c, void *p)
{
	struct lab *l = p;

	an_id(c, &l->id);
	bilingual(c, &l->title);
	bilingual(c, &l->summary);
	number(c, &l->minutes);
	number(c, &l->pass);
	number(c, &l->version);
	LIST(c, l->scope, l->n_scope, an_id);
	LIST(c, l->csf, l->n_csf, an_id);
	LIST(c, l->roles, l->n_roles, an_id);
	LIST(c, l->levels, l->n_levels, a_level);
	number(c, &l->limit_seconds);
	number(c, &l->limit_memory_mb);
	number(c, &l->limit_output_kb);
	number(c, &l->limit_files);
	LIST(c, l->artefacts, l->n_artefacts, a_lab_file);
	LIST(c, l->collect, l->n_collect, a_lab_file);
	LIST(c, l->checks, l->n_checks, a_lab_check);
	LIST(c, l->messages, l->n_messages, a_lab_message);
	LIST(c, l->hints, l->n_hints, a_lab_hint);
}

/* ----------------------------------------------------------------- texts */

static void
a_heading(struct codec *c, void *p)
{
	struct heading *h = p;

	an_id(c, &h->anchor);
	an_id(c, &h->text);
	number(c, &h->level);
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
	number(c, &t->module);
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

	if (format != CODEC_FORMAT)
		return ERR_INTERNAL;
	*out = (struct model) {0};
	codec_model(&c, out);
	return c.damaged || c.p != c.end ? ERR_INTERNAL : ERR_OK;
}
