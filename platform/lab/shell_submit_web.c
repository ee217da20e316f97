/* Handing in what lies in a shell's /lab/out, and saving copies of it. */
#include <string.h>

#include "base/text.h"
#include "http/site.h"
#include "lab/shell.tmpl.h"
#include "lab/shell_web.h"

static const char *
problem_text(struct req *r, const struct shell_file *f)
{
	switch (f->problem) {
	case FILE_MISSING:
		return message_args(r->arena, r->lang, M_lab_shell_file_missing,
		    f->file.name, NULL);
	case FILE_TOO_LARGE:
		return message(r->lang, M_lab_shell_file_refused);
	case FILE_NOT_TEXT:
		return message_args(
		    r->arena, r->lang, M_lab_file_not_text, f->file.name, NULL);
	case FILE_FINE:
		break;
	}
	return NULL;
}

struct collected {
	struct shell_file *files;
	size_t n, fine, missing;
	size_t refused; /* that were there and cannot be taken */
};

static enum err
collect(const struct shell_of *of, struct collected *out)
{
	size_t i;
	enum err e;

	*out = (struct collected){.n = of->lab->n_collect};
	if ((e = shell_collect(of, &out->files, &out->refused)) != ERR_OK)
		return e;
	for (i = 0; i < out->n; i++) {
		if (out->files[i].problem == FILE_FINE)
			out->fine++;
		else if (out->files[i].problem == FILE_MISSING)
			out->missing++;
		else
			out->refused++;
	}
	return ERR_OK;
}

/* Why it was not handed in, and what can be done. */
static enum err
show_problems(struct req *r, struct reply *re, const struct lab_view *v,
    const struct collected *c)
{
	struct out o = {&re->body, r->lang};
	struct shell_submit_page p = {
	    .post = shell_box_to(r, "submit"),
	    .incomplete_offered =
		c->fine > 0 && c->refused == 0 && c->missing > 0,
	};
	const char *text;
	size_t i;

	page_init(&p.page, r, message(r->lang, M_lab_shell_submit_title));
	page_back(&p.page, shell_to(r, "shell"), v->lab->title.in[r->lang]);
	p.page.error_title = message(r->lang, M_lab_shell_not_all);
	for (i = 0; i < c->n; i++)
		if ((text = problem_text(r, &c->files[i])) != NULL)
			page_problem(&p.page, "main", text);
	if (c->refused > 0)
		page_problem(&p.page, "main",
		    message(r->lang, M_lab_shell_file_refused));
	shell_submit_page(&o, &p);
	return reply_invalid(re);
}

static enum err
submit(struct req *r, struct reply *re, const struct lab_view *v)
{
	struct url lab = url_path(r->arena, "/labs/%s", v->lab->id);
	struct shell_of of = shell_of_view(r, v);
	bool incomplete = field_present(&r->form, "incomplete");
	struct collected c;
	enum err e;

	if (v->look.run.state != RUN_READY || v->look.standing.grading)
		return reply_redirect_saying(r, re, lab, M_lab_not_now);
	e = collect(&of, &c);
	if (e == ERR_GONE)
		return reply_redirect_saying(
		    r, re, shell_to(r, "shell"), M_lab_shell_is_gone);
	if (e == ERR_UNAVAILABLE)
		return reply_redirect_saying(r, re, lab, M_lab_shell_not_now);
	if (e != ERR_OK)
		return e;
	if (c.fine == 0 || c.refused > 0 || (c.missing > 0 && !incomplete))
		return show_problems(r, re, v, &c);
	e = shell_submit(&of, c.files);
	if (e == ERR_CONFLICT)
		return reply_redirect_saying(r, re, lab, M_lab_not_now);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re, lab, M_lab_handed_in);
}

enum err
shell_submit_post(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = submit(r, re, &v);
	content_release(v.c);
	return e;
}

/* SECURITY: a download, never a page of ours, whatever is in it. */
static enum err
save(struct req *r, struct reply *re, const struct lab_view *v, size_t place)
{
	struct shell_of of = shell_of_view(r, v);
	const struct lab_file *f;
	struct collected c;
	const char *slash;
	enum err e;

	if ((e = collect(&of, &c)) != ERR_OK)
		return e == ERR_GONE ? ERR_NOT_FOUND : e;
	f = &c.files[place].file;
	if (f->data == NULL)
		return ERR_NOT_FOUND;
	slash = strrchr(f->name, '/');
	reply_download(r, re, "application/octet-stream",
	    slash == NULL ? f->name : slash + 1);
	buf_put(&re->body, f->data, f->size);
	return ERR_OK;
}

enum err
shell_file_get(struct req *r, struct reply *re)
{
	struct lab_view v;
	int64_t place;
	enum err e;

	if ((e = param_id(r, "place", &place)) != ERR_OK)
		return e;
	if ((e = lab_view_find(r, &v)) == ERR_OK) {
		if (place < 1 || place > (int64_t)v.lab->n_collect)
			e = ERR_NOT_FOUND;
		else
			e = save(r, re, &v, (size_t)place - 1);
	}
	content_release(v.c);
	return e;
}
