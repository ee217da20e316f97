/* What a learner is left with when a job was tried in vain. */
#include "lab/lab_job.h"
#include "lab/lab_result.h"
#include "lab/lab_store.h"

/* Somebody finished it meanwhile: nothing to say. */
static enum err
unless_done(enum err e)
{
	return e == ERR_CONFLICT ? ERR_OK : e;
}

enum err
lab_prepare_gave_up(struct db *db, const char *subject)
{
	int64_t run;

	if (!job_subject(subject, &run))
		return ERR_OK;
	return unless_done(store_run_failed(db, run, NULL));
}

enum err
lab_grade_gave_up(struct db *db, const char *subject, int64_t now)
{
	struct arena *a = arena_new();
	int64_t submission;
	enum err e = ERR_OK;

	if (job_subject(subject, &submission))
		e = unless_done(store_not_graded(db, submission, now,
		    lab_result_failed(a, "unavailable"), NULL));
	arena_free(a);
	return e;
}
