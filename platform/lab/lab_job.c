/*
 * The slow half of labs: making artefacts and grading, each in a box. Between
 * reading what to do and writing what came of it there is no transaction, so
 * nothing waits for a box; a job that was interrupted does it all again.
 */
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/engine/box.h"
#include "lab/lab_pass.h"
#include "lab/lab_result.h"
#include "lab/lab_store.h"
#include "lab/lab_scripts.h"

#define PROCESSES_MAX 32
#define DISK_EXTRA_MB 16

#define IN_DIR "in"
#define OUT_DIR "out"

struct lab_job {
	struct db *db;
	const struct site *site;
	int64_t now;
	struct arena *arena;
	struct box_caps caps;
	const char *isolation; /* of caps, for the rows */
	struct lab_run run;
	struct lab_submission submission; /* of a grading */
	struct content *c; /* the run's own; held */
	const struct lab *lab;
	const char *scripts; /* where they lie for the box */
};

/* ---------------------------------------------------------------- isolation */

static const char *
isolation_text(const struct box_caps *caps, struct arena *a)
{
	if (caps->level == 0)
		return arena_printf(
		    a, "none %s", box_missing_name(caps->missing));
	return arena_printf(a, "%c %s %s", caps->level, box_ids_name(caps->ids),
	    box_cgroup_name(caps->cgroup));
}

static enum err
put_isolation(struct db *db, void *ctx)
{
	return db_exec(db, Q_SETTING_PUT,
	    DB_ARGS(db_text(LAB_ISOLATION_SETTING), db_text(ctx)), NULL);
}

enum err
lab_isolation_report(struct db *db)
{
	struct arena *a = arena_new();
	struct box_caps caps;
	char *text;
	enum err e;

	box_probe(&caps);
	text = arena_strdup(a, isolation_text(&caps, a));
	if (caps.level == 0)
		log_warning("lab", "no labs here: %s", caps.sentence);
	else
		log_info("lab", "isolation %s", text);
	e = db_write(db, put_isolation, text);
	arena_free(a);
	return e;
}

/* --------------------------------------------------------------- one script */

/* Runs one of the lab's scripts to its end, with the run's seed. */
static enum err
run_script(struct lab_job *j, const char *name, const struct box_file *files,
    size_t n_files, const char *collect, struct box_result *out)
{
	const char *const argv[] = {BOX_PYTHON, "-s", "-S", "-B",
	    arena_printf(j->arena, BOX_HOME "/%s", name), NULL};
	uint8_t seed[DIGEST_BYTES];
	struct box_job job = {
	    .caps = &j->caps,
	    .argv = argv,
	    .home = j->scripts,
	    .files = files,
	    .n_files = n_files,
	    .collect = collect,
	    .seconds = j->lab->limit_seconds,
	    .memory_mb = j->lab->limit_memory_mb,
	    .disk_mb = j->lab->limit_output_kb / 512 + DISK_EXTRA_MB,
	    .processes_max = PROCESSES_MAX,
	    .collect_files_max = j->lab->limit_files,
	    .collect_bytes_max = (size_t)j->lab->limit_output_kb * 1024,
	};

	lab_seed(j->site->secret, j->run.person, j->lab, j->run.draw, seed);
	const char *const env[] = {
	    arena_printf(j->arena, "LAB_SEED=%s",
		hex_encode(j->arena, seed, sizeof(seed))),
	    "LAB_DIR=" BOX_WORK, "LAB_OUT=" BOX_WORK "/" OUT_DIR,
	    "LAB_HOME=" BOX_HOME, "HOME=" BOX_WORK, "TMPDIR=/tmp",
	    "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC", "PYTHONHASHSEED=0",
	    "PYTHONDONTWRITEBYTECODE=1", NULL};
	job.env = env;
	return box_run(&job, j->arena, out);
}

/* "ValueError": what Python says first in its last line. */
static const char *
exception_of(const struct box_result *r, struct arena *a)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz._";
	size_t end = r->err_size, from;

	while (end > 0 && r->err[end - 1] == '\n')
		end--;
	for (from = end; from > 0 && r->err[from - 1] != '\n'; from--)
		;
	return arena_strndup(a, r->err + from, strspn(r->err + from, letters));
}

/*
 * A sentence about a script that broke, for its author. What the script says
 * may hold an answer; the log gets the name of the exception only.
 */
static void
log_broken(const struct lab_job *j, const char *name,
    const struct box_result *r, const char *why)
{
	log_error("lab", "%s version %d: %s: %s (%s %d, %lld ms) %s",
	    j->lab->id, j->lab->version, name, why, box_end_name(r->end),
	    r->code, (long long)r->ms, exception_of(r, j->arena));
}

/* ------------------------------------------------------------------ opening */

/* The run, its content, its lab, its scripts, a box. */
static enum err
job_begin(struct lab_job *j)
{
	enum err e;

	e = content_named(j->site->content, j->run.manifest, &j->c);
	if (e != ERR_OK)
		return e;
	if ((j->lab = content_lab(j->c, j->run.lab)) == NULL) {
		log_error("lab", "%s is not in its manifest", j->run.lab);
		return ERR_INTERNAL;
	}
	box_probe(&j->caps);
	j->isolation = isolation_text(&j->caps, j->arena);
	if ((e = db_write(j->db, put_isolation,
		 arena_strdup(j->arena, j->isolation))) != ERR_OK)
		return e;
	return lab_scripts_write(
	    j->site->var, j->c, j->lab->id, j->arena, &j->scripts);
}

static void
job_end(struct lab_job *j)
{
	if (j->scripts != NULL)
		lab_scripts_remove(j->scripts);
	content_release(j->c);
	arena_free(j->arena);
}

/* ---------------------------------------------------------------- preparing */

struct prepared {
	struct lab_job *j;
	const struct box_result *r; /* NULL: it failed */
};

static enum err
write_prepared(struct db *db, void *ctx)
{
	struct prepared *p = ctx;
	struct lab_job *j = p->j;
	struct lab_file file;
	enum err e;
	size_t i;

	if (p->r == NULL)
		return store_run_failed(db, j->run.id, j->isolation);
	if ((e = store_run_ready(db, j->run.id, j->now, j->isolation)) !=
		ERR_OK ||
	    (e = store_artefacts_drop(db, j->run.id)) != ERR_OK)
		return e;
	for (i = 0; i < p->r->n_files && e == ERR_OK; i++) {
		file = (struct lab_file){
		    .name = p->r->files[i].path,
		    .data = p->r->files[i].data,
		    .size = p->r->files[i].size,
		};
		e = store_file_add(db, j->run.id, 0, &file);
	}
	return e;
}

static bool
has_file(const struct box_result *r, const char *path)
{
	size_t i;

	for (i = 0; i < r->n_files; i++)
		if (text_eq(r->files[i].path, path))
			return true;
	return false;
}

/* NULL: all that the lab promises is there. */
static const char *
wrong_with_artefacts(const struct lab_job *j, const struct box_result *r)
{
	size_t i;

	if (r->end != BOX_EXITED || r->code != 0)
		return "it did not end well";
	if (r->n_refused > 0)
		return "it left files that cannot be taken";
	for (i = 0; i < j->lab->n_artefacts; i++)
		if (!has_file(r, j->lab->artefacts[i].path))
			return "an artefact is missing";
	return NULL;
}

static enum err
prepare(struct lab_job *j)
{
	struct prepared p = {.j = j};
	struct box_result r;
	const char *wrong;
	enum err e;

	if ((e = job_begin(j)) != ERR_OK)
		return e;
	e = run_script(j, "setup", NULL, 0, IN_DIR, &r);
	if (e == ERR_OK) {
		wrong = wrong_with_artefacts(j, &r);
		if (wrong != NULL)
			log_broken(j, "setup", &r, wrong);
		else
			p.r = &r;
	} else if (e != ERR_UNAVAILABLE) {
		return e;
	}
	e = db_write(j->db, write_prepared, &p);
	return e == ERR_CONFLICT ? ERR_OK : e; /* somebody was faster */
}

static bool
parse_subject(const char *subject, int64_t *id)
{
	if (text_to_int(subject, id))
		return true;
	log_error("lab", "a job without an id");
	return false;
}

enum err
lab_prepare_job(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	struct lab_job j = {.db = db, .site = site, .now = now};
	int64_t id;
	enum err e;

	if (!parse_subject(subject, &id))
		return ERR_INVALID;
	j.arena = arena_new();
	e = store_run_by_id(db, id, j.arena, &j.run);
	if (e == ERR_OK && j.run.state == RUN_PREPARING)
		e = prepare(&j);
	job_end(&j);
	return e;
}

/* ------------------------------------------------------------------ grading */

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
	enum err e;

	if (g->result == NULL)
		return store_not_graded(db, j->submission.id, j->now,
		    lab_result_failed(j->arena, g->failed), j->isolation);
	pass.points = lab_score(j->lab, g->result->points, j->run.hints);
	e = store_graded(db, j->submission.id, j->now, pass.points,
	    lab_result_write(j->arena, g->result), j->isolation);
	if (e != ERR_OK || pass.points < j->lab->pass)
		return e;
	return lab_pass_record(db, &pass, j->arena);
}

static enum err
answer_files(struct lab_job *j, struct box_file **out, size_t *n)
{
	struct lab_file *files;
	struct box_file *list;
	size_t i;
	enum err e;

	e = store_answers(j->db, scope_machine(j->now), j->submission.id,
	    j->arena, &files, n);
	if (e != ERR_OK)
		return e;
	list = ARENA_ARRAY(j->arena, struct box_file, *n);
	for (i = 0; i < *n; i++)
		list[i] = (struct box_file){
		    .path =
			arena_printf(j->arena, OUT_DIR "/%s", files[i].name),
		    .data = files[i].data,
		    .size = files[i].size,
		};
	*out = list;
	return ERR_OK;
}

/* What the checker said, or why it said nothing that counts. */
static void
judge(struct lab_job *j, const struct box_result *r, struct lab_result *result,
    struct graded *g)
{
	if (r->end != BOX_EXITED || r->code != 0) {
		g->failed =
		    r->end == BOX_EXITED ? "error" : box_end_name(r->end);
		log_broken(j, "check", r, "it did not end well");
		return;
	}
	lab_result_parse(r->out, r->out_size, j->lab, j->arena, result);
	if (result->wrong_lines > 0)
		log_broken(j, "check", r, "lines that cannot be believed");
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
	struct box_file *files;
	struct box_result r;
	size_t n;
	enum err e;

	if ((e = job_begin(j)) != ERR_OK ||
	    (e = answer_files(j, &files, &n)) != ERR_OK)
		return e;
	e = run_script(j, "check", files, n, NULL, &r);
	if (e == ERR_OK)
		judge(j, &r, &result, &g);
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

	if (!parse_subject(subject, &id))
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
