/* UTF-8 at the door, trimming, whole numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"

#define BYTES(s) (s), sizeof(s) - 1

/* The cases of the Unicode Standard, table 3-7, and what lies beside them. */
static void
only_well_formed_utf8_passes(void **state)
{
	static const struct {
		const char *s;
		size_t n;
		bool valid;
	} cases[] = {
	    {BYTES(""), true},
	    {BYTES("plain"), true},
	    {BYTES("\x7f"), true},
	    {BYTES("\xc2\x80"), true},
	    {BYTES("\xdf\xbf"), true},
	    {BYTES("\xe0\xa0\x80"), true},
	    {BYTES("\xed\x9f\xbf"), true},
	    {BYTES("\xee\x80\x80"), true},
	    {BYTES("鍛錬"), true},
	    {BYTES("\xf0\x90\x80\x80"), true},
	    {BYTES("\xf4\x8f\xbf\xbf"), true},
	    {BYTES("a\0b"), false},
	    {BYTES("\x80"), false},
	    {BYTES("\xbf"), false},
	    {BYTES("\xc0\x80"), false}, /* NUL in two bytes */
	    {BYTES("\xc0\xaf"), false}, /* '/' in two bytes */
	    {BYTES("\xc1\xbf"), false},
	    {BYTES("\xe0\x80\xaf"), false},
	    {BYTES("\xe0\x9f\xbf"), false},
	    {BYTES("\xed\xa0\x80"), false}, /* surrogates */
	    {BYTES("\xed\xbf\xbf"), false},
	    {BYTES("\xf0\x8f\xbf\xbf"), false},
	    {BYTES("\xf4\x90\x80\x80"), false}, /* past U+10FFFF */
	    {BYTES("\xf5\x80\x80\x80"), false},
	    {BYTES("\xff"), false},
	    {BYTES("\xfe\xff"), false},
	    {BYTES("\xc2"), false}, /* cut */
	    {BYTES("\xe9\x8d"), false},
	    {BYTES("\xf0\x9f\x98"), false},
	    {BYTES("\xe9\x8d"
		   "a"),
		false},
	    {BYTES("\xc2\xc2\x80"), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (text_is_utf8(cases[i].s, cases[i].n) != cases[i].valid)
			fail_msg("case %zu", i);
}

static void
every_code_point_is_read_back(void **state)
{
	const char *s = "a\xc2\xa0\xe9\x8d\x9b\xf4\x8f\xbf\xbf";
	static const uint32_t points[] = {'a', 0xa0, 0x935b, 0x10ffff, 0, 0};
	const char *p = s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		assert_int_equal(text_next(&p), points[i]);
	assert_ptr_equal(p, s + strlen(s));
	assert_int_equal(text_length(s), 4);
	assert_int_equal(text_length(""), 0);
}

static void
white_space_goes_at_both_ends_only(void **state)
{
	static const struct {
		const char *typed, *trimmed;
	} cases[] = {
	    {"", ""}, {" \t\r\n", ""}, {"　", ""},
	    {"　　 佐藤　花子 　\n", "佐藤　花子"}, {"a", "a"},
	    {" a b ", "a b"}, {"\xc2\xa0 a\xc2\xa0", "a"},
	    {"、佐藤", "、佐藤"}, /* U+3001 is no white space */
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    text_trim(a, cases[i].typed), cases[i].trimmed);
	arena_free(a);
}

static void
lower_case_touches_ascii_only(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(
	    text_lower(a, "AZ@[az 09 ＡÀ鍛"), "az@[az 09 ＡÀ鍛");
	arena_free(a);
}

static void
whole_numbers_have_one_spelling(void **state)
{
	static const struct {
		const char *text;
		bool valid;
		int64_t value;
	} cases[] = {
	    {"0", true, 0},
	    {"7", true, 7},
	    {"9223372036854775807", true, INT64_MAX},
	    {"9223372036854775808", false, 0},
	    {"99999999999999999999", false, 0},
	    {"", false, 0},
	    {"00", false, 0},
	    {"07", false, 0},
	    {"-1", false, 0},
	    {"+1", false, 0},
	    {" 1", false, 0},
	    {"1 ", false, 0},
	    {"1a", false, 0},
	    {"１", false, 0},
	};
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		value = -9;
		if (text_to_int(cases[i].text, &value) != cases[i].valid ||
		    value != (cases[i].valid ? cases[i].value : -9))
			fail_msg("\"%s\"", cases[i].text);
	}
}

static void
beginnings_and_ends_are_compared_whole(void **state)
{
	(void)state;
	assert_true(text_starts("E-101", "E-"));
	assert_true(text_starts("E", ""));
	assert_false(text_starts("E", "E-"));
	assert_true(text_ends("a.md", ".md"));
	assert_false(text_ends("md", ".md"));
	assert_true(text_eq("", ""));
	assert_false(text_eq("a", "A"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_well_formed_utf8_passes),
	    cmocka_unit_test(every_code_point_is_read_back),
	    cmocka_unit_test(white_space_goes_at_both_ends_only),
	    cmocka_unit_test(lower_case_touches_ascii_only),
	    cmocka_unit_test(whole_numbers_have_one_spelling),
	    cmocka_unit_test(beginnings_and_ends_are_compared_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
