/* A site on a fixture, and pages compared with golden files. */
#include "support/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "content/publish.h"
#include "http/dispatch.h"
#include "http/viewer.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "people/viewer.h"
#include "support/content_fixture.h"

static void
must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "pages: %s: %s\n", what, err_name(e));
	abort();
}

/* ------------------------------------------------------------------- a site */

static void
publish(struct pages *p, const char *tree)
{
	struct arena *a = p->f->arena;
	const char *repository, *manifest, *commit, *dir;
	struct content_files files = {0};
	struct content_errors errors;
	char id[41];
	enum err e;

	repository = arena_printf(a, "%s/repository", p->f->directory);
	dir = arena_printf(a, "%s/content", p->f->directory);
	content_files_read(&files, tree);
	content_repository_commit(repository, &files, id);
	content_files_free(&files);
	must(content_store_open(dir, &p->site.content), "store");
	e = content_build(
	    &repository, 1, id, dir, false, a, &manifest, &commit, &errors);
	if (e == ERR_INVALID)
		content_errors_print(&errors, stderr);
	must(e, "build");
	must(content_follow(p->site.content, manifest), "follow");
}

static enum err
add_organisation(struct db *db, void *ctx)
{
	struct pages *p = ctx;
	struct organisation o = {
	    .kind = "institution",
	    .code = "0001",
	    .name = {.in = {"架空第一銀行", "Fictional First Bank"}},
	    .category = "RGB",
	    .size_band = 1,
	    .created_at = p->f->now,
	};
	enum err e;

	e = organisation_add(db, &o);
	p->organisation = o.id;
	return e;
}

void
pages_open(struct pages *p, struct fixture *f, const char *tree,
    const struct route *const *rooms)
{
	*p = (struct pages){
	    .f = f,
	    .site = {.origin = PAGES_ORIGIN,
		.var = f->directory,
		.secret = {1, 2, 3},
		.rooms = rooms,
		.find_viewer = viewer_find},
	};
	publish(p, tree);
	must(db_write(f->db, add_organisation, p), "organisation");
}

void
pages_close(struct pages *p)
{
	content_store_close(p->site.content);
}

struct content *
pages_content(struct pages *p)
{
	struct content *c = content_current(p->site.content);

	/* the store holds it as well, until pages_close */
	content_release(c);
	return c;
}

/* ------------------------------------------------------------------ persons */

struct newcomer {
	struct pages *p;
	const char *name, *role, *tier;
	int64_t id;
};

static enum err
add_person(struct db *db, void *ctx)
{
	struct newcomer *in = ctx;
	struct person person = {
	    .email = "",
	    .name = in->name,
	    .kana = "",
	    .lang = LANG_JA,
	};
	struct membership m = {
	    .organisation = in->p->organisation,
	    .employee_number =
		arena_printf(in->p->f->arena, "%04d", ++in->p->persons),
	    .department = "システム部",
	    .role = in->role,
	    .tier = in->tier,
	    .from_at = in->p->f->now,
	};
	enum err e;

	if ((e = person_add(db, &person, in->p->f->now)) != ERR_OK)
		return e;
	in->id = m.person = person.id;
	return membership_add(db, &m, in->p->f->now);
}

int64_t
pages_person(
    struct pages *p, const char *name, const char *role, const char *tier)
{
	struct newcomer in = {p, name, role, tier, 0};

	must(db_write(p->f->db, add_person, &in), "person");
	return in.id;
}

struct session {
	struct pages *p;
	int64_t person;
	const char *token;
};

static enum err
open_session(struct db *db, void *ctx)
{
	struct session *s = ctx;

	return session_open(
	    db, s->person, s->p->f->now, s->p->f->arena, &s->token);
}

static const char *
cookie_of(struct pages *p, int64_t person)
{
	struct session s = {p, person, NULL};

	if (person == 0)
		return "";
	must(db_write(p->f->db, open_session, &s), "session");
	return arena_printf(p->f->arena, SESSION_COOKIE "=%s", s.token);
}

/* ----------------------------------------------------------------- requests */

static int
get(struct pages *p, struct req *r, const char *path, struct reply *re)
{
	const char *question = strchr(path, '?');

	r->method = HTTP_GET;
	r->path = path;
	if (question != NULL) {
		r->path =
		    arena_strndup(p->f->arena, path, (size_t)(question - path));
		must(form_decode(p->f->arena, question + 1,
			 strlen(question + 1), &r->query),
		    "query");
	}
	r->accept_language =
	    r->accept_language == NULL ? "ja" : r->accept_language;
	r->content_type = r->origin = r->fetch_site = r->csrf_header = "";
	r->address = "192.0.2.7";
	r->site = &p->site;
	r->db = p->f->db;
	r->arena = p->f->arena;
	r->now = p->f->now;
	(void)dispatch(r, re);
	return re->status;
}

int
pages_get(struct pages *p, int64_t person, enum lang lang, const char *path,
    struct reply *re)
{
	const char *cookie = cookie_of(p, person);
	struct req r = {
	    .cookies = arena_printf(p->f->arena, "lang=%s%s%s",
		lang_codes[lang], *cookie == '\0' ? "" : "; ", cookie),
	    .accept_language = "",
	};

	return get(p, &r, path, re);
}

int
pages_get_json(struct pages *p, const char *path, struct reply *re)
{
	struct req r = {.cookies = "", .wants_json = true};

	return get(p, &r, path, re);
}

const char *
pages_header(const struct reply *re, const char *name)
{
	size_t i;

	for (i = 0; i < re->n_headers; i++)
		if (strcmp(re->headers[i].name, name) == 0)
			return re->headers[i].value;
	return "";
}

/* ------------------------------------------------------------- golden pages */

void
pages_hole(struct pages *p, const char *value, const char *name)
{
	if (p->n_holes == PAGES_HOLES_MAX)
		abort();
	p->holes[p->n_holes++] = (struct pages_hole){
	    arena_strdup(p->f->arena, value),
	    arena_printf(p->f->arena, "${%s}", name),
	};
}

static char *
replace(struct arena *a, const char *text, const char *value, const char *name)
{
	struct buf b = BUF_EMPTY;
	const char *found;
	char *out;

	while ((found = strstr(text, value)) != NULL) {
		buf_put(&b, text, (size_t)(found - text));
		buf_puts(&b, name);
		text = found + strlen(value);
	}
	buf_puts(&b, text);
	out = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return out;
}

/* `before`, which ends in a quotation mark, and its value become `with`. */
static char *
replace_after(struct arena *a, char *text, const char *before, const char *with)
{
	const char *found;

	while ((found = strstr(text, before)) != NULL &&
	    strncmp(found, with, strlen(with)) != 0) {
		found += strlen(before);
		text = replace(a, text,
		    arena_printf(a, "%s%.*s\"", before,
			(int)strcspn(found, "\""), found),
		    with);
	}
	return text;
}

/* Every token of a form, or of a module of ours, is another one. */
static char *
replace_tokens(struct arena *a, char *text)
{
	text = replace_after(
	    a, text, "name=\"csrf\" value=\"", "name=\"csrf\" value=${CSRF}");
	return replace_after(
	    a, text, " data-csrf=\"", " data-csrf=\"${CSRF}\"");
}

/* What the room drew; the frame around it is another room's. */
static const char *
main_part(struct arena *a, const char *page)
{
	static const char end[] = "</main>\n";
	const char *from = strstr(page, "<main"), *to = strstr(page, end);

	if (from == NULL || to == NULL || to < from)
		return page;
	return arena_strndup(a, from, (size_t)(to - from) + sizeof(end) - 1);
}

static char *
with_holes(struct pages *p, const char *text)
{
	struct arena *a = p->f->arena;
	char *out = arena_strdup(a, text);
	size_t i;

	for (i = 0; i < p->n_holes; i++)
		out = replace(a, out, p->holes[i].value, p->holes[i].name);
	return replace_tokens(a, out);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF) {
		perror(path);
		abort();
	}
}

void
pages_golden(struct pages *p, const char *name, const struct reply *re)
{
	const char *path = arena_printf(p->f->arena, "tests/golden/%s", name);
	const char *is, *page = buf_text(&re->body);
	char *expected;
	const char *write = getenv("TANREN_GOLDEN");

	is = with_holes(p, main_part(p->f->arena, page));
	if (write != NULL && strcmp(write, "write") == 0) {
		write_file(path, is);
		return;
	}
	if ((expected = content_slurp(path, NULL)) == NULL)
		fail_msg("%s: cannot be read", path);
	if (strcmp(is, expected) != 0) {
		print_error("%s differs; the page is:\n%s", path, is);
		free(expected);
		fail();
	}
	free(expected);
}
