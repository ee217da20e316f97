/* Addresses: what goes in comes out encoded, what is foreign does not pass. */
#include "http/support.h"

#include "http/assets.h"
#include "http/url.h"
#include "support/dies.h"

static void
a_segment_stays_one_segment(void **state)
{
	static const struct {
		const char *text, *address;
	} cases[] = {
	    {"E-101", "/x/E-101/y"},
	    {"a/b", "/x/a%2Fb/y"},
	    {"a?b#c", "/x/a%3Fb%23c/y"},
	    {"100%", "/x/100%25/y"},
	    {"鍛錬", "/x/%E9%8D%9B%E9%8C%AC/y"},
	    {"a b+c", "/x/a%20b%2Bc/y"},
	    {"\"><script>", "/x/%22%3E%3Cscript%3E/y"},
	    {"..", "/x/_/y"},
	    {".", "/x/_/y"},
	    {"", "/x/_/y"},
	    {"...", "/x/.../y"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    url_path(*state, "/x/%s/y", cases[i].text).text,
		    cases[i].address);
	assert_string_equal(
	    url_path(*state, "/%s/%s", "", "evil.test").text, "/_/evil.test");
	assert_string_equal(url_path(*state, "/e/%d", INT64_MAX).text,
	    "/e/9223372036854775807");
}

static int
make_path(void *ctx)
{
	struct arena *a = arena_new();

	url_path(a, ctx, "x", "y");
	return 0;
}

static void
a_format_that_is_no_path_aborts(void **state)
{
	char formats[][24] = {"x/%s", "//%s", "http://%s/", "/a?b=%s", "/%i",
	    "/a b", "", "/%%", "javascript:%s", "/a#%s"};
	char right[] = "/%s/%s";

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		assert_true(dies(make_path, formats[i]));
	assert_false(dies(make_path, right));
}

static void
query_and_fragment_are_added(void **state)
{
	struct arena *a = *state;
	struct url u = url_path(a, "/search");

	u = url_query(a, u, "q", "a&b=c 鍛");
	assert_string_equal(u.text, "/search?q=a%26b%3Dc%20%E9%8D%9B");
	u = url_fragment(a, u, "a#b");
	assert_string_equal(u.text, "/search?q=a%26b%3Dc%20%E9%8D%9B#a%23b");
	u = url_query(a, u, "p", "2");
	assert_string_equal(
	    u.text, "/search?q=a%26b%3Dc%20%E9%8D%9B&p=2#a%23b");
	assert_string_equal(
	    url_absolute(a, "https://t.example", url_path(a, "/v")).text,
	    "https://t.example/v");
}

static void
only_our_own_paths_are_returned_to(void **state)
{
	static const char *const ours[] = {"/", "/courses/E-101/2",
	    "/search?q=%E9%8D%9B&p=2", "/a//b", "/a:b@c"};
	static const char *const foreign[] = {"", "x", "//evil.test",
	    "/\\evil.test", "\\\\evil.test", "https://evil.test/",
	    "javascript:alert(1)", "/\t/evil.test", "\t//evil.test",
	    " //evil.test", "/a\r\nSet-Cookie: x=1", "/%", "/%zz", "/a#b",
	    "/<script>", "/a b", "/鍛", "/\x7f"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		assert_string_equal(url_return(*state, ours[i]).text, ours[i]);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_string_equal(url_return(*state, foreign[i]).text, "/");
	assert_string_equal(url_return(*state, NULL).text, "/");
}

static void
a_decoded_path_is_encoded_again(void **state)
{
	static const struct {
		const char *path, *address;
	} cases[] = {{"/", "/"}, {"/a/b", "/a/b"}, {"/a/", "/a/"},
	    {"/a b/鍛", "/a%20b/%E9%8D%9B"}, {"//evil.test", "/_/evil.test"},
	    {"/../x", "/_/x"}, {"/a?b", "/a%3Fb"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    url_of_path(*state, cases[i].path).text, cases[i].address);
}

static int
ask_unknown_asset(void *ctx)
{
	(void)ctx;
	url_asset("no-such-file.css");
	return 0;
}

static void
an_asset_has_its_hashed_address(void **state)
{
	(void)state;
	if (assets[0].name == NULL) { /* nothing is built: plain names */
		assert_string_equal(
		    url_asset("app.css").text, "/static/app.css");
		return;
	}
	assert_true(dies(ask_unknown_asset, NULL));
	for (size_t i = 0; assets[i].name != NULL; i++) {
		assert_string_equal(
		    url_asset(assets[i].name).text, assets[i].address);
		assert_ptr_equal(
		    strstr(assets[i].address, "/static/"), assets[i].address);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(a_segment_stays_one_segment),
	    WITH_ARENA(a_format_that_is_no_path_aborts),
	    WITH_ARENA(query_and_fragment_are_added),
	    WITH_ARENA(only_our_own_paths_are_returned_to),
	    WITH_ARENA(a_decoded_path_is_encoded_again),
	    WITH_ARENA(an_asset_has_its_hashed_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
