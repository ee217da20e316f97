/* A file of the learner's own, sent into the shell's /lab/work. */
#include "http/message.h"
#include "lab/shell_web.h"

/* What became of it, told on the page of the shell. */
static int
saying(enum err e)
{
	switch (e) {
	case ERR_OK:
		return M_lab_shell_sent;
	case ERR_INVALID:
		return M_lab_shell_send_what;
	case ERR_TOO_LARGE:
		return M_lab_shell_send_large;
	case ERR_NO_SPACE:
		return M_lab_shell_send_full;
	case ERR_CONFLICT:
		return M_lab_shell_send_directory;
	case ERR_GONE:
		return M_lab_shell_is_gone;
	case ERR_BUSY:
	case ERR_UNAVAILABLE:
		return M_lab_shell_not_now;
	default:
		return 0;
	}
}

static enum err
put(struct req *r, const struct lab_view *v)
{
	const struct field *up = field_file(&r->form, "file");
	struct shell_of of = shell_of_view(r, v);

	/* without one chosen a browser sends a file without a name */
	if (up == NULL || up->file_name == NULL || up->file_name[0] == '\0')
		return ERR_INVALID;
	return shell_put(
	    &of, shell_file_name(r->arena, up->file_name), up->data, up->size);
}

enum err
shell_put_post(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	if ((e = lab_view_find(r, &v)) != ERR_OK) {
		content_release(v.c);
		return e;
	}
	/* with nothing to work on the lab's page tells it all */
	if (v.look.run.state != RUN_READY)
		e = reply_redirect(
		    r, re, url_path(r->arena, "/labs/%s", v.lab->id));
	else if (e = put(r, &v), saying(e) != 0)
		e = reply_redirect_saying(
		    r, re, shell_to(r, "shell"), saying(e));
	content_release(v.c);
	return e;
}
