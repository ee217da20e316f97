/* Signing in, the account and the roster through dispatch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/password.h"
#include "people/people.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "people/throttle.h"
#include "support/browser.h"
#include "support/content_fixture.h"

#define TREE "tests/certify/tree"
#define PASSWORD "correct-horse"

/* The number of the one person is 0001, of organisation 0001. */
#define SIGN_IN_FORM "identifier=0001-0001&password=" PASSWORD

static enum err
home(struct req *r, struct reply *re)
{
	(void)r;
	buf_puts(&re->body, "home");
	return ERR_OK;
}

static const struct route home_route[] = {
    {HTTP_GET, "/", home, WHO_SIGNED_IN, 0},
    ROUTES_END,
};
static const struct route *const rooms[] = {people_routes, home_route, NULL};

struct world {
	struct fixture *f;
	struct pages p;
	struct browser b;
	int64_t person;
	const char *grant;
};

static enum err
settle(struct db *db, void *ctx)
{
	struct world *w = ctx;
	char *hash;
	enum err e;

	if ((e = password_hash(w->f->arena, PASSWORD, &hash)) == ERR_OK)
		e = credential_set(db, w->person, hash, w->f->now);
	if (e == ERR_OK && w->grant != NULL)
		e = role_grant_add(db, w->person, w->p.organisation, w->grant,
		    "all", "", w->f->now);
	return e;
}

/* grant: beside learning; NULL for none. */
static void
open_world(struct world *w, struct fixture *f, const char *grant)
{
	*w = (struct world){.f = f, .grant = grant};
	pages_open(&w->p, f, TREE, rooms);
	w->person = pages_person(&w->p, "山田 太郎", "T-SOC", "technician");
	assert_int_equal(db_write(f->db, settle, w), ERR_OK);
	browser_open(&w->b, &w->p, 0, LANG_JA);
}

static void
close_world(struct world *w)
{
	browser_close(&w->b);
	pages_close(&w->p);
}

static void
as(struct world *w, int64_t person, enum lang lang)
{
	browser_close(&w->b);
	browser_open(&w->b, &w->p, person, lang);
}

static void
sign_in_there(struct world *w)
{
	assert_int_equal(browser_get(&w->b, "/sign-in"), 200);
	assert_int_equal(browser_post(&w->b, "/sign-in", SIGN_IN_FORM), 303);
}

/* ------------------------------------------------------------------ signing in
 */

static void
signing_in_leads_back_to_where_one_wanted_to_go(void **state)
{
	struct world w;

	open_world(&w, *state, NULL);
	assert_int_equal(browser_get(&w.b, "/account"), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "name=\"return\" value=\"/account\""));
	assert_int_equal(
	    browser_post(&w.b, "/sign-in", SIGN_IN_FORM "&return=%2Faccount"),
	    303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "山田 太郎"));
	/* who is signed in does not see the form again */
	assert_int_equal(browser_get(&w.b, "/sign-in?return=%2Faccount"), 303);
	close_world(&w);
}

/* SECURITY: a link to our sign-in must not lead to somebody else's site. */
static void
signing_in_never_leads_to_another_site(void **state)
{
	static const char *const returns[] = {"https%3A%2F%2Fevil.example",
	    "%2F%2Fevil.example", "%2F%5Cevil.example", "%5C%5Cevil.example",
	    "javascript%3Aalert(1)", "evil.example", "%2F%09%2Fevil.example"};
	struct world w;
	const char *to;
	size_t i;

	open_world(&w, *state, NULL);
	for (i = 0; i < sizeof(returns) / sizeof(returns[0]); i++) {
		as(&w, 0, LANG_JA);
		assert_int_equal(browser_get(&w.b, "/sign-in"), 200);
		assert_int_equal(
		    browser_post(&w.b, "/sign-in",
			arena_printf(
			    w.f->arena, SIGN_IN_FORM "&return=%s", returns[i])),
		    303);
		to = browser_location(&w.b);
		if (strncmp(to, PAGES_ORIGIN, strlen(PAGES_ORIGIN)) == 0)
			to += strlen(PAGES_ORIGIN);
		if (to[0] != '/' || to[1] == '/' || to[1] == '\\' ||
		    strstr(to, "evil.example") == to + 1)
			fail_msg("%s leads to %s", returns[i], to);
	}
	close_world(&w);
}

static void
a_failed_sign_in_keeps_the_account_and_not_the_password(void **state)
{
	static const char *const forms[] = {
	    "identifier=0001-0001&password=wrong-password",
	    "identifier=0001-9999&password=wrong-password",
	    "identifier=0001-0001&password=",
	    "identifier=&password=wrong-password",
	};
	const char *wrong;
	struct world w;
	size_t i;

	open_world(&w, *state, NULL);
	assert_int_equal(browser_get(&w.b, "/sign-in"), 200);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_int_equal(browser_post(&w.b, "/sign-in", forms[i]), 422);
		assert_false(browser_shows(&w.b, "wrong-password"));
		assert_null(browser_cookie(&w.b, SESSION_COOKIE));
		if (i == 0)
			wrong =
			    arena_strdup(w.f->arena, buf_text(&w.b.re.body));
		if (i == 1) /* but for what was typed, the same page */
			assert_int_equal(
			    strlen(wrong), strlen(buf_text(&w.b.re.body)));
	}
	close_world(&w);
}

static void
too_many_tries_are_429_and_say_how_long(void **state)
{
	struct world w;
	int i;

	open_world(&w, *state, NULL);
	assert_int_equal(browser_get(&w.b, "/sign-in"), 200);
	for (i = 0; i < THROTTLE_ACCOUNT_TRIES; i++)
		assert_int_equal(browser_post(&w.b, "/sign-in",
				     "identifier=0001-0001&password=x"),
		    422);
	/* somebody who cannot read this can still change the language */
	assert_true(browser_shows(&w.b, "href=\"/sign-in?lang=en\""));
	assert_int_equal(browser_post(&w.b, "/sign-in", SIGN_IN_FORM), 429);
	assert_string_equal(pages_header(&w.b.re, "Retry-After"), "60");
	assert_true(browser_shows(&w.b, "value=\"0001-0001\""));
	assert_null(browser_cookie(&w.b, SESSION_COOKIE));
	close_world(&w);
}

static void
signing_out_ends_the_session_and_the_cookie(void **state)
{
	const char *cookie;
	struct world w;

	open_world(&w, *state, NULL);
	sign_in_there(&w);
	cookie = browser_cookie(&w.b, SESSION_COOKIE);
	assert_non_null(cookie);
	assert_int_equal(browser_get(&w.b, "/account"), 200);
	assert_int_equal(browser_post(&w.b, "/sign-out", ""), 303);
	assert_null(browser_cookie(&w.b, SESSION_COOKIE));
	/* the old cookie, kept by a thief, opens nothing */
	w.b.cookies[w.b.n_cookies++] =
	    (struct browser_cookie){SESSION_COOKIE, cookie};
	assert_int_equal(browser_get(&w.b, "/account"), 303);
	close_world(&w);
}

static void
posts_without_a_token_are_forbidden(void **state)
{
	static const char *const paths[] = {"/sign-in", "/forgot", "/links/abc",
	    "/account/password", "/account/language", "/sign-out",
	    "/institution/roster/import"};
	struct world w;
	size_t i;

	open_world(&w, *state, "training_manager");
	as(&w, w.person, LANG_JA);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		w.b.token = "";
		if (browser_post(&w.b, paths[i], SIGN_IN_FORM) != 403)
			fail_msg("%s: %d", paths[i], w.b.re.status);
	}
	assert_int_equal(browser_get(&w.b, "/account"), 200);
	close_world(&w);
}

/* ------------------------------------------------------------------ passwords
 */

static void
another_password_ends_the_other_sessions_only(void **state)
{
	static const char *const bad[] = {
	    "old_password=wrong&password=another-horse&password_again="
	    "another-horse",
	    "old_password=" PASSWORD "&password=short&password_again=short",
	    "old_password=" PASSWORD "&password=passwordpassword"
	    "&password_again=passwordpassword",
	    "old_password=" PASSWORD "&password=another-horse&password_again="
	    "another-house",
	};
	struct browser other;
	struct world w;
	size_t i;

	open_world(&w, *state, NULL);
	as(&w, w.person, LANG_JA);
	browser_open(&other, &w.p, w.person, LANG_JA);
	assert_int_equal(browser_get(&other, "/account"), 200);
	assert_int_equal(browser_get(&w.b, "/account"), 200);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    browser_post(&w.b, "/account/password", bad[i]), 422);
	assert_int_equal(browser_get(&other, "/account"), 200);
	assert_int_equal(browser_post(&w.b, "/account/password",
			     "old_password=" PASSWORD "&password=another-horse"
			     "&password_again=another-horse"),
	    303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_int_equal(browser_get(&other, "/account"), 303);
	browser_close(&other);
	close_world(&w);
}

static void
the_old_password_cannot_be_guessed_without_end(void **state)
{
	static const char wrong[] = "old_password=guess&password=another-horse"
				    "&password_again=another-horse";
	static const char right[] =
	    "old_password=" PASSWORD "&password=another-horse"
	    "&password_again=another-horse";
	struct browser other;
	struct world w;
	int i;

	open_world(&w, *state, NULL);
	as(&w, w.person, LANG_JA);
	browser_open(&other, &w.p, w.person, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/account"), 200);
	assert_int_equal(browser_get(&other, "/account"), 200);
	for (i = 0; i < THROTTLE_ACCOUNT_TRIES; i++)
		assert_int_equal(
		    browser_post(&w.b, "/account/password", wrong), 422);
	assert_int_equal(browser_post(&w.b, "/account/password", right), 429);
	assert_string_equal(pages_header(&w.b.re, "Retry-After"), "60");
	/* it is the person's, not the session's; signing in is not touched */
	assert_int_equal(browser_post(&other, "/account/password", wrong), 429);
	w.f->now += MINUTE_MS;
	assert_int_equal(browser_post(&w.b, "/account/password", right), 303);
	browser_close(&other);
	close_world(&w);
}

static void
the_language_of_an_account_is_the_language_of_its_pages(void **state)
{
	struct world w;

	open_world(&w, *state, NULL);
	as(&w, w.person, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/account"), 200);
	assert_true(browser_shows(&w.b, "lang=\"ja\""));
	assert_int_equal(
	    browser_post(&w.b, "/account/language", "language=en"), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "<option value=\"en\" selected>"));
	assert_true(browser_shows(&w.b, "<html lang=\"en\""));
	close_world(&w);
}

/* --------------------------------------------------------------------- roster
 */

static void
import(struct world *w, const char *file)
{
	size_t size;
	char *csv = content_slurp(
	    arena_printf(w->f->arena, "tests/bad/roster/%s", file), &size);
	char *copy;

	assert_non_null(csv);
	copy = arena_strndup(w->f->arena, csv, size);
	free(csv);
	(void)browser_upload(
	    &w->b, "/institution/roster/import", "file", copy, size);
}

static void
only_a_training_manager_sees_the_roster(void **state)
{
	static const struct {
		const char *path;
		int status;
	} cases[] = {
	    {"/institution/roster", 403},
	    {"/institution/roster.csv", 403},
	    {"/institution/roster/import", 403},
	    {"/institution/roster/sample.csv", 403},
	    {"/institution/memberships/1/end", 403},
	    {"/operator/outbox", 403},
	};
	static const char *const grants[] = {NULL, "supervisor", "author"};
	struct fixture *f = *state;
	struct world w;
	size_t i, j;

	for (j = 0; j < sizeof(grants) / sizeof(grants[0]); j++) {
		open_world(&w, f, grants[j]);
		as(&w, w.person, LANG_JA);
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			if (browser_get(&w.b, cases[i].path) != cases[i].status)
				fail_msg(
				    "%s: %d", cases[i].path, w.b.re.status);
		close_world(&w);
		fixture_close(f);
		*state = f = fixture_open(DB_SQLITE);
	}
}

static void
an_import_says_what_went_in_and_why_lines_did_not(void **state)
{
	struct world w;

	open_world(&w, *state, "training_manager");
	as(&w, w.person, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/institution/roster/import"), 200);
	import(&w, "good.csv");
	assert_int_equal(w.b.re.status, 200);
	assert_int_equal(browser_get(&w.b, "/institution/roster"), 200);
	assert_true(browser_shows(&w.b, "佐藤 花子"));
	import(&w, "binary.csv");
	assert_int_equal(w.b.re.status, 422);
	assert_int_equal(
	    browser_post(&w.b, "/institution/roster/import", ""), 422);
	close_world(&w);
}

/* What is exported can be imported unchanged, in both languages. */
static void
a_roster_goes_out_and_in_again(void **state)
{
	static const char *const heads[LANG__MAX] = {
	    "\"職員番号\",\"氏名\",\"フリガナ\",\"メールアドレス\",\"部署\","
	    "\"役割\",\"上司\",\"役割名\",\"上司氏名\"\r\n",
	    "\"employee_number\",\"name\",\"kana\",\"email\",\"department\","
	    "\"role\",\"line_manager\",\"role_name\","
	    "\"line_manager_name\"\r\n"};
	static const char *const counts[LANG__MAX] = {
	    "追加 0名、変更 0名、変更なし 4名",
	    "0 people added, 0 changed, 4 unchanged"};
	static const char file[] =
	    "employee_number,name,kana,email,department,role,line_manager\n"
	    "A1,佐藤 花子,サトウ "
	    "ハナコ,hanako@bank.example,システム部,T-SOC,A2\n"
	    "A2,鈴木 太郎,,,,T-IR,\n"
	    "A3,\"高橋 \"\"次郎\"\"\",,,\"部署,その二\",T-SOC,A2\n";
	enum lang lang;
	struct world w;
	char *copy;
	size_t size;

	open_world(&w, *state, "training_manager");
	as(&w, w.person, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/institution/roster/import"), 200);
	assert_int_equal(browser_upload(&w.b, "/institution/roster/import",
			     "file", file, strlen(file)),
	    200);
	for (lang = LANG_JA; lang < LANG__MAX; lang++) {
		as(&w, w.person, lang);
		assert_int_equal(browser_get(&w.b, "/institution/roster"), 200);
		assert_true(browser_shows(
		    &w.b, lang == LANG_JA ? ">全4名<" : ">4 in all<"));
		assert_int_equal(
		    browser_get(&w.b, "/institution/roster.csv"), 200);
		assert_true(browser_shows(&w.b, heads[lang]));
		/* the manager by number; the role's name behind it */
		assert_true(browser_shows(&w.b, "\"T-SOC\",\"A2\","));
		size = w.b.re.body.len;
		copy = arena_strndup(w.f->arena, buf_text(&w.b.re.body), size);
		assert_int_equal(
		    browser_get(&w.b, "/institution/roster/import"), 200);
		assert_int_equal(
		    browser_upload(
			&w.b, "/institution/roster/import", "file", copy, size),
		    200);
		if (!browser_shows(&w.b, counts[lang]))
			fail_msg("%s", buf_text(&w.b.re.body));
	}
	close_world(&w);
}

static void
a_long_roster_is_read_page_by_page(void **state)
{
	struct world w;
	int i;

	open_world(&w, *state, "training_manager");
	for (i = 0; i < ROSTER_PAGE; i++)
		(void)pages_person(&w.p, arena_printf(w.f->arena, "人 %02d", i),
		    "T-SOC", "technician");
	as(&w, w.person, LANG_EN);
	assert_int_equal(browser_get(&w.b, "/institution/roster"), 200);
	assert_true(browser_shows(&w.b, "rel=\"next\""));
	assert_false(browser_shows(&w.b, "rel=\"prev\""));
	assert_int_equal(browser_get(&w.b, "/institution/roster?from=50"), 200);
	assert_true(browser_shows(&w.b, "rel=\"prev\""));
	assert_false(browser_shows(&w.b, "rel=\"next\""));
	assert_int_equal(
	    browser_get(&w.b, "/institution/roster?from=9223372036854775807"),
	    200);
	assert_int_equal(
	    browser_get(&w.b, "/institution/roster?from=-1&q=%25"), 200);
	assert_false(browser_shows(&w.b, "<table"));
	/* one of them by number */
	assert_int_equal(browser_get(&w.b, "/institution/roster?q=0007"), 200);
	assert_true(browser_shows(&w.b, "人 05"));
	assert_false(browser_shows(&w.b, "人 06"));
	close_world(&w);
}

/* --------------------------------------------------------------------- golden
 */

static void
golden(struct world *w, const char *path, const char *name, enum lang lang)
{
	assert_int_equal(browser_get(&w->b, path), 200);
	pages_golden(&w->p,
	    arena_printf(
		w->f->arena, "people/%s.%s.html", name, lang_codes[lang]),
	    &w->b.re);
}

static void
hole_of_membership(struct world *w)
{
	struct membership m;

	assert_int_equal(membership_of(w->f->db, scope_machine(w->f->now),
			     w->person, w->f->arena, &m),
	    ERR_OK);
	pages_hole(&w->p,
	    arena_printf(w->f->arena, "memberships/%lld/", (long long)m.id),
	    "MEMBERSHIP");
}

static void
pages_are_as_they_were_read_in_both_languages(void **state)
{
	struct fixture *f = *state;
	struct world w;
	enum lang lang;
	int i;

	for (i = 0; i < LANG__MAX; i++) {
		lang = (enum lang)i;
		open_world(&w, f, "training_manager");
		as(&w, 0, lang);
		golden(&w, "/sign-in?return=%2Fcourses", "sign-in", lang);
		golden(&w, "/forgot", "forgot", lang);
		as(&w, w.person, lang);
		golden(&w, "/account", "account", lang);
		golden(&w, "/institution/roster/import", "import", lang);
		hole_of_membership(&w);
		golden(&w, "/institution/roster", "roster", lang);
		golden(&w, "/institution/roster?q=x", "roster-no-match", lang);
		import(&w, "wrong-lines.csv");
		assert_int_equal(w.b.re.status, 200);
		pages_golden(&w.p,
		    arena_printf(
			f->arena, "people/imported.%s.html", lang_codes[lang]),
		    &w.b.re);
		close_world(&w);
		fixture_close(f);
		*state = f = fixture_open(DB_SQLITE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(signing_in_leads_back_to_where_one_wanted_to_go),
	    ON_SQLITE(signing_in_never_leads_to_another_site),
	    ON_SQLITE(a_failed_sign_in_keeps_the_account_and_not_the_password),
	    ON_BOTH_ENGINES(too_many_tries_are_429_and_say_how_long),
	    ON_SQLITE(signing_out_ends_the_session_and_the_cookie),
	    ON_SQLITE(posts_without_a_token_are_forbidden),
	    ON_BOTH_ENGINES(another_password_ends_the_other_sessions_only),
	    ON_BOTH_ENGINES(the_old_password_cannot_be_guessed_without_end),
	    ON_SQLITE(the_language_of_an_account_is_the_language_of_its_pages),
	    ON_SQLITE(only_a_training_manager_sees_the_roster),
	    ON_BOTH_ENGINES(an_import_says_what_went_in_and_why_lines_did_not),
	    ON_BOTH_ENGINES(a_roster_goes_out_and_in_again),
	    ON_BOTH_ENGINES(a_long_roster_is_read_page_by_page),
	    ON_SQLITE(pages_are_as_they_were_read_in_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
