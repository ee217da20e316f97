/* Importing a roster: lines of a file become persons and memberships. */
#include "people/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/db.h"
#include "people/roster_parts.h"
#include "people/sign_in.h"
#include "record/record.h"

void
roster_add_wrong(struct import *im, const struct roster_cells *line,
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
	k->added = true;
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
rename_person(struct import *im, const struct known *k, const char *name,
    const char *kana, const char *email)
{
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

/* A cell, or what was there before where the file has no such column. */
static const char *
cell_or(const struct import *im, const struct roster_cells *line,
    enum roster_column column, const char *before)
{
	return im->file->has[column] ? line->cell[column] : before;
}

static enum err
change(struct import *im, const struct roster_cells *line, const char *email,
    const char *tier, struct known *k)
{
	const char *name = line->cell[COLUMN_NAME];
	const char *kana = cell_or(im, line, COLUMN_KANA, k->kana);
	struct membership m = {
	    .id = k->membership,
	    .employee_number = k->number,
	    .department = cell_or(im, line, COLUMN_DEPARTMENT, k->department),
	    .role = line->cell[COLUMN_ROLE],
	    .tier = tier,
	    .line_manager = k->line_manager,
	};
	bool same_person, same_post;
	enum err e;

	if (!im->file->has[COLUMN_EMAIL])
		email = k->email;
	same_person = text_eq(k->name, name) && text_eq(k->kana, kana) &&
	    text_eq(k->email, email);
	same_post = text_eq(k->department, m.department) &&
	    text_eq(k->role, m.role) && text_eq(k->tier, tier);
	if (same_person && same_post)
		return ERR_OK;
	if ((e = may_move(im, k, email)) != ERR_OK)
		return e;
	if (!same_person &&
	    (e = rename_person(im, k, name, kana, email)) != ERR_OK)
		return e;
	k->changed = true;
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
		roster_add_wrong(im, line, problem, column);
		return ERR_OK;
	}
	o.tier = im->tier_of(im->ctx, line->cell[COLUMN_ROLE]);
	if (o.tier == NULL) {
		roster_add_wrong(im, line, ROSTER_BAD_ROLE, COLUMN_ROLE);
		return ERR_OK;
	}
	o.k = known_find(&im->known, line->cell[COLUMN_NUMBER]);
	if (o.k->in_file) {
		roster_add_wrong(im, line, ROSTER_TWICE, COLUMN_NUMBER);
		return ERR_OK;
	}
	o.k->in_file = true;
	e = db_write(im->db, write_line, &o);
	if (e == ERR_CONFLICT || e == ERR_FORBIDDEN) {
		roster_add_wrong(im, line,
		    e == ERR_CONFLICT ? ROSTER_EMAIL_TAKEN : ROSTER_EMAIL_FIXED,
		    COLUMN_EMAIL);
		return ERR_OK;
	}
	if (e == ERR_OK)
		o.k->line = line;
	return e;
}

static void
count_lines(struct import *im)
{
	const struct known *k;
	size_t i;

	for (i = 0; i < im->known.n; i++) {
		k = im->known.list[i];
		if (k->line == NULL)
			continue;
		if (k->added)
			im->report->added++;
		else if (k->changed)
			im->report->changed++;
		else
			im->report->unchanged++;
	}
}

static enum err
import_all(struct import *im)
{
	const struct roster_file *file = im->file;
	enum err e;
	size_t i;

	e = known_load(im->db, im->scope.organisation, im->a, &im->known);
	if (e != ERR_OK)
		return e;
	known_add_places(&im->known, file, im->a);
	for (i = 0; i < file->n && e == ERR_OK; i++)
		e = import_line(im, &file->lines[i]);
	if (e == ERR_OK && file->has[COLUMN_MANAGER])
		e = roster_set_managers(im);
	if (e == ERR_OK)
		count_lines(im);
	return e;
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
	struct roster_file file;
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
	    .file = &file,
	    .report = &report,
	};
	enum err e;

	if (s.reach != SCOPE_ORGANISATION && s.reach != SCOPE_MACHINE)
		return ERR_NOT_FOUND;
	if ((e = roster_read(csv, size, a, refusal, &file)) != ERR_OK)
		return e;
	report.lines = (int64_t)file.n;
	report.converted = file.converted;
	report.cut = file.cut;
	if ((e = import_all(&im)) != ERR_OK)
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
