/* What line managers say in the demo sector. */
#include "app/demo_year.h"
#include "career/confirmation.h"
#include "db/db.h"

static const char *const notes[] = {
    "次の当番で、先輩と一緒に一次対応を2回行ってから確認します。",
    "月次の点検を一度、手順書の更新まで担当してください。",
    "訓練では十分でした。実際のアラート対応に立ち会ってから判断します。",
};

#define NOTES (sizeof(notes) / sizeof(notes[0]))

static enum err
answer_one(struct demo *d, struct scope team, int64_t membership,
    const char *competency, bool confirmed, struct arena *a)
{
	struct answer answer = {
	    .membership = membership,
	    .competency = competency,
	    .confirmed = confirmed,
	    .note = notes[(size_t)membership % NOTES],
	};
	struct team_line line;
	enum err e;

	e = team_one(d->db, team, d->content, membership, competency, a, &line);
	/* not well enough, the check is missing, or it was answered */
	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
		(line.standing.confirmed || line.standing.decision != NULL)))
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	answer.number = line.standing.n_decisions + 1;
	return confirmation_answer(
	    d->db, team, d->content, &answer, team.now, a);
}

enum err
demo_confirm(struct demo *d, const struct event *ev, struct arena *a)
{
	const struct module *m = content_module(ev->course, (int)ev->module);
	const struct lab *lab = content_lab(d->content, m->lab);
	struct scope team = {
	    .reach = SCOPE_TEAM,
	    .organisation = ev->in->organisation.id,
	    .now = ev->at,
	};
	struct membership of;
	enum err e;
	size_t i;

	e = membership_of(d->db, scope_machine(ev->at), ev->who.person, a, &of);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	team.person = of.line_manager;
	for (i = 0; e == ERR_OK && i < lab->n_levels; i++)
		e = answer_one(d, team, of.id, lab->levels[i].competency,
		    ev->right == 100, a);
	return e;
}

/* ------------------------------------------------------------------ a team */

/* Of the leaders in an organisation; 0: nobody's team waits. */
static enum err
leader_to_relieve(
    struct db *db, struct demo *d, int64_t organisation, int64_t *out)
{
	struct scope s = {
	    .reach = SCOPE_TEAM, .organisation = organisation, .now = d->end};
	struct roster_line *lines;
	struct team team;
	size_t i, n, most = 0;
	enum err e;

	*out = 0;
	e = roster_all(
	    db, scope_machine(d->end), organisation, d->arena, &lines, &n);
	for (i = 0; e == ERR_OK && i < n; i++) {
		if (!text_eq(lines[i].tier, "technician"))
			continue;
		s.person = lines[i].person;
		e = team_of(db, s, d->content, d->arena, &team);
		if (e == ERR_OK && team.n_waiting > most) {
			most = team.n_waiting;
			*out = s.person;
		}
	}
	return e;
}

enum err
demo_take_team(
    struct db *db, struct demo *d, int64_t line_manager, int64_t organisation)
{
	int64_t before;
	enum err e;

	e = leader_to_relieve(db, d, organisation, &before);
	if (e != ERR_OK || before == 0)
		return e;
	return db_exec(db, Q_DEMO_TEAM_GIVE,
	    DB_ARGS(db_int(line_manager), db_int(before), db_int(organisation)),
	    NULL);
}
