/* My evidence as a file. */
#include <inttypes.h>

#include "assess/assess.h"
#include "base/clock.h"
#include "base/text.h"
#include "career/handlers.h"
#include "http/csv.h"
#include "http/message.h"
#include "http/site.h"
#include "people/viewer.h"

/* As the learner saw them: a lab counts whole points, questions parts. */
static const char *
points_text(struct arena *a, const struct evidence *ev, int64_t points)
{
	if (ev->points_max <= 0)
		return "";
	if (text_eq(ev->source, "lab"))
		return arena_printf(a, "%" PRId64, points);
	return arena_printf(a, "%" PRId64 ".%02" PRId64,
	    points / QUESTION_POINTS, points % QUESTION_POINTS);
}

static void
put_line(const struct req *r, const struct content *c,
    const struct evidence *ev, struct buf *b)
{
	csv_line(b, date_time_text(r->arena, r->lang, ev->at),
	    evidence_text(r, c, ev), ev->source, ev->thing,
	    points_text(r->arena, ev, ev->points),
	    points_text(r->arena, ev, ev->points_max),
	    evidence_score(r->arena, ev), ev->competencies, ev->manifest, NULL);
}

enum err
me_csv_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct evidence_row *rows;
	size_t i, n;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = evidence_of_person(
	    r->db, scope_own(r), r->viewer->person, r->arena, &rows, &n);
	if (e == ERR_OK) {
		reply_download(
		    r, re, "text/csv; charset=utf-8", "evidence.csv");
		csv_start(&re->body);
		csv_line(&re->body, message(r->lang, M_career_csv_at),
		    message(r->lang, M_career_csv_what),
		    message(r->lang, M_career_csv_source),
		    message(r->lang, M_career_csv_thing),
		    message(r->lang, M_career_csv_points),
		    message(r->lang, M_career_csv_points_max),
		    message(r->lang, M_career_csv_score),
		    message(r->lang, M_career_csv_competencies),
		    message(r->lang, M_career_csv_manifest), NULL);
		for (i = 0; i < n; i++)
			put_line(r, c, &rows[i].ev, &re->body);
	}
	content_release(c);
	return e;
}
