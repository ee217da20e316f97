/*
 * Giving a lab up: the worked solution opens, the draw is over, and for some
 * days what is handed in is practice. Once in a lab, and not to be undone.
 */
#include "base/clock.h"
#include "base/random.h"
#include "lab/lab.h"
#include "lab/lab_store.h"
#include "record/record.h"

bool
lab_may_give_up(const struct lab_look *look)
{
	const struct lab_standing *s = &look->standing;
	bool begun = look->run.id != 0 || look->n_submissions > 0;

	return begun && !s->grading && !s->settled && s->gave_up_at == 0 &&
	    look->run.state != RUN_PREPARING;
}

enum err
lab_give_up(struct db *db, struct scope own, const struct learner *who,
    const char *lab, int64_t now, struct arena *a)
{
	struct lab_give_up g;
	struct lab_look look;
	bool added;
	enum err e;

	if ((e = lab_look(db, own, lab, a, &look)) != ERR_OK)
		return e;
	if (!lab_may_give_up(&look))
		return ERR_CONFLICT;
	g = (struct lab_give_up){
	    .id = id_new(),
	    .draw = look.standing.draw,
	    .gave_up_at = now,
	    .counts_from_at = now + LAB_PRACTICE_DAYS * DAY_MS,
	};
	e = store_give_up_add(db, who, lab, &g, &added);
	if (e == ERR_OK && !added)
		return ERR_CONFLICT;
	if (e != ERR_OK || who->organisation == 0)
		return e;
	return audit_add(db, who->organisation, who->person, "lab.given_up",
	    lab, arena_printf(a, "draw=%lld", (long long)g.draw), now);
}
