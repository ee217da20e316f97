/* Assignments: a course due by a date. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "learn/learn.h"
#include "record/record.h"

struct found {
	int64_t organisation;
	const char *course, *tier;
	int64_t assigned_at;
	bool overdue;
};

static enum err
assignment_find(struct db *db, struct scope s, int64_t id, struct arena *a,
    struct found *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_ASSIGNMENT_GET,
	    DB_ARGS(db_int(id), db_int(s.reach), db_int(s.organisation)), &row);
	if (e != ERR_OK)
		return e;
	*out = (struct found){
	    .organisation = db_col_int(row, 1),
	    .course = db_col_text(row, 2, a),
	    .overdue = !db_col_is_null(row, 3),
	    .assigned_at = db_col_int(row, 4),
	    .tier = db_col_text(row, 5, a),
	};
	return db_done(row);
}

/* A late one that gets another date, ends or is cancelled leaves the count. */
static enum err
not_overdue_any_more(struct db *db, const struct found *f, int64_t now)
{
	if (!f->overdue)
		return ERR_OK;
	return rollup_add(
	    db, f->organisation, "overdue", f->course, f->tier, now, -1);
}

struct making {
	struct scope managed;
	const char *course;
	int64_t due_at, now;
	int64_t made, moved;
};

static enum err
count_as_made(struct db *db, struct making *k, int64_t id, struct arena *a)
{
	struct found f;
	enum err e;

	k->made++;
	e = dated_add(db, k->due_at, "assignment_due", id);
	if (e == ERR_OK)
		e = assignment_find(db, scope_machine(k->now), id, a, &f);
	if (e == ERR_OK)
		e = rollup_add(db, f.organisation, "assigned", k->course,
		    f.tier, k->now, 1);
	return e;
}

/* Somebody who has it open gets the new date; the same date is no change. */
static enum err
move_open(struct db *db, struct making *k, int64_t person, struct arena *a)
{
	const struct scope s = k->managed;
	struct found f;
	int64_t id;
	enum err e;

	e = db_one_int(db, Q_ASSIGNMENT_OPEN_OF,
	    DB_ARGS(db_int(person), db_text(k->course), db_int(s.organisation)),
	    &id);
	/* the overdue count is looked at before the date moves */
	if (e == ERR_OK)
		e = assignment_find(db, scope_machine(k->now), id, a, &f);
	if (e == ERR_OK)
		e = db_one_int(db, Q_ASSIGNMENT_MOVE,
		    DB_ARGS(db_int(person), db_text(k->course),
			db_int(k->due_at), db_int(s.organisation)),
		    &id);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	k->moved++;
	e = not_overdue_any_more(db, &f, k->now);
	if (e == ERR_OK)
		e = dated_remove(db, "assignment_due", id);
	if (e == ERR_OK)
		e = dated_add(db, k->due_at, "assignment_due", id);
	return e;
}

static enum err
make_one(struct db *db, struct making *k, int64_t person, struct arena *a)
{
	int64_t id = id_new(), changed;
	enum err e;

	e = db_exec(db, Q_ASSIGNMENT_MAKE,
	    DB_ARGS(db_int(id), db_int(person), db_text(k->course),
		db_int(k->due_at), db_int(k->managed.person), db_int(k->now),
		db_int(k->managed.organisation)),
	    &changed);
	if (e != ERR_OK)
		return e;
	return changed == 1 ? count_as_made(db, k, id, a)
			    : move_open(db, k, person, a);
}

enum err
assignment_make(struct db *db, struct scope managed, const char *course,
    const int64_t *persons, size_t n, int64_t due_at, int64_t now,
    int64_t *made, int64_t *moved)
{
	struct making k = {managed, course, due_at, now, 0, 0};
	struct arena *a;
	size_t i;
	enum err e = ERR_OK;

	if (managed.reach != SCOPE_ORGANISATION)
		return ERR_NOT_FOUND;
	if (due_at <= now)
		return ERR_INVALID;
	a = arena_new();
	for (i = 0; i < n && e == ERR_OK; i++) {
		e = make_one(db, &k, persons[i], a);
		arena_reset(a);
	}
	if (e == ERR_OK)
		e = audit_add(db, managed.organisation, managed.person,
		    "assignment.made", course,
		    arena_printf(a, "due=%s made=%lld moved=%lld",
			date_iso(a, due_at - 1), (long long)k.made,
			(long long)k.moved),
		    now);
	arena_free(a);
	if (e != ERR_OK)
		return e;
	*made = k.made;
	*moved = k.moved;
	return ERR_OK;
}

struct standing {
	int64_t person;
	bool done;
	int64_t organisation, due_at; /* of the open assignment; 0: none */
};

static int
by_person(const void *a, const void *b)
{
	const struct standing *x = a, *y = b;

	return (x->person > y->person) - (x->person < y->person);
}

static enum err
load_standings(struct db *db, struct scope managed, const char *course,
    struct arena *a, struct standing **out, size_t *n)
{
	struct standing *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_ASSIGNMENT_FORESEE,
	    DB_ARGS(db_text(course), db_int(managed.reach),
		db_int(managed.organisation)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct standing){
		    .person = db_col_int(rows, 0),
		    .done = db_col_int(rows, 1) != 0,
		    .organisation = db_col_int(rows, 2),
		    .due_at = db_col_int(rows, 3),
		};
	*out = list;
	*n = count;
	return db_done(rows);
}

enum err
assignment_foresee(struct db *db, struct scope managed, const char *course,
    const int64_t *persons, size_t n, int64_t due_at, struct arena *a,
    int64_t *made, int64_t *moved)
{
	struct standing *list, key = {0};
	const struct standing *s;
	size_t i, n_list;
	enum err e;

	e = load_standings(db, managed, course, a, &list, &n_list);
	if (e != ERR_OK)
		return e;
	*made = *moved = 0;
	for (i = 0; i < n && n_list > 0; i++) {
		key.person = persons[i];
		s = bsearch(&key, list, n_list, sizeof(*list), by_person);
		if (s == NULL)
			continue;
		if (s->organisation == 0)
			*made += !s->done;
		else
			*moved += s->organisation == managed.organisation &&
			    s->due_at != due_at;
	}
	return ERR_OK;
}

enum err
assignment_cancel(struct db *db, struct scope managed, int64_t id, int64_t now)
{
	struct arena *a = arena_new();
	struct found f;
	int64_t changed;
	enum err e;

	if ((e = assignment_find(db, managed, id, a, &f)) != ERR_OK)
		goto out;
	e = db_exec(db, Q_ASSIGNMENT_CANCEL, DB_ARGS(db_int(id), db_int(now)),
	    &changed);
	if (e == ERR_OK && changed == 0)
		e = ERR_CONFLICT;
	if (e == ERR_OK)
		e = dated_remove(db, "assignment_due", id);
	if (e == ERR_OK)
		e = not_overdue_any_more(db, &f, now);
	/* it leaves the month that it was counted in */
	if (e == ERR_OK)
		e = rollup_add(db, f.organisation, "assigned", f.course, f.tier,
		    f.assigned_at, -1);
	if (e == ERR_OK)
		e = audit_add(db, f.organisation, managed.person,
		    "assignment.cancelled", f.course,
		    arena_printf(a, "assignment=%lld", (long long)id), now);
out:
	arena_free(a);
	return e;
}

enum err
assignments_of_leaver_end(struct db *db, int64_t membership, int64_t now)
{
	struct arena *a = arena_new();
	struct db_rows *rows;
	int64_t *ids = NULL;
	size_t i, n = 0;
	enum err e;

	e = db_rows(
	    db, Q_ASSIGNMENTS_OF_LEAVER, DB_ARGS(db_int(membership)), &rows);
	if (e == ERR_OK) {
		while (db_next(rows))
			*ARENA_PUSH(a, ids, n) = db_col_int(rows, 0);
		e = db_done(rows);
	}
	for (i = 0; i < n && e == ERR_OK; i++)
		e = assignment_cancel(db, scope_machine(now), ids[i], now);
	arena_free(a);
	return e;
}

/* The one open assignment of a course, wherever it was made, is done. */
enum err
assignment_complete(
    struct db *db, int64_t person, const char *course, int64_t now)
{
	struct arena *a;
	struct found f;
	int64_t id;
	enum err e;

	e = db_one_int(db, Q_ASSIGNMENT_OPEN_ANYWHERE,
	    DB_ARGS(db_int(person), db_text(course)), &id);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	a = arena_new();
	e = assignment_find(db, scope_machine(now), id, a, &f);
	if (e == ERR_OK)
		e = db_one_int(db, Q_ASSIGNMENT_COMPLETE,
		    DB_ARGS(db_int(person), db_text(course), db_int(now)), &id);
	if (e == ERR_OK)
		e = dated_remove(db, "assignment_due", id);
	if (e == ERR_OK)
		e = not_overdue_any_more(db, &f, now);
	arena_free(a);
	return e;
}

enum err
assignment_became_due(struct db *db, int64_t id, int64_t now)
{
	struct arena *a = arena_new();
	struct found f;
	int64_t changed;
	enum err e;

	e = assignment_find(db, scope_machine(now), id, a, &f);
	if (e == ERR_NOT_FOUND) { /* done or cancelled meanwhile */
		e = ERR_OK;
		goto out;
	}
	if (e != ERR_OK)
		goto out;
	e = db_exec(db, Q_ASSIGNMENT_OVERDUE, DB_ARGS(db_int(id), db_int(now)),
	    &changed);
	if (e == ERR_OK && changed == 1)
		e = rollup_add(
		    db, f.organisation, "overdue", f.course, f.tier, now, 1);
out:
	arena_free(a);
	return e;
}

enum err
assignment_lines(struct db *db, struct scope managed, const char *which,
    const char *course, int limit, struct arena *a,
    struct assignment_line **out, size_t *n)
{
	struct assignment_line *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_ASSIGNMENT_LINES,
	    DB_ARGS(db_int(managed.reach), db_int(managed.organisation),
		db_text(which), db_text(course), db_int(limit)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct assignment_line){
		    .id = db_col_int(rows, 0),
		    .number = db_col_text(rows, 1, a),
		    .name = db_col_text(rows, 2, a),
		    .department = db_col_text(rows, 3, a),
		    .tier = db_col_text(rows, 4, a),
		    .course = db_col_text(rows, 5, a),
		    .due_at = db_col_int(rows, 6),
		    .completed_at = db_col_int(rows, 7),
		    .overdue = !db_col_is_null(rows, 8),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}
