/*
 * Markdown to HTML: golden files, and inputs made to take long.
 * tests/golden/content/<case>.<language>.md becomes <case>.html; what is
 * reported stands in <case>.errors, one "line: message" each. With
 * TANREN_GOLDEN=write the files are written instead; read the diff.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "content/markdown.h"
#include "support/content_fixture.h"

#define GOLDEN "tests/golden/content/"
#define HOSTILE_BYTES ((size_t)32 * 1024)
#define HOSTILE_SECONDS_MAX 5.0

static struct term terms[] = {
    {"credential_stuffing",
	{{"パスワードリスト型攻撃", "Credential <stuffing>"}},
	{{"試す攻撃。", "Trying \"leaked\" pairs & more."}}},
    {"phishing", {{"フィッシング", "Phishing"}},
	{{"誘う手口。", "Luring people."}}},
};
static const struct glossary glossary = {terms, 2};

struct result {
	struct arena *a;
	struct rendered out;
	struct parts parts;
	struct content_errors errors;
};

static struct result
render(const char *text, size_t size, enum lang lang)
{
	struct result r = {.a = arena_new()};
	struct report report = {.a = r.a};
	struct names names = {.a = r.a};

	markdown_render(
	    &(struct markdown){
		.file = "x.md",
		.text = text,
		.size = size,
		.lang = lang,
		.glossary = &glossary,
		.names = &names,
		.report = &report,
		.a = r.a,
	    },
	    &r.out, &r.parts);
	report_finish(&report, &r.errors);
	return r;
}

/* ------------------------------------------------------- golden files */

static void
compare_with(const char *path, const char *actual)
{
	const char *mode = getenv("TANREN_GOLDEN");
	char *expected;
	FILE *f;

	if (mode != NULL && strcmp(mode, "write") == 0) {
		if (*actual == '\0') {
			(void)remove(path);
			return;
		}
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_not_equal(fputs(actual, f), EOF);
		assert_int_equal(fclose(f), 0);
		return;
	}
	expected = content_slurp(path, NULL);
	assert_string_equal(actual, expected == NULL ? "" : expected);
	free(expected);
}

/*
 * Every tag is closed where it belongs, every attribute quoted, and only
 * elements and attributes are there that the renderer means to make.
 */
static void
assert_tag(const char *s, size_t n)
{
	static const char *const bad[] = {"<script", "<iframe", "<img",
	    "<style", "javascript:", "data:", " on", " style=", "//"};
	char *tag = strndup(s, n);
	size_t i;

	assert_non_null(tag);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(strcasestr(tag, bad[i]));
	free(tag);
}

static void
assert_well_formed(const char *html)
{
	const char *stack[256], *p = html, *end;
	size_t names[256], depth = 0, n;

	while ((p = strchr(p, '<')) != NULL) {
		assert_non_null(end = strchr(p, '>'));
		assert_tag(p, (size_t)(end - p));
		if (p[1] == '/') {
			assert_true(depth > 0);
			depth--;
			assert_int_equal(names[depth], (size_t)(end - p) - 2);
			assert_memory_equal(stack[depth], p + 2, names[depth]);
		} else if (end[-1] != '/') {
			n = strcspn(p + 1, " >");
			assert_true(depth < 256);
			stack[depth] = p + 1;
			names[depth++] = n;
		}
		p = end + 1;
	}
	assert_int_equal(depth, 0);
	for (p = html; (p = strchr(p, '&')) != NULL; p++)
		assert_true(strncmp(p, "&lt;", 4) == 0 ||
		    strncmp(p, "&gt;", 4) == 0 || strncmp(p, "&amp;", 5) == 0 ||
		    strncmp(p, "&quot;", 6) == 0);
}

static void
check_golden(const char *name, enum lang lang)
{
	struct buf path = BUF_EMPTY, errors = BUF_EMPTY, html = BUF_EMPTY;
	struct result r;
	size_t size, i;
	char *text;

	buf_printf(&path, GOLDEN "%s.%s.md", name, lang_codes[lang]);
	text = content_slurp(buf_text(&path), &size);
	assert_non_null(text);
	r = render(text, size, lang);
	free(text);
	buf_free(&path);

	buf_puts(&html, r.out.html);
	buf_puts(&html, "<!-- headings:");
	for (i = 0; i < r.out.n_headings; i++)
		buf_printf(&html, "\n%d %s %s", r.out.headings[i].level,
		    r.out.headings[i].anchor, r.out.headings[i].text);
	buf_printf(&html, "\nplain:\n%s\n-->\n", r.out.plain);
	buf_printf(&path, GOLDEN "%s.html", name);
	compare_with(buf_text(&path), buf_text(&html));
	buf_free(&path);

	for (i = 0; i < r.errors.n; i++)
		buf_printf(&errors, "%d: %s\n", r.errors.list[i].line,
		    r.errors.list[i].message);
	buf_printf(&path, GOLDEN "%s.errors", name);
	compare_with(buf_text(&path), buf_text(&errors));
	buf_free(&path);

	assert_well_formed(r.out.html);
	buf_free(&html);
	buf_free(&errors);
	arena_free(r.a);
}

#define GOLDEN_TEST(function, name, lang)                                      \
	static void function(void **state)                                     \
	{                                                                      \
		(void)state;                                                   \
		check_golden(name, lang);                                      \
	}

GOLDEN_TEST(tables_are_rendered_cell_by_cell, "tables", LANG_JA)
GOLDEN_TEST(bad_tables_are_told, "tables.bad", LANG_EN)
GOLDEN_TEST(notes_need_no_spaces, "notes", LANG_JA)
GOLDEN_TEST(bad_notes_are_told, "notes.bad", LANG_EN)
GOLDEN_TEST(callouts_nest, "callouts", LANG_JA)
GOLDEN_TEST(anchors_count_headings, "anchors", LANG_EN)
GOLDEN_TEST(headings_start_at_the_top, "anchors.order", LANG_EN)
GOLDEN_TEST(terms_are_explained_once, "terms", LANG_EN)
GOLDEN_TEST(only_our_links_stay, "links", LANG_EN)
GOLDEN_TEST(raw_html_is_shown_as_text, "html", LANG_EN)
GOLDEN_TEST(the_emphasis_trap_is_found, "emphasis", LANG_JA)
GOLDEN_TEST(japanese_lines_join_without_space, "breaks", LANG_JA)

/* ------------------------------------------------------ made to take long */

static void
assert_quick(const char *piece, const char *tail, size_t bytes)
{
	struct timespec from, to;
	struct buf b = BUF_EMPTY;
	struct result r;
	double took;

	while (b.len < bytes)
		buf_puts(&b, piece);
	buf_puts(&b, tail);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	r = render(buf_text(&b), b.len, LANG_JA);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	took = (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	if (took > HOSTILE_SECONDS_MAX)
		fail_msg("\"%s\" took %.1f s", piece, took);
	assert_well_formed(r.out.html);
	arena_free(r.a);
	buf_free(&b);
}

static void
hostile_texts_finish_quickly(void **state)
{
	static const struct {
		const char *piece, *tail;
	} cases[] = {
	    {"![[]()", ""},
	    {"[", ""},
	    {"[a](", ""},
	    {"> ", "x"},
	    {"- ", "x"},
	    {"*a **a ", ""},
	    {"_a __a ", ""},
	    {"`a``b", ""},
	    {"<a", ""},
	    {"&", ""},
	    {"| a", "|\n|---|\n"},
	    {"|\n", ""},
	    {"[^1]", "\n\n[^1]: x\n"},
	    {"[^1]: x\n", ""},
	    {"[^a", ""},
	    {"表: x\n", ""},
	    {"> [!POINT] x\n>\n", ""},
	    {"[a](term:phishing)", ""},
	    {"![a](/courses/E-101/1)", ""},
	    {"## a\n", ""},
	    {"a\n", ""},
	    {"****", "a"},
	    {"\\[", ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_quick(cases[i].piece, cases[i].tail, HOSTILE_BYTES);
}

static void
deep_nesting_is_refused_not_followed(void **state)
{
	struct result r;

	(void)state;
	r = render("> > > > > > > > > > > > > > > > > > > > x\n", 42, LANG_JA);
	assert_int_equal(r.errors.n, 2); /* and the text is empty */
	assert_string_equal(r.errors.list[1].message, "nested too deeply");
	arena_free(r.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_are_rendered_cell_by_cell),
	    cmocka_unit_test(bad_tables_are_told),
	    cmocka_unit_test(notes_need_no_spaces),
	    cmocka_unit_test(bad_notes_are_told),
	    cmocka_unit_test(callouts_nest),
	    cmocka_unit_test(anchors_count_headings),
	    cmocka_unit_test(headings_start_at_the_top),
	    cmocka_unit_test(terms_are_explained_once),
	    cmocka_unit_test(only_our_links_stay),
	    cmocka_unit_test(raw_html_is_shown_as_text),
	    cmocka_unit_test(the_emphasis_trap_is_found),
	    cmocka_unit_test(japanese_lines_join_without_space),
	    cmocka_unit_test(hostile_texts_finish_quickly),
	    cmocka_unit_test(deep_nesting_is_refused_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
