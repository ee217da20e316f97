/* In which language a request is answered. */
#include "http/support.h"

#include "http/language.h"
#include "http/viewer.h"

static void
the_reader_is_asked_in_this_order(void **state)
{
	static const struct {
		const char *query, *cookies, *accept;
		int person; /* -1: nobody is signed in */
		enum lang lang;
		bool chosen;
	} cases[] = {
	    {"", "", "", -1, LANG_JA, false},
	    {"", "", "en", -1, LANG_EN, false},
	    {"", "", "ja", LANG_EN, LANG_EN, false},
	    {"", "", "en", LANG_JA, LANG_JA, false},
	    {"", "lang=ja", "en", LANG_EN, LANG_JA, false},
	    {"", "lang=en", "ja", LANG_JA, LANG_EN, false},
	    {"en", "lang=ja", "ja", LANG_JA, LANG_EN, true},
	    {"ja", "lang=en", "en", LANG_EN, LANG_JA, true},
	    {"fr", "lang=en", "", -1, LANG_EN, false},
	    {"EN", "", "", -1, LANG_JA, false},
	    {"", "lang=fr", "en", -1, LANG_EN, false},
	};
	struct viewer v = {0};
	struct req r;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = request(*state, NULL, HTTP_GET, "/");
		r.cookies = cases[i].cookies;
		r.accept_language = cases[i].accept;
		if (cases[i].query[0] != '\0')
			add_field(*state, &r.query, "lang", cases[i].query);
		if (cases[i].person >= 0) {
			v.lang = (enum lang)cases[i].person;
			r.viewer = &v;
		}
		request_prepare(&r);
		assert_int_equal(r.lang, cases[i].lang);
		assert_int_equal(r.marks->language_chosen, cases[i].chosen);
	}
}

static void
accept_language_is_weighed(void **state)
{
	static const struct {
		const char *header;
		int lang; /* -1: none of ours */
	} cases[] = {
	    {"ja", LANG_JA},
	    {"ja-JP", LANG_JA},
	    {"EN-us", LANG_EN},
	    {"en,ja", LANG_EN},
	    {"ja,en", LANG_JA},
	    {"en-US,en;q=0.9,ja;q=0.8", LANG_EN},
	    {"ja;q=0.8,en;q=0.9", LANG_EN},
	    {"fr,ja;q=0.2", LANG_JA},
	    {"en;q=0,ja;q=0.1", LANG_JA},
	    {"en ; q=0.123 , ja ; q=0.124", LANG_JA},
	    {"en;q=9", -1},
	    {"eng", -1},
	    {"jam,en", LANG_EN},
	    {"*", -1},
	    {"fr", -1},
	    {"", -1},
	    {",,;q=1,", -1},
	    {"e", -1},
	};
	enum lang l;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].lang < 0) {
			assert_false(language_accepted(cases[i].header, &l));
			continue;
		}
		assert_true(language_accepted(cases[i].header, &l));
		assert_int_equal(l, cases[i].lang);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(the_reader_is_asked_in_this_order),
	    WITH_ARENA(accept_language_is_weighed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
