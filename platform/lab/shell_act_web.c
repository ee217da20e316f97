/* Opening a shell, extending it, starting it over; tickets for terminals. */
#include "base/clock.h"
#include "base/json.h"
#include "http/message.h"
#include "http/site.h"
#include "lab/shell_web.h"

static struct url
to_lab(struct req *r)
{
	return url_path(r->arena, "/labs/%s", param_text(r, "lab"));
}

/*
 * An act that could not be done is told on the page where the reader was: a
 * form has no address of its own. JSON has a status.
 */
static enum err
tell(struct req *r, struct reply *re, enum err e)
{
	struct url shell = shell_to(r, "shell");

	if (r->wants_json)
		return e;
	switch (e) {
	case ERR_UNAVAILABLE:
		return reply_redirect_saying(
		    r, re, to_lab(r), M_lab_shell_not_now);
	case ERR_THROTTLED:
		return reply_redirect_saying(
		    r, re, to_lab(r), M_lab_shell_all_taken);
	case ERR_GONE:
		return reply_redirect_saying(r, re, shell, M_lab_shell_is_gone);
	case ERR_CONFLICT:
		/* not ready, or another draw is in turn */
		return reply_redirect(r, re, to_lab(r));
	default:
		return e;
	}
}

/* Does one thing to the shell of the viewer's own run of the asked lab. */
static enum err
act(struct req *r, enum err (*what)(const struct shell_of *of, struct shell *s),
    struct shell *s)
{
	struct shell_of of;
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK) {
		of = shell_of_view(r, &v);
		e = what(&of, s);
	}
	content_release(v.c);
	return e;
}

enum err
shell_open_post(struct req *r, struct reply *re)
{
	struct shell s;
	enum err e = act(r, shell_open, &s);

	return e == ERR_OK ? reply_redirect(r, re, shell_to(r, "shell"))
			   : tell(r, re, e);
}

enum err
shell_reset_post(struct req *r, struct reply *re)
{
	struct shell s;
	enum err e = act(r, shell_reset, &s);

	return e == ERR_OK ? reply_redirect_saying(r, re, shell_to(r, "shell"),
				 M_lab_shell_reset_done)
			   : tell(r, re, e);
}

/* {"deadline_at":N,"now":N,"until":"…"} */
static enum err
tell_deadline(struct req *r, struct reply *re, const struct shell *s)
{
	re->content_type = "application/json";
	buf_printf(&re->body, "{\"deadline_at\":%lld,\"now\":%lld,\"until\":",
	    (long long)s->deadline_at, (long long)r->now);
	json_quote(&re->body,
	    message_args(r->arena, r->lang, M_lab_shell_until,
		date_time_text(r->arena, r->lang, s->deadline_at), NULL));
	buf_puts(&re->body, "}\n");
	return ERR_OK;
}

enum err
shell_extend_post(struct req *r, struct reply *re)
{
	struct url shell = shell_to(r, "shell");
	struct shell s;
	enum err e = act(r, shell_extend, &s);

	if (e == ERR_OK && r->wants_json)
		return tell_deadline(r, re, &s);
	if (e == ERR_OK)
		return reply_redirect_saying(
		    r, re, shell, M_lab_shell_extended);
	if (e == ERR_CONFLICT && !r->wants_json)
		return reply_redirect_saying(
		    r, re, shell, M_lab_shell_not_longer);
	return tell(r, re, e);
}

/*
 * {"ticket":"…","deadline_at":N,"now":N}. SECURITY: the box is that of the
 * viewer's own run, whatever is asked for.
 */
enum err
shell_ticket_post(struct req *r, struct reply *re)
{
	char ticket[LABD_TICKET_CHARS + 1];
	struct shell_of of;
	struct lab_view v;
	struct shell s;
	int64_t terminal;
	enum err e;

	if (!text_to_int(field_value(&r->form, "terminal"), &terminal))
		return ERR_INVALID;
	if ((e = lab_view_find(r, &v)) == ERR_OK) {
		of = shell_of_view(r, &v);
		if ((e = shell_ticket(&of, terminal, ticket)) == ERR_OK &&
		    (e = shell_look(&of, &s)) == ERR_OK) {
			re->content_type = "application/json";
			buf_printf(&re->body,
			    "{\"ticket\":\"%s\",\"deadline_at\":%lld,"
			    "\"now\":%lld}\n",
			    ticket, (long long)s.deadline_at,
			    (long long)r->now);
		}
	}
	content_release(v.c);
	return e;
}
