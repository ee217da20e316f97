/* Persons, organisations and memberships: acts and rows. */
#include "people/person.h"

#include "base/random.h"
#include "db/db.h"
#include "people/sign_in.h"
#include "record/record.h"

static void
read_organisation(struct db_rows *rows, struct arena *a, struct organisation *o)
{
	*o = (struct organisation){
	    .id = db_col_int(rows, 0),
	    .kind = db_col_text(rows, 1, a),
	    .code = db_col_text(rows, 2, a),
	    .name = {.in = {[LANG_JA] = db_col_text(rows, 3, a),
			 [LANG_EN] = db_col_text(rows, 4, a)}},
	    .category = db_col_text(rows, 5, a),
	    .size_band = db_col_int(rows, 6),
	    .created_at = db_col_int(rows, 7),
	};
}

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
one_organisation(struct db *db, enum query q, struct db_args args,
    struct arena *a, struct organisation *out)
{
	struct db_rows *rows;
	bool found;
	enum err e;

	if ((e = db_rows(db, q, args, &rows)) != ERR_OK)
		return e;
	if ((found = db_next(rows)))
		read_organisation(rows, a, out);
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	return found ? ERR_OK : ERR_NOT_FOUND;
}

static enum err
one_membership(struct db *db, enum query q, struct db_args args,
    struct arena *a, struct membership *out)
{
	struct db_rows *rows;
	bool found;
	enum err e;

	if ((e = db_rows(db, q, args, &rows)) != ERR_OK)
		return e;
	if ((found = db_next(rows)))
		read_membership(rows, a, out);
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	return found ? ERR_OK : ERR_NOT_FOUND;
}

/* Runs an INSERT … ON CONFLICT DO NOTHING: no row means it was there. */
static enum err
insert(struct db *db, enum query q, struct db_args args)
{
	int64_t changed;
	enum err e;

	if ((e = db_exec(db, q, args, &changed)) != ERR_OK)
		return e;
	return changed == 1 ? ERR_OK : ERR_CONFLICT;
}

/* NULL for an empty text: unknown, and free of the unique index. */
static struct db_value
text_or_null(const char *s)
{
	return db_text(*s == '\0' ? NULL : s);
}

enum err
organisation_add(struct db *db, struct organisation *o)
{
	o->id = id_new();
	return insert(db, Q_ORGANISATION_ADD,
	    DB_ARGS(db_int(o->id), db_text(o->kind), db_text(o->code),
		db_text(o->name.in[LANG_JA]), db_text(o->name.in[LANG_EN]),
		text_or_null(o->category), db_id(o->size_band),
		db_int(o->created_at)));
}

enum err
organisation_by_code(
    struct db *db, const char *code, struct arena *a, struct organisation *out)
{
	return one_organisation(
	    db, Q_ORGANISATION_BY_CODE, DB_ARGS(db_text(code)), a, out);
}

enum err
organisation_get(struct db *db, struct scope s, int64_t id, struct arena *a,
    struct organisation *out)
{
	return one_organisation(db, Q_ORGANISATION_GET,
	    DB_ARGS(db_int(id), db_int(s.reach), db_int(s.person),
		db_int(s.organisation), db_int(s.now)),
	    a, out);
}

enum err
person_add(struct db *db, struct person *p, int64_t now)
{
	p->id = id_new();
	return insert(db, Q_PERSON_ADD,
	    DB_ARGS(db_int(p->id), text_or_null(p->email), db_text(p->name),
		db_text(p->kana), db_text(*p->kana != '\0' ? p->kana : p->name),
		db_text(lang_codes[p->lang]), db_int(now)));
}

enum err
person_by_email(
    struct db *db, const char *email, struct arena *a, struct person *out)
{
	struct db_rows *rows;
	bool found;
	enum err e;

	e = db_rows(db, Q_PERSON_BY_EMAIL, DB_ARGS(db_text(email)), &rows);
	if (e != ERR_OK)
		return e;
	if ((found = db_next(rows)))
		*out = (struct person){
		    .id = db_col_int(rows, 0),
		    .email = db_col_text(rows, 1, a),
		    .name = db_col_text(rows, 2, a),
		    .kana = db_col_text(rows, 3, a),
		    .lang = text_eq(db_col_text(rows, 4, a), "en") ? LANG_EN
								   : LANG_JA,
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	return found ? ERR_OK : ERR_NOT_FOUND;
}

enum err
membership_add(struct db *db, struct membership *m, int64_t now)
{
	enum err e;

	m->id = id_new();
	e = insert(db, Q_MEMBERSHIP_ADD,
	    DB_ARGS(db_int(m->id), db_int(m->person), db_int(m->organisation),
		db_text(m->employee_number), db_text(m->department),
		db_text(m->role), db_text(m->tier), db_id(m->line_manager),
		db_int(m->from_at)));
	if (e != ERR_OK)
		return e;
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
person_set_language(struct db *db, struct scope own, enum lang lang)
{
	return db_exec(db, Q_PERSON_LANG,
	    DB_ARGS(db_int(own.person), db_text(lang_codes[lang])), NULL);
}

enum err
membership_name(struct db *db, struct scope s, int64_t id, struct arena *a,
    const char **name, const char **number)
{
	struct db_rows *rows;
	bool found;
	enum err e;

	e = db_rows(db, Q_MEMBERSHIP_NAME,
	    DB_ARGS(db_int(id), db_int(s.reach), db_int(s.organisation)),
	    &rows);
	if (e != ERR_OK)
		return e;
	if ((found = db_next(rows))) {
		*name = db_col_text(rows, 0, a);
		*number = db_col_text(rows, 1, a);
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	return found ? ERR_OK : ERR_NOT_FOUND;
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

static enum err
read_roster(struct db *db, struct db_args args, struct arena *a,
    struct roster_line **out, size_t *n)
{
	struct roster_line *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	if ((e = db_rows(db, Q_ROSTER_PAGE, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct roster_line){
		    .membership = db_col_int(rows, 0),
		    .person = db_col_int(rows, 1),
		    .employee_number = db_col_text(rows, 2, a),
		    .name = db_col_text(rows, 3, a),
		    .kana = db_col_text(rows, 4, a),
		    .email = db_col_text(rows, 5, a),
		    .department = db_col_text(rows, 6, a),
		    .role = db_col_text(rows, 7, a),
		    .tier = db_col_text(rows, 8, a),
		    .line_manager = db_col_text(rows, 9, a),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
roster_page(struct db *db, struct scope s, int64_t organisation,
    const char *words, int64_t offset, struct arena *a,
    struct roster_line **out, size_t *n, int64_t *total)
{
	enum err e;

	e = db_one_int(db, Q_ROSTER_COUNT,
	    DB_ARGS(db_int(organisation), db_int(s.reach),
		db_int(s.organisation), db_text(words)),
	    total);
	if (e != ERR_OK)
		return e;
	return read_roster(db,
	    DB_ARGS(db_int(organisation), db_int(s.reach),
		db_int(s.organisation), db_text(words), db_int(offset),
		db_int(ROSTER_PAGE)),
	    a, out, n);
}

enum err
roster_all(struct db *db, struct scope s, int64_t organisation, struct arena *a,
    struct roster_line **out, size_t *n)
{
	return read_roster(db,
	    DB_ARGS(db_int(organisation), db_int(s.reach),
		db_int(s.organisation), db_text(""), db_int(0),
		db_int(INT64_MAX)),
	    a, out, n);
}
