/*
 * The one way through: routes, who may, forgery, headers, errors. The room of
 * this test has one row of each kind, and its hook takes the cookie's value
 * for the name of a role.
 */
#include "http/support.h"

#include <stdio.h>

#include "http/csrf.h"
#include "http/dispatch.h"
#include "http/flash.h"
#include "http/message.h"
#include "http/page.h"
#include "http/viewer.h"
#include "support/dies.h"

#define ORIGIN "http://127.0.0.1:8080"
#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define EITHER (ROLE_BIT(ROLE_AUTHOR) | ROLE_BIT(ROLE_REVIEWER))

static enum err
says_path(struct req *r, struct reply *re)
{
	buf_printf(&re->body, "%s", r->route->pattern);
	for (size_t i = 0; i < r->n_params; i++)
		buf_printf(
		    &re->body, " %s=%s", r->params[i].name, r->params[i].value);
	return ERR_OK;
}

static enum err
asks_for_id(struct req *r, struct reply *re)
{
	int64_t id;
	enum err e;

	if ((e = param_id(r, "id", &id)) != ERR_OK)
		return e;
	buf_int(&re->body, id);
	return ERR_OK;
}

static enum err
fails_as_asked(struct req *r, struct reply *re)
{
	int64_t e;

	buf_puts(&re->body, "half a page");
	reply_header(r, re, "X-Left-Over", "1");
	return param_id(r, "err", &e) == ERR_OK ? (enum err)e : ERR_OK;
}

static enum err
shows_form_again(struct req *r, struct reply *re)
{
	(void)r;
	buf_puts(&re->body, "the form");
	return reply_invalid(re);
}

static enum err
says_saved(struct req *r, struct reply *re)
{
	return reply_redirect_saying(
	    r, re, url_path(r->arena, "/page"), M_http_conflict);
}

static enum err
has_a_page(struct req *r, struct reply *re)
{
	struct page p;

	page_init(&p, r, "title");
	buf_puts(&re->body, p.message == NULL ? "no message" : p.message);
	return ERR_OK;
}

static enum err
may_be_cached(struct req *r, struct reply *re)
{
	struct page p;

	page_init(&p, r, "title");
	re->may_be_cached = true;
	reply_header(r, re, "Cache-Control", "public, max-age=60");
	return ERR_OK;
}

static const struct route rows[] = {
    {HTTP_GET, "/", says_path, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/open", says_path, WHO_ANYONE, 0},
    {HTTP_GET, "/page", has_a_page, WHO_ANYONE, 0},
    {HTTP_GET, "/cached", may_be_cached, WHO_ANYONE, 0},
    {HTTP_GET, "/mine", says_path, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/sector", says_path, SUPERVISOR, 0},
    {HTTP_GET, "/either", says_path, EITHER, 0},
    {HTTP_GET, "/metrics", says_path, WHO_ANYONE, ROUTE_LOOPBACK},
    {HTTP_GET, "/writes", says_path, WHO_ANYONE, ROUTE_WRITES},
    {HTTP_GET, "/things/:id", asks_for_id, WHO_ANYONE, 0},
    {HTTP_GET, "/things/new", says_path, WHO_ANYONE, 0},
    {HTTP_GET, "/things/:id/:part", says_path, WHO_ANYONE, 0},
    {HTTP_GET, "/things/:id/end", says_path, WHO_ANYONE, 0},
    {HTTP_GET, "/fails/:err", fails_as_asked, WHO_ANYONE, 0},
    {HTTP_POST, "/open", says_path, WHO_ANYONE, 0},
    {HTTP_POST, "/mine", says_path, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/sector", says_path, SUPERVISOR, 0},
    {HTTP_POST, "/only-post", says_saved, WHO_ANYONE, 0},
    {HTTP_POST, "/form", shows_form_again, WHO_ANYONE, 0},
    {HTTP_POST, "/hook", says_path, WHO_ANYONE, ROUTE_NO_CSRF},
    {HTTP_POST, "/password", says_path, WHO_ANYONE, ROUTE_PASSWORD},
    {HTTP_GET, "/calls", says_path, WHO_ANYONE, ROUTE_CALLS},
    {HTTP_POST, "/calls", says_path, WHO_ANYONE, ROUTE_CALLS},
    ROUTES_END,
};

static const struct route *const rooms[] = {rows, NULL};

static const char *const role_names[ROLE__MAX] = {"learner", "line_manager",
    "training_manager", "instructor", "author", "reviewer", "assessor",
    "exercise_controller", "supervisor", "operator"};

static enum err
cookie_is_role(struct req *r)
{
	const char *name = cookie_value(r->arena, r->cookies, SESSION_COOKIE);
	struct viewer *v;

	if (name != NULL && text_eq(name, "away"))
		return ERR_UNAVAILABLE;
	for (enum role role = 0; name != NULL && role < ROLE__MAX; role++)
		if (text_eq(name, role_names[role])) {
			v = ARENA_NEW(r->arena, struct viewer);
			v->person = 1;
			v->name = "鈴木";
			v->lang = LANG_JA;
			v->roles = ROLE_BIT(role);
			memset(v->csrf_key, 7, sizeof(v->csrf_key));
			r->viewer = v;
		}
	return ERR_OK;
}

static const struct site site = {.origin = ORIGIN,
    .var = "var",
    .secret = {1, 2, 3},
    .rooms = rooms,
    .find_viewer = cookie_is_role};

static struct req
request_as(
    struct arena *a, const char *role, enum http_method m, const char *path)
{
	struct req r = request(a, &site, m, path);

	if (role != NULL)
		r.cookies = arena_printf(a, SESSION_COOKIE "=%s", role);
	return r;
}

/* Adds the token that fits the request's viewer. */
static void
add_token(struct req *r)
{
	uint8_t key[DIGEST_BYTES];

	memset(key, 7, sizeof(key));
	add_field(r->arena, &r->form, "csrf", csrf_token_for(r->arena, key));
}

/* ---------------------------------------------------------------- routes */

static void
a_path_finds_its_row(void **state)
{
	static const struct {
		enum http_method m;
		const char *path;
		enum err e;
		const char *pattern;
	} cases[] = {
	    {HTTP_GET, "/", ERR_OK, "/"},
	    {HTTP_GET, "/open", ERR_OK, "/open"},
	    {HTTP_HEAD, "/open", ERR_OK, "/open"},
	    {HTTP_GET, "/things/7", ERR_OK, "/things/:id"},
	    {HTTP_GET, "/things/new", ERR_OK, "/things/new"},
	    {HTTP_GET, "/things/7/x", ERR_OK, "/things/:id/:part"},
	    {HTTP_GET, "/things/7/end", ERR_OK, "/things/:id/end"},
	    {HTTP_GET, "/things/new/end", ERR_OK, "/things/:id/end"},
	    {HTTP_GET, "/things/鍛", ERR_OK, "/things/:id"},
	    {HTTP_GET, "/things", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/things/", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/things//x", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/things/7/x/y", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/open/", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "//open", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/opens", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/ope", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/Open", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/:id", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "", ERR_NOT_FOUND, NULL},
	    {HTTP_GET, "/only-post", ERR_METHOD, NULL},
	    {HTTP_POST, "/things/7", ERR_METHOD, NULL},
	    {HTTP_POST, "/nothing", ERR_NOT_FOUND, NULL},
	};
	struct req r;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = request(*state, &site, cases[i].m, cases[i].path);
		assert_int_equal(
		    dispatch_find(&site, cases[i].m, cases[i].path, &r),
		    cases[i].e);
		if (cases[i].e == ERR_OK)
			assert_string_equal(r.route->pattern, cases[i].pattern);
		else
			assert_null(r.route);
	}
}

static void
parameters_reach_the_handler(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/things/7/鍛 錬");
	struct reply re = {0};

	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_string_equal(
	    buf_text(&re.body), "/things/:id/:part id=7 part=鍛 錬");
	assert_int_equal(re.status, 200);
	buf_free(&re.body);
	r = request(*state, &site, HTTP_GET, "/things/07");
	assert_int_equal(dispatch(&r, &re), ERR_NOT_FOUND);
	assert_int_equal(re.status, 404);
	buf_free(&re.body);
}

static int
check_routes(void *ctx)
{
	const struct route *row = ctx;
	const struct route room[] = {row[0], ROUTES_END};
	const struct route *const both[] = {rows, room, NULL};
	struct site s = site;

	s.rooms = both;
	dispatch_check_routes(&s);
	return 0;
}

static void
a_wrong_table_stops_the_program(void **state)
{
	static struct route wrong[] = {
	    {HTTP_GET, "/a", says_path, 0, 0},
	    {HTTP_GET, "/a", says_path, 1u << ROLE__MAX, 0},
	    {HTTP_GET, "/a", says_path, WHO_ANYONE | SUPERVISOR, 0},
	    {HTTP_GET, "/a", NULL, WHO_ANYONE, 0},
	    {HTTP_HEAD, "/a", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "a", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "/a/", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "/a//b", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "/:", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "/:a/:b/:c/:d/:e", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "/a", says_path, WHO_ANYONE, ROUTE_NO_CSRF},
	    {HTTP_GET, "/open", says_path, WHO_ANYONE, 0},
	    {HTTP_GET, "/things/:other", says_path, WHO_ANYONE, 0},
	};
	static struct route right = {HTTP_GET, "/a/:b", says_path, EITHER, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_true(dies(check_routes, &wrong[i]));
	assert_false(dies(check_routes, &right));
}

static void
a_row_names_its_lane(void **state)
{
	static const struct {
		enum http_method m;
		const char *path;
		enum lane_choice lane;
	} cases[] = {{HTTP_GET, "/open", LANE_CHOICE_READ},
	    {HTTP_GET, "/writes", LANE_CHOICE_WRITE},
	    {HTTP_POST, "/open", LANE_CHOICE_WRITE},
	    {HTTP_POST, "/password", LANE_CHOICE_PASSWORD},
	    {HTTP_GET, "/calls", LANE_CHOICE_CALLS},
	    {HTTP_POST, "/calls", LANE_CHOICE_CALLS}};
	struct req r;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = request(*state, &site, cases[i].m, cases[i].path);
		assert_int_equal(
		    dispatch_find(&site, r.method, r.path, &r), ERR_OK);
		assert_int_equal(dispatch_lane(r.route), cases[i].lane);
	}
}

/* ---------------------------------------------------------------- policy */

static int
status_for(
    struct arena *a, const char *role, enum http_method m, const char *path)
{
	struct req r = request_as(a, role, m, path);
	struct reply re = {0};
	enum err e;

	if (m == HTTP_POST)
		add_token(&r);
	e = dispatch(&r, &re);
	assert_int_equal(e == ERR_OK, re.status == 200);
	if (e != ERR_OK)
		assert_string_not_equal(buf_text(&re.body), path);
	buf_free(&re.body);
	return re.status;
}

static void
each_row_lets_in_whom_it_names(void **state)
{
	static const struct {
		enum http_method m;
		const char *path;
		int nobody; /* status when nobody is signed in */
		unsigned who;
	} cases[] = {
	    {HTTP_GET, "/open", 200, ~0u},
	    {HTTP_GET, "/mine", 303, ~0u},
	    {HTTP_HEAD, "/mine", 303, ~0u},
	    {HTTP_GET, "/sector", 303, SUPERVISOR},
	    {HTTP_GET, "/either", 303, EITHER},
	    {HTTP_POST, "/mine", 401, ~0u},
	    {HTTP_POST, "/sector", 401, SUPERVISOR},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    status_for(*state, NULL, cases[i].m, cases[i].path),
		    cases[i].nobody);
		for (enum role role = 0; role < ROLE__MAX; role++)
			assert_int_equal(status_for(*state, role_names[role],
					     cases[i].m, cases[i].path),
			    (cases[i].who & ROLE_BIT(role)) != 0 ? 200 : 403);
	}
}

static void
a_link_leads_back_after_sign_in(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/mine");
	struct reply re = {0};

	add_field(*state, &r.query, "q", "a&鍛");
	add_field(*state, &r.query, "lang", "en");
	assert_int_equal(dispatch(&r, &re), ERR_SIGN_IN);
	assert_int_equal(re.status, 303);
	assert_string_equal(header_of(&re, "Location"),
	    "/sign-in?return=%2Fmine%3Fq%3Da%2526%25E9%258D%259B");
	assert_string_equal(buf_text(&re.body), "");
	r = request(*state, &site, HTTP_GET, "/");
	assert_int_equal(dispatch(&r, &re), ERR_SIGN_IN);
	assert_string_equal(header_of(&re, "Location"), "/sign-in");
}

static void
loopback_rows_are_hidden_from_others(void **state)
{
	static const struct {
		const char *address;
		int status;
	} cases[] = {{"127.0.0.1", 200}, {"::1", 200}, {"192.0.2.7", 404},
	    {"127.0.0.1.evil.test", 404}, {"", 404}};
	struct req r;
	struct reply re = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = request(*state, &site, HTTP_GET, "/metrics");
		r.address = cases[i].address;
		dispatch(&r, &re);
		assert_int_equal(re.status, cases[i].status);
	}
	buf_free(&re.body);
}

/* --------------------------------------------------------------- forgery */

static void
a_post_needs_its_token(void **state)
{
	struct req r = request_as(*state, "learner", HTTP_POST, "/mine");
	struct reply re = {0};

	assert_int_equal(dispatch(&r, &re), ERR_FORBIDDEN);
	assert_int_equal(re.status, 403);
	assert_non_null(
	    strstr(buf_text(&re.body), message(LANG_JA, M_http_stale_form_do)));
	add_field(*state, &r.form, "csrf", "x");
	assert_int_equal(dispatch(&r, &re), ERR_FORBIDDEN);
	r.form = (struct fields){0};
	add_token(&r);
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	r.csrf_header = field_value(&r.form, "csrf");
	r.form = (struct fields){0};
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	buf_free(&re.body);
	r = request(*state, &site, HTTP_POST, "/hook");
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	buf_free(&re.body);
}

static void
another_sites_post_is_refused(void **state)
{
	static const struct {
		const char *origin, *fetch_site;
		enum err e;
	} cases[] = {
	    {"", "", ERR_OK},
	    {ORIGIN, "", ERR_OK},
	    {ORIGIN, "same-origin", ERR_OK},
	    {"", "none", ERR_OK},
	    {"null", "", ERR_FORBIDDEN},
	    {"https://evil.test", "", ERR_FORBIDDEN},
	    {ORIGIN ".evil.test", "", ERR_FORBIDDEN},
	    {"http://127.0.0.1:8081", "", ERR_FORBIDDEN},
	    {ORIGIN, "cross-site", ERR_FORBIDDEN},
	    {"", "same-site", ERR_FORBIDDEN},
	};
	struct req r;
	struct reply re = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = request_as(*state, "learner", HTTP_POST, "/mine");
		add_token(&r);
		r.origin = cases[i].origin;
		r.fetch_site = cases[i].fetch_site;
		assert_int_equal(dispatch(&r, &re), cases[i].e);
	}
	buf_free(&re.body);
}

/* Name=value of a Set-Cookie header, as a browser sends it back. */
static const char *
sent_back(struct arena *a, const char *set_cookie)
{
	assert_non_null(set_cookie);
	return arena_strndup(a, set_cookie, strcspn(set_cookie, ";"));
}

static void
before_sign_in_the_token_fits_its_cookie_only(void **state)
{
	struct req page = request(*state, &site, HTTP_GET, "/page"), post;
	struct reply re = {0};
	const char *cookie, *token;

	assert_int_equal(dispatch(&page, &re), ERR_OK);
	cookie = sent_back(*state, header_of(&re, "Set-Cookie"));
	token = csrf_token(&page);
	assert_int_equal(strncmp(cookie, "__Host-csrf=", 12), 0);

	post = request(*state, &site, HTTP_POST, "/open");
	add_field(*state, &post.form, "csrf", token);
	assert_int_equal(dispatch(&post, &re), ERR_FORBIDDEN);
	post.cookies = cookie;
	assert_int_equal(dispatch(&post, &re), ERR_OK);
	assert_null(header_of(&re, "Set-Cookie"));
	post.cookies = "__Host-csrf=AAAAAAAAAAAAAAAAAAAAAA";
	assert_int_equal(dispatch(&post, &re), ERR_FORBIDDEN);
	post.cookies = "__Host-csrf=";
	assert_int_equal(dispatch(&post, &re), ERR_FORBIDDEN);

	/* The same cookie gives the same token: a second tab stays good. */
	page = request(*state, &site, HTTP_GET, "/page");
	page.cookies = cookie;
	assert_int_equal(dispatch(&page, &re), ERR_OK);
	assert_null(header_of(&re, "Set-Cookie"));
	assert_string_equal(csrf_token(&page), token);
	buf_free(&re.body);
}

/* ------------------------------------------------------------- answers */

static void
assert_safe_headers(const struct reply *re)
{
	static const char *const names[] = {"Content-Security-Policy",
	    "X-Content-Type-Options", "Referrer-Policy",
	    "Cross-Origin-Opener-Policy", "Permissions-Policy", "Vary",
	    "Cache-Control"};
	const char *cookie, *csp = header_of(re, "Content-Security-Policy");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_non_null(header_of(re, names[i]));
		assert_null(header_nth(re, names[i], 1));
	}
	assert_non_null(strstr(csp, "default-src 'none'"));
	assert_non_null(strstr(csp, "frame-ancestors 'none'"));
	assert_null(strstr(csp, "unsafe"));
	for (size_t i = 0; (cookie = header_nth(re, "Set-Cookie", i)) != NULL;
	     i++) {
		assert_non_null(strstr(cookie, "; Secure"));
		assert_non_null(strstr(cookie, "; HttpOnly"));
		assert_non_null(strstr(cookie, "; SameSite=Lax"));
		assert_non_null(strstr(cookie, "; Path=/"));
		assert_null(strstr(cookie, "Domain"));
	}
}

static void
every_answer_has_the_safe_headers(void **state)
{
	static const struct {
		enum http_method m;
		const char *role, *path;
	} cases[] = {
	    {HTTP_GET, NULL, "/open"},
	    {HTTP_GET, NULL, "/page"},
	    {HTTP_GET, NULL, "/cached"},
	    {HTTP_GET, NULL, "/mine"},
	    {HTTP_GET, NULL, "/nothing"},
	    {HTTP_GET, "learner", "/sector"},
	    {HTTP_GET, "away", "/open"},
	    {HTTP_HEAD, NULL, "/open"},
	    {HTTP_POST, NULL, "/things/1"},
	    {HTTP_POST, NULL, "/mine"},
	    {HTTP_POST, "learner", "/only-post"},
	    {HTTP_POST, "learner", "/form"},
	    {HTTP_GET, NULL, "/fails/13"},
	};
	struct req r;
	struct reply re = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = request_as(
		    *state, cases[i].role, cases[i].m, cases[i].path);
		add_field(*state, &r.query, "lang", "en");
		if (cases[i].m == HTTP_POST)
			add_token(&r);
		(void)dispatch(&r, &re);
		assert_safe_headers(&re);
	}
	buf_free(&re.body);
}

static void
each_error_is_a_page_with_its_status(void **state)
{
	static const int statuses[ERR__MAX] = {[ERR_INVALID] = 422,
	    [ERR_SIGN_IN] = 303,
	    [ERR_FORBIDDEN] = 403,
	    [ERR_NOT_FOUND] = 404,
	    [ERR_METHOD] = 405,
	    [ERR_CONFLICT] = 409,
	    [ERR_GONE] = 410,
	    [ERR_TOO_LARGE] = 413,
	    [ERR_THROTTLED] = 429,
	    [ERR_BUSY] = 503,
	    [ERR_NO_SPACE] = 507,
	    [ERR_UNAVAILABLE] = 503,
	    [ERR_INTERNAL] = 500};
	struct req r;
	struct reply re = {0};
	const char *h1;

	for (enum err e = ERR_INVALID; e < ERR__MAX; e++) {
		r = request(*state, &site, HTTP_GET,
		    arena_printf(*state, "/fails/%d", (int)e));
		assert_int_equal(dispatch(&r, &re), e);
		assert_int_equal(re.status, statuses[e]);
		assert_null(strstr(buf_text(&re.body), "half a page"));
		assert_null(header_of(&re, "X-Left-Over"));
		assert_int_equal(header_of(&re, "Retry-After") != NULL,
		    e == ERR_THROTTLED || e == ERR_BUSY ||
			e == ERR_UNAVAILABLE);
		if (e == ERR_SIGN_IN)
			continue;
		h1 = strstr(buf_text(&re.body), "<h1");
		assert_non_null(h1);
		assert_null(strstr(h1 + 1, "<h1"));
		assert_non_null(strstr(buf_text(&re.body), "</html>"));
	}
	buf_free(&re.body);
}

static void
an_error_is_told_in_the_readers_language(void **state)
{
	struct req r;
	struct reply re = {0};

	for (enum lang l = 0; l < LANG__MAX; l++) {
		r = request(*state, &site, HTTP_GET, "/nothing");
		r.accept_language = lang_codes[l];
		assert_int_equal(dispatch(&r, &re), ERR_NOT_FOUND);
		assert_non_null(strstr(
		    buf_text(&re.body), message(l, M_http_not_found_do)));
		assert_non_null(strstr(buf_text(&re.body),
		    arena_printf(*state, "<html lang=\"%s\"", lang_codes[l])));
		assert_string_equal(
		    header_of(&re, "Content-Language"), lang_codes[l]);
	}
	buf_free(&re.body);
}

static void
json_callers_get_an_object(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/mine");
	struct reply re = {0};

	r.wants_json = true;
	assert_int_equal(dispatch(&r, &re), ERR_SIGN_IN);
	assert_int_equal(re.status, 401);
	assert_string_equal(re.content_type, "application/json");
	assert_string_equal(buf_text(&re.body),
	    arena_printf(*state, "{\"error\": \"%s\", \"message\": \"%s\"}\n",
		err_name(ERR_SIGN_IN),
		message(LANG_JA, M_http_signed_out_sentence)));
	buf_free(&re.body);
}

static void
a_wrong_form_is_shown_again(void **state)
{
	struct req r = request_as(*state, "learner", HTTP_POST, "/form");
	struct reply re = {0};

	add_token(&r);
	assert_int_equal(dispatch(&r, &re), ERR_INVALID);
	assert_int_equal(re.status, 422);
	assert_string_equal(buf_text(&re.body), "the form");
	/* When the lane then says no, that is what the reader is told. */
	dispatch_error(&r, &re, ERR_NO_SPACE);
	assert_int_equal(re.status, 507);
	assert_null(strstr(buf_text(&re.body), "the form"));
	assert_safe_headers(&re);
	buf_free(&re.body);
}

static void
a_second_run_starts_from_nothing(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/open");
	struct reply re = {0};

	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_string_equal(buf_text(&re.body), "/open");
	assert_safe_headers(&re);
	buf_free(&re.body);
}

static void
head_is_get_without_its_body(void **state)
{
	struct req r = request(*state, &site, HTTP_HEAD, "/open");
	struct reply re = {0};

	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_int_equal(re.status, 200);
	assert_int_equal(re.body.len, 0);
	r = request(*state, &site, HTTP_POST, "/things/1");
	assert_int_equal(dispatch(&r, &re), ERR_METHOD);
	assert_string_equal(header_of(&re, "Allow"), "GET, HEAD");
	r = request(*state, &site, HTTP_GET, "/only-post");
	assert_int_equal(dispatch(&r, &re), ERR_METHOD);
	assert_string_equal(header_of(&re, "Allow"), "POST");
	buf_free(&re.body);
}

static void
a_language_in_the_address_is_kept(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/open");
	struct reply re = {0};

	add_field(*state, &r.query, "lang", "en");
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_int_equal(r.lang, LANG_EN);
	assert_string_equal(
	    sent_back(*state, header_of(&re, "Set-Cookie")), "lang=en");
	r = request(*state, &site, HTTP_GET, "/open");
	r.cookies = "lang=en";
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_int_equal(r.lang, LANG_EN);
	assert_null(header_of(&re, "Set-Cookie"));
	buf_free(&re.body);
}

static void
a_cached_page_sets_no_cookie(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/cached");
	struct reply re = {0};

	add_field(*state, &r.query, "lang", "en");
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_null(header_of(&re, "Set-Cookie"));
	buf_free(&re.body);
}

static void
a_message_is_shown_once_and_only_if_ours(void **state)
{
	struct req r = request_as(*state, "learner", HTTP_POST, "/only-post");
	struct reply re = {0};
	const char *cookie;
	char *forged;

	add_token(&r);
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_int_equal(re.status, 303);
	assert_string_equal(header_of(&re, "Location"), "/page");
	cookie = sent_back(*state, header_of(&re, "Set-Cookie"));

	r = request(*state, &site, HTTP_GET, "/page");
	r.cookies = cookie;
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_string_equal(
	    buf_text(&re.body), message(LANG_JA, M_http_conflict));
	assert_string_equal(sent_back(*state, header_nth(&re, "Set-Cookie", 1)),
	    FLASH_COOKIE "=");

	forged = arena_strdup(*state, cookie);
	forged[strlen(FLASH_COOKIE "=")] ^= 1; /* another digit */
	r = request(*state, &site, HTTP_GET, "/page");
	r.cookies = forged;
	assert_int_equal(dispatch(&r, &re), ERR_OK);
	assert_string_equal(buf_text(&re.body), "no message");
	buf_free(&re.body);
}

static void
a_header_ends_at_a_line_break(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/open");
	struct reply re = {0};

	reply_header(&r, &re, "X-A", "one\r\nSet-Cookie: x=1");
	assert_string_equal(header_of(&re, "X-A"), "one");
}

static void
a_download_has_a_harmless_name(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/open");
	struct reply re = {0};

	reply_download(&r, &re, "text/csv", "../a \"b\";名.csv");
	assert_string_equal(re.content_type, "text/csv");
	assert_string_equal(header_of(&re, "Content-Disposition"),
	    "attachment; filename=\".._a__b_____.csv\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(a_path_finds_its_row),
	    WITH_ARENA(parameters_reach_the_handler),
	    WITH_ARENA(a_wrong_table_stops_the_program),
	    WITH_ARENA(a_row_names_its_lane),
	    WITH_ARENA(each_row_lets_in_whom_it_names),
	    WITH_ARENA(a_link_leads_back_after_sign_in),
	    WITH_ARENA(loopback_rows_are_hidden_from_others),
	    WITH_ARENA(a_post_needs_its_token),
	    WITH_ARENA(another_sites_post_is_refused),
	    WITH_ARENA(before_sign_in_the_token_fits_its_cookie_only),
	    WITH_ARENA(every_answer_has_the_safe_headers),
	    WITH_ARENA(each_error_is_a_page_with_its_status),
	    WITH_ARENA(an_error_is_told_in_the_readers_language),
	    WITH_ARENA(json_callers_get_an_object),
	    WITH_ARENA(a_wrong_form_is_shown_again),
	    WITH_ARENA(a_second_run_starts_from_nothing),
	    WITH_ARENA(head_is_get_without_its_body),
	    WITH_ARENA(a_language_in_the_address_is_kept),
	    WITH_ARENA(a_cached_page_sets_no_cookie),
	    WITH_ARENA(a_message_is_shown_once_and_only_if_ours),
	    WITH_ARENA(a_header_ends_at_a_line_break),
	    WITH_ARENA(a_download_has_a_harmless_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
