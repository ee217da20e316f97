/* Setting a password, by a one-time link or one's own; the account's page. */
#include <string.h>

#include "base/password.h"
#include "content/content.h"
#include "db/db.h"
#include "http/route.h"
#include "http/site.h"
#include "people/account.h"
#include "people/password_rules.h"
#include "people/people.h"
#include "people/people_pages.h"
#include "people/people.tmpl.h"
#include "people/sign_in.h"
#include "people/throttle.h"
#include "people/viewer.h"

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
	page_same(&p.page, p.post);
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

static const char *
wrong_shape(const struct req *r, const char *password, const char *again)
{
	if (text_length(password) < PASSWORD_CHARS_MIN)
		return message(r->lang, M_people_password_short);
	if (strlen(password) > PASSWORD_BYTES_MAX)
		return message(r->lang, M_people_password_long);
	if (!text_eq(password, again))
		return message(r->lang, M_people_password_differs);
	return NULL;
}

/* What is wrong with a new password of `person`; NULL when it will do. */
static enum err
password_problem(const struct req *r, int64_t person, const char *password,
    const char *again, const char **problem)
{
	const char *own[ACCOUNT_OWN_WORDS];
	enum err e;

	*problem = wrong_shape(r, password, again);
	if (*problem != NULL)
		return ERR_OK;
	if ((e = account_own_words(r->db, person, r->arena, own)) != ERR_OK)
		return e;
	if (password_is_guessable(password, own, ACCOUNT_OWN_WORDS, r->arena))
		*problem = message(r->lang, M_people_password_guessable);
	return ERR_OK;
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
	e = password_problem(r, person, password,
	    field_value(&r->form, "password_again"), &problem);
	if (e != ERR_OK)
		return e;
	if (problem != NULL) {
		(void)show_link(r, re, name, problem);
		return reply_invalid(re);
	}
	if ((e = change_password(r, re, token, password)) != ERR_OK)
		return e;
	return reply_redirect(r, re, url_path(r->arena, "/"));
}

/* -------------------------------------------------------------- my account */

/* The work role by its name; its id where the framework does not have it. */
static const char *
role_name(const struct req *r)
{
	struct content *c = content_current(r->site->content);
	const struct work_role *role = NULL;
	const char *name;

	if (c != NULL)
		role = content_role(c, r->viewer->work_role);
	name = role == NULL ? r->viewer->work_role
			    : arena_strdup(r->arena, role->text.in[r->lang]);
	content_release(c);
	return name;
}

static enum err
show_account(struct req *r, struct reply *re, const char *error)
{
	struct account_page p = {
	    .name = r->viewer->name,
	    .organisation = r->viewer->organisation == 0
		? ""
		: r->viewer->organisation_name.in[r->lang],
	    .work_role = role_name(r),
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

/* The old password was asked for: right or wrong, and what is counted. */
struct proof {
	struct throttle tries;
	int64_t now;
	bool right;
};

static enum err
write_proof(struct db *db, void *ctx)
{
	struct proof *p = ctx;

	return p->right ? throttle_forget(db, &p->tries)
			: throttle_failed(db, p->now, &p->tries);
}

/*
 * SECURITY: whoever finds a browser signed in must not be able to guess the
 * password there without end. ERR_INVALID: wrong. ERR_THROTTLED: wait.
 */
static enum err
prove_old_password(struct req *r, const char *old, int *wait_seconds)
{
	struct proof p = {
	    .tries = throttle_new(r->site, r->arena, "own",
		arena_printf(r->arena, "%lld", (long long)r->viewer->person),
		THROTTLE_ACCOUNT_TRIES),
	    .now = r->now,
	};
	const char *hash = NULL;
	enum err e;

	if ((e = throttle_get(r->db, r->now, &p.tries)) != ERR_OK)
		return e;
	*wait_seconds = throttle_wait_seconds(&p.tries, r->now);
	if (*wait_seconds > 0)
		return ERR_THROTTLED;
	e = credential_get(r->db, r->viewer->person, r->arena, &hash);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	p.right = password_verify(hash, old);
	if ((e = lane_write_on(r->site, r->db, write_proof, &p)) != ERR_OK)
		return e;
	return p.right ? ERR_OK : ERR_INVALID;
}

enum err
account_password_post(struct req *r, struct reply *re)
{
	const char *password = field_value(&r->form, "password"), *problem;
	int wait_seconds = 0;
	enum err e;

	e = password_problem(r, r->viewer->person, password,
	    field_value(&r->form, "password_again"), &problem);
	if (e != ERR_OK)
		return e;
	if (problem != NULL) {
		(void)show_account(r, re, problem);
		return reply_invalid(re);
	}
	e = prove_old_password(
	    r, field_value(&r->form, "old_password"), &wait_seconds);
	if (e == ERR_THROTTLED) {
		(void)show_account(r, re,
		    message_count(r->arena, r->lang, M_people_too_many_tries,
			(wait_seconds + 59) / 60));
		re->retry_after_seconds = wait_seconds;
		return reply_keep(re, ERR_THROTTLED);
	}
	if (e == ERR_INVALID) {
		(void)show_account(
		    r, re, message(r->lang, M_people_password_old_wrong));
		return reply_invalid(re);
	}
	if (e != ERR_OK)
		return e;
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
