/*
 * Scores: every attempt that has ended is graded again from its manifest, its
 * draw and its answers, and compared with what was written down then.
 */
#include "app/verify.h"
#include "assess/attempt.h"
#include "db/db.h"
#include "http/site.h"

/* What was needed to pass, by the attempt's own content. */
static enum err
pass_percent(struct verify *v, const struct attempt *at, int *out)
{
	const struct exam *exam;
	struct content *c;
	enum err e;

	if (!text_eq(at->kind, "exam")) {
		*out = CHECK_PASS_PERCENT;
		return ERR_OK;
	}
	if ((e = content_named(v->site->content, at->manifest, &c)) != ERR_OK)
		return e;
	if ((exam = content_exam(c, at->thing)) == NULL)
		e = ERR_NOT_FOUND;
	else
		*out = exam->pass;
	content_release(c);
	return e;
}

static void
compare(struct verify *v, const struct attempt *at, int64_t points,
    int64_t points_max, int percent)
{
	bool passed = points_pass(points, points_max, percent);

	if (points != at->points || points_max != at->points_max)
		verify_wrong(v,
		    "attempt %lld has %lld of %lld points, its answers are "
		    "worth %lld of %lld",
		    (long long)at->id, (long long)at->points,
		    (long long)at->points_max, (long long)points,
		    (long long)points_max);
	if (passed != at->passed)
		verify_wrong(v, "attempt %lld is marked as %s, and is not",
		    (long long)at->id, at->passed ? "passed" : "failed");
}

static enum err
replay_one(struct verify *v, int64_t id, struct arena *a)
{
	int64_t points, points_max;
	struct attempt at;
	int percent;
	enum err e;

	e = attempt_get(v->db, scope_machine(0), id, a, &at);
	if (e != ERR_OK)
		return e;
	v->figures.attempts++;
	e = attempt_replay(v->db, v->site, &at, a, &points, &points_max);
	if (e == ERR_OK)
		e = pass_percent(v, &at, &percent);
	if (e == ERR_UNAVAILABLE || e == ERR_BUSY)
		return e;
	if (e == ERR_OK)
		compare(v, &at, points, points_max, percent);
	else
		verify_wrong(v, "attempt %lld cannot be graded again: %s",
		    (long long)id, err_name(e));
	return ERR_OK;
}

enum err
verify_attempts(struct verify *v)
{
	struct arena *a = arena_new();
	struct db_rows *rows;
	enum err e, done;

	e = db_rows(v->db, Q_ATTEMPTS_FINALISED, DB_NO_ARGS, &rows);
	if (e == ERR_OK) {
		while (e == ERR_OK && db_next(rows)) {
			e = replay_one(v, db_col_int(rows, 0), a);
			arena_reset(a);
		}
		done = db_done(rows);
		if (e == ERR_OK)
			e = done;
	}
	arena_free(a);
	return e;
}
