/* Messages: arguments, plurals, numbers. */
#include "http/support.h"

#include "http/message.h"
#include "http/message_table.h"
#include "support/dies.h"

static void
arguments_go_where_the_language_wants_them(void **state)
{
	assert_string_equal(message_args(*state, LANG_JA, M_http_title_error,
				"A<{2}>", "鍛錬", NULL),
	    "エラー: A<{2}> – 鍛錬");
	assert_string_equal(
	    message_args(*state, LANG_EN, M_http_title_error, "", "x", NULL),
	    "Error:  – x");
}

static void
english_has_one_and_many(void **state)
{
	static const struct {
		int64_t n;
		const char *en, *ja;
	} cases[] = {
	    {0, "You can try again in about 0 seconds.",
		"約0秒後にもう一度お試しいただけます。"},
	    {1, "You can try again in about 1 second.",
		"約1秒後にもう一度お試しいただけます。"},
	    {2, "You can try again in about 2 seconds.",
		"約2秒後にもう一度お試しいただけます。"},
	    {1000, "You can try again in about 1,000 seconds.",
		"約1,000秒後にもう一度お試しいただけます。"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(message_count(*state, LANG_EN,
					M_http_retry_seconds, cases[i].n),
		    cases[i].en);
		assert_string_equal(message_count(*state, LANG_JA,
					M_http_retry_seconds, cases[i].n),
		    cases[i].ja);
	}
}

static void
numbers_have_separators(void **state)
{
	static const struct {
		int64_t n;
		const char *text;
	} cases[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {-1, "-1"},
	    {-999, "-999"}, {-1000, "-1,000"}, {1234567, "1,234,567"},
	    {INT64_MAX, "9,223,372,036,854,775,807"},
	    {INT64_MIN, "-9,223,372,036,854,775,808"}};
	char text[NUMBER_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		message_number(cases[i].n, text);
		assert_string_equal(text, cases[i].text);
	}
}

static int
leave_an_argument_out(void *ctx)
{
	struct arena *a = arena_new();

	(void)ctx;
	message_args(a, LANG_JA, M_http_title, "one", NULL);
	return 0;
}

static void
a_missing_argument_aborts(void **state)
{
	(void)state;
	assert_true(dies(leave_an_argument_out, NULL));
}

static void
every_message_has_both_languages(void **state)
{
	(void)state;
	assert_true(M__MAX > 0);
	for (enum message id = 0; id < M__MAX; id++)
		for (enum lang l = 0; l < LANG__MAX; l++)
			assert_true(message(l, id)[0] != '\0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(arguments_go_where_the_language_wants_them),
	    WITH_ARENA(english_has_one_and_many),
	    WITH_ARENA(numbers_have_separators),
	    WITH_ARENA(a_missing_argument_aborts),
	    WITH_ARENA(every_message_has_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
