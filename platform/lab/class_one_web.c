/* One learner of the class: where they stand, the terminal, what is done. */
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "http/site.h"
#include "lab/class.tmpl.h"
#include "lab/class_web.h"
#include "lab/notice_web.h"
#include "people/viewer.h"

#define FROM_WATCH "watch"

/* :run and what is published. Release *c. */
static enum err
find(struct req *r, struct class_of *of, struct content **c)
{
	*of = (struct class_of){
	    .site = r->site,
	    .db = r->db,
	    .class = scope_class(r),
	    .arena = r->arena,
	};
	*c = content_current(r->site->content);
	if (*c == NULL)
		return ERR_UNAVAILABLE;
	return param_id(r, "run", &of->run);
}

static struct url
to(const struct class_of *of, const char *what)
{
	struct url one = url_path(of->arena, "/institution/labs/%d", of->run);

	return *what == '\0'
	    ? one
	    : url_path(of->arena, "/institution/labs/%d/%s", of->run, what);
}

/* -------------------------------------------------------------------- pages */

/* A message that was refused is kept in its form. */
struct refused {
	const char *typed, *problem;
};

static void
fill_forms(const struct class_of *of, const struct class_line *line,
    const char *from, const struct refused *refused, struct class_forms *f)
{
	*f = (struct class_forms){
	    .extend = to(of, "extend"),
	    .prepare = to(of, "prepare"),
	    .add = to(of, "add"),
	    .message = to(of, "message"),
	    .from = from,
	    .may_extend = line->live &&
		shell_next_deadline(line->started_at, line->deadline_at) !=
		    line->deadline_at,
	    .may_prepare = line->state == CLASS_FAILED,
	    .may_add = class_may_add(line),
	    .text_max = CLASS_TEXT_MAX,
	    .typed = refused == NULL ? "" : refused->typed,
	    .problem = refused == NULL ? "" : refused->problem,
	};
}

static void
fill_frame(struct req *r, struct page *p, const char *title,
    const struct refused *refused)
{
	page_init(p, r, title);
	if (refused != NULL)
		page_problem(p, "text", refused->problem);
}

static enum err
show_one(struct req *r, struct reply *re, const struct content *c,
    const struct class_of *of, const struct refused *refused)
{
	struct out o = {&re->body, r->lang};
	struct class_one_page p = {.until = ""};
	struct scope own = {.reach = SCOPE_OWN, .now = r->now};
	struct class_line line;
	enum err e;

	if ((e = class_look(of, &line)) != ERR_OK)
		return e;
	/* SECURITY: whose run it is was decided by class_look */
	own.person = line.run.person;
	if ((e = class_row_fill(r, c, &line, &p.row)) != ERR_OK ||
	    (e = notice_fill(r, own, line.run.lab, &p.notices)) != ERR_OK)
		return e;
	if (line.live)
		p.until = date_time_text(r->arena, r->lang, line.deadline_at);
	fill_forms(of, &line, "", refused, &p.forms);
	fill_frame(r, &p.page,
	    message_args(
		r->arena, r->lang, M_lab_class_of, line.name, p.row.lab, NULL),
	    refused);
	page_back(&p.page, url_path(r->arena, "/institution/labs"),
	    message(r->lang, M_lab_class));
	class_one_page(&o, &p);
	return ERR_OK;
}

static enum err
show_watch(struct req *r, struct reply *re, const struct content *c,
    const struct class_of *of, const struct refused *refused)
{
	struct out o = {&re->body, r->lang};
	struct watch_page p = {
	    .ticket = to(of, "ticket"),
	    .terminals = SHELL_TERMINALS,
	    .terminals_max = LABD_TERMINALS_MAX,
	    .tab =
		message_args(r->arena, r->lang, M_lab_shell_tab, "{n}", NULL),
	    .input = message_args(
		r->arena, r->lang, M_lab_watch_screen, "{n}", NULL),
	};
	struct class_line line;
	enum err e;

	if ((e = class_look(of, &line)) != ERR_OK ||
	    (e = class_row_fill(r, c, &line, &p.row)) != ERR_OK)
		return e;
	fill_forms(of, &line, FROM_WATCH, refused, &p.forms);
	fill_frame(r, &p.page,
	    message_args(
		r->arena, r->lang, M_lab_watch_of, line.name, p.row.lab, NULL),
	    refused);
	page_back(&p.page, to(of, ""),
	    message_args(
		r->arena, r->lang, M_lab_class_of, line.name, p.row.lab, NULL));
	p.page.wide = true;
	p.page.script = "watch.js";
	p.page.style = "shell.css";
	watch_page(&o, &p);
	return ERR_OK;
}

enum err
class_one_get(struct req *r, struct reply *re)
{
	struct class_of of;
	struct content *c;
	enum err e;

	if ((e = find(r, &of, &c)) == ERR_OK)
		e = show_one(r, re, c, &of, NULL);
	content_release(c);
	return e;
}

enum err
watch_get(struct req *r, struct reply *re)
{
	struct class_of of;
	struct content *c;
	enum err e;

	if ((e = find(r, &of, &c)) == ERR_OK)
		e = show_watch(r, re, c, &of, NULL);
	content_release(c);
	return e;
}

/* {"ticket":"…"}. SECURITY: for another session's time only, see class_watch */
enum err
watch_ticket_post(struct req *r, struct reply *re)
{
	char ticket[LABD_TICKET_CHARS + 1];
	struct class_of of;
	struct content *c;
	int64_t terminal;
	enum err e;

	if ((e = find(r, &of, &c)) == ERR_OK) {
		if (!text_to_int(field_value(&r->form, "terminal"), &terminal))
			e = ERR_INVALID;
		else
			e = class_watch(&of, terminal, ticket);
	}
	content_release(c);
	if (e != ERR_OK)
		return e;
	re->content_type = "application/json";
	buf_puts(&re->body, "{\"ticket\":");
	json_quote(&re->body, ticket);
	buf_puts(&re->body, "}\n");
	return ERR_OK;
}

/* --------------------------------------------------------------------- acts */

static bool
is_from_watch(struct req *r)
{
	return text_eq(field_value(&r->form, "from"), FROM_WATCH);
}

/* {"says":"…"}, for watch.js: the terminal stays where it is. */
static enum err
answer_json(struct req *r, struct reply *re, enum err e, enum message done)
{
	if (e != ERR_OK)
		return e;
	re->content_type = "application/json";
	buf_puts(&re->body, "{\"says\":");
	json_quote(&re->body, message(r->lang, done));
	buf_puts(&re->body, "}\n");
	return ERR_OK;
}

/* Where the form stood; what could not be done is told there. */
static enum err
answer(struct req *r, struct reply *re, const struct class_of *of, enum err e,
    enum message done)
{
	struct url back = to(of, is_from_watch(r) ? FROM_WATCH : "");
	enum message says = done;

	if (r->wants_json)
		return answer_json(r, re, e, done);
	switch (e) {
	case ERR_OK:
		break;
	case ERR_GONE:
		says = M_lab_class_no_shell;
		break;
	case ERR_CONFLICT:
		says = M_lab_class_too_late;
		break;
	case ERR_UNAVAILABLE:
		says = M_lab_shell_not_now;
		break;
	default:
		return e;
	}
	return reply_redirect_saying(r, re, back, (int)says);
}

enum err
class_extend_post(struct req *r, struct reply *re)
{
	struct class_of of;
	struct content *c;
	enum err e;

	e = find(r, &of, &c);
	content_release(c);
	if (e == ERR_OK)
		e = class_extend(&of);
	return answer(r, re, &of, e, M_lab_class_extended);
}

enum err
class_prepare_post(struct req *r, struct reply *re)
{
	struct class_of of;
	struct content *c;
	enum err e;

	if ((e = find(r, &of, &c)) == ERR_OK)
		e = class_prepare(&of, c);
	content_release(c);
	return answer(r, re, &of, e, M_lab_class_prepared);
}

enum err
class_add_post(struct req *r, struct reply *re)
{
	struct class_of of;
	struct content *c;
	enum err e;

	e = find(r, &of, &c);
	content_release(c);
	if (e == ERR_OK)
		e = class_add_submission(&of);
	return answer(r, re, &of, e, M_lab_class_added);
}

/* The page with what was typed and what is wrong with it. */
static enum err
show_refused(struct req *r, struct reply *re, const struct content *c,
    const struct class_of *of, enum err why)
{
	const struct refused refused = {
	    .typed = field_value(&r->form, "text"),
	    .problem = why == ERR_THROTTLED
		? message(r->lang, M_lab_class_message_wait)
		: message_args(r->arena, r->lang, M_lab_class_message_wrong,
		      arena_printf(r->arena, "%d", CLASS_TEXT_MAX), NULL),
	};
	enum err e;

	e = is_from_watch(r) ? show_watch(r, re, c, of, &refused)
			     : show_one(r, re, c, of, &refused);
	return e == ERR_OK ? reply_keep(re, why) : e;
}

enum err
class_message_post(struct req *r, struct reply *re)
{
	struct class_of of;
	struct content *c;
	enum err e;

	if ((e = find(r, &of, &c)) == ERR_OK)
		e = class_message(&of, field_value(&r->form, "text"));
	if (!r->wants_json && (e == ERR_INVALID || e == ERR_THROTTLED))
		e = show_refused(r, re, c, &of, e);
	else
		e = answer(r, re, &of, e, M_lab_class_sent);
	content_release(c);
	return e;
}
