/* The job that grades a submission. */
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/lab_job.h"
#include "lab/lab_pass.h"
#include "lab/lab_result.h"
#include "lab/lab_store.h"
#include "lab/signal.h"

struct graded {
	struct lab_job *j;
	const struct lab_result *result; /* NULL: the checker broke */
	const char *failed; /* then: how */
};

static enum err
write_graded(struct db *db, void *ctx)
{
	struct graded *g = ctx;
	struct lab_job *j = g->j;
	struct lab_pass pass = {
	    .site = j->site,
	    .c = j->c,
	    .lab = j->lab,
	    .run = &j->run,
	    .submission = j->submission.id,
	    .at = j->submission.submitted_at,
	};
	struct lab_give_up gave_up;
	enum err e;

	e = store_submission_image(
	    db, j->submission.id, box_root_name(&j->caps));
	if (e != ERR_OK)
		return e;
	if (g->result == NULL)
		return store_not_graded(db, j->submission.id, j->now,
		    lab_result_failed(j->arena, g->failed), j->isolation);
	pass.points = lab_score(j->lab, g->result->points, j->run.hints);
	e = store_graded(db, j->submission.id, j->now, pass.points,
	    lab_result_write(j->arena, g->result), j->isolation);
	if (e == ERR_OK)
		e = signals_note(db, j->site->secret, &j->run, j->submission.id,
		    j->submission.submitted_at, g->result, j->arena);
	if (e != ERR_OK || pass.points < j->lab->pass)
		return e;
	e = store_give_up(db, j->run.person, j->run.lab, &gave_up);
	if (e != ERR_OK || lab_is_after_giving_up(&gave_up, &j->submission))
		return e;
	return lab_pass_record(db, &pass, j->arena);
}

static struct box_file *
below(struct arena *a, const char *dir, const struct lab_file *files, size_t n)
{
	struct box_file *list = ARENA_ARRAY(a, struct box_file, n);
	size_t i;

	for (i = 0; i < n; i++)
		list[i] = (struct box_file){
		    .path = arena_printf(a, "%s/%s", dir, files[i].name),
		    .data = files[i].data,
		    .size = files[i].size,
		};
	return list;
}

static enum err
answer_files(struct lab_job *j, struct box_file **out, size_t *n)
{
	struct lab_file *files;
	enum err e;

	e = store_answers(j->db, scope_machine(j->now), j->submission.id,
	    j->arena, &files, n);
	if (e == ERR_OK)
		*out = below(j->arena, OUT_DIR, files, *n);
	return e;
}

/* n 0: none is kept. */
static enum err
kept_key(struct lab_job *j, struct lab_key *out)
{
	struct lab_file *files;
	enum err e;

	e = store_key(j->db, j->run.id, j->arena, &files, &out->n);
	if (e == ERR_OK)
		out->files = below(j->arena, KEY_DIR, files, out->n);
	return e;
}

/* What the checker said, or why it said nothing that counts. */
static void
judge(struct lab_job *j, const struct lab_graded *boxes,
    struct lab_result *result, struct graded *g)
{
	const struct box_result *r = &boxes->result;

	if (boxes->broken != NULL) {
		g->failed =
		    r->end == BOX_EXITED ? "error" : box_end_name(r->end);
		job_log_broken(j, boxes->program, r, boxes->broken);
		return;
	}
	if (boxes->trial_end != NULL && !text_eq(boxes->trial_end, "exited 0"))
		log_info("lab", "%s version %d: a trial ended early: %s",
		    j->lab->id, j->lab->version, boxes->trial_end);
	lab_result_parse(r->out, r->out_size, j->lab, j->arena, result);
	if (result->wrong_lines > 0)
		job_log_broken(j, "check", r, "lines that cannot be believed");
	if (result->believed == 0) {
		g->failed = "silent";
		return;
	}
	result->hints = lab_hint_cost(j->lab, j->run.hints);
	g->result = result;
}

static enum err
grade(struct lab_job *j)
{
	struct graded g = {.j = j, .failed = "unavailable"};
	struct lab_result result;
	struct lab_graded boxes;
	struct box_file *files;
	struct lab_key key;
	size_t n;
	enum err e;

	if ((e = job_begin(j)) != ERR_OK ||
	    (e = answer_files(j, &files, &n)) != ERR_OK ||
	    (e = kept_key(j, &key)) != ERR_OK)
		return e;
	e = job_run_boxes(j, key.n > 0 ? &key : NULL, files, n, &boxes);
	if (e == ERR_OK)
		judge(j, &boxes, &result, &g);
	else if (e != ERR_UNAVAILABLE)
		return e;
	e = db_write(j->db, write_graded, &g);
	return e == ERR_CONFLICT ? ERR_OK : e; /* graded before: once only */
}

enum err
lab_grade_job(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	struct lab_job j = {.db = db, .site = site, .now = now};
	int64_t id;
	enum err e;

	if (!job_subject(subject, &id))
		return ERR_INVALID;
	j.arena = arena_new();
	e = store_submission(db, id, j.arena, &j.submission);
	if (e == ERR_OK)
		e = store_run_by_id(db, j.submission.run, j.arena, &j.run);
	if (e == ERR_OK && j.submission.state == SUBMISSION_GRADING)
		e = grade(&j);
	job_end(&j);
	return e;
}
