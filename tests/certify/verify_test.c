/* The pages: my certificates, the sheet, and verification by anybody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"
#include "certify/certify.h"
#include "support/pages.h"

#define TREE "tests/certify/tree"
#define HOLDER "山田 太郎"
#define UNKNOWN "TR-0000-0000-0000"

static const struct route *const rooms[] = {certify_routes, NULL};

struct bench {
	struct pages pages;
	int64_t person;
	const char *number;
	struct reply reply;
};

/* --------------------------------------------------------------- rows made */

struct issue {
	struct pages *p;
	int64_t person;
};

static enum err
issue_act(struct db *db, void *ctx)
{
	struct issue *in = ctx;
	struct content *c = pages_content(in->p);

	return certify_course_completed(db, &in->p->site, c,
	    content_course(c, "C-901"), in->person, in->p->organisation, 77,
	    in->p->f->now);
}

static const char *
issue(struct pages *p, int64_t person)
{
	struct issue in = {p, person};
	struct certificate *list;
	size_t n;

	assert_int_equal(db_write(p->f->db, issue_act, &in), ERR_OK);
	assert_int_equal(certificates_of(p->f->db, scope_machine(p->f->now),
			     person, p->f->arena, &list, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	return list[0].number;
}

static enum err
revoke_act(struct db *db, void *ctx)
{
	struct bench *s = ctx;
	int64_t now = s->pages.f->now;

	return certificate_revoke(
	    db, scope_machine(now), 0, s->number, "秘密の理由", now);
}

/* A person whose data were erased: no act of the platform does it yet. */
static enum err
erased_act(struct db *db, void *ctx)
{
	int64_t *id = ctx;
	struct db_copy *copy;
	enum err e;

	*id = id_new();
	e = db_copy_begin(db, "person",
	    "id,name,kana,sort_key,lang,created_at,erased_at", &copy);
	if (e != ERR_OK)
		return e;
	e = db_copy_row(copy,
	    DB_ARGS(db_int(*id), db_text("消された名前"), db_text(""),
		db_text(""), db_text("ja"), db_int(FIXTURE_NOW),
		db_int(FIXTURE_NOW)));
	assert_int_equal(e, ERR_OK);
	return db_copy_end(copy);
}

static enum err
expiring_act(struct db *db, void *ctx)
{
	struct bench *s = ctx;
	struct db_copy *copy;
	enum err e;

	e = db_copy_begin(db, "certificate",
	    "id,number,person,kind,thing,manifest,issued_at,expires_at", &copy);
	if (e != ERR_OK)
		return e;
	e = db_copy_row(copy,
	    DB_ARGS(db_int(id_new()), db_text("TR-2222-2222-2222"),
		db_int(s->person), db_text("completion"), db_text("C-901"),
		db_text(content_manifest(pages_content(&s->pages))),
		db_int(FIXTURE_NOW), db_int(FIXTURE_NOW + DAY_MS)));
	assert_int_equal(e, ERR_OK);
	return db_copy_end(copy);
}

static void
open_site(struct bench *s, void **state)
{
	*s = (struct bench){0};
	pages_open(&s->pages, *state, TREE, rooms);
	s->person = pages_person(&s->pages, HOLDER, "T-SOC", "technician");
	s->number = issue(&s->pages, s->person);
	pages_hole(&s->pages, s->number, "NUMBER");
}

static void
close_site(struct bench *s)
{
	buf_free(&s->reply.body);
	pages_close(&s->pages);
}

static int
get(struct bench *s, int64_t person, enum lang lang, const char *path)
{
	return pages_get(&s->pages, person, lang, path, &s->reply);
}

static const char *
path_to(struct bench *s, const char *where, const char *number)
{
	return arena_printf(s->pages.f->arena, "/%s/%s", where, number);
}

static bool
says(const struct bench *s, const char *text)
{
	return strstr(buf_text(&s->reply.body), text) != NULL;
}

/* -------------------------------------------------------------------- mine */

static void
the_pages_are_as_they_were_agreed(void **state)
{
	static const char *const names[LANG__MAX][4] = {
	    {"certify/list.ja.html", "certify/certificate.ja.html",
		"certify/valid.ja.html", "certify/unknown.ja.html"},
	    {"certify/list.en.html", "certify/certificate.en.html",
		"certify/valid.en.html", "certify/unknown.en.html"},
	};
	const char *path;
	enum lang lang;
	struct bench s;

	open_site(&s, state);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		assert_int_equal(get(&s, s.person, lang, "/certificates"), 200);
		pages_golden(&s.pages, names[lang][0], &s.reply);
		path = path_to(&s, "certificates", s.number);
		assert_int_equal(get(&s, s.person, lang, path), 200);
		pages_golden(&s.pages, names[lang][1], &s.reply);
		path = path_to(&s, "verify", s.number);
		assert_int_equal(get(&s, 0, lang, path), 200);
		pages_golden(&s.pages, names[lang][2], &s.reply);
		path = path_to(&s, "verify", UNKNOWN);
		assert_int_equal(get(&s, 0, lang, path), 404);
		pages_golden(&s.pages, names[lang][3], &s.reply);
	}
	close_site(&s);
}

static void
who_has_no_certificate_is_told_what_to_do(void **state)
{
	struct bench s;
	int64_t other;

	open_site(&s, state);
	other = pages_person(&s.pages, "鈴木 花子", "T-SOC", "technician");
	assert_int_equal(get(&s, other, LANG_JA, "/certificates"), 200);
	assert_false(says(&s, s.number));
	assert_true(says(&s, "href=\"/courses\""));
	assert_true(says(&s, "修了証はまだありません"));
	close_site(&s);
}

static void
another_persons_certificate_is_not_found(void **state)
{
	const char *path;
	struct bench s;
	int64_t other;

	open_site(&s, state);
	path = path_to(&s, "certificates", s.number);
	other = pages_person(&s.pages, "鈴木 花子", "T-SOC", "technician");
	assert_int_equal(get(&s, s.person, LANG_JA, path), 200);
	assert_int_equal(get(&s, other, LANG_JA, path), 404);
	assert_false(says(&s, HOLDER));
	assert_int_equal(get(&s, 0, LANG_JA, path), 303);
	path = path_to(&s, "certificates", UNKNOWN);
	assert_int_equal(get(&s, s.person, LANG_JA, path), 404);
	path = path_to(&s, "certificates", "nonsense");
	assert_int_equal(get(&s, s.person, LANG_JA, path), 404);
	close_site(&s);
}

/* ------------------------------------------------------------ verification */

static void
a_number_is_verified_as_people_type_it(void **state)
{
	const char *tight, *path;
	struct arena *a;
	struct bench s;

	open_site(&s, state);
	a = s.pages.f->arena;
	tight = arena_printf(
	    a, "%.4s%.4s%.4s", s.number + 3, s.number + 8, s.number + 13);
	assert_int_equal(
	    get(&s, 0, LANG_JA, path_to(&s, "verify", text_lower(a, s.number))),
	    200);
	assert_true(says(&s, HOLDER));
	assert_false(says(&s, "架空第一銀行"));
	assert_int_equal(
	    get(&s, 0, LANG_JA, path_to(&s, "verify", tight)), 200);
	assert_true(says(&s, HOLDER));
	path = arena_printf(a, "/verify?number=+tr%s+", text_lower(a, tight));
	assert_int_equal(get(&s, 0, LANG_JA, path), 303);
	assert_string_equal(pages_header(&s.reply, "Location"),
	    path_to(&s, "verify", s.number));
	close_site(&s);
}

static void
what_is_no_number_is_kept_in_the_form_and_told(void **state)
{
	struct bench s;

	open_site(&s, state);
	assert_int_equal(get(&s, 0, LANG_JA, "/verify"), 200);
	assert_int_equal(get(&s, 0, LANG_JA, "/verify?number="), 422);
	assert_true(says(&s, "id=\"number-error\""));
	assert_int_equal(get(&s, 0, LANG_JA, "/verify?number=TR-1%2F2"), 404);
	assert_true(says(&s, "value=\"TR-1/2\""));
	assert_int_equal(get(&s, 0, LANG_EN, "/verify?number=%3Cb%3E"), 404);
	assert_true(says(&s, "value=\"&lt;b&gt;\""));
	close_site(&s);
}

static void
a_revoked_certificate_is_said_so_without_the_reason(void **state)
{
	struct bench s;

	open_site(&s, state);
	assert_int_equal(db_write(s.pages.f->db, revoke_act, &s), ERR_OK);
	assert_int_equal(
	    get(&s, 0, LANG_JA, path_to(&s, "verify", s.number)), 200);
	assert_true(says(&s, "この修了証は失効しています"));
	assert_false(says(&s, "秘密の理由"));
	pages_golden(&s.pages, "certify/revoked.ja.html", &s.reply);
	/* its holder reads why, and gets no sheet to print */
	assert_int_equal(
	    get(&s, s.person, LANG_JA, path_to(&s, "certificates", s.number)),
	    200);
	assert_true(says(&s, "秘密の理由"));
	assert_false(says(&s, "tanren-certificate"));
	close_site(&s);
}

static void
an_expired_certificate_is_said_so(void **state)
{
	struct bench s;

	open_site(&s, state);
	assert_int_equal(db_write(s.pages.f->db, expiring_act, &s), ERR_OK);
	assert_int_equal(get(&s, 0, LANG_JA, "/verify/TR-2222-2222-2222"), 200);
	assert_true(says(&s, "この修了証は有効です"));
	s.pages.f->now += DAY_MS;
	assert_int_equal(get(&s, 0, LANG_JA, "/verify/TR-2222-2222-2222"), 200);
	assert_true(says(&s, "有効期限が切れています"));
	close_site(&s);
}

static void
an_erased_persons_name_is_not_shown(void **state)
{
	const char *number, *path;
	struct bench s;
	int64_t erased;

	open_site(&s, state);
	assert_int_equal(db_write(s.pages.f->db, erased_act, &erased), ERR_OK);
	number = issue(&s.pages, erased);
	path = path_to(&s, "verify", number);
	assert_int_equal(get(&s, 0, LANG_JA, path), 200);
	assert_true(says(&s, "(氏名の表示なし)"));
	assert_false(says(&s, "消された名前"));
	assert_int_equal(pages_get_json(&s.pages, path, &s.reply), 200);
	assert_true(says(&s, "\"holder\": null"));
	close_site(&s);
}

static void
machines_get_json_and_nothing_else_about_the_person(void **state)
{
	const char *expected;
	struct bench s;

	open_site(&s, state);
	expected = arena_printf(s.pages.f->arena,
	    "{\"status\": \"valid\", \"number\": \"%s\","
	    " \"kind\": \"completion\", \"holder\": \"" HOLDER "\","
	    " \"course\": \"C-901\", \"title_ja\": \"守りの基礎\","
	    " \"title_en\": \"Foundations of defence\","
	    " \"issued_on\": \"2026-11-02\"}\n",
	    s.number);
	assert_int_equal(
	    pages_get_json(&s.pages, path_to(&s, "verify", s.number), &s.reply),
	    200);
	assert_string_equal(buf_text(&s.reply.body), expected);
	assert_string_equal(s.reply.content_type, "application/json");
	assert_int_equal(db_write(s.pages.f->db, revoke_act, &s), ERR_OK);
	assert_int_equal(
	    pages_get_json(&s.pages, path_to(&s, "verify", s.number), &s.reply),
	    200);
	assert_true(says(&s, "\"status\": \"revoked\""));
	assert_true(says(&s, "\"ended_on\": \"2026-11-02\""));
	assert_false(says(&s, "秘密の理由"));
	assert_int_equal(
	    pages_get_json(&s.pages, "/verify/" UNKNOWN, &s.reply), 404);
	assert_string_equal(
	    buf_text(&s.reply.body), "{\"status\": \"unknown\"}\n");
	close_site(&s);
}

static void
a_verified_name_is_not_for_search_engines_or_caches(void **state)
{
	struct bench s;

	open_site(&s, state);
	assert_int_equal(
	    get(&s, 0, LANG_JA, path_to(&s, "verify", s.number)), 200);
	assert_string_equal(pages_header(&s.reply, "X-Robots-Tag"), "noindex");
	assert_string_equal(
	    pages_header(&s.reply, "Cache-Control"), "no-store");
	close_site(&s);
}

static void
a_title_stays_that_of_the_revision_it_was_earned_on(void **state)
{
	struct certificate c = {.thing = "C-901"};
	struct bilingual title;
	struct bench s;

	open_site(&s, state);
	c.manifest = content_manifest(pages_content(&s.pages));
	title = certificate_title(&s.pages.site, &c, s.pages.f->arena);
	assert_string_equal(title.in[LANG_EN], "Foundations of defence");
	/* a revision that is gone leaves the course's id */
	c.manifest = "content-gone-1.sqlite";
	title = certificate_title(&s.pages.site, &c, s.pages.f->arena);
	assert_string_equal(title.in[LANG_JA], "C-901");
	close_site(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(the_pages_are_as_they_were_agreed),
	    ON_SQLITE(who_has_no_certificate_is_told_what_to_do),
	    ON_BOTH_ENGINES(another_persons_certificate_is_not_found),
	    ON_BOTH_ENGINES(a_number_is_verified_as_people_type_it),
	    ON_SQLITE(what_is_no_number_is_kept_in_the_form_and_told),
	    ON_SQLITE(a_revoked_certificate_is_said_so_without_the_reason),
	    ON_BOTH_ENGINES(an_expired_certificate_is_said_so),
	    ON_BOTH_ENGINES(an_erased_persons_name_is_not_shown),
	    ON_SQLITE(machines_get_json_and_nothing_else_about_the_person),
	    ON_SQLITE(a_verified_name_is_not_for_search_engines_or_caches),
	    ON_SQLITE(a_title_stays_that_of_the_revision_it_was_earned_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
