/* A line of the class as pages and CSV show it. */
#include "base/clock.h"
#include "base/text.h"
#include "http/message.h"
#include "lab/class_web.h"
#include "lab/lab_result.h"

static const char *
ago_text(struct req *r, int64_t ms)
{
	int64_t minutes = ms / MINUTE_MS;

	if (minutes < 1)
		return message(r->lang, M_lab_class_just_now);
	if (minutes < 60)
		return message_count(
		    r->arena, r->lang, M_lab_class_minutes_ago, minutes);
	return message_count(
	    r->arena, r->lang, M_lab_class_hours_ago, minutes / 60);
}

static int64_t
points_of(const struct lab *lab, const char *check)
{
	size_t i;

	for (i = 0; lab != NULL && i < lab->n_checks; i++)
		if (text_eq(lab->checks[i].id, check))
			return lab->checks[i].points;
	return INT64_MAX; /* not known any more: not counted as met */
}

static enum err
fill_graded(struct req *r, const struct lab *lab,
    const struct lab_submission *s, struct class_row *row)
{
	struct lab_result result;
	size_t i;
	enum err e;

	if ((e = lab_result_read(s->result, r->arena, &result)) != ERR_OK)
		return e;
	row->scored = true;
	row->points = s->points;
	row->checks = (int64_t)result.n;
	for (i = 0; i < result.n; i++)
		row->met += result.checks[i].points >=
		    points_of(lab, result.checks[i].id);
	return ERR_OK;
}

static int64_t
count_hints(const char *hints)
{
	int64_t n = *hints != '\0';

	for (; *hints != '\0'; hints++)
		n += *hints == ',';
	return n;
}

enum err
class_row_fill(struct req *r, const struct content *c,
    const struct class_line *line, struct class_row *out)
{
	const struct lab *lab = content_lab(c, line->run.lab);

	*out = (struct class_row){
	    .to = url_path(r->arena, "/institution/labs/%d", line->run.id),
	    .watch =
		url_path(r->arena, "/institution/labs/%d/watch", line->run.id),
	    .name = line->name,
	    .number = line->number,
	    .department = line->department,
	    .lab = line->run.lab,
	    .title = lab == NULL ? "" : lab->title.in[r->lang],
	    .draw = line->run.draw,
	    .state = line->state,
	    .stuck = line->stuck,
	    .live = line->live,
	    .watchers = line->watchers,
	    .n_hints = count_hints(line->run.hints),
	    .active = ago_text(r, r->now - line->active_at),
	};
	return line->graded == NULL ? ERR_OK
				    : fill_graded(r, lab, line->graded, out);
}
