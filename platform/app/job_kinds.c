/* Who does which work. Rooms add their lines. */
#include <stddef.h>
#include <stdio.h>

#include "app/dated.h"
#include "app/jobs.h"
#include "assess/assess.h"
#include "lab/class.h"
#include "lab/lab.h"
#include "lab/shells.h"
#include "lab/signal.h"
#include "learn/learn.h"
#include "people/sign_in.h"

#define JOB_LEFT "lab.left" /* subject: a membership that ended */

static enum err
lab_prepare(struct jobs *j, struct job *job)
{
	return lab_prepare_job(j->db, j->site, job->subject, j->now);
}

static enum err
lab_key(struct jobs *j, struct job *job)
{
	return lab_key_job(j->db, j->site, job->subject, j->now);
}

static enum err
lab_grade(struct jobs *j, struct job *job)
{
	return lab_grade_job(j->db, j->site, job->subject, j->now);
}

static enum err
lab_compare(struct jobs *j, struct job *job)
{
	return lab_compare_job(j->db, j->site, job->subject, j->now);
}

static enum err
lab_not_prepared(struct db *db, const struct job *job, int64_t now)
{
	(void)now;
	return lab_prepare_gave_up(db, job->subject);
}

static enum err
lab_not_graded(struct db *db, const struct job *job, int64_t now)
{
	return lab_grade_gave_up(db, job->subject, now);
}

static enum err
signed_out(struct jobs *j, struct job *job)
{
	enum err e = class_signed_out(j->site, job->subject);

	if (e != ERR_OK)
		return e;
	return shells_signed_out(j->db, j->site, job->subject, j->now);
}

static enum err
left(struct jobs *j, struct job *job)
{
	enum err e = class_left(j->db, j->site, job->subject);

	if (e != ERR_OK)
		return e;
	return shells_left(j->db, j->site, job->subject, j->now);
}

const struct job_kind job_kinds[] = {
    {JOB_PREPARE, lab_prepare, lab_not_prepared},
    {JOB_KEY, lab_key, NULL},
    {JOB_GRADE, lab_grade, lab_not_graded},
    {JOB_COMPARE, lab_compare, NULL},
    {JOB_SIGNED_OUT, signed_out, NULL},
    {JOB_LEFT, left, NULL},
    {NULL, NULL, NULL},
};

/* ------------------------------------------------- when time has passed */

static enum err
attempt_deadline(struct db *db, const struct site *site, const struct dated *d)
{
	enum err e;

	/* the result is dated by the deadline, however late this runs */
	e = attempt_finalise(db, site, d->subject, "server", d->at);
	return e == ERR_CONFLICT ? ERR_OK : e; /* handed in before */
}

static enum err
assignment_due(struct db *db, const struct site *site, const struct dated *d)
{
	(void)site;
	return assignment_became_due(db, d->subject, d->at);
}

static enum err
membership_end_of(struct db *db, const struct site *site, const struct dated *d)
{
	char subject[32];
	enum err e;

	(void)site;
	/* not here: nobody waits for a daemon inside a transaction */
	(void)snprintf(subject, sizeof(subject), "%lld", (long long)d->subject);
	e = job_add(db, JOB_LEFT, subject, NULL, 0);
	return e != ERR_OK ? e
			   : assignments_of_leaver_end(db, d->subject, d->at);
}

const struct dated_kind dated_kinds[] = {
    {"attempt_deadline", attempt_deadline},
    {"assignment_due", assignment_due},
    {"membership_end", membership_end_of},
    {NULL, NULL},
};
