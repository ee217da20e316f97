/* Passwords that are guessed first, and those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "people/password_rules.h"

static const char *const own[] = {
    "佐藤 花子", NULL, "hanako.sato@tsubakuro.example", "A0012345"};

static void
assert_guessable(const char *password, bool wanted)
{
	struct arena *a = arena_new();

	if (password_is_guessable(password, own, 4, a) != wanted)
		fail_msg("%s", password);
	arena_free(a);
}

static void
what_a_guesser_tries_first_is_refused(void **state)
{
	static const char *const bad[] = {"passwordpassword", "aaaaaaaaaaaa",
	    "abababababab", "abcabcabcabc", "Tanren2026Tanren2026",
	    "123456789012", "987654321098", "qwertyuiop[]", "Qwertyuiop123",
	    "abcdefghijklmnop", "1qaz2wsx3edc", "Password1234",
	    "P@ssw0rd2026!!", "password-2026", "Welcome12345!", "tanren202611",
	    "hanako.sato01", "sato-hanako-1", "HANAKO1998!!", "tsubakuro2026",
	    "A0012345A001", "sakura1234567", "佐藤花子佐藤花子",
	    "パスワードパスワード", "November2026!"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_guessable(bad[i], true);
}

static void
others_are_not(void **state)
{
	static const char *const good[] = {"correct horse battery",
	    "another-horse", "482910573628", "k7Gq!w2ZpLxR", "blue bank river",
	    "sakura no shita de hirune", "夏の夜は月の頃はさらなり蛍",
	    "jcb52-mr3fk-w8x2n-q4t7h", "a long walk to the sea",
	    "hanako eats seven pears", "my password is a pear tree"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_guessable(good[i], false);
}

static void
nothing_of_its_own_is_no_trouble(void **state)
{
	static const char *const none[] = {"", NULL};
	struct arena *a = arena_new();

	(void)state;
	assert_false(password_is_guessable("correct horse", none, 2, a));
	assert_false(password_is_guessable("correct horse", NULL, 0, a));
	assert_true(password_is_guessable("", NULL, 0, a));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_guesser_tries_first_is_refused),
	    cmocka_unit_test(others_are_not),
	    cmocka_unit_test(nothing_of_its_own_is_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
