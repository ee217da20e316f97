/* A team's evidence and what was said about it, read in two queries. */
#include "career/confirmation.h"
#include "career/confirmation_store.h"
#include "db/db.h"

static struct team_member *
member_of(
    struct db_rows *rows, struct arena *a, struct team_member **list, size_t *n)
{
	int64_t membership = db_col_int(rows, 0);
	struct team_member *m;

	if (*n > 0 && (*list)[*n - 1].membership == membership)
		return &(*list)[*n - 1];
	m = ARENA_PUSH(a, *list, *n);
	*m = (struct team_member){
	    .membership = membership,
	    .person = db_col_int(rows, 1),
	    .name = db_col_text(rows, 2, a),
	    .department = db_col_text(rows, 3, a),
	    .tier = db_col_text(rows, 4, a),
	};
	return m;
}

static enum err
read_evidence(struct db *db, struct scope team, int64_t membership,
    struct arena *a, struct team_member **out, size_t *n)
{
	struct team_member *m;
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_TEAM_EVIDENCE,
	    DB_ARGS(db_int(membership), db_int(team.reach), db_int(team.person),
		db_int(team.organisation), db_int(team.now),
		db_int(LAB_PERCENT_FOR_2)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		m = member_of(rows, a, out, n);
		*ARENA_PUSH(a, m->rows, m->n_rows) = (struct evidence_row){
		    .id = db_col_int(rows, 5),
		    .ev = {.person = m->person,
			.source = db_col_text(rows, 6, a),
			.thing = db_col_text(rows, 7, a),
			.reference = db_col_int(rows, 8),
			.points = db_col_int(rows, 9),
			.points_max = db_col_int(rows, 10),
			.competencies = db_col_text(rows, 11, a),
			.at = db_col_int(rows, 12)},
		};
	}
	return db_done(rows);
}

static struct decision
decision_at(struct db_rows *rows, struct arena *a)
{
	return (struct decision){
	    .organisation = db_col_int(rows, 1),
	    .competency = db_col_text(rows, 2, a),
	    .level = (int)db_col_int(rows, 3),
	    .number = db_col_int(rows, 4),
	    .confirmed = text_eq(db_col_text(rows, 5, a), "confirmed"),
	    .note = db_col_text(rows, 6, a),
	    .by = db_col_text(rows, 7, a),
	    .at = db_col_int(rows, 8),
	};
}

/* Both lists are in order of memberships. */
static enum err
read_decisions(struct db *db, struct scope team, int64_t membership,
    struct arena *a, struct team_member *list, size_t n)
{
	struct team_member *m = list, *end = list + n;
	struct db_rows *rows;
	int64_t id;
	enum err e;

	e = db_rows(db, Q_TEAM_DECISIONS,
	    DB_ARGS(db_int(membership), db_int(team.reach), db_int(team.person),
		db_int(team.organisation), db_int(team.now)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		id = db_col_int(rows, 0);
		while (m < end && m->membership < id)
			m++;
		if (m < end && m->membership == id)
			*ARENA_PUSH(a, m->decisions, m->n_decisions) =
			    decision_at(rows, a);
	}
	return db_done(rows);
}

enum err
team_load(struct db *db, struct scope team, int64_t membership, struct arena *a,
    struct team_member **out, size_t *n)
{
	struct team_member *list = NULL;
	size_t count = 0;
	enum err e;

	e = read_evidence(db, team, membership, a, &list, &count);
	if (e == ERR_OK)
		e = read_decisions(db, team, membership, a, list, count);
	if (e != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
decisions_of(struct db *db, struct scope own, int64_t person, struct arena *a,
    struct decision **out, size_t *n)
{
	struct decision *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_DECISIONS_OF,
	    DB_ARGS(db_int(person), db_int(own.reach), db_int(own.person)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = decision_at(rows, a);
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
line_manager_of(
    struct db *db, struct scope own, struct arena *a, const char **name)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_LINE_MANAGER_OF,
	    DB_ARGS(db_int(own.reach), db_int(own.person),
		db_int(own.organisation), db_int(own.now)),
	    &row);
	if (e != ERR_OK)
		return e;
	*name = db_col_text(row, 0, a);
	return db_done(row);
}

enum err
confirmation_store(
    struct db *db, struct scope team, int64_t id, const struct answer *answer)
{
	int64_t changed;
	enum err e;

	e = db_exec(db, Q_CONFIRMATION_ADD,
	    DB_ARGS(db_int(id), db_int(answer->membership),
		db_text(answer->competency), db_int(LEVEL_CONFIRMED),
		db_int(answer->number),
		db_text(answer->confirmed ? "confirmed" : "not_yet"),
		db_text(answer->confirmed ? "" : answer->note),
		db_int(team.reach), db_int(team.person),
		db_int(team.organisation), db_int(team.now)),
	    &changed);
	if (e != ERR_OK)
		return e;
	return changed == 1 ? ERR_OK : ERR_CONFLICT;
}
