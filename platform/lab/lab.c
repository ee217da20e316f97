/* What people do with labs: look, begin, open a hint, hand in. */
#include "lab/lab.h"

#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "lab/lab_store.h"
#include "record/record.h"

/* ------------------------------------------------------------------ looking */

enum err
lab_look(struct db *db, struct scope own, const char *lab, struct arena *a,
    struct lab_look *out)
{
	struct lab_look l = {0};
	struct lab_submission *list;
	struct lab_give_up gave_up;
	struct lab_file *files;
	enum err e;

	e = store_submissions(db, own, lab, a, &list, &l.n_submissions);
	if (e == ERR_OK)
		e = store_give_up(db, own.person, lab, &gave_up);
	if (e != ERR_OK)
		return e;
	l.submissions = list;
	l.gave_up_draw = gave_up.draw;
	lab_stand(list, l.n_submissions, &gave_up, &l.standing);
	e = store_run(db, own, lab, l.standing.draw, a, &l.run);
	if (e == ERR_OK && l.run.id == 0)
		e = store_hints(db, own, lab, a, &l.run.hints);
	if (e == ERR_OK && l.run.id != 0) {
		e = store_artefacts(
		    db, own, l.run.id, a, &files, &l.n_artefacts);
		l.artefacts = e == ERR_OK ? files : NULL;
	}
	if (e == ERR_OK && l.n_submissions > 0) {
		e = store_answers(db, own, list[l.n_submissions - 1].id, a,
		    &files, &l.n_answers);
		l.answers = e == ERR_OK ? files : NULL;
	}
	if (e == ERR_OK)
		*out = l;
	return e;
}

static enum run_state
state_of_draw(
    const struct lab_run *runs, size_t n, const char *lab, int64_t draw)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (runs[i].draw == draw && text_eq(runs[i].lab, lab))
			return runs[i].state;
	return RUN_NONE;
}

enum err
lab_lines(struct db *db, struct scope own, struct arena *a,
    struct lab_line **out, size_t *n)
{
	size_t i, from, to, n_runs, n_submissions, count = 0;
	struct lab_submission *submissions;
	struct lab_line *list = NULL, *line;
	struct lab_give_up gave_up;
	struct lab_run *runs;
	enum err e;

	if ((e = store_runs(db, own, a, &runs, &n_runs)) != ERR_OK ||
	    (e = store_submissions(
		 db, own, "", a, &submissions, &n_submissions)) != ERR_OK)
		return e;
	/* both are in order of labs */
	for (i = from = 0; i < n_runs; i++) {
		if (i > 0 && text_eq(runs[i].lab, runs[i - 1].lab))
			continue;
		while (from < n_submissions &&
		    strcmp(submissions[from].lab, runs[i].lab) < 0)
			from++;
		for (to = from; to < n_submissions &&
		     text_eq(submissions[to].lab, runs[i].lab);
		     to++)
			;
		line = ARENA_PUSH(a, list, count);
		line->lab = runs[i].lab;
		e = store_give_up(db, own.person, line->lab, &gave_up);
		if (e != ERR_OK)
			return e;
		lab_stand(
		    submissions + from, to - from, &gave_up, &line->standing);
		line->run =
		    state_of_draw(runs, n_runs, line->lab, line->standing.draw);
		from = to;
	}
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
lab_artefact(struct db *db, struct scope own, const char *lab, int64_t file,
    struct arena *a, struct lab_file *out)
{
	return store_artefact(db, own, lab, file, a, out);
}

/* ---------------------------------------------------------------- isolation */

/* "" while it is not there. */
static enum err
setting(struct db *db, const char *name, struct arena *a, const char **out)
{
	const char *value = "";
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_SETTING_GET, DB_ARGS(db_text(name)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		value = db_col_text(rows, 0, a);
	if ((e = db_done(rows)) == ERR_OK)
		*out = value;
	return e;
}

enum err
lab_isolation(struct db *db, struct arena *a, struct lab_isolation *out)
{
	struct lab_isolation found = {.level = '?'};
	enum err e;

	if ((e = setting(db, LAB_ISOLATION_SETTING, a, &found.what)) !=
		ERR_OK ||
	    (e = setting(db, LAB_ROOT_SETTING, a, &found.root)) != ERR_OK)
		return e;
	if (text_starts(found.what, "none ")) {
		found.level = 0;
		found.what += strlen("none ");
	} else if (*found.what != '\0') {
		found.level = *found.what;
	}
	*out = found;
	return ERR_OK;
}

/* --------------------------------------------------------------------- acts */

/* Of the person of a run, in turn with others. */
static enum err
add_job(struct db *db, const char *kind, int64_t id, const struct lab_run *run,
    int64_t now)
{
	const struct job_turn turn = {
	    .kind = kind,
	    .subject = id,
	    .organisation = run->organisation,
	    .person = run->person,
	};

	return job_add_in_turn(db, &turn, now);
}

/* The row of the draw in turn: made, or made again after a failure. */
static enum err
begin_run(struct db *db, struct scope own, const struct learner *who,
    const struct content *c, const struct lab *lab, const struct lab_look *look,
    int64_t now)
{
	struct lab_run run = {
	    .id = id_new(),
	    .person = who->person,
	    .organisation = who->organisation,
	    .lab = lab->id,
	    .manifest = content_manifest(c),
	    .draw = look->standing.draw,
	    .created_at = now,
	    .hints = look->run.hints,
	};
	bool begun;
	enum err e;

	if (look->run.id == 0)
		e = store_run_add(db, &run, &begun);
	else
		e = store_run_again(
		    db, own, &look->run, run.manifest, now, &begun);
	if (e == ERR_OK && !begun)
		return ERR_CONFLICT;
	if (look->run.id != 0)
		run.id = look->run.id;
	return e == ERR_OK ? add_job(db, JOB_PREPARE, run.id, &run, now) : e;
}

enum err
lab_open(struct db *db, struct scope own, const struct learner *who,
    const struct content *c, const struct lab *lab, int64_t now,
    struct arena *a)
{
	struct lab_isolation isolation;
	struct lab_look look;
	enum err e;

	if ((e = lab_isolation(db, a, &isolation)) != ERR_OK)
		return e;
	if (isolation.level == 0 || lab_lacks(&isolation, lab->id, a) != NULL)
		return ERR_UNAVAILABLE;
	if ((e = lab_look(db, own, lab->id, a, &look)) != ERR_OK)
		return e;
	if (look.standing.grading)
		return ERR_CONFLICT;
	return begin_run(db, own, who, c, lab, &look, now);
}

enum err
lab_ahead(struct db *db, const struct lab_look *look, int64_t *out)
{
	const struct lab_submission *last;
	enum err e = ERR_NOT_FOUND;

	*out = 0;
	if (look->standing.grading) {
		last = &look->submissions[look->n_submissions - 1];
		e = job_ahead(db, JOB_GRADE, last->id, out);
	} else if (look->run.state == RUN_PREPARING) {
		e = job_ahead(db, JOB_PREPARE, look->run.id, out);
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e; /* it runs already */
}

enum err
lab_hint_open(struct db *db, struct scope own, const struct lab *lab,
    const char *hint, struct arena *a)
{
	struct lab_look look;
	size_t i;
	enum err e;

	for (i = 0; i < lab->n_hints; i++)
		if (text_eq(lab->hints[i].id, hint))
			break;
	if (i == lab->n_hints)
		return ERR_NOT_FOUND;
	if ((e = lab_look(db, own, lab->id, a, &look)) != ERR_OK)
		return e;
	if (look.run.state != RUN_READY || look.standing.grading)
		return ERR_CONFLICT;
	if (lab_hint_is_open(look.run.hints, hint))
		return ERR_OK;
	return store_run_hints(db, own, look.run.id,
	    arena_printf(a, "%s%s%s", look.run.hints,
		*look.run.hints == '\0' ? "" : ",", hint));
}

enum err
lab_submit(struct db *db, struct scope own, const struct lab *lab,
    const struct lab_file *files, size_t n, int64_t now, struct arena *a,
    int64_t *number)
{
	struct lab_look look;
	int64_t id;
	size_t i;
	enum err e;

	if ((e = lab_look(db, own, lab->id, a, &look)) != ERR_OK)
		return e;
	if (look.run.state != RUN_READY)
		return ERR_CONFLICT;
	e = store_submit(db, own, look.run.id, now, &id, number);
	for (i = 0; i < n && e == ERR_OK; i++)
		e = store_file_add(db, look.run.id, id, &files[i]);
	return e == ERR_OK ? add_job(db, JOB_GRADE, id, &look.run, now) : e;
}
