/* Dates of the Japanese calendar, midnights in Japan, the test clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "support/directory.h"

static void
only_dates_are_dates(void **state)
{
	static const struct {
		const char *text;
		int valid;
	} cases[] = {
	    {"2026-11-23", 1},
	    {"2024-02-29", 1},
	    {"2026-02-29", 0},
	    {"2000-02-29", 1}, /* a multiple of 400 */
	    {"1900-02-29", 0}, /* of 100 */
	    {"2100-02-29", 0},
	    {"1900-01-01", 1},
	    {"1899-12-31", 0},
	    {"9999-12-31", 1},
	    {"2026-04-31", 0},
	    {"2026-00-10", 0},
	    {"2026-13-10", 0},
	    {"2026-01-00", 0},
	    {"2026-1-1", 0},
	    {"2026/11/23", 0},
	    {"2026-11-23 ", 0},
	    {" 2026-11-23", 0},
	    {"2026-11-2", 0},
	    {"2026-11", 0},
	    {"２０２６-11-23", 0},
	    {"-026-11-23", 0},
	    {"", 0},
	};
	struct date d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (date_parse(cases[i].text, &d) != cases[i].valid)
			fail_msg("\"%s\"", cases[i].text);
}

static void
months_have_their_days(void **state)
{
	(void)state;
	assert_int_equal(date_days_in_month(2026, 1), 31);
	assert_int_equal(date_days_in_month(2026, 2), 28);
	assert_int_equal(date_days_in_month(2024, 2), 29);
	assert_int_equal(date_days_in_month(2000, 2), 29);
	assert_int_equal(date_days_in_month(2100, 2), 28);
	assert_int_equal(date_days_in_month(2026, 12), 31);
}

static void
a_day_begins_at_midnight_in_japan(void **state)
{
	/* 2026-11-22T15:00:00Z */
	const int64_t midnight = INT64_C(1795359600000);
	struct date d = {2026, 11, 23};
	struct arena *a = arena_new();

	(void)state;
	assert_int_equal(date_start(d), midnight);
	assert_string_equal(date_iso(a, midnight), "2026-11-23");
	assert_string_equal(date_iso(a, midnight - 1), "2026-11-22");
	assert_string_equal(date_iso(a, midnight + DAY_MS - 1), "2026-11-23");
	assert_string_equal(date_time_iso(a, midnight), "2026-11-22T15:00:00Z");
	assert_string_equal(
	    date_time_text(a, LANG_JA, midnight - 1), "2026年11月22日 23:59");
	assert_string_equal(
	    date_time_text(a, LANG_EN, midnight + 5 * MINUTE_MS),
	    "23 November 2026, 00:05");
	arena_free(a);
}

static void
every_day_of_four_centuries_comes_after_the_one_before(void **state)
{
	struct date d = {1900, 1, 1}, is;
	int64_t at = date_start(d);

	(void)state;
	while (d.year < 2301) {
		is = date_of(at);
		assert_int_equal(is.year, d.year);
		assert_int_equal(is.month, d.month);
		assert_int_equal(is.day, d.day);
		assert_int_equal(date_start(d), at);
		if (++d.day > date_days_in_month(d.year, d.month)) {
			d.day = 1;
			if (++d.month > 12) {
				d.month = 1;
				d.year++;
			}
		}
		at += DAY_MS;
	}
}

static void
times_before_1970_are_times(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(date_time_iso(a, -1), "1969-12-31T23:59:59Z");
	assert_string_equal(date_iso(a, -1), "1970-01-01");
	assert_string_equal(date_iso(a, -9 * HOUR_MS - 1), "1969-12-31");
	assert_string_equal(date_time_text(a, LANG_JA, -9 * HOUR_MS - 1),
	    "1969年12月31日 23:59");
	assert_string_equal(
	    date_time_iso(a, INT64_C(-2208988800000)), "1900-01-01T00:00:00Z");
	arena_free(a);
}

static void
documents_name_the_era_and_its_first_year_gannen(void **state)
{
	static const struct {
		struct date d;
		const char *text;
	} cases[] = {
	    {{2026, 11, 23}, "2026年(令和8年)11月23日"},
	    {{2019, 5, 1}, "2019年(令和元年)5月1日"},
	    {{2019, 4, 30}, "2019年(平成31年)4月30日"},
	    {{2020, 1, 1}, "2020年(令和2年)1月1日"},
	    {{1989, 1, 8}, "1989年(平成元年)1月8日"},
	    {{1989, 1, 7}, "1989年(昭和64年)1月7日"},
	    {{1926, 12, 25}, "1926年(昭和元年)12月25日"},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    date_formal(a, LANG_JA, date_start(cases[i].d)),
		    cases[i].text);
	/* the first moment of an era, and the last one before */
	assert_string_equal(date_formal(a, LANG_JA, date_start(cases[1].d) - 1),
	    "2019年(平成31年)4月30日");
	assert_string_equal(
	    date_formal(a, LANG_EN, date_start(cases[1].d)), "1 May 2019");
	assert_string_equal(
	    date_text(a, LANG_JA, date_start(cases[1].d)), "2019年5月1日");
	arena_free(a);
}

static void
business_year_runs_from_july_to_june(void **state)
{
	static const struct {
		struct date d;
		int year;
	} cases[] = {
	    {{2026, 6, 30}, 2025},
	    {{2026, 7, 1}, 2026},
	    {{2026, 12, 31}, 2026},
	    {{2027, 1, 1}, 2026},
	    {{2027, 6, 30}, 2026},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(date_business_year(cases[i].d), cases[i].year);
}

static void
a_period_is_the_month_in_japan(void **state)
{
	struct date d = {2026, 12, 1};

	(void)state;
	assert_int_equal(date_period(date_start(d)), 202612);
	assert_int_equal(date_period(date_start(d) - 1), 202611);
}

/* Another process that maps the file sees the time that is set. */
static void
test_clock_moves_all_processes(void **state)
{
	char directory[DIRECTORY_BYTES], path[DIRECTORY_BYTES + 16];
	int status;
	pid_t child;

	(void)state;
	directory_make(directory);
	(void)snprintf(path, sizeof(path), "%s/clock", directory);
	assert_int_equal(clock_open_test(path), ERR_OK);
	assert_in_range(clock_now() - clock_real() + 1000, 0, 2000);
	if ((child = fork()) == 0) {
		if (clock_open_test(path) != ERR_OK)
			_exit(1);
		clock_set_offset(DAY_MS);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_in_range(
	    clock_now() - clock_real(), DAY_MS - 1000, DAY_MS + 1000);
	clock_set_offset(0);
	(void)snprintf(path, sizeof(path), "%s/none/clock", directory);
	assert_int_equal(clock_open_test(path), ERR_INTERNAL);
	directory_remove(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_dates_are_dates),
	    cmocka_unit_test(months_have_their_days),
	    cmocka_unit_test(a_day_begins_at_midnight_in_japan),
	    cmocka_unit_test(
		every_day_of_four_centuries_comes_after_the_one_before),
	    cmocka_unit_test(times_before_1970_are_times),
	    cmocka_unit_test(documents_name_the_era_and_its_first_year_gannen),
	    cmocka_unit_test(business_year_runs_from_july_to_june),
	    cmocka_unit_test(a_period_is_the_month_in_japan),
	    cmocka_unit_test(test_clock_moves_all_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
