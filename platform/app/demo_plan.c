/* Which institutions there are, and how their rosters come in. */
#include <string.h>

#include "app/demo.h"
#include "app/demo_names.h"
#include "base/clock.h"
#include "db/db.h"
#include "people/roster.h"
#include "record/record.h"

#define SUPERVISORS 40

int64_t
demo_between(struct demo *d, int64_t lo, int64_t hi)
{
	return lo + (int64_t)draw_below(&d->draw, (uint32_t)(hi - lo + 1));
}

bool
demo_chance(struct demo *d, unsigned percent)
{
	return draw_below(&d->draw, 100) < percent;
}

static void
plan_institution(
    struct demo *d, const struct demo_kind *kind, size_t place, int number)
{
	struct demo_institution *in;
	struct demo_name name = demo_place(place);

	in = ARENA_PUSH(d->arena, d->institutions, d->n_institutions);
	*in = (struct demo_institution){
	    .organisation =
		{
		    .kind = text_eq(kind->category, "CTR") ? "centre"
							   : "institution",
		    .code = arena_printf(d->arena, "%04d", number),
		    .name = {.in = {arena_printf(d->arena, "%s%s", name.ja,
					kind->suffix_ja),
				 arena_printf(d->arena, "%s %s", name.other,
				     kind->suffix_en)}},
		    .category = kind->category,
		    .size_band = 1,
		    .created_at = d->start,
		},
	    .people = (int64_t)kind->weight * demo_between(d, 60, 140),
	    .zeal = (unsigned)demo_between(d, 35, 97),
	};
}

/* Takes away what was given too much, by one from each who has more. */
static void
take_back(struct demo *d, int64_t too_many, int64_t fewest)
{
	struct demo_institution *in = d->institutions;

	for (; too_many > 0; in++) {
		if (in == d->institutions + d->n_institutions)
			in = d->institutions;
		if (in->people > fewest) {
			in->people--;
			too_many--;
		}
	}
}

/*
 * From weights to heads: everybody has at least three people, or one when
 * there are not enough of them.
 */
static void
share_out(struct demo *d, int64_t people)
{
	int64_t fewest = people / (int64_t)d->n_institutions < 4 ? 1 : 3;
	int64_t all = 0, given = 0;
	struct demo_institution *in;
	size_t i;

	for (i = 0; i < d->n_institutions; i++)
		all += d->institutions[i].people;
	for (i = 0; i < d->n_institutions; i++) {
		in = &d->institutions[i];
		in->people = in->people * people / all;
		if (in->people < fewest)
			in->people = fewest;
		/* staff is a multiple of those who learn here */
		in->organisation.size_band = in->people < 12 ? 1
		    : in->people < 24			     ? 2
		    : in->people < 48			     ? 3
		    : in->people < 90			     ? 4
							     : 5;
		given += in->people;
	}
	if (given > people)
		take_back(d, given - people, fewest);
	else
		d->institutions[0].people += people - given;
}

void
demo_plan(struct demo *d)
{
	const struct demo_kind *kinds;
	struct demo_institution *in;
	size_t i, j, n, place = 0;
	int number = 101;

	kinds = demo_kinds(&n);
	for (i = 0; i < n; i++, number = (number / 100 + 1) * 100 + 1)
		for (j = 0; j < kinds[i].institutions; j++)
			plan_institution(d, &kinds[i], place++, number++);
	share_out(d, d->people - SUPERVISORS);
	in = ARENA_PUSH(d->arena, d->institutions, d->n_institutions);
	*in = (struct demo_institution){
	    .organisation =
		{
		    .kind = "authority",
		    .code = "9001",
		    .name = {.in = {"架空金融監督局",
				 "Fictional Financial Supervision Bureau"}},
		    .category = "",
		    .created_at = d->start,
		},
	    .people = SUPERVISORS,
	    .zeal = 90,
	};
}

/* ---------------------------------------------------------------- founding */

static const char *
tier_of(void *ctx, const char *role)
{
	const struct work_role *w = content_role(ctx, role);

	return w == NULL ? NULL : w->tier;
}

struct founding {
	struct demo *d;
	struct demo_institution *in;
};

static enum err
found(struct db *db, void *ctx)
{
	struct founding *f = ctx;
	struct arena *a = arena_new();
	const char *csv = demo_roster(f->d, f->in, a);
	struct scope s = {.reach = SCOPE_ORGANISATION, .now = f->d->start};
	enum roster_refusal refusal;
	struct roster_report report;
	struct roster_line *lines;
	size_t n;
	enum err e;

	if ((e = organisation_add(db, &f->in->organisation)) != ERR_OK)
		goto out;
	s.organisation = f->in->organisation.id;
	e = roster_import(db, s, f->d->site, 0, csv, strlen(csv), tier_of,
	    f->d->content, false, f->d->start, a, &refusal, &report);
	if (e == ERR_OK && report.n_wrong > 0)
		e = ERR_INTERNAL; /* our own file has no mistakes */
	if (e == ERR_OK)
		e = roster_page(db, s, s.organisation, "A00001", 0, a, &lines,
		    &n, &(int64_t){0});
	if (e == ERR_OK)
		f->in->manager = lines[0].person;
	if (e == ERR_OK && !text_eq(f->in->organisation.kind, "authority"))
		e = role_grant_add(db, f->in->manager, s.organisation,
		    "training_manager", "institution", f->in->organisation.code,
		    f->d->start);
out:
	arena_free(a);
	return e;
}

enum err
demo_found(struct demo *d)
{
	size_t i;
	enum err e;

	for (i = 0; i < d->n_institutions; i++) {
		struct founding f = {d, &d->institutions[i]};

		if ((e = db_write(d->db, found, &f)) != ERR_OK)
			return e;
		d->progress("institutions and people",
		    (int)((i + 1) * 100 / d->n_institutions));
	}
	return ERR_OK;
}
