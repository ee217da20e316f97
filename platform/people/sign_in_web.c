/* Signing in and out, one-time links, forgotten passwords. */
#include <string.h>

#include "base/clock.h"
#include "base/password.h"
#include "db/db.h"
#include "http/route.h"
#include "http/site.h"
#include "people/account.h"
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
	};
	const char *token;
	int wait_seconds = 0;
	enum err e;

	if (*in.identifier == '\0' || *in.password == '\0' ||
	    strlen(in.password) > PASSWORD_BYTES_MAX) {
		(void)show_sign_in(r, re, in.identifier, return_to,
		    message(r->lang, M_people_sign_in_empty));
		return reply_invalid(re);
	}
	e = sign_in(
	    r->site, r->db, &in, r->now, r->arena, &token, &wait_seconds);
	if (e == ERR_OK) {
		reply_session_cookie(
		    r, re, token, (int)(SESSION_ABSOLUTE_MS / SECOND_MS));
		return reply_redirect(r, re, url_return(r->arena, return_to));
	}
	if (e == ERR_THROTTLED) {
		(void)show_sign_in(r, re, in.identifier, return_to,
		    message_count(r->arena, r->lang, M_people_sign_in_wait,
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

/* ------------------------------------------------------------ one-time link */

static enum err
show_link(struct req *r, struct reply *re, const char *name, const char *error)
{
	struct link_page p = {
	    .name = name,
	    .error = error,
	    .post = url_path(r->arena, "/links/%s", param_text(r, "token")),
	};
	struct out o = {&re->body, r->lang};

	page_init(&p.page, r, message(r->lang, M_people_set_password));
	p.page.error_title = error;
	link_page(&o, &p);
	return ERR_OK;
}

enum err
link_get(struct req *r, struct reply *re)
{
	const char *name;
	int64_t person;
	enum err e;

	e = link_find(
	    r->db, param_text(r, "token"), r->now, r->arena, &person, &name);
	return e != ERR_OK ? e : show_link(r, re, name, NULL);
}

/* What is wrong with a new password; NULL when it will do. */
static const char *
password_problem(const struct req *r, const char *password, const char *again)
{
	if (text_length(password) < PASSWORD_CHARS_MIN)
		return message(r->lang, M_people_password_short);
	if (strlen(password) > PASSWORD_BYTES_MAX)
		return message(r->lang, M_people_password_long);
	if (!text_eq(password, again))
		return message(r->lang, M_people_password_differs);
	return NULL;
}

struct set_password {
	const struct req *r;
	const char *link; /* used up; NULL: the viewer changes their own */
	const char *hash, *token;
};

static enum err
set_password(struct db *db, void *ctx)
{
	struct set_password *s = ctx;
	int64_t person;
	enum err e;

	if (s->link == NULL)
		person = s->r->viewer->person;
	else if ((e = link_use(db, s->link, s->r->now, &person)) != ERR_OK)
		return e;
	if ((e = credential_set(db, person, s->hash, s->r->now)) != ERR_OK)
		return e;
	return session_open(db, person, s->r->now, s->r->arena, &s->token);
}

/* Hashes (this is the Argon2 lane), writes, and signs in anew. */
static enum err
change_password(
    struct req *r, struct reply *re, const char *link, const char *password)
{
	struct set_password s = {.r = r, .link = link};
	char *hash;
	enum err e;

	if ((e = password_hash(r->arena, password, &hash)) != ERR_OK)
		return e;
	s.hash = hash;
	if ((e = lane_write_on(r->site, r->db, set_password, &s)) != ERR_OK)
		return e;
	reply_session_cookie(
	    r, re, s.token, (int)(SESSION_ABSOLUTE_MS / SECOND_MS));
	return ERR_OK;
}

enum err
link_post(struct req *r, struct reply *re)
{
	const char *token = param_text(r, "token"), *name, *problem;
	const char *password = field_value(&r->form, "password");
	int64_t person;
	enum err e;

	e = link_find(r->db, token, r->now, r->arena, &person, &name);
	if (e != ERR_OK)
		return e;
	problem = password_problem(
	    r, password, field_value(&r->form, "password_again"));
	if (problem != NULL) {
		(void)show_link(r, re, name, problem);
		return reply_invalid(re);
	}
	if ((e = change_password(r, re, token, password)) != ERR_OK)
		return e;
	return reply_redirect(r, re, url_path(r->arena, "/"));
}

/* ---------------------------------------------------------------- my account
 */

static enum err
show_account(struct req *r, struct reply *re, const char *error)
{
	struct account_page p = {
	    .name = r->viewer->name,
	    .organisation = r->viewer->organisation == 0
		? ""
		: r->viewer->organisation_name.in[r->lang],
	    .work_role = r->viewer->work_role,
	    .error = error,
	    .password_post = url_path(r->arena, "/account/password"),
	    .language_post = url_path(r->arena, "/account/language"),
	    .japanese = r->viewer->lang == LANG_JA,
	};
	struct out o = {&re->body, r->lang};

	page_init(&p.page, r, message(r->lang, M_people_account));
	page_back(
	    &p.page, url_path(r->arena, "/"), message(r->lang, M_people_home));
	p.page.error_title = error;
	account_page(&o, &p);
	return ERR_OK;
}

enum err
account_get(struct req *r, struct reply *re)
{
	return show_account(r, re, NULL);
}

enum err
account_password_post(struct req *r, struct reply *re)
{
	const char *old = field_value(&r->form, "old_password"), *problem;
	const char *password = field_value(&r->form, "password");
	const char *hash = NULL;
	enum err e;

	e = credential_get(r->db, r->viewer->person, r->arena, &hash);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	problem = password_problem(
	    r, password, field_value(&r->form, "password_again"));
	if (problem == NULL && !password_verify(hash, old))
		problem = message(r->lang, M_people_password_old_wrong);
	if (problem != NULL) {
		(void)show_account(r, re, problem);
		return reply_invalid(re);
	}
	if ((e = change_password(r, re, NULL, password)) != ERR_OK)
		return e;
	return reply_redirect_saying(
	    r, re, url_path(r->arena, "/account"), M_people_password_changed);
}

enum err
account_language_post(struct req *r, struct reply *re)
{
	enum lang lang = text_eq(field_value(&r->form, "language"), "en")
	    ? LANG_EN
	    : LANG_JA;
	enum err e;

	e = person_set_language(r->db, scope_own(r), lang);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re,
	    url_query(r->arena, url_path(r->arena, "/account"), "lang",
		lang_codes[lang]),
	    M_people_saved);
}
