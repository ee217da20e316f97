/* Fills the page of a shell, and the question before it is emptied. */
#include "base/clock.h"
#include "base/text.h"
#include "http/site.h"
#include "lab/handlers.h"
#include "lab/notice_web.h"
#include "lab/shell.tmpl.h"
#include "lab/shell_web.h"
#include "people/viewer.h"

#define HOUR_MINUTES 60

struct shell_of
shell_of_view(struct req *r, const struct lab_view *v)
{
	return (struct shell_of){
	    .site = r->site,
	    .db = r->db,
	    .own = scope_own(r),
	    .lab = v->lab,
	    .look = &v->look,
	    .is_member = r->viewer->organisation != 0,
	    .now = r->now,
	    .arena = r->arena,
	};
}

struct url
shell_to(struct req *r, const char *what)
{
	return url_path(r->arena, "/labs/%s/%s", param_text(r, "lab"), what);
}

struct url
shell_box_to(struct req *r, const char *what)
{
	return url_path(
	    r->arena, "/labs/%s/box/%s", param_text(r, "lab"), what);
}

const char *
shell_missing_text(const struct req *r, enum shells_state s)
{
	if (r->viewer->organisation == 0)
		return message(r->lang, M_lab_shell_members);
	if (s == SHELLS_SILENT)
		return message(r->lang, M_lab_shell_silent);
	if (s == SHELLS_REFUSED)
		return message(r->lang, M_lab_shell_refused);
	return NULL;
}

/* ------------------------------------------------------------------- words */

/* shell.js fills in what stands in braces. */
static void
fill_words(struct req *r, struct shell_words *w)
{
	*w = (struct shell_words){
	    .tab =
		message_args(r->arena, r->lang, M_lab_shell_tab, "{n}", NULL),
	    .input =
		message_args(r->arena, r->lang, M_lab_shell_input, "{n}", NULL),
	    .left_hours = message_args(
		r->arena, r->lang, M_lab_shell_left_hours, "{h}", "{m}", NULL),
	    .left_minutes = message_args(
		r->arena, r->lang, M_lab_shell_left_minutes, "{m}", NULL),
	    .minutes_left = message_args(
		r->arena, r->lang, M_lab_shell_minutes_left, "{m}", NULL),
	    .connecting = message(r->lang, M_lab_shell_connecting),
	    .connected = message(r->lang, M_lab_shell_connected),
	    .reconnecting = message(r->lang, M_lab_shell_reconnecting),
	    .signed_out = message(r->lang, M_lab_shell_signed_out),
	    .ended_shell = message(r->lang, M_lab_shell_ended_shell),
	    .ended_busy = message(r->lang, M_lab_shell_ended_busy),
	    .over_deadline = message(r->lang, M_lab_shell_over_deadline),
	    .over_idle = message(r->lang, M_lab_shell_over_idle),
	    .over_box = message(r->lang, M_lab_shell_over_box),
	    .over_gone = message(r->lang, M_lab_shell_over_gone),
	    .too_much = message(r->lang, M_lab_shell_too_much),
	    .watched = message(r->lang, M_lab_watched),
	    .watched_one = message_args(
		r->arena, r->lang, M_lab_watched_one, "{name}", NULL),
	    .watched_many = message_args(
		r->arena, r->lang, M_lab_watched_many, "{n}", NULL),
	};
}

static const char *
left_text(struct req *r, int64_t ms)
{
	int64_t minutes = ms <= 0 ? 0 : (ms + MINUTE_MS - 1) / MINUTE_MS;
	const char *m;

	m = arena_printf(r->arena, "%lld", (long long)(minutes % HOUR_MINUTES));
	if (minutes < HOUR_MINUTES)
		return message_args(
		    r->arena, r->lang, M_lab_shell_left_minutes, m, NULL);
	return message_args(r->arena, r->lang, M_lab_shell_left_hours,
	    arena_printf(r->arena, "%lld", (long long)(minutes / HOUR_MINUTES)),
	    m, NULL);
}

/* -------------------------------------------------------------------- page */

static void
fill_live(struct req *r, const struct shell *s, struct shell_page *p)
{
	p->is_live = s->is_live;
	p->left = p->until = p->level = "";
	if (!s->is_live)
		return;
	p->deadline = s->deadline_at;
	p->left = left_text(r, s->deadline_at - r->now);
	p->until = date_time_text(r->arena, r->lang, s->deadline_at);
	p->level = arena_printf(r->arena, "%s %s",
	    message_args(r->arena, r->lang, M_lab_shell_level,
		arena_printf(r->arena, "%c", s->level), NULL),
	    lab_image_text(r, s->image));
}

static void
fill_answers(struct req *r, const struct lab *lab, struct shell_page *p)
{
	struct shell_answer *list;
	size_t i;

	list = ARENA_ARRAY(r->arena, struct shell_answer, lab->n_collect);
	for (i = 0; i < lab->n_collect; i++)
		list[i] = (struct shell_answer){
		    .save = url_path(r->arena, "/labs/%s/box/files/%d", lab->id,
			(int64_t)i + 1),
		    .name = lab->collect[i].path,
		    .path = arena_printf(
			r->arena, "/lab/out/%s", lab->collect[i].path),
		};
	p->answers = list;
	p->n_answers = lab->n_collect;
}

static enum err
show_shell(struct req *r, struct reply *re, const struct lab_view *v)
{
	struct out o = {&re->body, r->lang};
	struct shell_of of = shell_of_view(r, v);
	struct shell_page p = {
	    .lab = url_path(r->arena, "/labs/%s", v->lab->id),
	    .open = shell_to(r, "box"),
	    .ticket = shell_to(r, "ticket"),
	    .reset = shell_box_to(r, "reset"),
	    .extend = shell_box_to(r, "extend"),
	    .submit = shell_box_to(r, "submit"),
	    .put = shell_box_to(r, "files"),
	    .solution = shell_to(r, "solution"),
	    .solution_open = lab_solution_is_open(&v->look.standing),
	    .terminals = SHELL_TERMINALS,
	    .terminals_max = LABD_TERMINALS_MAX,
	    .now = r->now,
	};
	struct shell s;
	enum err e;

	e = shell_look(&of, &s);
	if (e == ERR_UNAVAILABLE) {
		p.is_silent = true;
		p.missing = shell_missing_text(r,
		    shells_state(r->site->shells) == SHELLS_REFUSED
			? SHELLS_REFUSED
			: SHELLS_SILENT);
	} else if (e != ERR_OK) {
		return e;
	}
	e = content_lab_task(v->c, v->lab->id, r->lang, r->arena, &p.task);
	if (e == ERR_OK)
		e = notice_fill(r, scope_own(r), v->lab->id, &p.notices);
	if (e != ERR_OK)
		return e;
	fill_live(r, &s, &p);
	fill_answers(r, v->lab, &p);
	fill_words(r, &p.words);
	page_init(&p.page, r,
	    message_args(r->arena, r->lang, M_lab_shell_of,
		v->lab->title.in[r->lang], NULL));
	page_back(&p.page, p.lab, v->lab->title.in[r->lang]);
	p.page.wide = true;
	p.page.script = "shell.js";
	p.page.style = "shell.css";
	shell_page(&o, &p);
	return ERR_OK;
}

static enum err
show_reset(struct req *r, struct reply *re, const struct lab_view *v)
{
	struct out o = {&re->body, r->lang};
	struct shell_reset_page p = {.post = shell_box_to(r, "reset")};

	page_init(&p.page, r, message(r->lang, M_lab_shell_reset_title));
	page_back(&p.page, shell_to(r, "shell"), v->lab->title.in[r->lang]);
	shell_reset_page(&o, &p);
	return ERR_OK;
}

/* With nothing to work on the lab's page tells it all. */
static enum err
show_of_run(struct req *r, struct reply *re,
    enum err (*page)(struct req *r, struct reply *re, const struct lab_view *v))
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK)
		e = v.look.run.state == RUN_READY
		    ? page(r, re, &v)
		    : reply_redirect(
			  r, re, url_path(r->arena, "/labs/%s", v.lab->id));
	content_release(v.c);
	return e;
}

enum err
shell_page_get(struct req *r, struct reply *re)
{
	return show_of_run(r, re, show_shell);
}

enum err
shell_reset_get(struct req *r, struct reply *re)
{
	return show_of_run(r, re, show_reset);
}
