/* The Cookie header, and the attributes of the cookies we set. */
#include "http/support.h"

#include <stdio.h>

#include "http/cookie.h"

static void
a_cookie_is_found_by_its_whole_name(void **state)
{
	static const struct {
		const char *header, *name, *value; /* NULL: absent */
	} cases[] = {
	    {"a=1", "a", "1"},
	    {"a=1; b=2", "b", "2"},
	    {"a=1;b=2", "b", "2"},
	    {"a=1; a=2", "a", "1"},
	    {"aa=1; a=2", "a", "2"},
	    {"a=1; aa=2", "aa", "2"},
	    {"x__Host-tanren=1", "__Host-tanren", NULL},
	    {"__Host-tanren2=1", "__Host-tanren", NULL},
	    {"__Host-tanren=", "__Host-tanren", ""},
	    {"b=a=1", "a", NULL},
	    {"b=\"x; a=1\"", "a", "1\""},
	    {"a=b=c", "a", "b=c"},
	    {"a", "a", NULL},
	    {"A=1", "a", NULL},
	    {";; ;a=1 ;", "a", "1"},
	    {"", "a", NULL},
	};
	const char *value;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		value = cookie_value(*state, cases[i].header, cases[i].name);
		if (cases[i].value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, cases[i].value);
	}
}

static void
the_last_of_sixty_cookies_is_found(void **state)
{
	char header[60 * 16] = "", *to = header;

	for (int i = 0; i < 60; i++)
		to += sprintf(to, "name%d=v%d; ", i, i);
	assert_string_equal(cookie_value(*state, header, "name59"), "v59");
	assert_string_equal(cookie_value(*state, header, "name5"), "v5");
	assert_null(cookie_value(*state, header, "name60"));
}

static void
cookies_are_closed_to_scripts_and_other_sites(void **state)
{
	struct site site = {.origin = "http://127.0.0.1:8080"};
	struct req r = request(*state, &site, HTTP_GET, "/");
	struct reply re = {0};

	reply_session_cookie(&r, &re, "token", 3600);
	reply_session_cookie(&r, &re, NULL, 0);
	cookie_set(&r, &re, "lang", "ja", COOKIE_SESSION_END);
	assert_string_equal(header_nth(&re, "Set-Cookie", 0),
	    "__Host-tanren=token; Path=/; Max-Age=3600; Secure; HttpOnly; "
	    "SameSite=Lax");
	assert_string_equal(header_nth(&re, "Set-Cookie", 1),
	    "__Host-tanren=; Path=/; Max-Age=0; Secure; HttpOnly; "
	    "SameSite=Lax");
	assert_string_equal(header_nth(&re, "Set-Cookie", 2),
	    "lang=ja; Path=/; Secure; HttpOnly; SameSite=Lax");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(a_cookie_is_found_by_its_whole_name),
	    WITH_ARENA(the_last_of_sixty_cookies_is_found),
	    WITH_ARENA(cookies_are_closed_to_scripts_and_other_sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
