/* A person's standing, read from the ledger and the progress. */
#include "career/career.h"
#include "career/confirmation.h"

enum err
career_of(struct db *db, struct scope own, const struct content *c,
    const char *role, const char *tier, struct arena *a, struct career *out)
{
	struct career_facts f = {
	    .framework = content_framework(c),
	    .role = content_role(c, role),
	    .tier = tier,
	    .organisation = own.organisation,
	};
	struct decision *decisions;
	struct course_progress *courses;
	struct evidence_row *rows;
	enum err e;

	e = evidence_of_person(db, own, own.person, a, &rows, &f.n_rows);
	if (e != ERR_OK)
		return e;
	e = progress_of_all(db, own, c, a, &courses, &f.n_courses);
	if (e != ERR_OK)
		return e;
	e = decisions_of(db, own, own.person, a, &decisions, &f.n_decisions);
	if (e != ERR_OK)
		return e;
	f.decisions = decisions;
	f.rows = rows;
	f.courses = courses;
	career_fold(&f, a, out);
	return ERR_OK;
}
