/* How far a person is, and what happens when a module or course is done. */
#include "base/buf.h"
#include "base/log.h"
#include "db/db.h"
#include "http/site.h"
#include "http/viewer.h"
#include "learn/learn.h"
#include "learn/progress_rules.h"
#include "record/record.h"

struct learner
learner_of(const struct viewer *v)
{
	return (struct learner){
	    .person = v->person,
	    .organisation = v->organisation,
	    .tier = v->tier,
	};
}

/* ---------------------------------------------------------------- reading */

static enum err
read_rows(
    struct db_rows *rows, struct arena *a, struct progress_row **out, size_t *n)
{
	struct progress_row *list = NULL;
	size_t count = 0;

	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct progress_row){
		    .course = db_col_text(rows, 0, a),
		    .at = {.module = (int)db_col_int(rows, 1),
			.opened_at = db_col_int(rows, 2),
			.read_at = db_col_int(rows, 3),
			.passed_at = db_col_int(rows, 4)},
		};
	*out = list;
	*n = count;
	return db_done(rows);
}

static enum err
read_completions(struct db *db, int64_t person, const char *course,
    struct arena *a, struct progress_facts *f)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_COMPLETIONS_OF,
	    DB_ARGS(db_int(person), db_text(course)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, f->completions, f->n_completions) =
		    (struct completion){
			.course = db_col_text(rows, 0, a),
			.at = db_col_int(rows, 1),
		    };
	return db_done(rows);
}

static enum err
read_due(struct db *db, int64_t person, const char *course, struct arena *a,
    struct progress_facts *f)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(
	    db, Q_DUE_OF, DB_ARGS(db_int(person), db_text(course)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, f->dues, f->n_dues) = (struct due){
		    .course = db_col_text(rows, 0, a),
		    .at = db_col_int(rows, 1),
		    .overdue = !db_col_is_null(rows, 2),
		};
	return db_done(rows);
}

/* Everything that is known of a person's learning; course "": of all. */
static enum err
read_facts(struct db *db, int64_t person, const char *course, struct arena *a,
    struct progress_facts *f)
{
	struct db_rows *rows;
	enum err e;

	*f = (struct progress_facts){0};
	if (*course == '\0')
		e = db_rows(
		    db, Q_PROGRESS_OF_ALL, DB_ARGS(db_int(person)), &rows);
	else
		e = db_rows(db, Q_PROGRESS_OF_COURSE,
		    DB_ARGS(db_int(person), db_text(course)), &rows);
	if (e == ERR_OK)
		e = read_rows(rows, a, &f->rows, &f->n_rows);
	if (e == ERR_OK)
		e = read_completions(db, person, course, a, f);
	if (e == ERR_OK)
		e = read_due(db, person, course, a, f);
	return e;
}

enum err
progress_of_course(struct db *db, struct scope own, const struct course *course,
    struct arena *a, struct course_progress *out)
{
	struct progress_facts f;
	enum err e;

	e = read_facts(db, own.person, course->id, a, &f);
	if (e == ERR_OK)
		progress_fold(course, &f, own.now, a, out);
	return e;
}

enum err
progress_of_all(struct db *db, struct scope own, const struct content *c,
    struct arena *a, struct course_progress **out, size_t *n)
{
	const struct course *courses;
	struct course_progress *list;
	struct progress_facts f;
	size_t i, count;
	enum err e;

	if ((e = read_facts(db, own.person, "", a, &f)) != ERR_OK)
		return e;
	courses = content_courses(c, &count);
	list = ARENA_ARRAY(a, struct course_progress, count);
	for (i = 0; i < count; i++)
		progress_fold(&courses[i], &f, own.now, a, &list[i]);
	*out = list;
	*n = count;
	return ERR_OK;
}

/* -------------------------------------------------------------------- acts */

enum err
progress_opened_in(struct db *db, int64_t person, const char *course,
    int module, const char *manifest, int64_t now)
{
	return db_exec(db, Q_PROGRESS_OPEN,
	    DB_ARGS(db_int(person), db_text(course), db_int(module),
		db_int(now), db_text(manifest)),
	    NULL);
}

enum err
progress_opened(struct db *db, const struct learner *who,
    const struct content *c, const struct course *course, int module,
    int64_t now)
{
	return progress_opened_in(
	    db, who->person, course->id, module, content_manifest(c), now);
}

const char *
levels_text(struct arena *a, const struct level_of *levels, size_t n)
{
	struct buf b = BUF_EMPTY;
	char *text;
	size_t i;

	for (i = 0; i < n; i++)
		buf_printf(&b, "%s%s:%d", i == 0 ? "" : ",",
		    levels[i].competency, levels[i].level);
	text = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return text;
}

static enum err
complete_course(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int64_t attempt, int64_t now)
{
	struct evidence ev = {
	    .person = who->person,
	    .organisation = who->organisation,
	    .tier = who->tier,
	    .source = "course",
	    .thing = course->id,
	    .reference = attempt,
	    .competencies = "",
	    .manifest = content_manifest(c),
	    .at = now,
	};
	int64_t before;
	enum err e;

	e = db_one_int(db, Q_EVIDENCE_HAS,
	    DB_ARGS(
		db_int(who->person), db_text("course"), db_text(course->id)),
	    &before);
	if (e != ERR_OK || before > 0)
		return e;
	if ((e = evidence_add(db, &ev)) != ERR_OK)
		return e;
	e = assignment_complete(db, who->person, course->id, now);
	if (e != ERR_OK)
		return e;
	if (who->organisation != 0) {
		e = rollup_add(db, who->organisation, "completed", course->id,
		    who->tier, now, 1);
		if (e != ERR_OK)
			return e;
	}
	if (site->course_completed == NULL)
		return ERR_OK;
	return site->course_completed(
	    db, site, c, course, who->person, who->organisation, attempt, now);
}

/* Whether nothing is missing any more but, perhaps, the exam. */
static enum err
complete_if_done(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int64_t now)
{
	struct scope own = {
	    .reach = SCOPE_OWN, .person = who->person, .now = now};
	struct arena *a = arena_new();
	struct course_progress p;
	enum err e;

	e = progress_of_course(db, own, course, a, &p);
	if (e == ERR_OK && p.state == COURSE_MODULES_DONE &&
	    course->exam == NULL)
		e = complete_course(db, site, who, c, course, 0, now);
	arena_free(a);
	return e;
}

/* A lab module needs both: the check and the lab. */
static enum err
other_half_missing(struct db *db, const struct learner *who,
    const struct module *m, const char *thing, const char *source,
    bool *missing)
{
	int64_t n = 1;
	enum err e = ERR_OK;

	if (m->lab != NULL && m->has_check)
		e = db_one_int(db, Q_EVIDENCE_HAS,
		    DB_ARGS(db_int(who->person),
			db_text(text_eq(source, "lab") ? "check" : "lab"),
			db_text(text_eq(source, "lab") ? thing : m->lab)),
		    &n);
	*missing = n == 0;
	return e;
}

enum err
progress_passed(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int module, const char *source,
    int64_t reference, int64_t points, int64_t points_max, int64_t now)
{
	const struct module *m = content_module(course, module);
	struct arena *a = arena_new();
	const char *thing = arena_printf(a, "%s/%d", course->id, module);
	bool lab = text_eq(source, "lab"), missing = false;
	struct evidence ev = {
	    .person = who->person,
	    .organisation = who->organisation,
	    .tier = who->tier,
	    .source = source,
	    .thing = lab ? m->lab : thing,
	    .reference = reference,
	    .points = points,
	    .points_max = points_max,
	    .competencies = levels_text(a, m->levels, m->n_levels),
	    .manifest = content_manifest(c),
	    .at = now,
	};
	int64_t changed = 0, before = 0;
	enum err e;

	e = db_one_int(db, Q_EVIDENCE_HAS,
	    DB_ARGS(db_int(who->person), db_text(source), db_text(ev.thing)),
	    &before);
	if (e == ERR_OK && before == 0)
		e = evidence_add(db, &ev);
	if (e == ERR_OK)
		e = other_half_missing(db, who, m, thing, source, &missing);
	if (e == ERR_OK)
		e = progress_opened(db, who, c, course, module, now);
	if (e == ERR_OK && !missing)
		e = db_exec(db, Q_PROGRESS_PASS,
		    DB_ARGS(db_int(who->person), db_text(course->id),
			db_int(module), db_int(now)),
		    &changed);
	if (e == ERR_OK && changed == 1)
		e = complete_if_done(db, site, who, c, course, now);
	arena_free(a);
	return e;
}

enum err
course_exam_passed(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int64_t attempt, int64_t now)
{
	return complete_course(db, site, who, c, course, attempt, now);
}
