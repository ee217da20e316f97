/* Checks and exams as a browser goes through them. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "assess/assess.h"
#include "base/clock.h"
#include "support/browser.h"
#include "support/counted.h"
#include "support/sql.h"

#define TREE "tests/certify/tree"

/* longer than CLIENT_KEY_MAX */
#define LONG_KEY                                                               \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaa"                                                                  \
	"aaaaaaaa"

static const struct route *const rooms[] = {assess_routes, learn_routes, NULL};

struct world {
	struct fixture *f;
	struct pages p;
	struct browser b;
	int64_t person;
};

static void
open_world(struct world *w, struct fixture *f, enum lang lang)
{
	*w = (struct world){.f = f};
	pages_open(&w->p, f, TREE, rooms);
	w->person = pages_person(&w->p, "山田 太郎", "T-SOC", "technician");
	browser_open(&w->b, &w->p, w->person, lang);
}

static void
close_world(struct world *w)
{
	browser_close(&w->b);
	pages_close(&w->p);
}

/*
 * Ticks a form as a reader who knows: on the page in hand, the values of all
 * inputs whose label is right ("一つ目" always, "二つ目" where several are
 * asked for), or the one that is wrong ("三つ目").
 */
static const char *
tick(struct world *w, bool right)
{
	struct arena *a = w->f->arena;
	const char *p = buf_text(&w->b.re.body), *form = "", *name, *label;
	const char *value, *end;
	bool box, take;

	while ((p = strstr(p, "__input\" type=\"")) != NULL) {
		p += strlen("__input\" type=\"");
		box = strncmp(p, "checkbox", 8) == 0;
		name = strstr(p, "name=\"") + 6;
		value = strstr(p, "value=\"") + 7;
		end = strstr(p, "</label>");
		assert_non_null(end);
		for (label = end; label[-1] != '>'; label--)
			;
		take = right ? strncmp(label, "一つ目", 9) == 0 ||
			strncmp(label, "The first", 9) == 0 ||
			(box &&
			    (strncmp(label, "二つ目", 9) == 0 ||
				strncmp(label, "The second", 10) == 0))
			     : strncmp(label, "三つ目", 9) == 0 ||
			strncmp(label, "The third", 9) == 0;
		if (take)
			form = arena_printf(a, "%s%s%.*s=%.*s", form,
			    *form == '\0' ? "" : "&", (int)strcspn(name, "\""),
			    name, (int)strcspn(value, "\""), value);
		p = end;
	}
	return form;
}

/* The whole form of a check, with its draw. */
static const char *
check_form(struct world *w, bool right)
{
	const char *draw =
	    strstr(buf_text(&w->b.re.body), "name=\"draw\" value=\"");

	assert_non_null(draw);
	draw += strlen("name=\"draw\" value=\"");
	return arena_printf(w->f->arena, "draw=%.*s&%s",
	    (int)strcspn(draw, "\""), draw, tick(w, right));
}

static void
take_check(struct world *w, int module, bool right)
{
	const char *path =
	    arena_printf(w->f->arena, "/courses/C-901/%d/check", module);

	assert_int_equal(browser_get(&w->b, path), 200);
	assert_int_equal(browser_post(&w->b, path, check_form(w, right)), 303);
	assert_int_equal(browser_follow(&w->b), 200);
}

/* The path of a new attempt, and its page in hand. */
static const char *
start_exam(struct world *w)
{
	const char *path;

	take_check(w, 1, true);
	take_check(w, 2, true);
	assert_int_equal(browser_get(&w->b, "/exams/C-901"), 200);
	assert_int_equal(browser_post(&w->b, "/exams/C-901/start", ""), 303);
	path = arena_strdup(w->f->arena, browser_location(&w->b));
	assert_non_null(strstr(path, "/attempts/"));
	path = strstr(path, "/attempts/");
	assert_int_equal(browser_get(&w->b, path), 200);
	return path;
}

static const char *
below(struct world *w, const char *path, const char *what)
{
	return arena_printf(w->f->arena, "%s/%s", path, what);
}

/* ------------------------------------------------------------------- golden */

static void
golden(struct world *w, const char *name, enum lang lang)
{
	pages_golden(&w->p,
	    arena_printf(
		w->f->arena, "assess/%s.%s.html", name, lang_codes[lang]),
	    &w->b.re);
}

static void
journey(struct world *w, enum lang lang)
{
	const char *at, *form;

	assert_int_equal(browser_get(&w->b, "/exams/C-901"), 200);
	golden(w, "exam-modules-first", lang);
	assert_int_equal(browser_get(&w->b, "/courses/C-901/1/check"), 200);
	take_check(w, 1, false);
	assert_true(browser_shows(&w->b, "0 %"));
	at = start_exam(w);
	pages_hole(&w->p, at, "ATTEMPT");
	assert_int_equal(browser_get(&w->b, "/exams/C-901"), 200);
	golden(w, "exam-running", lang);
	assert_int_equal(browser_get(&w->b, at), 200);
	form = tick(w, true);
	assert_int_equal(browser_post(&w->b, below(w, at, "review"),
			     arena_printf(w->f->arena, "whole=yes&%s", form)),
	    303);
	assert_int_equal(browser_follow(&w->b), 200);
	golden(w, "review", lang);
	w->f->now += 5 * MINUTE_MS;
	assert_int_equal(browser_post(&w->b, below(w, at, "submit"), ""), 303);
	assert_int_equal(browser_follow(&w->b), 200);
	assert_true(browser_shows(&w->b, "100 %"));
	assert_int_equal(browser_get(&w->b, "/exams/C-901"), 200);
	golden(w, "exam-passed", lang);
}

static void
check_and_exam_go_from_start_to_end(void **state)
{
	struct fixture *f = *state;
	enum db_engine engine = f->engine;
	struct world w;
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		open_world(&w, f, (enum lang)lang);
		journey(&w, (enum lang)lang);
		assert_int_equal(evidence_counted(f, w.person, "check"), 2);
		assert_int_equal(evidence_counted(f, w.person, "exam"), 1);
		assert_int_equal(evidence_counted(f, w.person, "course"), 1);
		close_world(&w);
		fixture_close(f);
		*state = f = fixture_open(engine);
	}
}

/*
 * What a form shows depends on the person's id, which differs from run to
 * run; this person's is the same for ever.
 */
static void
fixed_person(struct world *w)
{
	struct arena *a = w->f->arena;

	fixture_sql(w->f,
	    arena_printf(a,
		"INSERT INTO person SELECT 4242, NULL, name, kana, sort_key,"
		" lang, created_at, erased_at FROM person WHERE id = %lld",
		(long long)w->person));
	fixture_sql(w->f,
	    arena_printf(a,
		"UPDATE membership SET person = 4242 WHERE person = %lld",
		(long long)w->person));
	w->person = 4242;
}

static void
forms_and_results_are_as_they_were_read(void **state)
{
	struct fixture *f = *state;
	const char *at;
	struct world w;
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		open_world(&w, f, (enum lang)lang);
		fixed_person(&w);
		pages_hole(&w.p,
		    arena_strndup(
			f->arena, content_commit(pages_content(&w.p)), 10),
		    "REVISION");
		browser_open(&w.b, &w.p, w.person, (enum lang)lang);
		assert_int_equal(
		    browser_get(&w.b, "/courses/C-901/1/check"), 200);
		golden(&w, "check", (enum lang)lang);
		take_check(&w, 1, true);
		golden(&w, "check-result", (enum lang)lang);
		at = start_exam(&w);
		pages_hole(&w.p, at, "ATTEMPT");
		pages_hole(&w.p, w.b.token, "CSRF");
		golden(&w, "exam", (enum lang)lang);
		f->now += 30 * MINUTE_MS + 1;
		assert_int_equal(browser_get(&w.b, at), 200);
		golden(&w, "exam-over", (enum lang)lang);
		assert_int_equal(
		    browser_post(&w.b, below(&w, at, "submit"), ""), 303);
		assert_int_equal(browser_follow(&w.b), 200);
		golden(&w, "exam-result", (enum lang)lang);
		close_world(&w);
		fixture_close(f);
		*state = f = fixture_open(DB_SQLITE);
	}
}

/* ------------------------------------------------------------------- checks */

static void
check_must_be_answered_whole(void **state)
{
	struct world w;

	open_world(&w, *state, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/courses/C-901/1/check"), 200);
	assert_int_equal(
	    browser_post(&w.b, "/courses/C-901/1/check", "draw=1&q0=1"), 422);
	assert_true(browser_shows(&w.b, "<a href=\"#q1-0\">"));
	assert_true(browser_shows(&w.b, "<a href=\"#q2-0\">"));
	assert_false(browser_shows(&w.b, "<a href=\"#q0-0\">"));
	assert_true(browser_shows(&w.b,
	    "id=\"q0-1\" name=\"q0\" value=\"1\" "
	    "checked"));
	assert_int_equal(
	    browser_post(&w.b, "/courses/C-901/1/check", "draw=1"), 422);
	assert_int_equal(evidence_counted(w.f, w.person, "check"), 0);
	close_world(&w);
}

static void
check_handed_in_twice_counts_once(void **state)
{
	const char *form;
	struct world w;

	open_world(&w, *state, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/courses/C-901/1/check"), 200);
	form = check_form(&w, true);
	assert_int_equal(
	    browser_post(&w.b, "/courses/C-901/1/check", form), 303);
	assert_non_null(strstr(browser_location(&w.b), "/attempts/"));
	assert_int_equal(
	    browser_post(&w.b, "/courses/C-901/1/check", form), 303);
	assert_non_null(strstr(browser_location(&w.b), "/check"));
	assert_int_equal(evidence_counted(w.f, w.person, "check"), 1);
	close_world(&w);
}

static void
what_is_in_no_form_is_refused(void **state)
{
	static const struct {
		const char *path, *form;
		int status;
	} cases[] = {
	    {"/courses/C-901/1/check", "draw=1&q0=0&q1=0&q99=0", 422},
	    {"/courses/C-901/1/check", "draw=1&q0=0&q1=0&q2=16", 422},
	    {"/courses/C-901/1/check", "draw=1&q0=0&q1=0&q2=x", 422},
	    {"/courses/C-901/1/check", "draw=1&q0=0&q1=0&q2=-1", 422},
	    /* a choice past the last; two for a single question */
	    {"/courses/C-901/1/check", "draw=1&q0=0&q1=0&q2=7", 422},
	    {"/courses/C-901/1/check", "draw=1&q0=0&q0=1&q1=0&q2=0", 422},
	    {"/courses/C-901/9/check", "draw=1", 404},
	    {"/courses/X-999/1/check", "draw=1", 404},
	    {"/exams/X-999/start", "", 404},
	    {"/attempts/1/submit", "", 404},
	    {"/attempts/1/answers", "question=0&client_key=a", 404},
	    {"/attempts/x/save", "", 404},
	};
	struct world w;
	size_t i;

	open_world(&w, *state, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/courses/C-901/1/check"), 200);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (browser_post(&w.b, cases[i].path, cases[i].form) !=
		    cases[i].status)
			fail_msg("%s %s: %d", cases[i].path, cases[i].form,
			    w.b.re.status);
	assert_int_equal(evidence_counted(w.f, w.person, "check"), 0);
	close_world(&w);
}

/* ------------------------------------------------------------------- saving */

static void
saving_answers_json_and_survives_repeating(void **state)
{
	json_t *j;
	const char *at, *answers;
	struct world w;
	int i;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	answers = below(&w, at, "answers");
	for (i = 0; i < 2; i++) {
		assert_int_equal(browser_post_json(&w.b, answers,
				     "question=1&chosen=2&client_key=k1"),
		    200);
		assert_string_equal(w.b.re.content_type, "application/json");
		j = json_loads(buf_text(&w.b.re.body), 0, NULL);
		assert_non_null(j);
		assert_true(json_integer_value(
				json_object_get(j, "saved_at")) == w.f->now);
		json_decref(j);
	}
	assert_int_equal(browser_get(&w.b, at), 200);
	assert_true(browser_shows(&w.b,
	    "id=\"q1-2\" name=\"q1\" value=\"2\" "
	    "checked"));
	assert_int_equal(browser_get(&w.b, below(&w, at, "review")), 200);
	assert_true(browser_shows(&w.b, "govuk-tag--red")); /* q0 is open */
	close_world(&w);
}

static void
broken_saves_are_refused(void **state)
{
	static const char *const forms[] = {"", "question=0&chosen=0",
	    "question=2&chosen=0&client_key=a", "question=x&client_key=a",
	    "question=0&chosen=16&client_key=a",
	    "question=0&chosen=5&client_key=a",
	    "question=0&chosen=99999999999999999999&client_key=a",
	    ("question=0&chosen=0&client_key=" LONG_KEY)};
	const char *answers;
	struct world w;
	size_t i;

	open_world(&w, *state, LANG_JA);
	answers = below(&w, start_exam(&w), "answers");
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (browser_post_json(&w.b, answers, forms[i]) != 422)
			fail_msg("%s: %d", forms[i], w.b.re.status);
	close_world(&w);
}

static void
a_missing_token_is_forbidden(void **state)
{
	static const char *const acts[] = {
	    "answers", "save", "review", "submit"};
	const char *at, *token;
	struct world w;
	size_t i;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	token = w.b.token;
	for (i = 0; i < 4; i++) {
		w.b.token = "";
		assert_int_equal(browser_post(&w.b, below(&w, at, acts[i]),
				     "question=0&chosen=0&client_key=a&q0=0"),
		    403);
	}
	w.b.token = "";
	assert_int_equal(
	    browser_post(&w.b, "/courses/C-901/1/check", "draw=2"), 403);
	w.b.token = token;
	assert_int_equal(browser_get(&w.b, at), 200); /* nothing happened */
	assert_false(browser_shows(&w.b, "checked"));
	close_world(&w);
}

static void
a_form_without_scripts_saves_and_takes_back(void **state)
{
	const char *at, *save;
	struct world w;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	save = below(&w, at, "save");
	assert_int_equal(browser_post(&w.b, save, "whole=yes&q0=1&q1=0"), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "name=\"q0\" value=\"1\" checked"));
	assert_true(browser_shows(&w.b, "name=\"q1\" value=\"0\" checked"));
	/* nothing is ticked in the second question any more */
	assert_int_equal(browser_post(&w.b, save, "whole=yes&q0=1"), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "name=\"q0\" value=\"1\" checked"));
	assert_false(browser_shows(&w.b, "name=\"q1\" value=\"0\" checked"));
	close_world(&w);
}

/* ------------------------------------------------------------------ the end */

static void
late_saves_are_410_and_a_late_end_counts_what_was_saved(void **state)
{
	const char *at, *right;
	struct world w;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	right = tick(&w, true);
	assert_int_equal(browser_post(&w.b, below(&w, at, "save"),
			     arena_printf(w.f->arena, "whole=yes&%s", right)),
	    303);
	w.f->now += 30 * MINUTE_MS + 1;
	assert_int_equal(browser_post_json(&w.b, below(&w, at, "answers"),
			     "question=0&chosen=2&client_key=late"),
	    410);
	assert_string_equal(w.b.re.content_type, "application/json");
	/* the form of a browser without scripts leads to the page that says so
	 */
	assert_int_equal(
	    browser_post(&w.b, below(&w, at, "save"), "q0=2"), 303);
	assert_int_equal(
	    browser_post(&w.b, below(&w, at, "submit"), "whole=yes"), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "100 %"));
	close_world(&w);
}

static void
handing_in_twice_shows_the_same_result(void **state)
{
	const char *at, *submit;
	struct world w;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	submit = below(&w, at, "submit");
	assert_int_equal(
	    browser_post(&w.b, submit,
		arena_printf(w.f->arena, "whole=yes&%s", tick(&w, true))),
	    303);
	assert_int_equal(
	    browser_post(&w.b, submit, "whole=yes&q0=2&q1=2"), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, "100 %"));
	assert_int_equal(browser_post_json(&w.b, below(&w, at, "answers"),
			     "question=0&chosen=2&client_key=after"),
	    410);
	assert_int_equal(browser_get(&w.b, below(&w, at, "review")), 303);
	assert_int_equal(evidence_counted(w.f, w.person, "exam"), 1);
	close_world(&w);
}

static void
starting_twice_leads_to_the_running_attempt(void **state)
{
	const char *at;
	struct world w;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	assert_int_equal(browser_post(&w.b, "/exams/C-901/start", ""), 303);
	assert_int_equal(browser_follow(&w.b), 200);
	assert_true(browser_shows(&w.b, at));
	close_world(&w);
}

static void
anothers_attempt_is_404_on_every_path(void **state)
{
	static const char *const acts[] = {
	    "answers", "save", "review", "submit"};
	const char *at;
	int64_t other;
	struct world w;
	size_t i;

	open_world(&w, *state, LANG_JA);
	at = start_exam(&w);
	other = pages_person(&w.p, "鈴木 一郎", "T-SOC", "technician");
	browser_close(&w.b);
	browser_open(&w.b, &w.p, other, LANG_JA);
	assert_int_equal(browser_get(&w.b, "/exams/C-901"), 200);
	assert_int_equal(browser_get(&w.b, "/courses/C-901/1/check"), 200);
	assert_int_equal(browser_get(&w.b, at), 404);
	assert_int_equal(browser_get(&w.b, below(&w, at, "review")), 404);
	for (i = 0; i < 4; i++)
		assert_int_equal(browser_post(&w.b, below(&w, at, acts[i]),
				     "question=0&chosen=0&client_key=a&q0=0"),
		    404);
	close_world(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(check_and_exam_go_from_start_to_end),
	    ON_SQLITE(forms_and_results_are_as_they_were_read),
	    ON_SQLITE(check_must_be_answered_whole),
	    ON_BOTH_ENGINES(check_handed_in_twice_counts_once),
	    ON_SQLITE(what_is_in_no_form_is_refused),
	    ON_BOTH_ENGINES(saving_answers_json_and_survives_repeating),
	    ON_SQLITE(broken_saves_are_refused),
	    ON_SQLITE(a_missing_token_is_forbidden),
	    ON_SQLITE(a_form_without_scripts_saves_and_takes_back),
	    ON_BOTH_ENGINES(
		late_saves_are_410_and_a_late_end_counts_what_was_saved),
	    ON_BOTH_ENGINES(handing_in_twice_shows_the_same_result),
	    ON_BOTH_ENGINES(starting_twice_leads_to_the_running_attempt),
	    ON_BOTH_ENGINES(anothers_attempt_is_404_on_every_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
