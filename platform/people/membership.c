/* Memberships and grants: who is where, and what they may do there. */
#include "base/random.h"
#include "db/db.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "record/record.h"

static void
read_membership(struct db_rows *rows, struct arena *a, struct membership *m)
{
	*m = (struct membership){
	    .id = db_col_int(rows, 0),
	    .person = db_col_int(rows, 1),
	    .organisation = db_col_int(rows, 2),
	    .employee_number = db_col_text(rows, 3, a),
	    .department = db_col_text(rows, 4, a),
	    .role = db_col_text(rows, 5, a),
	    .tier = db_col_text(rows, 6, a),
	    .line_manager = db_col_int(rows, 7),
	    .from_at = db_col_int(rows, 8),
	    .until_at = db_col_int(rows, 9),
	};
}

static enum err
one_membership(struct db *db, enum query q, struct db_args args,
    struct arena *a, struct membership *out)
{
	struct db_rows *row;
	enum err e;

	if ((e = db_row(db, q, args, &row)) != ERR_OK)
		return e;
	read_membership(row, a, out);
	return db_done(row);
}

enum err
membership_add(struct db *db, struct membership *m, int64_t now)
{
	int64_t changed;
	enum err e;

	m->id = id_new();
	e = db_exec(db, Q_MEMBERSHIP_ADD,
	    DB_ARGS(db_int(m->id), db_int(m->person), db_int(m->organisation),
		db_text(m->employee_number), db_text(m->department),
		db_text(m->role), db_text(m->tier), db_id(m->line_manager),
		db_int(m->from_at)),
	    &changed);
	if (e != ERR_OK)
		return e;
	if (changed == 0)
		return ERR_CONFLICT;
	return rollup_add(db, m->organisation, "people", "", m->tier, now, 1);
}

enum err
membership_of(struct db *db, struct scope s, int64_t person, struct arena *a,
    struct membership *out)
{
	return one_membership(db, Q_MEMBERSHIP_OF,
	    DB_ARGS(db_int(person), db_int(s.reach), db_int(s.person),
		db_int(s.organisation), db_int(s.now)),
	    a, out);
}

static enum err
membership_get(struct db *db, struct scope s, int64_t id, struct arena *a,
    struct membership *out)
{
	return one_membership(db, Q_MEMBERSHIP_GET,
	    DB_ARGS(db_int(id), db_int(s.reach), db_int(s.person),
		db_int(s.organisation)),
	    a, out);
}

enum err
membership_name(struct db *db, struct scope s, int64_t id, struct arena *a,
    const char **name, const char **number)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_MEMBERSHIP_NAME,
	    DB_ARGS(db_int(id), db_int(s.reach), db_int(s.organisation)), &row);
	if (e != ERR_OK)
		return e;
	*name = db_col_text(row, 0, a);
	*number = db_col_text(row, 1, a);
	return db_done(row);
}

enum err
membership_end(struct db *db, struct scope s, int64_t id, int64_t now)
{
	struct arena *a = arena_new();
	struct membership m;
	int64_t changed;
	enum err e;

	if ((e = membership_get(db, s, id, a, &m)) != ERR_OK)
		goto out;
	e = db_exec(
	    db, Q_MEMBERSHIP_END, DB_ARGS(db_int(id), db_int(now)), &changed);
	if (e == ERR_OK && changed == 0)
		e = ERR_CONFLICT;
	if (e == ERR_OK)
		e = rollup_add(
		    db, m.organisation, "people", "", m.tier, now, -1);
	if (e == ERR_OK)
		e = db_exec(db, Q_ROLE_GRANT_END,
		    DB_ARGS(
			db_int(m.person), db_int(m.organisation), db_int(now)),
		    NULL);
	if (e == ERR_OK)
		e = session_close_all(db, m.person);
	if (e == ERR_OK) /* an invitation of this institution is none now */
		e = links_end(db, m.person, now);
	if (e == ERR_OK) /* what rooms above have to end: learn/ */
		e = dated_add(db, now, "membership_end", id);
out:
	arena_free(a);
	return e;
}

enum err
membership_change(struct db *db, struct membership *to, int64_t now)
{
	struct arena *a = arena_new();
	struct membership was;
	int64_t changed;
	enum err e;

	e = membership_get(db, scope_machine(now), to->id, a, &was);
	if (e != ERR_OK)
		goto out;
	e = db_exec(db, Q_MEMBERSHIP_CHANGE,
	    DB_ARGS(db_int(to->id), db_text(to->employee_number),
		db_text(to->department), db_text(to->role), db_text(to->tier),
		db_id(to->line_manager)),
	    &changed);
	if (e == ERR_OK && changed == 0)
		e = ERR_CONFLICT;
	if (e == ERR_OK && !text_eq(was.tier, to->tier)) {
		e = rollup_add(
		    db, was.organisation, "people", "", was.tier, now, -1);
		if (e == ERR_OK)
			e = rollup_add(db, was.organisation, "people", "",
			    to->tier, now, 1);
	}
out:
	arena_free(a);
	return e;
}

enum err
role_grant_add(struct db *db, int64_t person, int64_t organisation,
    const char *kind, const char *reach, const char *value, int64_t now)
{
	return db_exec(db, Q_ROLE_GRANT_ADD,
	    DB_ARGS(db_int(id_new()), db_int(person), db_int(organisation),
		db_text(kind), db_text(reach), db_text(value), db_int(now)),
	    NULL);
}
