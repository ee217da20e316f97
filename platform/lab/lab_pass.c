/* What a submission that passes a lab brings along. */
#include "lab/lab_pass.h"

#include "base/buf.h"
#include "base/text.h"
#include "lab/lab_store.h"
#include "record/record.h"

static const char *
competencies(const struct lab *lab, struct arena *a)
{
	struct buf b = BUF_EMPTY;
	const char *text;
	size_t i;

	for (i = 0; i < lab->n_levels; i++)
		buf_printf(&b, "%s%s:%d", i == 0 ? "" : ",",
		    lab->levels[i].competency, lab->levels[i].level);
	text = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return text;
}

static enum err
add_evidence(struct db *db, const struct lab_pass *p, const struct learner *who,
    struct arena *a)
{
	const struct evidence ev = {
	    .person = who->person,
	    .organisation = who->organisation,
	    .tier = who->tier,
	    .source = "lab",
	    .thing = p->lab->id,
	    .reference = p->submission,
	    .points = p->points,
	    .points_max = LAB_POINTS_MAX,
	    .competencies = competencies(p->lab, a),
	    .manifest = p->run->manifest,
	    .at = p->at,
	};

	return evidence_add(db, &ev);
}

/* Every module of every course that names this lab. */
static enum err
pass_modules(struct db *db, const struct lab_pass *p, const struct learner *who)
{
	const struct course *courses;
	const struct module *m;
	size_t i, j, n;
	enum err e = ERR_OK;

	courses = content_courses(p->c, &n);
	for (i = 0; i < n; i++)
		for (j = 0; j < courses[i].n_modules && e == ERR_OK; j++) {
			m = &courses[i].modules[j];
			if (m->lab == NULL || m->planned ||
			    !text_eq(m->lab, p->lab->id))
				continue;
			e = progress_passed(db, p->site, who, p->c, &courses[i],
			    m->number, "lab", p->submission, p->points,
			    LAB_POINTS_MAX, p->at);
		}
	return e;
}

enum err
lab_pass_record(struct db *db, const struct lab_pass *p, struct arena *a)
{
	struct learner who = {
	    .person = p->run->person,
	    .organisation = p->run->organisation,
	};
	int64_t before;
	enum err e;

	e = store_evidence_best(db, who.person, p->lab->id, &before);
	if (e != ERR_OK ||
	    (before >= 0 &&
		(lab_is_enough_for_2(before) ||
		    !lab_is_enough_for_2(p->points))))
		return e;
	e = store_tier(db, who.person, who.organisation, p->at, a, &who.tier);
	if (e == ERR_OK)
		e = add_evidence(db, p, &who, a);
	if (e != ERR_OK || before >= 0)
		return e;
	if (who.organisation != 0)
		e = rollup_add(db, who.organisation, "lab_passed", p->lab->id,
		    who.tier, p->at, 1);
	return e == ERR_OK ? pass_modules(db, p, &who) : e;
}
