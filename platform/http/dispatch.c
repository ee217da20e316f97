/* The one way from a request to an answer; who may do what is decided here. */
#include "http/dispatch.h"

#include <string.h>

#include "http/csrf.h"
#include "http/error.h"
#include "http/route_find.h"
#include "http/viewer.h"

enum err
dispatch_find(
    const struct site *s, enum http_method m, const char *path, struct req *r)
{
	const struct route *route = route_best(s, m, path);

	if (route == NULL)
		return *route_allowed(s, path) == '\0' ? ERR_NOT_FOUND
						       : ERR_METHOD;
	r->route = route;
	route_params(route, path, r);
	return ERR_OK;
}

enum lane_choice
dispatch_lane(const struct route *route)
{
	if ((route->flags & ROUTE_PASSWORD) != 0)
		return LANE_CHOICE_PASSWORD;
	if ((route->flags & ROUTE_CALLS) != 0)
		return LANE_CHOICE_CALLS;
	if (route->method == HTTP_POST || (route->flags & ROUTE_WRITES) != 0)
		return LANE_CHOICE_WRITE;
	return LANE_CHOICE_READ;
}

static enum err
find_viewer(struct req *r)
{
	enum err e = ERR_OK;

	r->viewer = NULL;
	if (r->site->find_viewer != NULL)
		e = r->site->find_viewer(r);
	request_prepare(r);
	return e;
}

static bool
is_from_here(const struct req *r)
{
	return text_eq(r->address, "127.0.0.1") || text_eq(r->address, "::1");
}

/*
 * SECURITY: the policy of a row. Everybody signed in is a learner, whatever
 * else they are.
 */
static enum err
ask_policy(const struct req *r)
{
	const struct route *row = r->route;

	if ((row->flags & ROUTE_LOOPBACK) != 0 && !is_from_here(r))
		return ERR_NOT_FOUND;
	if (row->who == WHO_ANYONE)
		return ERR_OK;
	if (r->viewer == NULL)
		return ERR_SIGN_IN;
	if ((row->who & (r->viewer->roles | WHO_SIGNED_IN)) == 0)
		return ERR_FORBIDDEN;
	return ERR_OK;
}

/* A reader who follows a link signs in and comes back to where it led. */
static void
send_to_sign_in(const struct req *r, struct reply *re)
{
	struct url to = url_path(r->arena, "/sign-in");
	struct url here = request_url(r, "lang");

	if (!text_eq(here.text, "/"))
		to = url_query(r->arena, to, "return", here.text);
	if (reply_redirect(r, re, to) != ERR_OK)
		reply_error(r, re, ERR_INTERNAL);
}

static enum err
run(struct req *r, struct reply *re)
{
	enum err e;

	if ((e = find_viewer(r)) != ERR_OK)
		return e;
	if (r->route == NULL &&
	    (e = dispatch_find(r->site, r->method, r->path, r)) != ERR_OK)
		return e;
	if ((e = ask_policy(r)) != ERR_OK)
		return e;
	if (r->route->method == HTTP_POST &&
	    (r->route->flags & ROUTE_NO_CSRF) == 0 &&
	    (e = csrf_check(r)) != ERR_OK) {
		error_reply_stale_form(r, re);
		re->keeps_page = true;
		return e;
	}
	return r->route->handler(r, re);
}

/* A transaction that is tried again dispatches again, to the same reply. */
static void
forget(struct reply *re)
{
	buf_free(&re->body);
	*re = (struct reply){0};
}

/* What the reader gets for an error. */
static void
answer_error(struct req *r, struct reply *re, enum err e)
{
	if (re->keeps_page)
		return;
	if (e == ERR_SIGN_IN && r->method != HTTP_POST && !r->wants_json) {
		forget(re);
		send_to_sign_in(r, re);
		return;
	}
	reply_error(r, re, e);
	if (e == ERR_METHOD)
		reply_header(r, re, "Allow", route_allowed(r->site, r->path));
}

static void
finish(struct req *r, struct reply *re)
{
	reply_finish(r, re);
	if (r->method == HTTP_HEAD)
		buf_free(&re->body);
}

enum err
dispatch(struct req *r, struct reply *re)
{
	enum err e;

	forget(re);
	e = run(r, re);
	if (e != ERR_OK)
		answer_error(r, re, e);
	finish(r, re);
	return e;
}

void
dispatch_error(struct req *r, struct reply *re, enum err e)
{
	if (r->marks == NULL)
		request_prepare(r);
	re->keeps_page = false;
	answer_error(r, re, e);
	finish(r, re);
}
