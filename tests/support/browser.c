/* A reader with a browser. */
#include "support/browser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/dispatch.h"
#include "people/sign_in.h"

static void
must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "browser: %s: %s\n", what, err_name(e));
	abort();
}

/* ------------------------------------------------------------------ cookies */

static void
cookie_set(struct browser *b, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < b->n_cookies; i++)
		if (strcmp(b->cookies[i].name, name) == 0)
			break;
	if (i == BROWSER_COOKIES_MAX)
		abort();
	if (i == b->n_cookies)
		b->n_cookies++;
	b->cookies[i] = (struct browser_cookie){name, value};
}

static void
cookies_keep(struct browser *b)
{
	struct arena *a = b->p->f->arena;
	const char *line, *equals;
	size_t i;

	for (i = 0; i < b->re.n_headers; i++) {
		if (strcmp(b->re.headers[i].name, "Set-Cookie") != 0)
			continue;
		line = b->re.headers[i].value;
		if ((equals = strchr(line, '=')) == NULL)
			abort();
		cookie_set(b, arena_strndup(a, line, (size_t)(equals - line)),
		    arena_strndup(a, equals + 1, strcspn(equals + 1, ";")));
	}
}

static const char *
cookies_header(struct browser *b)
{
	const char *header = "";
	size_t i;

	for (i = 0; i < b->n_cookies; i++)
		if (*b->cookies[i].value != '\0')
			header = arena_printf(b->p->f->arena, "%s%s%s=%s",
			    header, *header == '\0' ? "" : "; ",
			    b->cookies[i].name, b->cookies[i].value);
	return header;
}

const char *
browser_cookie(const struct browser *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n_cookies; i++)
		if (strcmp(b->cookies[i].name, name) == 0 &&
		    *b->cookies[i].value != '\0')
			return b->cookies[i].value;
	return NULL;
}

/* ----------------------------------------------------------------- requests */

struct sending {
	struct req r;
	struct browser *b;
};

static enum err
send_it(struct db *db, void *ctx)
{
	struct sending *s = ctx;

	s->r.db = db;
	return dispatch(&s->r, &s->b->re);
}

static void
token_keep(struct browser *b)
{
	static const char before[] = "name=\"csrf\" value=\"";
	const char *found = strstr(buf_text(&b->re.body), before);

	if (found == NULL)
		return;
	found += sizeof(before) - 1;
	b->token = arena_strndup(b->p->f->arena, found, strcspn(found, "\""));
}

static void
fill(struct browser *b, struct req *r, const char *path)
{
	r->path = path;
	r->cookies = cookies_header(b);
	r->accept_language = r->origin = r->fetch_site = "";
	if (r->content_type == NULL)
		r->content_type = "";
	if (r->csrf_header == NULL)
		r->csrf_header = "";
	r->address = "192.0.2.7";
	r->site = &b->p->site;
	r->db = b->p->f->db;
	r->arena = b->p->f->arena;
	r->now = b->p->f->now;
}

static int
run(struct browser *b, struct sending *s)
{
	bool writes = s->r.method == HTTP_POST &&
	    (dispatch_find(s->r.site, HTTP_POST, s->r.path, &s->r) != ERR_OK ||
		dispatch_lane(s->r.route) == LANE_CHOICE_WRITE);

	if (writes)
		(void)!db_write(b->p->f->db, send_it, s);
	else
		(void)!send_it(b->p->f->db, s);
	cookies_keep(b);
	token_keep(b);
	return b->re.status;
}

int
browser_get(struct browser *b, const char *path)
{
	const char *question = strchr(path, '?');
	struct sending s = {.r = {.method = HTTP_GET}, .b = b};

	if (question != NULL) {
		must(form_decode(b->p->f->arena, question + 1,
			 strcspn(question + 1, "#"), &s.r.query),
		    "query");
		path = arena_strndup(
		    b->p->f->arena, path, (size_t)(question - path));
	}
	fill(b, &s.r, path);
	return run(b, &s);
}

static int
post(struct browser *b, struct sending *s, const char *path, const char *form)
{
	s->r.method = HTTP_POST;
	must(form_decode(b->p->f->arena, form, strlen(form), &s->r.form),
	    "form");
	fill(b, &s->r, path);
	return run(b, s);
}

int
browser_post(struct browser *b, const char *path, const char *form)
{
	struct sending s = {.b = b};

	if (*b->token != '\0')
		form = arena_printf(b->p->f->arena, "csrf=%s%s%s", b->token,
		    *form == '\0' ? "" : "&", form);
	return post(b, &s, path, form);
}

int
browser_post_json(struct browser *b, const char *path, const char *form)
{
	struct sending s = {
	    .r = {.csrf_header = b->token, .wants_json = true}, .b = b};

	return post(b, &s, path, form);
}

int
browser_upload(struct browser *b, const char *path, const char *name,
    const void *data, size_t size)
{
	struct field *list = ARENA_ARRAY(b->p->f->arena, struct field, 2);
	struct sending s = {.r = {.method = HTTP_POST}, .b = b};

	list[0] = (struct field){.name = "csrf", .value = b->token};
	list[1] = (struct field){
	    .name = name,
	    .value = "",
	    .file_name = "file.csv",
	    .data = data,
	    .size = size,
	};
	s.r.form = (struct fields){list, 2};
	fill(b, &s.r, path);
	return run(b, &s);
}

const char *
browser_location(const struct browser *b)
{
	return pages_header(&b->re, "Location");
}

int
browser_follow(struct browser *b)
{
	const char *to = browser_location(b);

	if (strncmp(to, PAGES_ORIGIN, strlen(PAGES_ORIGIN)) == 0)
		to += strlen(PAGES_ORIGIN);
	return browser_get(b, arena_strdup(b->p->f->arena, to));
}

bool
browser_shows(const struct browser *b, const char *text)
{
	return strstr(buf_text(&b->re.body), text) != NULL;
}

/* -------------------------------------------------------------------- opening
 */

struct signing {
	struct browser *b;
	int64_t person;
	const char *token;
};

static enum err
open_session(struct db *db, void *ctx)
{
	struct signing *s = ctx;
	struct fixture *f = s->b->p->f;

	return session_open(db, s->person, f->now, f->arena, &s->token);
}

void
browser_open(struct browser *b, struct pages *p, int64_t person, enum lang lang)
{
	struct signing s = {b, person, NULL};

	*b = (struct browser){.p = p, .token = ""};
	cookie_set(b, "lang", lang_codes[lang]);
	if (person == 0)
		return;
	must(db_write(p->f->db, open_session, &s), "session");
	cookie_set(b, SESSION_COOKIE, s.token);
}

void
browser_close(struct browser *b)
{
	buf_free(&b->re.body);
}
