/* Beginning a lab, opening a hint, handing in. */
#include <string.h>

#include "base/text.h"
#include "http/site.h"
#include "lab/handlers.h"
#include "lab/lab.tmpl.h"
#include "people/viewer.h"

static struct url
back_to(struct req *r)
{
	return url_path(r->arena, "/labs/%s", param_text(r, "lab"));
}

enum err
lab_start_post(struct req *r, struct reply *re)
{
	struct learner who = learner_of(r->viewer);
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK) {
		e = lab_open(
		    r->db, scope_own(r), &who, v.c, v.lab, r->now, r->arena);
		/* pressed twice, or without a box: the page tells it all */
		if (e == ERR_OK || e == ERR_CONFLICT || e == ERR_UNAVAILABLE)
			e = reply_redirect(r, re, back_to(r));
	}
	content_release(v.c);
	return e;
}

/* ------------------------------------------------------------------- hints */

static enum err
find_hint(struct req *r, const struct lab *lab, const struct lab_hint **out)
{
	size_t i;

	for (i = 0; i < lab->n_hints; i++)
		if (text_eq(lab->hints[i].id, param_text(r, "hint"))) {
			*out = &lab->hints[i];
			return ERR_OK;
		}
	return ERR_NOT_FOUND;
}

enum err
lab_hint_get(struct req *r, struct reply *re)
{
	struct out o = {&re->body, r->lang};
	const struct lab_hint *hint;
	struct hint_page p = {0};
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK &&
	    (e = find_hint(r, v.lab, &hint)) == ERR_OK) {
		p.cost = hint->cost;
		p.post = url_path(
		    r->arena, "/labs/%s/hints/%s", v.lab->id, hint->id);
		page_init(&p.page, r, message(r->lang, M_lab_hint_title));
		page_back(&p.page, back_to(r), v.lab->title.in[r->lang]);
		hint_page(&o, &p);
	}
	content_release(v.c);
	return e;
}

enum err
lab_hint_post(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = lab_hint_open(r->db, scope_own(r), v.lab,
		    param_text(r, "hint"), r->arena);
	content_release(v.c);
	if (e == ERR_CONFLICT)
		return reply_redirect_saying(
		    r, re, back_to(r), M_lab_hint_not_now);
	if (e != ERR_OK)
		return e;
	return reply_redirect(
	    r, re, url_fragment(r->arena, back_to(r), "hints"));
}

/* --------------------------------------------------------------- handing in */

struct handed_in {
	struct answer_field *fields;
	struct lab_file *files;
	size_t n; /* files that are there */
	size_t missing; /* that are not */
	bool refused;
};

static const char *
problem_text(
    struct req *r, enum file_problem problem, const struct answer_field *f)
{
	switch (problem) {
	case FILE_MISSING:
		return message_args(
		    r->arena, r->lang, M_lab_file_missing, f->name, NULL);
	case FILE_TOO_LARGE:
		return message_args(r->arena, r->lang, M_lab_file_too_large,
		    f->name, f->size, NULL);
	case FILE_NOT_TEXT:
		return message_args(
		    r->arena, r->lang, M_lab_file_not_text, f->name, NULL);
	case FILE_FINE:
		break;
	}
	return NULL;
}

/* An uploaded file goes before the text in the page. */
static void
read_file(struct req *r, const struct lab_file_spec *spec,
    struct answer_field *f, struct handed_in *h)
{
	const struct field *up = field_file(&r->form, f->file_id);
	enum file_problem problem;
	struct lab_file file = {.name = spec->path};

	if (f->typed)
		f->value = field_value(&r->form, f->text_id);
	if (up != NULL && up->size > 0) {
		file.data = up->data;
		file.size = up->size;
	} else if (f->typed) {
		file.data = f->value;
		file.size = strlen(f->value);
	}
	problem = lab_file_check(spec, file.data, file.size);
	if (problem == FILE_FINE) {
		h->files[h->n++] = file;
		return;
	}
	f->problem = problem_text(r, problem, f);
	if (problem == FILE_MISSING)
		h->missing++;
	else
		h->refused = true;
}

static void
read_files(struct req *r, const struct lab *lab, struct handed_in *h)
{
	size_t i;

	h->fields = lab_fields(r, lab);
	h->files = ARENA_ARRAY(r->arena, struct lab_file, lab->n_collect);
	for (i = 0; i < lab->n_collect; i++)
		read_file(r, &lab->collect[i], &h->fields[i], h);
}

/* True when all is there, or some of it and that is wanted. */
static bool
may_go(struct req *r, const struct handed_in *h)
{
	if (h->refused || h->n == 0)
		return false;
	return h->missing == 0 || field_present(&r->form, "incomplete");
}

static enum err
submit(struct req *r, struct reply *re, const struct lab_view *v)
{
	struct handed_in h = {0};
	int64_t number;
	enum err e;

	if (v->look.run.state != RUN_READY || v->look.standing.grading)
		return reply_redirect_saying(r, re, back_to(r), M_lab_not_now);
	read_files(r, v->lab, &h);
	if (!may_go(r, &h)) {
		e = lab_page_show(
		    r, re, v, h.fields, !h.refused && h.n > 0 && h.missing > 0);
		return e == ERR_OK ? reply_invalid(re) : e;
	}
	e = lab_submit(r->db, scope_own(r), v->lab, h.files, h.n, r->now,
	    r->arena, &number);
	if (e == ERR_CONFLICT)
		return reply_redirect_saying(r, re, back_to(r), M_lab_not_now);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re, back_to(r), M_lab_handed_in);
}

enum err
lab_submit_post(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = submit(r, re, &v);
	content_release(v.c);
	return e;
}
