/* Persons and organisations: acts and rows. */
#include "people/person.h"

#include "base/random.h"
#include "db/db.h"

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

static enum err
one_organisation(struct db *db, enum query q, struct db_args args,
    struct arena *a, struct organisation *out)
{
	struct db_rows *row;
	enum err e;

	if ((e = db_row(db, q, args, &row)) != ERR_OK)
		return e;
	read_organisation(row, a, out);
	return db_done(row);
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
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_PERSON_BY_EMAIL, DB_ARGS(db_text(email)), &row);
	if (e != ERR_OK)
		return e;
	*out = (struct person){
	    .id = db_col_int(row, 0),
	    .email = db_col_text(row, 1, a),
	    .name = db_col_text(row, 2, a),
	    .kana = db_col_text(row, 3, a),
	    .lang = text_eq(db_col_text(row, 4, a), "en") ? LANG_EN : LANG_JA,
	};
	return db_done(row);
}

enum err
person_set_language(struct db *db, struct scope own, enum lang lang)
{
	return db_exec(db, Q_PERSON_LANG,
	    DB_ARGS(db_int(own.person), db_text(lang_codes[lang])), NULL);
}

bool
tier_is_offered(const char *organisation_kind, const char *tier)
{
	return !text_eq(organisation_kind, "institution") ||
	    !text_eq(tier, "supervisor");
}
