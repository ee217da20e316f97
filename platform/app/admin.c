/* Organisations and persons, added by the machine's operator. */
#include "app/admin.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "content/content.h"
#include "db/db.h"
#include "http/csv.h"
#include "http/message.h"
#include "http/site.h"
#include "people/person.h"
#include "people/roster.h"
#include "record/record.h"

#define CODE_CHARS_MAX 16

enum err
admin_refuse(struct admin *ad, enum err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	ad->problem = arena_vprintf(ad->a, fmt, ap);
	va_end(ap);
	return e;
}

/* ----------------------------------------------------------- organisations */

static const char *
list_of(struct arena *a, const struct named *list, size_t n)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < n; i++)
		text = arena_printf(
		    a, "%s%s%s", text, i == 0 ? "" : " ", list[i].id);
	return text;
}

static enum err
check_institution(struct admin *ad, struct organisation *o)
{
	const struct framework *f = content_framework(ad->content);

	if (content_named_in(f->categories, f->n_categories, o->category) ==
	    NULL)
		return admin_refuse(ad, ERR_INVALID, "--category is one of: %s",
		    list_of(ad->a, f->categories, f->n_categories));
	if (!text_to_int(ad->value[ADMIN_SIZE_BAND], &o->size_band) ||
	    content_named_in(f->size_bands, f->n_size_bands,
		ad->value[ADMIN_SIZE_BAND]) == NULL)
		return admin_refuse(ad, ERR_INVALID,
		    "--size-band is one of: %s",
		    list_of(ad->a, f->size_bands, f->n_size_bands));
	return ERR_OK;
}

static enum err
check_organisation(struct admin *ad, struct organisation *o)
{
	static const char *const kinds[] = {
	    "institution", "authority", "association", "centre"};
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t i, n = strlen(o->code);
	bool known = false;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		known |= text_eq(o->kind, kinds[i]);
	if (!known)
		return admin_refuse(ad, ERR_INVALID,
		    "--kind is institution, authority, association or centre");
	if (n > CODE_CHARS_MAX || strspn(o->code, letters) != n)
		return admin_refuse(ad, ERR_INVALID,
		    "--code is 1 to %d of A-Z and 0-9", CODE_CHARS_MAX);
	if (text_length(o->name.in[LANG_JA]) > NAME_CHARS_MAX ||
	    text_length(o->name.in[LANG_EN]) > NAME_CHARS_MAX)
		return admin_refuse(ad, ERR_INVALID,
		    "a name has %d characters at most", NAME_CHARS_MAX);
	if (text_eq(o->kind, "institution"))
		return check_institution(ad, o);
	if (*o->category != '\0' || *ad->value[ADMIN_SIZE_BAND] != '\0')
		return admin_refuse(ad, ERR_INVALID,
		    "only institutions have --category and --size-band");
	return ERR_OK;
}

enum err
admin_organisation_add(struct db *db, void *ctx)
{
	struct admin *ad = ctx;
	struct organisation o = {
	    .kind = ad->value[ADMIN_KIND],
	    .code = ad->value[ADMIN_CODE],
	    .name = {.in = {[LANG_JA] = ad->value[ADMIN_NAME_JA],
			 [LANG_EN] = ad->value[ADMIN_NAME_EN]}},
	    .category = ad->value[ADMIN_CATEGORY],
	    .created_at = ad->now,
	};
	enum err e;

	if ((e = check_organisation(ad, &o)) != ERR_OK)
		return e;
	e = organisation_add(db, &o);
	if (e == ERR_CONFLICT)
		return admin_refuse(ad, e, "the code %s is taken", o.code);
	if (e == ERR_OK)
		e = audit_add(db, o.id, 0, "organisation.added", o.code,
		    arena_printf(
			ad->a, "kind=%s category=%s", o.kind, o.category),
		    ad->now);
	ad->id = o.id;
	return e;
}

/* ----------------------------------------------------------------- persons */

static const char *
tier_of(void *ctx, const char *role)
{
	const struct work_role *w = content_role(ctx, role);

	return w == NULL ? NULL : w->tier;
}

static const char *
say_wrong(const struct roster_wrong *w)
{
	switch (w->problem) {
	case ROSTER_TOO_LONG:
		return "is too long";
	case ROSTER_BAD_NUMBER:
		return "holds more than letters, digits and underscores";
	case ROSTER_BAD_EMAIL:
		return "is no mail address";
	case ROSTER_EMAIL_TAKEN:
		return "belongs to somebody else";
	case ROSTER_BAD_ROLE:
		return "is no work role of the published framework";
	default:
		return "cannot be used";
	}
}

static enum err
add_by_roster(struct admin *ad, struct db *db, int64_t organisation)
{
	struct scope s = {.reach = SCOPE_ORGANISATION,
	    .organisation = organisation,
	    .now = ad->now};
	struct roster_report report = {0};
	enum roster_refusal refusal;
	struct buf csv = BUF_EMPTY;
	void *content;
	enum err e;

	/* content_role asks for less than a roster_tier_of hands over */
	memcpy(&content, &ad->content, sizeof(content));
	csv_line(&csv, "employee_number", "name", "kana", "email", "department",
	    "role", NULL);
	csv_line(&csv, ad->value[ADMIN_NUMBER], ad->value[ADMIN_NAME],
	    ad->value[ADMIN_KANA], ad->value[ADMIN_EMAIL],
	    ad->value[ADMIN_DEPARTMENT], ad->value[ADMIN_ROLE], NULL);
	e = roster_import(db, s, ad->site, 0, csv.data, csv.len, tier_of,
	    content, false, ad->now, ad->a, &refusal, &report);
	buf_free(&csv);
	if (e == ERR_INVALID)
		return admin_refuse(ad, e, "these values cannot be used");
	if (e == ERR_OK && report.n_wrong > 0)
		return admin_refuse(ad, ERR_INVALID, "%s: \"%s\" %s",
		    report.wrong[0].column, report.wrong[0].cell,
		    say_wrong(&report.wrong[0]));
	return e;
}

/* A roster of one line: the same rules, the same rows as an import. */
enum err
admin_person_add(struct db *db, void *ctx)
{
	struct admin *ad = ctx;
	const char *code = ad->value[ADMIN_ORGANISATION];
	const char *number = ad->value[ADMIN_NUMBER];
	const char *lang = ad->value[ADMIN_LANG];
	struct organisation o;
	int64_t there;
	size_t i;
	enum err e;

	for (i = 0; i < ADMIN_KEY__MAX; i++)
		if (*ad->value[i] != '\0' &&
		    strchr("=+-@", *ad->value[i]) != NULL)
			return admin_refuse(ad, ERR_INVALID,
			    "\"%s\" could run as a formula in a spreadsheet",
			    ad->value[i]);
	if (*lang != '\0' && !text_eq(lang, "ja") && !text_eq(lang, "en"))
		return admin_refuse(ad, ERR_INVALID, "--lang is ja or en");
	e = organisation_by_code(db, code, ad->a, &o);
	if (e == ERR_NOT_FOUND)
		return admin_refuse(ad, e, "there is no organisation %s", code);
	if (e == ERR_OK)
		e = db_one_int(db, Q_ADMIN_NUMBER_COUNT,
		    DB_ARGS(db_int(o.id), db_text(number)), &there);
	if (e == ERR_OK && there > 0)
		return admin_refuse(ad, ERR_CONFLICT,
		    "the number %s is in use at %s", number, code);
	if (e == ERR_OK)
		e = add_by_roster(ad, db, o.id);
	if (e == ERR_OK)
		e = db_one_int(db, Q_ADMIN_NUMBER_PERSON,
		    DB_ARGS(db_int(o.id), db_text(number)), &ad->id);
	if (e == ERR_OK && text_eq(lang, "en"))
		e = person_set_language(db,
		    (struct scope){
			.reach = SCOPE_OWN, .person = ad->id, .now = ad->now},
		    LANG_EN);
	return e;
}
