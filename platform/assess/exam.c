/* Whether an exam is open, and its start. */
#include <sys/statvfs.h>

#include "assess/attempt.h"
#include "base/clock.h"
#include "db/db.h"
#include "http/site.h"
#include "record/record.h"

/* Below this much free disk nothing new starts; what runs goes on. */
#define FREE_BYTES_MIN ((uint64_t)64 * 1024 * 1024)

static bool
disk_is_nearly_full(const struct site *site)
{
	struct statvfs v;

	if (site->var == NULL || statvfs(site->var, &v) == -1)
		return false;
	return (uint64_t)v.f_bavail * v.f_frsize < FREE_BYTES_MIN;
}

enum err
exam_history(
    struct db *db, struct scope own, const char *exam, struct exam_history *out)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_EXAM_HISTORY,
	    DB_ARGS(db_int(own.person), db_text(exam)), &rows);
	if (e != ERR_OK)
		return e;
	if (db_next(rows))
		*out = (struct exam_history){
		    .taken = db_col_int(rows, 0),
		    .last_submitted_at = db_col_int(rows, 1),
		    .open = db_col_int(rows, 2),
		    .passed = db_col_int(rows, 3),
		};
	return db_done(rows);
}

enum err
exam_gate_of(struct db *db, const struct site *site, struct scope own,
    const struct content *c, const struct exam *exam, struct arena *a,
    struct exam_history *h, enum exam_gate *gate, int64_t *opens_at)
{
	const struct course *course = content_course(c, exam->course);
	struct course_progress p;
	enum err e;

	if ((e = exam_history(db, own, exam->id, h)) != ERR_OK)
		return e;
	if ((e = progress_of_course(db, own, course, a, &p)) != ERR_OK)
		return e;
	*gate = exam_gate(exam, h,
	    p.state == COURSE_MODULES_DONE || p.state == COURSE_COMPLETED,
	    own.now, opens_at);
	if (*gate == EXAM_OPEN && disk_is_nearly_full(site))
		*gate = EXAM_NO_SPACE;
	return ERR_OK;
}

enum err
exam_start(struct db *db, const struct site *site, struct scope own,
    const struct learner *who, const struct content *c, const struct exam *exam,
    int64_t now, struct arena *a, int64_t *attempt)
{
	struct attempt at = {
	    .person = who->person,
	    .organisation = who->organisation,
	    .kind = "exam",
	    .thing = exam->id,
	    .manifest = content_manifest(c),
	    .started_at = now,
	    .deadline = now + exam->minutes * MINUTE_MS,
	};
	struct exam_history h;
	enum exam_gate gate;
	int64_t opens_at;
	enum err e;

	e = exam_gate_of(db, site, own, c, exam, a, &h, &gate, &opens_at);
	if (e != ERR_OK)
		return e;
	if (gate == EXAM_NO_SPACE)
		return ERR_NO_SPACE;
	if (gate != EXAM_OPEN)
		return ERR_CONFLICT;
	at.draw = h.taken + 1;
	if ((e = attempt_add(db, &at)) != ERR_OK)
		return e;
	e = dated_add(db, at.deadline, "attempt_deadline", at.id);
	if (e == ERR_OK)
		*attempt = at.id;
	return e;
}
