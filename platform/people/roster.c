/* Importing a roster: lines of a file become persons and memberships. */
#include "people/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/db.h"
#include "people/roster_known.h"
#include "people/roster_read.h"
#include "people/sign_in.h"
#include "record/record.h"

struct import {
	struct db *db;
	struct scope scope;
	int64_t actor;
	const struct site *site;
	roster_tier_of *tier_of;
	void *ctx;
	bool invite;
	int64_t now;
	struct arena *a;
	struct known_list known;
	struct roster_report *report;
};

static void
add_wrong(struct import *im, const struct roster_cells *line,
    enum roster_problem problem, enum roster_column column)
{
	const char *cell = line->cell[column], *p = cell;
	int i;

	for (i = 0; i < 40 && text_next(&p) != 0; i++)
		;
	*ARENA_PUSH(im->a, im->report->wrong, im->report->n_wrong) =
	    (struct roster_wrong){
		.line = line->line,
		.problem = problem,
		.column = roster_column_names[column],
		.cell = arena_strndup(im->a, cell, (size_t)(p - cell)),
	    };
}

/*
 * The person behind a mail address that is free to join: nobody (0), or
 * somebody without a membership in force. ERR_CONFLICT: it is taken.
 */
static enum err
free_person(struct import *im, const char *email, int64_t *person)
{
	struct person p;
	int64_t memberships;
	enum err e;

	*person = 0;
	if (*email == '\0')
		return ERR_OK;
	e = person_by_email(im->db, email, im->a, &p);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	e = db_one_int(
	    im->db, Q_MEMBERSHIP_ANYWHERE, DB_ARGS(db_int(p.id)), &memberships);
	if (e != ERR_OK)
		return e;
	if (memberships > 0)
		return ERR_CONFLICT;
	*person = p.id;
	return ERR_OK;
}

static enum err
join(struct import *im, const struct roster_cells *line, const char *email,
    const char *tier, struct known *k)
{
	struct person p = {
	    .email = email,
	    .name = line->cell[COLUMN_NAME],
	    .kana = line->cell[COLUMN_KANA],
	    .lang = LANG_JA,
	};
	struct membership m = {
	    .organisation = im->scope.organisation,
	    .employee_number = line->cell[COLUMN_NUMBER],
	    .department = line->cell[COLUMN_DEPARTMENT],
	    .role = line->cell[COLUMN_ROLE],
	    .tier = tier,
	    .from_at = im->now,
	};
	enum err e;

	if ((e = free_person(im, email, &m.person)) != ERR_OK)
		return e;
	if (m.person == 0) {
		if ((e = person_add(im->db, &p, im->now)) != ERR_OK)
			return e;
		m.person = p.id;
	}
	if ((e = membership_add(im->db, &m, im->now)) != ERR_OK)
		return e;
	k->membership = m.id;
	k->person = m.person;
	im->report->added++;
	if (im->invite && *email != '\0')
		return link_send(
		    im->db, im->site, m.person, LINK_INVITE, im->now, im->a);
	return ERR_OK;
}

/*
 * SECURITY: a mail address is where a password reset goes. Once somebody has
 * a password, a file cannot move it: that would hand the account over.
 * ERR_FORBIDDEN then; ERR_CONFLICT when the address is another's.
 */
static enum err
may_move(struct import *im, const struct known *k, const char *email)
{
	struct person other;
	const char *hash;
	enum err e;

	if (text_eq(email, k->email))
		return ERR_OK;
	e = credential_get(im->db, k->person, im->a, &hash);
	if (e == ERR_OK)
		return ERR_FORBIDDEN;
	if (e != ERR_NOT_FOUND || *email == '\0')
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	e = person_by_email(im->db, email, im->a, &other);
	if (e == ERR_OK)
		return ERR_CONFLICT;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err
rename_person(struct import *im, const struct known *k,
    const struct roster_cells *line, const char *email)
{
	const char *kana = line->cell[COLUMN_KANA];
	const char *name = line->cell[COLUMN_NAME];
	enum err e;

	e = db_exec(im->db, Q_PERSON_RENAME,
	    DB_ARGS(db_int(k->person), db_text(name), db_text(kana),
		db_text(*kana != '\0' ? kana : name),
		db_text(*email == '\0' ? NULL : email)),
	    NULL);
	if (e != ERR_OK)
		return e;
	return audit_add(im->db, im->scope.organisation, im->actor,
	    "person.changed", arena_printf(im->a, "%lld", (long long)k->person),
	    "", im->now);
}

static enum err
change(struct import *im, const struct roster_cells *line, const char *email,
    const char *tier, struct known *k)
{
	struct membership m = {
	    .id = k->membership,
	    .employee_number = k->number,
	    .department = line->cell[COLUMN_DEPARTMENT],
	    .role = line->cell[COLUMN_ROLE],
	    .tier = tier,
	    .line_manager = k->line_manager,
	};
	bool same_person, same_post;
	enum err e;

	same_person = text_eq(k->name, line->cell[COLUMN_NAME]) &&
	    text_eq(k->kana, line->cell[COLUMN_KANA]) &&
	    text_eq(k->email, email);
	same_post = text_eq(k->department, m.department) &&
	    text_eq(k->role, m.role) && text_eq(k->tier, tier);
	if (same_person && same_post) {
		im->report->unchanged++;
		return ERR_OK;
	}
	if ((e = may_move(im, k, email)) != ERR_OK)
		return e;
	if (!same_person && (e = rename_person(im, k, line, email)) != ERR_OK)
		return e;
	im->report->changed++;
	return same_post ? ERR_OK : membership_change(im->db, &m, im->now);
}

struct one_line {
	struct import *im;
	const struct roster_cells *line;
	const char *email, *tier;
	struct known *k;
};

/* A savepoint of its own: what a refused line wrote is undone. */
static enum err
write_line(struct db *db, void *ctx)
{
	struct one_line *o = ctx;

	(void)db; /* the import's own */
	if (o->k->membership == 0)
		return join(o->im, o->line, o->email, o->tier, o->k);
	return change(o->im, o->line, o->email, o->tier, o->k);
}

static enum err
import_line(struct import *im, const struct roster_cells *line)
{
	struct one_line o = {
	    .im = im,
	    .line = line,
	    .email = text_lower(im->a, line->cell[COLUMN_EMAIL]),
	};
	enum roster_problem problem;
	enum roster_column column;
	enum err e;

	if (roster_check(line, &problem, &column)) {
		add_wrong(im, line, problem, column);
		return ERR_OK;
	}
	o.tier = im->tier_of(im->ctx, line->cell[COLUMN_ROLE]);
	if (o.tier == NULL) {
		add_wrong(im, line, ROSTER_BAD_ROLE, COLUMN_ROLE);
		return ERR_OK;
	}
	o.k = known_find(&im->known, line->cell[COLUMN_NUMBER]);
	if (o.k->in_file) {
		add_wrong(im, line, ROSTER_TWICE, COLUMN_NUMBER);
		return ERR_OK;
	}
	o.k->in_file = true;
	e = db_write(im->db, write_line, &o);
	if (e == ERR_CONFLICT || e == ERR_FORBIDDEN) {
		add_wrong(im, line,
		    e == ERR_CONFLICT ? ROSTER_EMAIL_TAKEN : ROSTER_EMAIL_FIXED,
		    COLUMN_EMAIL);
		return ERR_OK;
	}
	if (e == ERR_OK)
		o.k->line = line;
	return e;
}

/* Second pass: everybody of the file is there now, so managers can be found. */
static enum err
set_manager(struct import *im, struct known *k)
{
	const char *number = k->line->cell[COLUMN_MANAGER];
	struct known *manager;

	if (*number == '\0')
		return ERR_OK;
	manager = known_find(&im->known, number);
	if (manager == k) {
		add_wrong(im, k->line, ROSTER_OWN_MANAGER, COLUMN_MANAGER);
		return ERR_OK;
	}
	if (manager == NULL || manager->membership == 0) {
		add_wrong(im, k->line, ROSTER_BAD_MANAGER, COLUMN_MANAGER);
		return ERR_OK;
	}
	if (manager->person == k->line_manager)
		return ERR_OK;
	return db_exec(im->db, Q_MEMBERSHIP_MANAGER,
	    DB_ARGS(db_int(k->membership), db_int(manager->person)), NULL);
}

static enum err
import_all(struct import *im, const struct roster_file *file)
{
	size_t i;
	enum err e;

	if ((e = known_load(
		 im->db, im->scope.organisation, im->a, &im->known)) != ERR_OK)
		return e;
	known_add_places(&im->known, file, im->a);
	for (i = 0; i < file->n; i++)
		if ((e = import_line(im, &file->lines[i])) != ERR_OK)
			return e;
	for (i = 0; i < im->known.n; i++)
		if (im->known.list[i]->line != NULL &&
		    (e = set_manager(im, im->known.list[i])) != ERR_OK)
			return e;
	return ERR_OK;
}

static int
by_line(const void *x, const void *y)
{
	const struct roster_wrong *a = x, *b = y;

	return (a->line > b->line) - (a->line < b->line);
}

enum err
roster_import(struct db *db, struct scope s, const struct site *site,
    int64_t actor, const void *csv, size_t size, roster_tier_of *tier_of,
    void *ctx, bool invite, int64_t now, struct arena *a,
    enum roster_refusal *refusal, struct roster_report *out)
{
	struct roster_report report = {0};
	struct import im = {
	    .db = db,
	    .scope = s,
	    .actor = actor,
	    .site = site,
	    .tier_of = tier_of,
	    .ctx = ctx,
	    .invite = invite,
	    .now = now,
	    .a = a,
	    .report = &report,
	};
	struct roster_file file;
	enum err e;

	if (s.reach != SCOPE_ORGANISATION && s.reach != SCOPE_MACHINE)
		return ERR_NOT_FOUND;
	if ((e = roster_read(csv, size, a, refusal, &file)) != ERR_OK)
		return e;
	report.lines = (int64_t)file.n;
	report.converted = file.converted;
	report.cut = file.cut;
	if ((e = import_all(&im, &file)) != ERR_OK)
		return e;
	if (report.n_wrong > 1)
		qsort(report.wrong, report.n_wrong, sizeof(*report.wrong),
		    by_line);
	e = audit_add(db, s.organisation, actor, "roster.import", "",
	    arena_printf(a, "lines=%lld added=%lld changed=%lld wrong=%zu",
		(long long)report.lines, (long long)report.added,
		(long long)report.changed, report.n_wrong),
	    now);
	if (e != ERR_OK)
		return e;
	*out = report;
	return ERR_OK;
}
