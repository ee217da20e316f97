/* The rows of labs: runs, submissions, files. */
#include "lab/lab_store.h"

#include "base/random.h"
#include "base/text.h"
#include "db/db.h"

static const char *const run_states[] = {
    [RUN_NONE] = "",
    [RUN_PREPARING] = "preparing",
    [RUN_READY] = "ready",
    [RUN_FAILED] = "failed",
};

static const char *const submission_states[] = {
    [SUBMISSION_GRADING] = "grading",
    [SUBMISSION_GRADED] = "graded",
    [SUBMISSION_FAILED] = "failed",
};

static int
state_of(const char *text, const char *const *names, int n)
{
	int i;

	for (i = 0; i < n - 1; i++)
		if (text_eq(names[i], text))
			break;
	return i;
}

/* What changes one row or nothing. */
static enum err
once(struct db *db, enum query q, struct db_args args)
{
	int64_t changed;
	enum err e = db_exec(db, q, args, &changed);

	return e == ERR_OK && changed != 1 ? ERR_CONFLICT : e;
}

enum err
store_run_touch(struct db *db, struct scope own, int64_t run)
{
	return once(db, Q_CLASS_RUN_TOUCH,
	    DB_ARGS(db_int(run), db_int(own.now), db_int(own.person)));
}

enum run_state
store_run_state(const char *name)
{
	return (enum run_state)state_of(name, run_states, 4);
}

/* ------------------------------------------------------------- submissions */

enum err
store_read_submissions(struct db_rows *rows, struct arena *a,
    struct lab_submission **out, size_t *n)
{
	struct lab_submission *list = NULL;
	size_t count = 0;
	enum err e;

	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct lab_submission){
		    .id = db_col_int(rows, 0),
		    .run = db_col_int(rows, 1),
		    .draw = db_col_int(rows, 2),
		    .number = db_col_int(rows, 3),
		    .lab = db_col_text(rows, 4, a),
		    .manifest = db_col_text(rows, 5, a),
		    .state = (enum submission_state)state_of(
			db_col_text(rows, 6, a), submission_states, 3),
		    .submitted_at = db_col_int(rows, 7),
		    .graded_at = db_col_int(rows, 8),
		    .points = db_col_int(rows, 9),
		    .result = db_col_text(rows, 10, a),
		    .passing = db_col_int(rows, 11) > 0,
		    .image = db_col_text_or_null(rows, 12, a),
		    .extra = db_col_int(rows, 13),
		    .person = db_col_int(rows, 14),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
store_submissions(struct db *db, struct scope s, const char *lab,
    struct arena *a, struct lab_submission **out, size_t *n)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_LAB_SUBMISSIONS,
	    DB_ARGS(db_text(lab), db_int(s.reach), db_int(s.person)), &rows);
	return e != ERR_OK ? e : store_read_submissions(rows, a, out, n);
}

enum err
store_submission(
    struct db *db, int64_t id, struct arena *a, struct lab_submission *out)
{
	struct lab_submission *list;
	struct db_rows *rows;
	size_t n;
	enum err e;

	e = db_rows(db, Q_LAB_SUBMISSION, DB_ARGS(db_int(id)), &rows);
	if (e != ERR_OK ||
	    (e = store_read_submissions(rows, a, &list, &n)) != ERR_OK)
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	*out = list[0];
	return ERR_OK;
}

enum err
store_submit(struct db *db, struct scope own, int64_t run, int64_t now,
    int64_t *id, int64_t *number)
{
	int64_t new = id_new();
	enum err e;

	e = db_one_int(db, Q_LAB_SUBMIT,
	    DB_ARGS(db_int(new), db_int(run), db_int(now), db_int(own.person)),
	    number);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_CONFLICT : e;
	*id = new;
	own.now = now;
	return store_run_touch(db, own, run);
}

enum err
store_graded(struct db *db, int64_t id, int64_t now, int64_t points,
    const char *result, const char *isolation)
{
	return once(db, Q_LAB_GRADED,
	    DB_ARGS(db_int(id), db_int(now), db_int(points), db_text(result),
		db_text(isolation)));
}

enum err
store_not_graded(struct db *db, int64_t id, int64_t now, const char *result,
    const char *isolation)
{
	return once(db, Q_LAB_NOT_GRADED,
	    DB_ARGS(
		db_int(id), db_int(now), db_text(result), db_text(isolation)));
}

/* -------------------------------------------------------------------- runs */

static enum err
read_runs(
    struct db_rows *rows, struct arena *a, struct lab_run **out, size_t *n)
{
	struct lab_run *list = NULL;
	size_t count = 0;
	enum err e;

	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct lab_run){
		    .id = db_col_int(rows, 0),
		    .person = db_col_int(rows, 1),
		    .organisation = db_col_int(rows, 2),
		    .lab = db_col_text(rows, 3, a),
		    .manifest = db_col_text(rows, 4, a),
		    .draw = db_col_int(rows, 5),
		    .state = store_run_state(db_col_text(rows, 6, a)),
		    .isolation = db_col_text_or_null(rows, 7, a),
		    .created_at = db_col_int(rows, 8),
		    .ready_at = db_col_int(rows, 9),
		    .hints = db_col_text(rows, 10, a),
		    .image = db_col_text_or_null(rows, 11, a),
		    .shell_image = db_col_text_or_null(rows, 12, a),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

static enum err
first_run(struct db *db, enum query q, struct db_args args, struct arena *a,
    struct lab_run *out)
{
	struct lab_run *list;
	struct db_rows *rows;
	size_t n;
	enum err e;

	if ((e = db_rows(db, q, args, &rows)) != ERR_OK ||
	    (e = read_runs(rows, a, &list, &n)) != ERR_OK)
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	*out = list[0];
	return ERR_OK;
}

enum err
store_run(struct db *db, struct scope own, const char *lab, int64_t draw,
    struct arena *a, struct lab_run *out)
{
	enum err e;

	e = first_run(db, Q_LAB_RUN,
	    DB_ARGS(db_text(lab), db_int(draw), db_int(own.reach),
		db_int(own.person)),
	    a, out);
	if (e != ERR_NOT_FOUND)
		return e;
	*out = (struct lab_run){.draw = draw, .hints = ""};
	return ERR_OK;
}

enum err
store_run_by_id(struct db *db, int64_t id, struct arena *a, struct lab_run *out)
{
	return first_run(db, Q_LAB_RUN_BY_ID, DB_ARGS(db_int(id)), a, out);
}

enum err
store_runs(struct db *db, struct scope own, struct arena *a,
    struct lab_run **out, size_t *n)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_LAB_RUNS,
	    DB_ARGS(db_int(own.reach), db_int(own.person)), &rows);
	return e != ERR_OK ? e : read_runs(rows, a, out, n);
}

enum err
store_run_add(struct db *db, const struct lab_run *run, bool *added)
{
	int64_t changed;
	enum err e;

	e = db_exec(db, Q_LAB_RUN_ADD,
	    DB_ARGS(db_int(run->id), db_int(run->person),
		db_id(run->organisation), db_text(run->lab),
		db_text(run->manifest), db_int(run->draw),
		db_int(run->created_at), db_text(run->hints)),
	    &changed);
	if (e == ERR_OK)
		*added = changed == 1;
	return e;
}

enum err
store_run_again(struct db *db, struct scope own, const struct lab_run *run,
    const char *manifest, int64_t now, bool *done)
{
	int64_t changed;
	enum err e;

	e = db_exec(db, Q_LAB_RUN_AGAIN,
	    DB_ARGS(db_int(run->id), db_text(manifest), db_int(now),
		db_int(own.person)),
	    &changed);
	if (e == ERR_OK)
		*done = changed == 1;
	return e;
}

enum err
store_run_ready(struct db *db, int64_t run, int64_t now, const char *isolation)
{
	return once(db, Q_LAB_RUN_READY,
	    DB_ARGS(db_int(run), db_int(now), db_text(isolation)));
}

enum err
store_run_failed(struct db *db, int64_t run, const char *isolation)
{
	return once(
	    db, Q_LAB_RUN_FAILED, DB_ARGS(db_int(run), db_text(isolation)));
}

enum err
store_run_hints(struct db *db, struct scope own, int64_t run, const char *hints)
{
	enum err e;

	e = once(db, Q_LAB_RUN_HINTS,
	    DB_ARGS(db_int(run), db_int(own.person), db_text(hints)));
	return e == ERR_OK ? store_run_touch(db, own, run) : e;
}

enum err
store_run_isolation(
    struct db *db, struct scope own, int64_t run, const char *isolation)
{
	enum err e;

	e = once(db, Q_LAB_RUN_ISOLATION,
	    DB_ARGS(db_int(run), db_int(own.person), db_text(isolation)));
	return e == ERR_OK ? store_run_touch(db, own, run) : e;
}
