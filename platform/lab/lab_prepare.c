/* The job that makes a run's artefacts. */
#include "db/db.h"
#include "lab/lab_job.h"
#include "lab/lab_store.h"
#include "record/record.h"

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
		e = store_run_failed(db, j->run.id, j->isolation);
	else
		e = store_run_ready(db, j->run.id, j->now, j->isolation);
	if (e == ERR_OK)
		e = store_run_image(db, j->run.id, box_root_name(&j->caps));
	if (p->r == NULL || e != ERR_OK)
		return e;
	e = store_artefacts_drop(db, j->run.id);
	for (i = 0; i < p->r->n_files && e == ERR_OK; i++) {
		file = (struct lab_file){
		    .name = p->r->files[i].path,
		    .data = p->r->files[i].data,
		    .size = p->r->files[i].size,
		};
		e = store_file_add(db, j->run.id, 0, &file);
	}
	if (e == ERR_OK && lab_scripts_have_key(j->scripts, j->arena))
		e = job_add_idle(db, JOB_KEY, j->run.id, j->now);
	return e;
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
	e = job_run_setup(j, &r);
	if (e == ERR_OK) {
		wrong = lab_setup_problem(j->lab, &r);
		if (wrong != NULL)
			job_log_broken(j, "setup", &r, wrong);
		else
			p.r = &r;
	} else if (e != ERR_UNAVAILABLE) {
		return e;
	}
	e = db_write(j->db, write_prepared, &p);
	return e == ERR_CONFLICT ? ERR_OK : e; /* somebody was faster */
}

enum err
lab_prepare_job(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	struct lab_job j = {.db = db, .site = site, .now = now};
	int64_t id;
	enum err e;

	if (!job_subject(subject, &id))
		return ERR_INVALID;
	j.arena = arena_new();
	e = store_run_by_id(db, id, j.arena, &j.run);
	if (e == ERR_OK && j.run.state == RUN_PREPARING)
		e = prepare(&j);
	job_end(&j);
	return e;
}
