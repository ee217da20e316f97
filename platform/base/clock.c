/* Time, the Japanese calendar, and a clock that tests can move. */
#include "base/clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define JST_MS (9 * HOUR_MS)

static _Atomic int64_t own_offset;
static _Atomic int64_t *offset = &own_offset;

int64_t
clock_real(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_now(void)
{
	return clock_real() +
	    atomic_load_explicit(offset, memory_order_relaxed);
}

enum err
clock_open_test(const char *path)
{
	struct stat st;
	void *p;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1)
		return ERR_INTERNAL;
	if (fstat(fd, &st) == -1 ||
	    (st.st_size < 8 && ftruncate(fd, 8) == -1)) {
		(void)close(fd);
		return ERR_INTERNAL;
	}
	p = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (p == MAP_FAILED)
		return ERR_INTERNAL;
	offset = p;
	return ERR_OK;
}

void
clock_set_offset(int64_t ms)
{
	atomic_store_explicit(offset, ms, memory_order_relaxed);
}

/*
 * Days since 1970 to a date and back, for the proleptic Gregorian calendar:
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013.
 */
static int64_t
days_from_date(struct date d)
{
	int64_t y = d.month <= 2 ? d.year - 1 : d.year, era, yoe, doy;

	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct date
date_from_days(int64_t z)
{
	int64_t era, doe, yoe, doy, mp;
	struct date d;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	d.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	d.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	d.year = (int)(yoe + era * 400 + (d.month <= 2 ? 1 : 0));
	return d;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

struct date
date_of(int64_t at)
{
	return date_from_days(floor_div(at + JST_MS, DAY_MS));
}

int64_t
date_start(struct date d)
{
	return days_from_date(d) * DAY_MS - JST_MS;
}

int
date_business_year(struct date d)
{
	return d.month >= 7 ? d.year : d.year - 1;
}

int
date_days_in_month(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

int
date_parse(const char *s, struct date *out)
{
	struct date d;
	int i, v[10];

	for (i = 0; i < 10; i++) {
		if (i == 4 || i == 7) {
			if (s[i] != '-')
				return 0;
			continue;
		}
		if (s[i] < '0' || s[i] > '9')
			return 0;
		v[i] = s[i] - '0';
	}
	if (s[10] != '\0')
		return 0;
	d.year = v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3];
	d.month = v[5] * 10 + v[6];
	d.day = v[8] * 10 + v[9];
	if (d.year < 1900 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > date_days_in_month(d.year, d.month))
		return 0;
	*out = d;
	return 1;
}

char *
date_iso(struct arena *a, int64_t at)
{
	struct date d = date_of(at);

	return arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static const char *const months[] = {"January", "February", "March", "April",
    "May", "June", "July", "August", "September", "October", "November",
    "December"};

char *
date_text(struct arena *a, enum lang lang, int64_t at)
{
	struct date d = date_of(at);

	if (lang == LANG_EN)
		return arena_printf(
		    a, "%d %s %d", d.day, months[d.month - 1], d.year);
	return arena_printf(a, "%d年%d月%d日", d.year, d.month, d.day);
}

char *
date_month_name(struct arena *a, enum lang lang, int month)
{
	if (lang == LANG_EN)
		return arena_printf(a, "%.3s", months[month - 1]);
	return arena_printf(a, "%d月", month);
}

/* The eras that documents of this sector can bear. */
static char *
era_year(struct arena *a, struct date d)
{
	static const struct {
		struct date from;
		const char *name;
	} eras[] = {
	    {{2019, 5, 1}, "令和"},
	    {{1989, 1, 8}, "平成"},
	    {{1926, 12, 25}, "昭和"},
	};
	size_t i;
	int year;

	for (i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		if (days_from_date(d) < days_from_date(eras[i].from))
			continue;
		year = d.year - eras[i].from.year + 1;
		if (year == 1)
			return arena_printf(a, "%s元年", eras[i].name);
		return arena_printf(a, "%s%d年", eras[i].name, year);
	}
	return arena_strdup(a, "");
}

char *
date_formal(struct arena *a, enum lang lang, int64_t at)
{
	struct date d = date_of(at);

	if (lang == LANG_EN)
		return date_text(a, lang, at);
	return arena_printf(
	    a, "%d年(%s)%d月%d日", d.year, era_year(a, d), d.month, d.day);
}

char *
date_time_text(struct arena *a, enum lang lang, int64_t at)
{
	int64_t minutes = floor_div(at + JST_MS, MINUTE_MS);
	int hour = (int)(((minutes % 1440 + 1440) % 1440) / 60);
	int minute = (int)((minutes % 60 + 60) % 60);

	return arena_printf(a,
	    lang == LANG_EN ? "%s, %02d:%02d" : "%s %02d:%02d",
	    date_text(a, lang, at), hour, minute);
}

char *
date_time_iso(struct arena *a, int64_t at)
{
	struct date d = date_from_days(floor_div(at, DAY_MS));
	int64_t s = floor_div(at, SECOND_MS) - floor_div(at, DAY_MS) * 86400;

	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year,
	    d.month, d.day, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

int64_t
date_period(int64_t at)
{
	struct date d = date_of(at);

	return (int64_t)d.year * 100 + d.month;
}
