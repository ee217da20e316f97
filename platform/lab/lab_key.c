/*
 * The job that makes a run's answer key, when nobody waits for a box: check
 * then draws nothing itself. A run without one is graded all the same
 * (lab_boxes.h), so whatever goes wrong here is told to the log only.
 */
#include "db/db.h"
#include "lab/lab_job.h"
#include "lab/lab_store.h"

struct keyed {
	const struct lab_job *j;
	const struct box_result *r;
};

static enum err
write_key(struct db *db, void *ctx)
{
	const struct keyed *k = ctx;
	struct lab_file *before, file;
	size_t n, i;
	enum err e;

	/* the run may have been made again, or this job */
	e = store_key(db, k->j->run.id, k->j->arena, &before, &n);
	if (e != ERR_OK || n > 0)
		return e;
	for (i = 0; i < k->r->n_files && e == ERR_OK; i++) {
		file = (struct lab_file){
		    .name = k->r->files[i].path,
		    .data = k->r->files[i].data,
		    .size = k->r->files[i].size,
		};
		e = store_key_add(db, k->j->run.id, &file);
	}
	return e;
}

static enum err
make_key(struct lab_job *j)
{
	struct lab_graded made;
	struct keyed k = {.j = j, .r = &made.result};
	enum err e;

	if ((e = job_begin(j)) != ERR_OK)
		return e;
	e = job_run_key(j, &made);
	if (e == ERR_UNAVAILABLE)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	if (made.broken != NULL) {
		job_log_broken(j, made.program, &made.result, made.broken);
		return ERR_OK;
	}
	return db_write(j->db, write_key, &k);
}

enum err
lab_key_job(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	struct lab_job j = {.db = db, .site = site, .now = now};
	int64_t id;
	enum err e;

	if (!job_subject(subject, &id))
		return ERR_INVALID;
	j.arena = arena_new();
	e = store_run_by_id(db, id, j.arena, &j.run);
	if (e == ERR_OK && j.run.state == RUN_READY)
		e = make_key(&j);
	job_end(&j);
	return e;
}
