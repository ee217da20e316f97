/* Grants, invitations and certificates, by the machine's operator. */
#include <string.h>

#include "app/admin.h"
#include "certify/certify.h"
#include "content/content.h"
#include "db/db.h"
#include "http/site.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "record/record.h"

/* What may be granted; some reach no further than their own institution. */
static const struct grant_kind {
	const char *name;
	bool own_only, authority_only;
} kinds[] = {
    {"line_manager", true, false},
    {"training_manager", true, false},
    {"instructor", true, false},
    {"author", false, false},
    {"reviewer", false, false},
    {"assessor", false, false},
    {"exercise_controller", false, false},
    {"supervisor", false, true},
    {"operator", false, false},
};

struct grantee {
	struct person person;
	struct membership membership;
	struct organisation organisation;
};

static enum err
find_person(struct admin *ad, struct db *db, struct person *out)
{
	const char *email = text_lower(ad->a, ad->value[ADMIN_EMAIL]);
	enum err e;

	e = person_by_email(db, email, ad->a, out);
	if (e == ERR_NOT_FOUND)
		return admin_refuse(
		    ad, e, "there is nobody with the mail address %s", email);
	return e;
}

static enum err
find_grantee(struct admin *ad, struct db *db, struct grantee *out)
{
	struct scope s = scope_machine(ad->now);
	enum err e;

	if ((e = find_person(ad, db, &out->person)) != ERR_OK)
		return e;
	e = membership_of(db, s, out->person.id, ad->a, &out->membership);
	if (e == ERR_NOT_FOUND)
		return admin_refuse(
		    ad, e, "this person is in no organisation now");
	if (e == ERR_OK)
		e = organisation_get(db, s, out->membership.organisation, ad->a,
		    &out->organisation);
	return e;
}

static const struct grant_kind *
find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_eq(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static enum err
refuse_kind(struct admin *ad)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		text = arena_printf(ad->a, "%s %s", text, kinds[i].name);
	return admin_refuse(ad, ERR_INVALID, "--kind is one of:%s", text);
}

/* Over what: all, a category of the framework, an institution by its code. */
static enum err
check_reach(struct admin *ad, struct db *db, const struct grantee *g,
    const char *reach, const char **value)
{
	const struct framework *f = content_framework(ad->content);
	struct organisation o;
	enum err e;

	if (text_eq(reach, "all")) {
		if (**value == '\0')
			return ERR_OK;
		return admin_refuse(
		    ad, ERR_INVALID, "--reach all has no --value");
	}
	if (text_eq(reach, "category")) {
		if (content_named_in(f->categories, f->n_categories, *value) !=
		    NULL)
			return ERR_OK;
		return admin_refuse(ad, ERR_INVALID,
		    "--value: there is no category %s", *value);
	}
	if (!text_eq(reach, "institution"))
		return admin_refuse(
		    ad, ERR_INVALID, "--reach is all, category or institution");
	if (**value == '\0')
		*value = g->organisation.code;
	e = organisation_by_code(db, *value, ad->a, &o);
	if (e == ERR_NOT_FOUND)
		return admin_refuse(ad, ERR_INVALID,
		    "--value: there is no organisation %s", *value);
	return e;
}

static enum err
check_kind(struct admin *ad, const struct grant_kind *kind,
    const struct grantee *g, const char *reach, const char *value)
{
	if (kind->authority_only && !text_eq(g->organisation.kind, "authority"))
		return admin_refuse(ad, ERR_INVALID,
		    "a %s belongs to an organisation of kind authority",
		    kind->name);
	if (kind->own_only &&
	    (!text_eq(reach, "institution") ||
		!text_eq(value, g->organisation.code)))
		return admin_refuse(ad, ERR_INVALID,
		    "a %s reaches the own institution only", kind->name);
	return ERR_OK;
}

enum err
admin_grant_add(struct db *db, void *ctx)
{
	struct admin *ad = ctx;
	const struct grant_kind *kind = find_kind(ad->value[ADMIN_KIND]);
	const char *reach = ad->value[ADMIN_REACH];
	const char *value = ad->value[ADMIN_VALUE];
	struct grantee g;
	int64_t there;
	enum err e;

	if (*reach == '\0')
		reach = "institution";
	if (kind == NULL)
		return refuse_kind(ad);
	if ((e = find_grantee(ad, db, &g)) != ERR_OK ||
	    (e = check_reach(ad, db, &g, reach, &value)) != ERR_OK ||
	    (e = check_kind(ad, kind, &g, reach, value)) != ERR_OK)
		return e;
	e = db_one_int(db, Q_ADMIN_GRANT_COUNT,
	    DB_ARGS(db_int(g.person.id), db_int(g.organisation.id),
		db_text(kind->name), db_text(reach), db_text(value),
		db_int(ad->now)),
	    &there);
	if (e == ERR_OK && there > 0)
		return admin_refuse(
		    ad, ERR_CONFLICT, "this person has that grant already");
	if (e == ERR_OK)
		e = role_grant_add(db, g.person.id, g.organisation.id,
		    kind->name, reach, value, ad->now);
	if (e != ERR_OK)
		return e;
	ad->id = g.person.id;
	return audit_add(db, g.organisation.id, 0, "grant.added",
	    arena_printf(ad->a, "%lld", (long long)g.person.id),
	    arena_printf(
		ad->a, "kind=%s reach=%s value=%s", kind->name, reach, value),
	    ad->now);
}

enum err
admin_grant_end(struct db *db, void *ctx)
{
	struct admin *ad = ctx;
	const struct grant_kind *kind = find_kind(ad->value[ADMIN_KIND]);
	int64_t *organisations = NULL;
	struct db_rows *rows;
	struct person p;
	size_t i, n = 0;
	enum err e;

	if (kind == NULL)
		return refuse_kind(ad);
	if ((e = find_person(ad, db, &p)) != ERR_OK)
		return e;
	e = db_rows(db, Q_ADMIN_GRANT_END,
	    DB_ARGS(db_int(p.id), db_text(kind->name), db_int(ad->now)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(ad->a, organisations, n) = db_col_int(rows, 0);
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	if (n == 0)
		return admin_refuse(
		    ad, ERR_NOT_FOUND, "this person has no grant of that kind");
	ad->id = p.id;
	for (i = 0; e == ERR_OK && i < n; i++)
		e = audit_add(db, organisations[i], 0, "grant.ended",
		    arena_printf(ad->a, "%lld", (long long)p.id),
		    arena_printf(ad->a, "kind=%s", kind->name), ad->now);
	/* what they look at by that right ends, as after signing out */
	if (e == ERR_OK)
		e = job_add(db, JOB_SIGNED_OUT,
		    arena_printf(ad->a, "%lld", (long long)p.id), NULL, 0);
	return e;
}

/* --------------------------------------------------------------- invitation */

/* The link stands nowhere but in its mail: the database has only its hash. */
static enum err
read_link(struct admin *ad, struct db *db, int64_t person)
{
	const char *start, *body = "";
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_ADMIN_LAST_MAIL, DB_ARGS(db_int(person)), &rows);
	if (e != ERR_OK)
		return e;
	if (db_next(rows))
		body = db_col_text(rows, 0, ad->a);
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	start =
	    strstr(body, arena_printf(ad->a, "%s/links/", ad->site->origin));
	if (start == NULL)
		return ERR_INTERNAL;
	ad->link = arena_strndup(ad->a, start,
	    strspn(start,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_:/.[]"));
	return ERR_OK;
}

enum err
admin_invite(struct db *db, void *ctx)
{
	struct admin *ad = ctx;
	struct grantee g;
	enum err e;

	if ((e = find_grantee(ad, db, &g)) != ERR_OK)
		return e;
	e = link_send(db, ad->site, g.person.id, LINK_INVITE, ad->now, ad->a);
	if (e == ERR_OK)
		e = read_link(ad, db, g.person.id);
	if (e != ERR_OK)
		return e;
	ad->id = g.person.id;
	return audit_add(db, g.organisation.id, 0, "person.invited",
	    arena_printf(ad->a, "%lld", (long long)g.person.id), "", ad->now);
}

/* ------------------------------------------------------------- certificates */

enum err
admin_certificate_revoke(struct db *db, void *ctx)
{
	struct admin *ad = ctx;
	const char *typed = ad->value[ADMIN_NUMBER], *number;
	enum err e = ERR_NOT_FOUND;

	if (certificate_number_read(ad->a, typed, &number))
		e = certificate_revoke(db, scope_machine(ad->now), 0, number,
		    ad->value[ADMIN_REASON], ad->now);
	switch (e) {
	case ERR_NOT_FOUND:
		return admin_refuse(ad, e, "there is no certificate %s", typed);
	case ERR_CONFLICT:
		return admin_refuse(ad, e, "it was revoked before");
	case ERR_INVALID:
		return admin_refuse(ad, e, "--reason is 1 to %d characters",
		    CERTIFICATE_REASON_CHARS_MAX);
	default:
		return e;
	}
}
