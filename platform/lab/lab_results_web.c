/* The submissions of a lab and what the checks said, for its page. */
#include "base/clock.h"
#include "base/text.h"
#include "http/message.h"
#include "lab/handlers.h"
#include "lab/lab_result.h"

static const char *
reason_of(const struct req *r, const struct lab *lab, const char *key)
{
	size_t i;

	for (i = 0; i < lab->n_messages; i++)
		if (text_eq(lab->messages[i].key, key))
			return lab->messages[i].text.in[r->lang];
	return message(r->lang, M_lab_no_reason);
}

static void
fill_check(const struct req *r, const struct lab *lab,
    const struct check_result *c, struct check_line *line)
{
	size_t i;

	*line = (struct check_line){
	    .text = c->id,
	    .reason = reason_of(r, lab, c->message),
	    .points = c->points,
	};
	for (i = 0; i < lab->n_checks; i++)
		if (text_eq(lab->checks[i].id, c->id)) {
			line->text = lab->checks[i].text.in[r->lang];
			line->points_max = lab->checks[i].points;
		}
}

/* The newest that was graded, as the lab was then. */
static enum err
fill_result(struct req *r, const struct lab *lab,
    const struct lab_submission *s, struct lab_page *p)
{
	struct lab_result result;
	struct check_line *lines;
	enum err e;
	size_t i;

	e = lab_result_read(s->result, r->arena, &result);
	if (e != ERR_OK)
		return e;
	lines = ARENA_ARRAY(r->arena, struct check_line, result.n);
	for (i = 0; i < result.n; i++)
		fill_check(r, lab, &result.checks[i], &lines[i]);
	p->checks = lines;
	p->n_checks = result.n;
	p->result_number = s->number;
	p->result_points = s->points;
	p->result_hints = result.hints;
	p->result_practice = s->practice;
	return ERR_OK;
}

static enum err
fill_failed(struct req *r, const struct lab_submission *s, struct lab_page *p)
{
	struct lab_result result;
	enum err e;

	if ((e = lab_result_read(s->result, r->arena, &result)) != ERR_OK)
		return e;
	p->failed = message(r->lang,
	    result.failed != NULL && text_eq(result.failed, "unavailable")
		? M_lab_not_graded_no_box
		: M_lab_not_graded);
	return ERR_OK;
}

static void
fill_submissions(struct req *r, const struct lab_look *look, struct lab_page *p)
{
	const struct lab_submission *s;
	struct submission_line *lines;
	size_t i, n = look->n_submissions;
	bool counts;

	lines = ARENA_ARRAY(r->arena, struct submission_line, n);
	for (i = 0; i < n; i++) {
		s = &look->submissions[n - 1 - i];
		counts = s->state == SUBMISSION_GRADED && !s->practice;
		lines[i] = (struct submission_line){
		    .number = s->number,
		    .points = s->points,
		    .at = date_time_text(r->arena, r->lang, s->submitted_at),
		    .grading = s->state == SUBMISSION_GRADING,
		    .failed = s->state == SUBMISSION_FAILED,
		    .passing = counts && s->points >= p->card.pass,
		    .best = counts && s->points == look->standing.best,
		    .practice = s->practice,
		};
	}
	p->submissions = lines;
	p->n_submissions = n;
	p->first = look->standing.first;
}

enum err
lab_fill_results(struct req *r, const struct lab_view *v, struct lab_page *p)
{
	const struct lab_submission *list = v->look.submissions;
	size_t n = v->look.n_submissions;
	enum err e = ERR_OK;

	fill_submissions(r, &v->look, p);
	if (n > 0 && list[n - 1].state == SUBMISSION_FAILED)
		e = fill_failed(r, &list[n - 1], p);
	while (n > 0 && list[n - 1].state != SUBMISSION_GRADED)
		n--;
	return n == 0 || e != ERR_OK ? e
				     : fill_result(r, v->lab, &list[n - 1], p);
}
