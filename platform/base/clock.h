/*
 * Time is int64_t UTC milliseconds since 1970. Pages show Japan Standard Time
 * (UTC+9, no summer time). The business year of the authority runs from July
 * to June and is named by the year in which it starts.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define SECOND_MS ((int64_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

struct date {
	int year, month, day; /* in Japan */
};

/*
 * Now: the system's clock plus the offset of the test clock, if one is open.
 */
int64_t clock_now(void);

/* The system's clock, whatever the test clock says; for ids and timeouts. */
int64_t clock_real(void);

/*
 * Opens the test clock: a file of 8 bytes that all processes of an
 * installation map, holding the offset in milliseconds. Made when missing.
 * Only with `test_clock = yes`. ERR_INTERNAL if it cannot be mapped.
 */
MUST_USE enum err clock_open_test(const char *path);
void clock_set_offset(int64_t offset);

struct date date_of(int64_t at);
int64_t date_start(struct date d); /* 00:00 in Japan */
int date_business_year(struct date d);
int date_days_in_month(int year, int month);

/* "2026-11-23". False when it is no date. */
int date_parse(const char *s, struct date *out);
char *date_iso(struct arena *a, int64_t at);

/* 2026年11月23日 / 23 November 2026 */
char *date_text(struct arena *a, enum lang lang, int64_t at);

/* 11月 / Nov */
char *date_month_name(struct arena *a, enum lang lang, int month);

/* 2026年(令和8年)11月23日 / 23 November 2026, for documents */
char *date_formal(struct arena *a, enum lang lang, int64_t at);

/* 2026年11月23日 14:05 / 23 November 2026, 14:05 */
char *date_time_text(struct arena *a, enum lang lang, int64_t at);

/* 2026-11-23T05:05:00Z, for machines */
char *date_time_iso(struct arena *a, int64_t at);

/* 202611: the month in Japan, the period of roll-ups. */
int64_t date_period(int64_t at);

#endif
