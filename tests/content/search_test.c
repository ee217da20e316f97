/* The search: Japanese words of two characters and one, Latin words, limits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/random.h"
#include "content/content.h"
#include "content/publish.h"
#include "content/words.h"
#include "support/content_fixture.h"
#include "support/directory.h"

#define TREE "tests/content/tree"

struct bench {
	char directory[DIRECTORY_BYTES];
	struct arena *a;
	struct content_store *store;
	struct content *c;
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct content_files files = {0};
	struct content_errors errors;
	const char *repository, *dir, *manifest, *commit;
	char hex[41];

	assert_non_null(b);
	b->a = arena_new();
	directory_make(b->directory);
	repository = arena_printf(b->a, "%s/repository", b->directory);
	dir = arena_printf(b->a, "%s/content", b->directory);
	content_files_read(&files, TREE);
	content_repository_commit(repository, &files, hex);
	content_files_free(&files);
	assert_int_equal(content_build(&repository, 1, hex, dir, false, b->a,
			     &manifest, &commit, &errors),
	    ERR_OK);
	assert_int_equal(content_store_open(dir, &b->store), ERR_OK);
	assert_int_equal(content_follow(b->store, manifest), ERR_OK);
	b->c = content_current(b->store);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	content_release(b->c);
	content_store_close(b->store);
	directory_remove(b->directory);
	arena_free(b->a);
	free(b);
	return 0;
}

/* "C-901/2 C-901/1", best first. */
static const char *
found(struct bench *b, const char *query, enum lang lang)
{
	struct buf text = BUF_EMPTY;
	struct search_hit *hits;
	const char *s;
	size_t i, n;

	assert_int_equal(
	    content_search(b->c, query, lang, b->a, &hits, &n), ERR_OK);
	for (i = 0; i < n; i++)
		buf_printf(&text, "%s%s/%d", i > 0 ? " " : "", hits[i].course,
		    hits[i].module);
	s = arena_strdup(b->a, buf_text(&text));
	buf_free(&text);
	return s;
}

static void
queries_find_their_modules(void **state)
{
	static const struct {
		const char *query;
		enum lang lang;
		const char *found;
	} cases[] = {
	    /* two characters, inside a longer word and across kinds */
	    {"監査", LANG_JA, "C-901/1"},
	    {"監視", LANG_JA, "C-901/2 C-901/1"}, /* title before text */
	    {"送金", LANG_JA, "C-901/2"},
	    {"部門", LANG_JA, "C-901/1"},
	    {"門が", LANG_JA, "C-901/1"},
	    {"ログ", LANG_JA, "T-901/1 C-901/1"},
	    {"監査部門", LANG_JA, "C-901/1"},
	    {"査監", LANG_JA, ""},
	    {"監部", LANG_JA, ""},
	    {"監査報告", LANG_JA, ""},
	    {"パスワード", LANG_JA, "C-901/1"},
	    {"コンピュータ", LANG_JA, ""},
	    /* one character: at the start of a pair, and at an end */
	    {"金", LANG_JA, "C-901/2 T-901/1 C-901/1"},
	    {"象", LANG_JA, "C-901/2"},
	    {"鯨", LANG_JA, ""},
	    /* several words: all of them */
	    {"監視 送金", LANG_JA, "C-901/2"},
	    {"監査 送金", LANG_JA, ""},
	    {"監査　部門", LANG_JA, "C-901/1"},
	    /* Latin words: whole, without case, full-width or not */
	    {"siem", LANG_JA, "C-901/2"},
	    {"SIEM", LANG_JA, "C-901/2"},
	    {"ｓｉｅｍ", LANG_JA, "C-901/2"},
	    {"API", LANG_JA, "C-901/2"},
	    {"sie", LANG_JA, ""},
	    {"csirtへ", LANG_JA, "C-901/2"},
	    {"SOCの当直", LANG_JA, "C-901/2"},
	    {"C&C", LANG_JA, "C-901/2"},
	    {"script", LANG_JA, "C-901/2"},
	    {"reuse", LANG_EN, "C-901/1"},
	    {"Password manager", LANG_EN, "C-901/1"},
	    {"watching", LANG_EN, "C-901/2 C-901/1"},
	    {"監査", LANG_EN, ""},
	    /* nothing to look for */
	    {"", LANG_JA, ""},
	    {" 、。!? ", LANG_JA, ""},
	    /* operators and quotes are not read as such */
	    {"監査\"", LANG_JA, "C-901/1"},
	    {"\"監査\" OR 送金", LANG_JA, ""},
	    {"監査*", LANG_JA, "C-901/1"},
	    {"title:監査", LANG_JA, ""},
	    {"NOT 監査", LANG_JA, ""},
	    {"NEAR(監査 部門)", LANG_JA, ""},
	    {"(監査", LANG_JA, "C-901/1"},
	    {"^監査", LANG_JA, "C-901/1"},
	    {"{監査}-+", LANG_JA, "C-901/1"},
	    {"' OR 1=1 --", LANG_JA, ""},
	};
	struct bench *b = *state;
	const char *got;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = found(b, cases[i].query, cases[i].lang);
		if (strcmp(got, cases[i].found) != 0)
			fail_msg("\"%s\": found \"%s\", not \"%s\"",
			    cases[i].query, got, cases[i].found);
	}
}

static void
a_query_has_at_most_100_characters(void **state)
{
	struct bench *b = *state;
	struct buf query = BUF_EMPTY;
	struct search_hit *hits;
	size_t i, n;

	for (i = 0; i < SEARCH_QUERY_CHARS_MAX; i++)
		buf_puts(&query, "金");
	assert_string_equal(found(b, buf_text(&query), LANG_JA), "");
	buf_puts(&query, "金");
	assert_int_equal(
	    content_search(b->c, buf_text(&query), LANG_JA, b->a, &hits, &n),
	    ERR_INVALID);
	assert_int_equal(content_search(b->c, "\xff", LANG_JA, b->a, &hits, &n),
	    ERR_INVALID);
	buf_free(&query);
	/* More words than are looked for. */
	for (i = 0; i < 50; i++)
		buf_puts(&query, "z ");
	assert_string_equal(found(b, buf_text(&query), LANG_JA), "");
	buf_free(&query);
}

static void
an_excerpt_marks_the_words_and_escapes_the_rest(void **state)
{
	struct bench *b = *state;
	struct search_hit *hits;
	size_t n;

	assert_int_equal(
	    content_search(b->c, "SCRIPT 要求", LANG_JA, b->a, &hits, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(hits[0].title.in[LANG_JA], "監視と気づき");
	assert_non_null(strstr(hits[0].excerpt.text,
	    "&lt;<mark>script</mark>&gt; を含む<mark>要求</mark>、"));
	assert_null(strstr(hits[0].excerpt.text, "<script"));
	assert_non_null(strstr(hits[0].excerpt.text, "C&amp;C"));
}

static void
excerpts_are_cut_around_the_first_word(void **state)
{
	static const struct {
		const char *text, *query, *excerpt;
	} cases[] = {
	    {"監査の話", "監査", "<mark>監査</mark>の話"},
	    {"話だけ", "監査", "話だけ"},
	    {"", "監査", ""},
	    {"IDS and ids, IDSx", "ids",
		"<mark>IDS</mark> and <mark>ids</mark>, IDSx"},
	    {"ＡＰＩ", "api", "<mark>ＡＰＩ</mark>"},
	    {"監査監査部門", "監査 監査部門",
		"<mark>監査</mark><mark>監査部門</mark>"},
	    {"a\nb", "b", "a <mark>b</mark>"},
	    {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十零"
	     "監査",
		"監査",
		"…二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
		"零<mark>監査</mark>"},
	};
	struct bench *b = *state;
	struct words w;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		words_of_query(b->a, cases[i].query, &w);
		assert_string_equal(words_excerpt(b->a, cases[i].text, &w).text,
		    cases[i].excerpt);
	}
}

static void
texts_become_pairs_and_words(void **state)
{
	static const struct {
		const char *text, *tokens;
	} cases[] = {
	    {"監視体制", "監視 視体 体制 制 "},
	    {"監", "監 "},
	    {"CSIRT対応", "csirt 対応 応 "},
	    {"ログIDS", "ログ グ ids "},
	    {"ＡＢＣ１２３", "abc123 "},
	    {"SP 800-63B、〆切", "sp 800 63b 〆切 切 "},
	    {"サーバー・ログ", "サー ーバ バー ー ログ グ "},
	    {"時々𠮷野家", "時々 々𠮷 𠮷野 野家 家 "},
	    {"Éclair über", "éclair über "},
	    {"、。「」", ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = BUF_EMPTY;

		words_tokens(cases[i].text, &b);
		assert_string_equal(buf_text(&b), cases[i].tokens);
		buf_free(&b);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    T(queries_find_their_modules),
	    T(a_query_has_at_most_100_characters),
	    T(an_excerpt_marks_the_words_and_escapes_the_rest),
	    T(excerpts_are_cut_around_the_first_word),
	    cmocka_unit_test(texts_become_pairs_and_words),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
