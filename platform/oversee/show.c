/* From counts to what a page shows. */
#include "oversee/show.h"

#include "base/buf.h"
#include "base/clock.h"
#include "http/site.h"

/* The place of the line in the drawing, as oversee.tmpl frames it. */
#define CHART_LEFT 72
#define CHART_TOP 20
#define CHART_WIDTH 548
#define CHART_HEIGHT 160

struct share_cell
show_cell(int64_t people, int64_t done)
{
	return (struct share_cell){
	    people, done, share_percent(done, people), false};
}

struct share_cell
show_tier_cell(const struct tier_column *c, int64_t people, int64_t done)
{
	if (c->counted && c->shown)
		return show_cell(people, done);
	return (struct share_cell){people, 0, -1, true};
}

const char *
show_month(const struct req *r, int64_t period)
{
	return message_args(r->arena, r->lang, M_oversee_month,
	    arena_printf(r->arena, "%lld", (long long)(period / 100)),
	    date_month_name(r->arena, r->lang, (int)(period % 100)), NULL);
}

void
show_months(
    const struct req *r, const struct series *s, struct month_heads *out)
{
	int64_t year;
	size_t i;

	*out = (struct month_heads){0};
	for (i = 0; i < MONTHS; i++) {
		year = s->periods[i] / 100;
		out->first[i] = i == 0 || s->periods[i - 1] / 100 != year;
		if (out->first[i])
			out->years[out->n_years++].text =
			    message_args(r->arena, r->lang, M_oversee_year,
				arena_printf(r->arena, "%lld", (long long)year),
				NULL);
		out->years[out->n_years - 1].months++;
		out->months[i] = date_month_name(
		    r->arena, r->lang, (int)(s->periods[i] % 100));
	}
}

struct month_row
show_month_row(const char *title, const struct tally tallies[MONTHS])
{
	struct month_row row = {.title = title};
	size_t i;

	for (i = 0; i < MONTHS; i++) {
		row.people[i] = tallies[i].people;
		row.done[i] = tallies[i].done;
		row.shares[i] =
		    share_percent(tallies[i].done, tallies[i].people);
	}
	return row;
}

struct month_row
show_tier_months(const char *title, const struct tier_column *c,
    const struct tally tallies[MONTHS])
{
	static const struct tally nobody[MONTHS];

	return show_month_row(title, c->counted && c->shown ? tallies : nobody);
}

struct chart
show_chart(
    const struct req *r, const struct series *s, const struct month_row *row)
{
	int first = row->shares[0], last = row->shares[MONTHS - 1];
	struct buf b = BUF_EMPTY;
	struct chart c;
	int i;

	for (i = 0; i < MONTHS; i++)
		if (row->shares[i] >= 0)
			buf_printf(&b, "%s%d,%d", b.len == 0 ? "" : " ",
			    CHART_LEFT + CHART_WIDTH * i / (MONTHS - 1),
			    CHART_TOP + CHART_HEIGHT -
				CHART_HEIGHT * row->shares[i] / 100);
	c.points = arena_strdup(r->arena, buf_text(&b));
	buf_free(&b);
	c.from = show_month(r, s->periods[0]);
	c.to = show_month(r, s->periods[MONTHS - 1]);
	c.says = message_args(r->arena, r->lang, M_oversee_chart_says, c.from,
	    arena_printf(r->arena, "%d", first < 0 ? 0 : first), c.to,
	    arena_printf(r->arena, "%d", last < 0 ? 0 : last), NULL);
	return c;
}

static const char *
show_programme(const struct req *r, const struct tier_column *c)
{
	if (!c->shown)
		return message(r->lang, M_oversee_not_asked);
	if (c->programme == NULL)
		return message(r->lang, M_oversee_no_programme);
	if (c->counted)
		return c->programme->text.in[r->lang];
	return message_args(r->arena, r->lang, M_oversee_programme_growing,
	    c->programme->text.in[r->lang], NULL);
}

void
show_columns(const struct req *r, const struct columns *c, const char ***tiers,
    const char ***programmes)
{
	size_t i;

	*tiers = ARENA_ARRAY(r->arena, const char *, c->n);
	*programmes = ARENA_ARRAY(r->arena, const char *, c->n);
	for (i = 0; i < c->n; i++) {
		(*tiers)[i] = c->list[i].tier->text.in[r->lang];
		(*programmes)[i] = show_programme(r, &c->list[i]);
	}
}

static bool
is_offered(const struct columns *c, const struct programme *programme,
    const char *chosen)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (text_eq(c->list[i].tier->id, programme->tier))
			return true;
	return text_eq(chosen, programme->id);
}

struct choice_option *
show_programmes(const struct req *r, const struct framework *f,
    const struct columns *c, const char *chosen, size_t *n)
{
	struct choice_option *list = NULL;
	size_t i, count = 0;

	*ARENA_PUSH(r->arena, list, count) = (struct choice_option){
	    "", message(r->lang, M_oversee_each_tier), *chosen == '\0'};
	for (i = 0; i < f->n_programmes; i++)
		if (is_offered(c, &f->programmes[i], chosen))
			*ARENA_PUSH(r->arena, list, count) =
			    (struct choice_option){f->programmes[i].id,
				f->programmes[i].text.in[r->lang],
				text_eq(chosen, f->programmes[i].id)};
	*n = count;
	return list;
}

static const char *
text_of(const struct req *r, const struct named *list, size_t n, const char *id)
{
	const struct named *found = content_named_in(list, n, id);

	return found == NULL ? id : found->text.in[r->lang];
}

const char *
show_category(const struct req *r, const struct framework *f, const char *id)
{
	return text_of(r, f->categories, f->n_categories, id);
}

const char *
show_size_band(const struct req *r, const struct framework *f, int64_t band)
{
	return text_of(r, f->size_bands, f->n_size_bands,
	    arena_printf(r->arena, "%lld", (long long)band));
}

const char *
show_tier(const struct req *r, const struct framework *f, const char *id)
{
	return text_of(r, f->tiers, f->n_tiers, id);
}

const char *
show_course(const struct req *r, const struct content *c, const char *id)
{
	const struct course *course = content_course(c, id);

	return course == NULL ? id : course->title.in[r->lang];
}
