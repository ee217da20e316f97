/* From counts to what a page shows; shared by the pages of oversee/. */
#ifndef OVERSEE_SHOW_H
#define OVERSEE_SHOW_H

#include "http/request.h"
#include "oversee/oversee_pages.h"

struct share_cell show_cell(int64_t people, int64_t done);

/* Of a tier: "—" when its people are not counted. */
struct share_cell
show_tier_cell(const struct tier_column *c, int64_t people, int64_t done);

/* "2026年11月", "Nov 2026" for a period. */
const char *show_month(const struct req *r, int64_t period);
void show_months(
    const struct req *r, const struct series *s, struct month_heads *out);
struct month_row
show_month_row(const char *title, const struct tally tallies[MONTHS]);
struct month_row show_tier_months(const char *title,
    const struct tier_column *c, const struct tally tallies[MONTHS]);

/* The line of a row's shares; months without people have no point. */
struct chart show_chart(
    const struct req *r, const struct series *s, const struct month_row *row);

void show_columns(const struct req *r, const struct columns *c,
    const char ***tiers, const char ***programmes);

/* The programmes of these tiers to choose from, after "each tier's own". */
struct choice_option *
show_programmes(const struct req *r, const struct framework *f,
    const struct columns *c, const char *chosen, size_t *n);

/* Names of categories and size bands; the id when there is none. */
const char *
show_category(const struct req *r, const struct framework *f, const char *id);
const char *
show_size_band(const struct req *r, const struct framework *f, int64_t band);

/* A course's title, its id when the content has none. */
const char *
show_course(const struct req *r, const struct content *c, const char *id);
const char *
show_tier(const struct req *r, const struct framework *f, const char *id);

#endif
