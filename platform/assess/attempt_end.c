/* The end of an attempt: graded with its own content, recorded once. */
#include "assess/attempt.h"
#include "base/log.h"
#include "db/db.h"
#include "http/site.h"
#include "record/record.h"

static const char *
union_of_levels(struct arena *a, const struct course *course)
{
	const char *text = "";
	size_t i, j;

	for (i = 0; i < course->n_modules; i++)
		for (j = 0; j < course->modules[i].n_levels; j++)
			text = arena_printf(a, "%s%s%s:%d", text,
			    *text == '\0' ? "" : ",",
			    course->modules[i].levels[j].competency,
			    course->modules[i].levels[j].level);
	return text;
}

static enum err
tier_then(
    struct db *db, const struct attempt *at, struct arena *a, const char **tier)
{
	struct db_rows *rows;
	enum err e;

	*tier = "";
	e = db_rows(db, Q_LEARNER_OF,
	    DB_ARGS(db_int(at->person), db_int(at->organisation)), &rows);
	if (e != ERR_OK)
		return e;
	if (db_next(rows))
		*tier = db_col_text(rows, 0, a);
	return db_done(rows);
}

static enum err
record_exam(struct db *db, const struct site *site, const struct content *c,
    const struct attempt *at, int64_t now, struct arena *a)
{
	const struct exam *exam = content_exam(c, at->thing);
	const struct course *course = content_course(c, exam->course);
	struct learner who = {at->person, at->organisation, NULL};
	struct evidence ev = {
	    .person = at->person,
	    .organisation = at->organisation,
	    .source = "exam",
	    .thing = at->thing,
	    .reference = at->id,
	    .points = at->points,
	    .points_max = at->points_max,
	    .competencies = at->passed ? union_of_levels(a, course) : "",
	    .manifest = at->manifest,
	    .at = now,
	};
	enum err e;

	if ((e = tier_then(db, at, a, &who.tier)) != ERR_OK)
		return e;
	ev.tier = who.tier;
	if ((e = evidence_add(db, &ev)) != ERR_OK)
		return e;
	if (at->organisation != 0) {
		e = rollup_add(db, at->organisation, "exam_taken", exam->course,
		    who.tier, now, 1);
		if (e == ERR_OK && at->passed)
			e = rollup_add(db, at->organisation, "exam_passed",
			    exam->course, who.tier, now, 1);
	}
	if (e != ERR_OK || !at->passed)
		return e;
	return course_exam_passed(db, site, &who, c, course, at->id, now);
}

static enum err
record_check(struct db *db, const struct site *site, const struct content *c,
    const struct attempt *at, int64_t now, struct arena *a)
{
	struct learner who = {at->person, at->organisation, NULL};
	const struct course *course = NULL;
	const char *id;
	int module;
	enum err e;

	if (!at->passed)
		return ERR_OK;
	if (thing_split(a, at->thing, &id, &module))
		course = content_course(c, id);
	if (course == NULL)
		return ERR_INTERNAL;
	if ((e = tier_then(db, at, a, &who.tier)) != ERR_OK)
		return e;
	return progress_passed(db, site, &who, c, course, module, "check",
	    at->id, at->points, at->points_max, now);
}

/* Grades what was saved with the attempt's own content. */
static enum err
grade(struct db *db, const struct site *site, struct attempt *at,
    const struct content *c, struct arena *a)
{
	const struct exam *exam;
	chosen_bits *chosen;
	struct form form;
	int pass = CHECK_PASS_PERCENT;
	enum err e;

	e = attempt_form(db, site, at, c, a, &form, &chosen);
	if (e != ERR_OK)
		return e;
	if (text_eq(at->kind, "exam") &&
	    (exam = content_exam(c, at->thing)) != NULL)
		pass = exam->pass;
	at->points = form_points(&form, chosen);
	at->points_max = (int64_t)form.n * QUESTION_POINTS;
	at->passed = points_pass(at->points, at->points_max, pass);
	return ERR_OK;
}

static enum err
finalise(struct db *db, const struct site *site, struct attempt *at,
    const struct content *c, const char *by, int64_t now, struct arena *a)
{
	int64_t changed;
	enum err e;

	if ((e = grade(db, site, at, c, a)) != ERR_OK)
		return e;
	e = db_exec(db, Q_ATTEMPT_FINALISE,
	    DB_ARGS(db_int(at->id), db_int(now), db_text(by),
		db_int(at->points), db_int(at->points_max), db_int(at->passed)),
	    &changed);
	if (e != ERR_OK)
		return e;
	if (changed == 0)
		return ERR_CONFLICT;
	if (text_eq(at->kind, "check"))
		return record_check(db, site, c, at, now, a);
	e = dated_remove(db, "attempt_deadline", at->id);
	return e != ERR_OK ? e : record_exam(db, site, c, at, now, a);
}

enum err
attempt_finalise(struct db *db, const struct site *site, int64_t attempt,
    const char *by, int64_t now)
{
	struct arena *a = arena_new();
	struct content *c = NULL;
	struct attempt at;
	enum err e;

	e = attempt_get(db, scope_machine(now), attempt, a, &at);
	if (e == ERR_OK && at.finalised)
		e = ERR_CONFLICT;
	if (e == ERR_OK)
		e = content_named(site->content, at.manifest, &c);
	if (e == ERR_OK)
		e = finalise(db, site, &at, c, by, now, a);
	content_release(c);
	arena_free(a);
	return e;
}

enum err
check_answer(struct db *db, const struct site *site, const struct learner *who,
    const struct content *c, const struct course *course, int module,
    const struct draft *drafts, size_t n, int64_t draw, int64_t now,
    struct arena *a, int64_t *attempt)
{
	struct attempt at = {
	    .person = who->person,
	    .organisation = who->organisation,
	    .kind = "check",
	    .thing = arena_printf(a, "%s/%d", course->id, module),
	    .manifest = content_manifest(c),
	    .draw = draw,
	    .started_at = now,
	};
	chosen_bits *chosen;
	struct form form;
	enum err e;

	if ((e = attempt_add(db, &at)) != ERR_OK)
		return e;
	e = attempt_form(db, site, &at, c, a, &form, &chosen);
	if (e == ERR_OK)
		e = attempt_save(
		    db, site, &at, &form, drafts, n, "check", now, a);
	if (e == ERR_OK)
		e = finalise(db, site, &at, c, "learner", now, a);
	if (e == ERR_OK)
		*attempt = at.id;
	return e;
}

enum err
attempt_replay(struct db *db, const struct site *site, const struct attempt *at,
    struct arena *a, int64_t *points, int64_t *points_max)
{
	struct attempt again = *at;
	struct content *c;
	enum err e;

	if ((e = content_named(site->content, at->manifest, &c)) != ERR_OK)
		return e;
	if ((e = grade(db, site, &again, c, a)) == ERR_OK) {
		*points = again.points;
		*points_max = again.points_max;
	}
	content_release(c);
	return e;
}
