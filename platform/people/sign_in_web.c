/* Signing in and out, forgotten passwords. */
#include <string.h>

#include "base/clock.h"
#include "base/password.h"
#include "db/db.h"
#include "http/cookie.h"
#include "http/route.h"
#include "http/site.h"
#include "people/people.h"
#include "people/people_pages.h"
#include "people/people.tmpl.h"
#include "people/sign_in.h"
#include "people/viewer.h"

static enum err
show_sign_in(struct req *r, struct reply *re, const char *identifier,
    const char *return_to, const char *error)
{
	struct sign_in_page p = {
	    .identifier = identifier,
	    .error = error,
	    .post = url_path(r->arena, "/sign-in"),
	    .forgot = url_path(r->arena, "/forgot"),
	    .return_to = return_to,
	};
	struct out o = {&re->body, r->lang};

	page_init(&p.page, r, message(r->lang, M_people_sign_in));
	page_same(&p.page,
	    *return_to == '\0'
		? p.post
		: url_query(r->arena, p.post, "return", return_to));
	p.page.error_title = error;
	sign_in_page(&o, &p);
	return ERR_OK;
}

enum err
sign_in_page_get(struct req *r, struct reply *re)
{
	const char *return_to = field_value(&r->query, "return");

	if (r->viewer != NULL)
		return reply_redirect(r, re, url_return(r->arena, return_to));
	return show_sign_in(r, re, "", return_to, NULL);
}

enum err
sign_in_post(struct req *r, struct reply *re)
{
	const char *return_to = field_value(&r->form, "return");
	struct sign_in in = {
	    .identifier = field_value(&r->form, "identifier"),
	    .password = field_value(&r->form, "password"),
	    .address = r->address,
	    .old_token = cookie_value(r->arena, r->cookies, SESSION_COOKIE),
	    .device = cookie_value(r->arena, r->cookies, DEVICE_COOKIE),
	};
	const char *token, *device;
	int wait_seconds = 0;
	enum err e;

	if (*in.identifier == '\0' || *in.password == '\0' ||
	    strlen(in.password) > PASSWORD_BYTES_MAX) {
		(void)show_sign_in(r, re, in.identifier, return_to,
		    message(r->lang, M_people_sign_in_empty));
		return reply_invalid(re);
	}
	e = sign_in(r->site, r->db, &in, r->now, r->arena, &token, &device,
	    &wait_seconds);
	if (e == ERR_OK) {
		cookie_set(r, re, DEVICE_COOKIE, device, DEVICE_SECONDS);
		reply_session_cookie(
		    r, re, token, (int)(SESSION_ABSOLUTE_MS / SECOND_MS));
		return reply_redirect(r, re, url_return(r->arena, return_to));
	}
	if (e == ERR_THROTTLED) {
		(void)show_sign_in(r, re, in.identifier, return_to,
		    message_count(r->arena, r->lang, M_people_too_many_tries,
			(wait_seconds + 59) / 60));
		re->retry_after_seconds = wait_seconds;
		return reply_keep(re, ERR_THROTTLED);
	}
	if (e != ERR_INVALID)
		return e;
	(void)show_sign_in(r, re, in.identifier, return_to,
	    message(r->lang, M_people_sign_in_wrong));
	return reply_invalid(re);
}

enum err
sign_out_post(struct req *r, struct reply *re)
{
	enum err e;

	if ((e = session_close(r->db, r->viewer->session)) != ERR_OK)
		return e;
	reply_session_cookie(r, re, NULL, 0);
	return reply_redirect(r, re, url_path(r->arena, "/sign-in"));
}

/* --------------------------------------------------------------- forgotten */

static enum err
show_forgot(struct req *r, struct reply *re, bool sent)
{
	struct forgot_page p = {
	    .sent = sent,
	    .post = url_path(r->arena, "/forgot"),
	    .sign_in = url_path(r->arena, "/sign-in"),
	};
	struct out o = {&re->body, r->lang};

	page_init(&p.page, r, message(r->lang, M_people_forgot));
	page_same(&p.page, p.post);
	page_back(&p.page, p.sign_in, message(r->lang, M_people_sign_in));
	forgot_page(&o, &p);
	return ERR_OK;
}

enum err
forgot_get(struct req *r, struct reply *re)
{
	return show_forgot(r, re, false);
}

enum err
forgot_post(struct req *r, struct reply *re)
{
	enum err e;

	e = password_forgotten(r->db, r->site,
	    field_value(&r->form, "identifier"), r->now, r->arena);
	return e != ERR_OK ? e : show_forgot(r, re, true);
}
