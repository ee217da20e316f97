/* The catalogue, courses, modules and search through dispatch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "learn/learn.h"
#include "support/browser.h"

#define TREE "tests/learn/tree"

static const struct route *const rooms[] = {learn_routes, NULL};

struct world {
	struct pages p;
	struct browser b;
	int64_t person;
};

static void
open_world(struct world *w, struct fixture *f, enum lang lang)
{
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

static struct module_progress
module_of(struct world *w, int module)
{
	struct scope own = {
	    .reach = SCOPE_OWN, .person = w->person, .now = w->p.f->now};
	struct course_progress p;

	assert_int_equal(progress_of_course(w->p.f->db, own,
			     content_course(pages_content(&w->p), "C-901"),
			     w->p.f->arena, &p),
	    ERR_OK);
	return p.modules[module - 1];
}

static void
golden(struct world *w, const char *path, const char *name)
{
	assert_int_equal(browser_get(&w->b, path), 200);
	pages_golden(&w->p, name, &w->b.re);
}

static enum err
assign(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct scope s = {
	    .reach = SCOPE_ORGANISATION,
	    .person = 7,
	    .organisation = w->p.organisation,
	    .now = w->p.f->now,
	};
	int64_t made, moved;
	struct date due = {2026, 12, 2}; /* 00:00: the last day is the 1st */

	return assignment_make(db, s, "C-901", &w->person, 1, date_start(due),
	    w->p.f->now, &made, &moved);
}

static void
pages_are_as_they_were_read_in_both_languages(void **state)
{
	static const char *const langs[] = {"ja", "en"};
	struct fixture *f = *state;
	struct world w;
	const char *l;
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		open_world(&w, f, (enum lang)lang);
		pages_hole(&w.p,
		    arena_strndup(
			f->arena, content_commit(pages_content(&w.p)), 10),
		    "REVISION");
		assert_int_equal(db_write(f->db, assign, &w), ERR_OK);
		l = langs[lang];
		golden(&w, "/courses",
		    arena_printf(f->arena, "learn/catalogue.%s.html", l));
		golden(&w, "/courses/C-901/1",
		    arena_printf(f->arena, "learn/module.%s.html", l));
		golden(&w, "/courses/C-901",
		    arena_printf(f->arena, "learn/course.%s.html", l));
		golden(&w, "/courses/C-902",
		    arena_printf(f->arena, "learn/growing.%s.html", l));
		golden(&w, "/courses/T-902",
		    arena_printf(f->arena, "learn/planned.%s.html", l));
		golden(&w, "/courses/T-901/1",
		    arena_printf(f->arena, "learn/lab-module.%s.html", l));
		golden(&w,
		    lang == LANG_JA ? "/search?q=%E7%9B%A3%E6%9F%BB"
				    : "/search?q=audit",
		    arena_printf(f->arena, "learn/search.%s.html", l));
		golden(&w, "/search?q=%E6%9E%B6%3Cb%3E",
		    arena_printf(f->arena, "learn/search-none.%s.html", l));
		close_world(&w);
		fixture_close(f);
		*state = f = fixture_open(DB_SQLITE);
	}
}

static void
opening_a_module_is_kept_once(void **state)
{
	struct fixture *f = *state;
	int64_t first = f->now;
	struct world w;

	open_world(&w, f, LANG_JA);
	assert_int_equal(module_of(&w, 1).opened_at, 0);
	assert_int_equal(browser_get(&w.b, "/courses/C-901"), 200);
	assert_int_equal(module_of(&w, 1).opened_at, 0); /* only read about */
	assert_int_equal(browser_get(&w.b, "/courses/C-901/1"), 200);
	assert_true(module_of(&w, 1).opened_at == first);
	assert_int_equal(module_of(&w, 1).passed_at, 0);
	f->now += HOUR_MS;
	assert_int_equal(browser_get(&w.b, "/courses/C-901/1"), 200);
	assert_true(module_of(&w, 1).opened_at == first);
	assert_int_equal(module_of(&w, 2).opened_at, 0);
	close_world(&w);
}

static void
what_is_not_there_or_not_written_is_404(void **state)
{
	static const char *const paths[] = {"/courses/X-999",
	    "/courses/C-901/99", "/courses/C-901/0", "/courses/C-901/01",
	    "/courses/C-901/x", "/courses/C-901/-1",
	    "/courses/C-901/4294967297", "/courses/C-901/99999999999999999999",
	    "/courses/C-902/2" /* planned */, "/courses/T-902/1" /* planned */,
	    "/courses/X-999/1", "/courses/C-901/1/2"};
	struct world w;
	size_t i;

	open_world(&w, *state, LANG_JA);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (browser_get(&w.b, paths[i]) != 404)
			fail_msg("%s: %d", paths[i], w.b.re.status);
	close_world(&w);
}

static void
search_answers_any_input(void **state)
{
	static const char *const paths[] = {"/search",
	    "/search?q=", "/search?q=%E3%80%80", "/search?q=%22",
	    "/search?q=a*+OR+b", "/search?q=%28NEAR", "/search?q=C-901%2F1"};
	struct fixture *f = *state;
	const char *longest;
	struct world w;
	size_t i;

	open_world(&w, f, LANG_JA);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (browser_get(&w.b, paths[i]) != 200)
			fail_msg("%s: %d", paths[i], w.b.re.status);
	longest = arena_printf(f->arena, "/search?q=%0*d", 101, 1);
	assert_int_equal(browser_get(&w.b, longest), 422);
	assert_true(browser_shows(&w.b, "0001\""));
	close_world(&w);
}

static void
nobody_learns_without_signing_in(void **state)
{
	static const char *const paths[] = {"/courses", "/courses/C-901",
	    "/courses/C-901/1", "/search?q=a", "/courses/X-999"};
	struct world w;
	size_t i;

	open_world(&w, *state, LANG_JA);
	browser_open(&w.b, &w.p, 0, LANG_JA);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(browser_get(&w.b, paths[i]), 303);
		assert_non_null(strstr(browser_location(&w.b), "/sign-in"));
	}
	close_world(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_SQLITE(pages_are_as_they_were_read_in_both_languages),
	    ON_BOTH_ENGINES(opening_a_module_is_kept_once),
	    ON_SQLITE(what_is_not_there_or_not_written_is_404),
	    ON_SQLITE(search_answers_any_input),
	    ON_SQLITE(nobody_learns_without_signing_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
