/* A little sector by acts, and requests to it. */
#include "support/sector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "certify/certify.h"
#include "content/publish.h"
#include "http/csrf.h"
#include "http/csrf_cookie.h"
#include "http/dispatch.h"
#include "http/language.h"
#include "learn/learn.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "people/viewer.h"
#include "support/content_fixture.h"

#define EXAM_ATTEMPT INT64_C(77)
#define MONTH_MS (30 * DAY_MS)

static void
must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	(void)fprintf(stderr, "sector: %s: %s\n", what, err_name(e));
	abort();
}

void
sector_act(struct sector_fixture *s, enum err (*act)(struct db *db, void *ctx),
    void *ctx, const char *what)
{
	must(db_write(s->pages.f->db, act, ctx), what);
}

/* ------------------------------------------------------------------ content */

/* The tree of certify's tests with more categories and tiers. */
static void
publish(struct pages *p, const char *path, const char *text)
{
	struct arena *a = p->f->arena;
	const char *repository, *manifest, *commit, *dir;
	struct content_files files = {0};
	struct content_errors errors;
	char id[41];
	enum err e;

	repository = arena_printf(a, "%s/repository", p->f->directory);
	dir = arena_printf(a, "%s/content", p->f->directory);
	content_files_read(&files, "tests/certify/tree");
	content_files_read(&files, "tests/support/sector");
	if (path != NULL)
		content_files_put(&files, path, text);
	content_repository_commit(repository, &files, id);
	content_files_free(&files);
	if (p->site.content == NULL)
		must(content_store_open(dir, &p->site.content), "store");
	e = content_build(
	    &repository, 1, id, dir, false, a, &manifest, &commit, &errors);
	if (e == ERR_INVALID)
		content_errors_print(&errors, stderr);
	must(e, "build");
	must(content_follow(p->site.content, manifest), "follow");
}

void
sector_republish(struct sector_fixture *s, const char *path, const char *text)
{
	publish(&s->pages, path, text);
}

/* ------------------------------------------------------------------- people */

struct hand {
	struct sector_fixture *s;
	struct arena *a;
	int numbers; /* of persons, so far */
};

static enum err
add_organisation(struct db *db, struct hand *h, const char *kind,
    const char *category, int n, int64_t *id)
{
	struct organisation o = {
	    .kind = kind,
	    .code = arena_printf(
		h->a, "%s%02d", category == NULL ? "AUTH" : category, n),
	    .category = category == NULL ? "" : category,
	    .size_band = category == NULL ? 0 : 1 + n % 2,
	    .created_at = h->s->pages.f->now,
	};
	enum err e;

	o.name.in[LANG_JA] = category == NULL
	    ? "架空監督庁"
	    : arena_printf(h->a, "架空%s第%d", category, n);
	o.name.in[LANG_EN] = category == NULL
	    ? "Fictional Authority"
	    : arena_printf(h->a, "Fictional %s %d", category, n);
	e = organisation_add(db, &o);
	*id = o.id;
	return e;
}

static enum err
add_person(struct db *db, struct hand *h, int64_t organisation,
    const char *role, const char *tier, int64_t at, int64_t *person,
    int64_t *membership)
{
	struct person p = {
	    .email = "",
	    .name = arena_printf(h->a, "職員 %03d", ++h->numbers),
	    .kana = "",
	    .lang = LANG_JA,
	};
	struct membership m = {
	    .organisation = organisation,
	    .employee_number = arena_printf(h->a, "N%03d", h->numbers),
	    .department = h->numbers % 2 == 0 ? "システム部" : "監査部",
	    .role = role,
	    .tier = tier,
	    .from_at = at,
	};
	enum err e;

	if ((e = person_add(db, &p, at)) != ERR_OK)
		return e;
	*person = m.person = p.id;
	e = membership_add(db, &m, at);
	if (membership != NULL)
		*membership = m.id;
	return e;
}

/* Two executives, three managers, five to seven technicians. */
static enum err
add_people(struct db *db, struct hand *h, int n)
{
	static const struct {
		const char *role, *tier;
	} kinds[] = {{"E-DIR", "executive"}, {"M-RISK", "management"},
	    {"T-SOC", "technician"}};
	struct pages *p = &h->s->pages;
	const int counts[] = {2, 3, 5 + n % 3};
	const struct content *c = pages_content(p);
	const struct course *course = content_course(c, "C-901");
	int64_t joined, person;
	struct learner who;
	int i, kind, done = 0;
	enum err e = ERR_OK;

	for (kind = 0; kind < 3; kind++)
		for (i = 0; i < counts[kind] && e == ERR_OK; i++) {
			joined = p->f->now - (i == 0 ? 14 : 8) * MONTH_MS;
			e = add_person(db, h, h->s->institutions[n],
			    kinds[kind].role, kinds[kind].tier, joined, &person,
			    NULL);
			/* every n-th half of them, one a month */
			if (e != ERR_OK || (i + n) % 2 != 0)
				continue;
			who = (struct learner){
			    person, h->s->institutions[n], kinds[kind].tier};
			e = course_exam_passed(db, &p->site, &who, c, course,
			    EXAM_ATTEMPT, p->f->now - done++ * MONTH_MS);
		}
	return e;
}

static const struct {
	const char *role, *tier;
	const char *grant, *reach, *value; /* NULL: none */
	int institution; /* -1: the authority */
} persons[SECTOR_PERSONS] = {
    [SECTOR_LEARNER] = {"T-SOC", "technician", NULL, NULL, NULL, SECTOR_OWN},
    [SECTOR_LINE_MANAGER] = {"T-IR", "technician", "line_manager",
	"institution", "RGB01", SECTOR_OWN},
    [SECTOR_TRAINING_MANAGER] = {"M-RISK", "management", "training_manager",
	"institution", "RGB01", SECTOR_OWN},
    [SECTOR_AUTHOR] = {"T-IR", "technician", "author", "all", "", -1},
    [SECTOR_SUPERVISOR] = {"S-SUP", "supervisor", "supervisor", "category",
	"RGB", -1},
    [SECTOR_OPERATOR] = {"T-IR", "technician", "operator", "all", "", -1},
    [SECTOR_SUPERVISOR_ALL] = {"S-SUP", "supervisor", "supervisor", "all", "",
	-1},
    [SECTOR_OTHER_LEARNER] = {"T-SOC", "technician", NULL, NULL, NULL,
	SECTOR_OTHER},
    [SECTOR_OTHER_MANAGER] = {"M-RISK", "management", "training_manager",
	"institution", "SHK01", SECTOR_OTHER},
};

static enum err
add_roles(struct db *db, struct hand *h)
{
	struct sector_fixture *s = h->s;
	int64_t now = s->pages.f->now, organisation;
	enum err e = ERR_OK;
	int i;

	for (i = 0; i < SECTOR_PERSONS && e == ERR_OK; i++) {
		organisation = persons[i].institution < 0
		    ? s->authority
		    : s->institutions[persons[i].institution];
		e = add_person(db, h, organisation, persons[i].role,
		    persons[i].tier, now, &s->persons[i], &s->memberships[i]);
		if (e == ERR_OK && persons[i].grant != NULL)
			e = role_grant_add(db, s->persons[i], organisation,
			    persons[i].grant, persons[i].reach,
			    persons[i].value, now);
	}
	return e;
}

/* As a roster does it, when everybody is there. */
static enum err
add_line_managers(struct db *db, struct sector_fixture *s)
{
	static const struct {
		enum sector_person who, manager;
	} pairs[] = {{SECTOR_LEARNER, SECTOR_LINE_MANAGER},
	    {SECTOR_OTHER_LEARNER, SECTOR_OTHER_MANAGER}};
	enum err e = ERR_OK;
	size_t i;

	for (i = 0; e == ERR_OK && i < sizeof(pairs) / sizeof(pairs[0]); i++)
		e = db_exec(db, Q_MEMBERSHIP_MANAGER,
		    DB_ARGS(db_int(s->memberships[pairs[i].who]),
			db_int(s->persons[pairs[i].manager])),
		    NULL);
	return e;
}

static enum err
build(struct db *db, void *ctx)
{
	static const struct {
		const char *category;
		int n;
	} plan[] = {{"RGB", 7}, {"SHK", 6}, {"CRY", 2}};
	struct hand *h = ctx;
	size_t kind;
	int i, n = 0;
	enum err e;

	e = add_organisation(db, h, "authority", NULL, 1, &h->s->authority);
	for (kind = 0; kind < 3; kind++)
		for (i = 1; i <= plan[kind].n && e == ERR_OK; i++, n++) {
			e = add_organisation(db, h, "institution",
			    plan[kind].category, i, &h->s->institutions[n]);
			if (e == ERR_OK)
				e = add_people(db, h, n);
		}
	if (e == ERR_OK)
		e = add_roles(db, h);
	return e == ERR_OK ? add_line_managers(db, h->s) : e;
}

void
sector_fixture_open(struct sector_fixture *s, struct fixture *f,
    const struct route *const *rooms)
{
	struct hand h = {s, f->arena, 0};

	*s = (struct sector_fixture){
	    .pages = {
		.f = f,
		.site = {.origin = PAGES_ORIGIN,
		    .var = f->directory,
		    .secret = {1, 2, 3},
		    .rooms = rooms,
		    .find_viewer = viewer_find,
		    .course_completed = certify_course_completed},
	    }};
	publish(&s->pages, NULL, NULL);
	sector_act(s, build, &h, "build");
}

void
sector_fixture_close(struct sector_fixture *s)
{
	pages_close(&s->pages);
}

/* ----------------------------------------------------------------- requests */

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
cookies_of(struct sector_fixture *s, int64_t person, enum lang lang)
{
	struct session in = {&s->pages, person, NULL};

	if (person == 0)
		return arena_printf(s->pages.f->arena,
		    LANGUAGE_COOKIE "=%s; " CSRF_COOKIE
				    "=AAAAAAAAAAAAAAAAAAAAAA",
		    lang_codes[lang]);
	sector_act(s, open_session, &in, "session");
	return arena_printf(s->pages.f->arena,
	    LANGUAGE_COOKIE "=%s; " SESSION_COOKIE "=%s", lang_codes[lang],
	    in.token);
}

/* The token that fits whoever sends the form. */
static const char *
token_of(struct req r)
{
	must(viewer_find(&r), "viewer");
	request_prepare(&r);
	return csrf_token(&r);
}

static void
read_form(struct req *r, const char *form)
{
	struct fields fields;

	must(form_decode(r->arena, form, strlen(form), &fields), "form");
	r->form.list = ARENA_ARRAY(r->arena, struct field, fields.n + 1);
	r->form.n = fields.n + 1;
	if (fields.n > 0)
		memcpy(
		    r->form.list, fields.list, fields.n * sizeof(*fields.list));
	r->form.list[fields.n] =
	    (struct field){.name = "csrf", .value = token_of(*r)};
}

struct sent {
	struct req *r;
	struct reply *re;
};

static enum err
send_in_write(struct db *db, void *ctx)
{
	struct sent *sent = ctx;

	(void)db;
	return dispatch(sent->r, sent->re);
}

static void
send(struct req *r, struct reply *re)
{
	struct sent sent = {r, re};
	struct req found = *r;
	enum err e = ERR_OK; /* the answer says it */

	if (dispatch_find(r->site, r->method, r->path, &found) == ERR_OK &&
	    dispatch_lane(found.route) == LANE_CHOICE_WRITE)
		e = db_write(r->db, send_in_write, &sent);
	else
		e = dispatch(r, re);
	(void)e;
}

int
request_as(struct sector_fixture *s, int64_t person, enum lang lang,
    enum http_method method, const char *path, const char *form,
    struct reply *re)
{
	struct fixture *f = s->pages.f;
	const char *question = strchr(path, '?');
	struct req r = {
	    .method = method,
	    .path = question == NULL
		? path
		: arena_strndup(f->arena, path, (size_t)(question - path)),
	    .cookies = cookies_of(s, person, lang),
	    .accept_language = "",
	    .content_type = "",
	    .origin = "",
	    .fetch_site = "",
	    .csrf_header = "",
	    .address = "192.0.2.7",
	    .site = &s->pages.site,
	    .db = f->db,
	    .arena = f->arena,
	    .now = f->now,
	};

	if (question != NULL)
		must(form_decode(f->arena, question + 1, strlen(question + 1),
			 &r.query),
		    "query");
	if (method == HTTP_POST)
		read_form(&r, form);
	send(&r, re);
	return re->status;
}

int
visit(struct sector_fixture *s, int64_t person, enum lang lang,
    const char *path, struct reply *re)
{
	return request_as(s, person, lang, HTTP_GET, path, "", re);
}

int
send_form(struct sector_fixture *s, int64_t person, const char *path,
    const char *form, struct reply *re)
{
	return request_as(s, person, LANG_JA, HTTP_POST, path, form, re);
}

bool
sector_says(const struct reply *re, const char *text)
{
	return strstr(buf_text(&re->body), text) != NULL;
}
