/* The line manager's answer. */
#include "career/confirmation.h"

#include "base/random.h"
#include "career/confirmation_store.h"
#include "db/db.h"
#include "record/record.h"

/* Whose progress it is does not matter for a level: courses alone. */
static struct career_facts
catalogue_of(const struct content *c, int64_t organisation, struct arena *a)
{
	struct career_facts f = {
	    .framework = content_framework(c),
	    .organisation = organisation,
	};
	struct course_progress *list;
	const struct course *courses;
	size_t i;

	courses = content_courses(c, &f.n_courses);
	list = ARENA_ARRAY(a, struct course_progress, f.n_courses);
	for (i = 0; i < f.n_courses; i++)
		list[i] = (struct course_progress){.course = &courses[i]};
	f.courses = list;
	return f;
}

enum err
team_of(struct db *db, struct scope team, const struct content *c,
    struct arena *a, struct team *out)
{
	struct career_facts f = catalogue_of(c, team.organisation, a);
	struct team_member *members;
	size_t n;
	enum err e;

	if ((e = team_load(db, team, 0, a, &members, &n)) != ERR_OK)
		return e;
	team_fold(&f, members, n, a, out);
	return ERR_OK;
}

enum err
team_one(struct db *db, struct scope team, const struct content *c,
    int64_t membership, const char *competency, struct arena *a,
    struct team_line *out)
{
	struct career_facts f = catalogue_of(c, team.organisation, a);
	struct team_member *members;
	size_t n;
	enum err e;

	if ((e = team_load(db, team, membership, a, &members, &n)) != ERR_OK)
		return e;
	if (n != 1 || !team_line_of(&f, &members[0], competency, a, out))
		return ERR_NOT_FOUND;
	return ERR_OK;
}

static enum err
record(struct db *db, struct scope team, const struct content *c,
    const struct team_line *line, const struct answer *answer, int64_t id,
    int64_t now, struct arena *a)
{
	const char *what = arena_printf(
	    a, "%s:%d", line->standing.competency->id, LEVEL_CONFIRMED);
	const struct evidence ev = {
	    .person = line->who->person,
	    .organisation = team.organisation,
	    .tier = line->who->tier,
	    .source = "confirmation",
	    .thing = line->standing.competency->id,
	    .reference = id,
	    .competencies = what,
	    .manifest = content_manifest(c),
	    .at = now,
	};
	enum err e = ERR_OK;

	if (answer->confirmed)
		e = evidence_add(db, &ev);
	if (e != ERR_OK)
		return e;
	return audit_add(db, team.organisation, team.person,
	    answer->confirmed ? "competency.confirmed" : "competency.not_yet",
	    arena_printf(a, "%lld", (long long)answer->membership), what, now);
}

enum err
confirmation_answer(struct db *db, struct scope team, const struct content *c,
    const struct answer *answer, int64_t now, struct arena *a)
{
	struct team_line line;
	int64_t id = id_new();
	enum err e;

	e = team_one(
	    db, team, c, answer->membership, answer->competency, a, &line);
	if (e != ERR_OK)
		return e;
	if (answer->number != line.standing.n_decisions + 1)
		return ERR_CONFLICT;
	if (!answer->confirmed && !note_is_fine(answer->note))
		return ERR_INVALID;
	if ((e = confirmation_store(db, team, id, answer)) != ERR_OK)
		return e;
	return record(db, team, c, &line, answer, id, now, a);
}
