/* Certificates: issued by completing a course, read, verified, taken back. */
#include "base/random.h"
#include "certify/certify.h"
#include "content/content.h"
#include "db/db.h"
#include "http/site.h"
#include "learn/learn.h"
#include "record/record.h"

/* ------------------------------------------------------------------ reading */

static void
read_row(struct db_rows *rows, struct arena *a, struct certificate *out)
{
	*out = (struct certificate){
	    .id = db_col_int(rows, 0),
	    .person = db_col_int(rows, 1),
	    .organisation = db_col_int(rows, 2),
	    .number = db_col_text(rows, 3, a),
	    .kind = db_col_text(rows, 4, a),
	    .thing = db_col_text(rows, 5, a),
	    .manifest = db_col_text(rows, 6, a),
	    .issued_at = db_col_int(rows, 7),
	    .expires_at = db_col_int(rows, 8),
	    .revoked_at = db_col_int(rows, 9),
	    .revoked_reason = db_col_text(rows, 10, a),
	    .holder = db_col_is_null(rows, 12) ? db_col_text(rows, 11, a) : "",
	    .organisation_name = {.in = {[LANG_JA] = db_col_text(rows, 13, a),
				      [LANG_EN] = db_col_text(rows, 14, a)}},
	};
}

enum err
certificates_of(struct db *db, struct scope s, int64_t person, struct arena *a,
    struct certificate **out, size_t *n)
{
	struct certificate *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_CERTIFICATES_OF,
	    DB_ARGS(db_int(person), db_int(s.reach), db_int(s.person)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		read_row(rows, a, ARENA_PUSH(a, list, count));
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
programmes_met(struct db *db, struct scope s, int64_t person, struct arena *a,
    struct programme_met **out, size_t *n)
{
	struct programme_met *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_PROGRAMMES_MET,
	    DB_ARGS(db_int(person), db_int(s.reach), db_int(s.person)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct programme_met){
		    .id = db_col_text(rows, 0, a), .at = db_col_int(rows, 1)};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
certificate_get(struct db *db, struct scope s, const char *number,
    struct arena *a, struct certificate *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_CERTIFICATE_GET,
	    DB_ARGS(db_text(number), db_int(s.reach), db_int(s.person)), &row);
	if (e != ERR_OK)
		return e;
	read_row(row, a, out);
	return db_done(row);
}

enum err
certificate_verify(
    struct db *db, const char *number, struct arena *a, struct certificate *out)
{
	/* Whoever was given the number may ask: it cannot be guessed. */
	return certificate_get(db, scope_machine(0), number, a, out);
}

struct bilingual
certificate_title(
    const struct site *site, const struct certificate *c, struct arena *a)
{
	struct bilingual title = {.in = {c->thing, c->thing}};
	const struct course *course;
	struct content *content;

	if (content_named(site->content, c->manifest, &content) != ERR_OK)
		return title;
	if ((course = content_course(content, c->thing)) != NULL) {
		title.in[LANG_JA] = arena_strdup(a, course->title.in[LANG_JA]);
		title.in[LANG_EN] = arena_strdup(a, course->title.in[LANG_EN]);
	}
	content_release(content);
	return title;
}

/* ------------------------------------------------------------------ issuing */

struct completion {
	struct db *db;
	const struct content *content;
	const struct course *course;
	int64_t person, organisation, attempt, now;
	const char *tier;
	struct arena *arena;
};

static enum err
read_tier(struct completion *done)
{
	struct db_rows *rows;
	enum err e;

	done->tier = "";
	if (done->organisation == 0)
		return ERR_OK;
	e = db_rows(done->db, Q_CERTIFY_TIER_THEN,
	    DB_ARGS(db_int(done->person), db_int(done->organisation)), &rows);
	if (e != ERR_OK)
		return e;
	if (db_next(rows))
		done->tier = db_col_text(rows, 0, done->arena);
	return db_done(rows);
}

static enum err
add_evidence(const struct completion *done, const char *source,
    const char *thing, int64_t reference)
{
	struct evidence ev = {
	    .person = done->person,
	    .organisation = done->organisation,
	    .tier = done->tier,
	    .source = source,
	    .thing = thing,
	    .reference = reference,
	    .competencies = "", /* the exam's own evidence names them */
	    .manifest = content_manifest(done->content),
	    .at = done->now,
	};

	return evidence_add(done->db, &ev);
}

static enum err
issue(const struct completion *done)
{
	int64_t id = id_new(), changed;
	enum err e;

	e = db_exec(done->db, Q_CERTIFICATE_ISSUE,
	    DB_ARGS(db_int(id), db_text(certificate_number_new(done->arena)),
		db_int(done->person), db_id(done->organisation),
		db_text("completion"), db_text(done->course->id),
		db_id(done->attempt), db_text(content_manifest(done->content)),
		db_int(done->now)),
	    &changed);
	if (e != ERR_OK || changed == 0)
		return e;
	return add_evidence(done, "certificate", done->course->id, id);
}

/* --------------------------------------------------------------- programmes */

static bool
names_course(const struct programme *p, const char *course)
{
	size_t i;

	for (i = 0; i < p->n_courses; i++)
		if (text_eq(p->courses[i], course))
			return true;
	return false;
}

/* One that names a course which is still being planned cannot be met. */
static bool
programme_is_met(const struct programme *p, const struct course *now_done,
    const struct course_progress *all, size_t n)
{
	size_t i, met = 0;

	for (i = 0; i < n; i++) {
		if (!names_course(p, all[i].course->id))
			continue;
		if (all[i].course->planned)
			return false;
		met += all[i].state == COURSE_COMPLETED ||
		    text_eq(all[i].course->id, now_done->id);
	}
	return met == p->n_courses;
}

static enum err
record_programme(const struct completion *done, const struct programme *p)
{
	int64_t before;
	enum err e;

	e = db_one_int(done->db, Q_PROGRAMME_WAS_MET,
	    DB_ARGS(db_int(done->person), db_text(p->id)), &before);
	if (e != ERR_OK || before > 0)
		return e;
	if ((e = add_evidence(done, "programme", p->id, 0)) != ERR_OK)
		return e;
	if (done->organisation == 0)
		return ERR_OK;
	return rollup_add(done->db, done->organisation, "programme", p->id,
	    done->tier, done->now, 1);
}

static enum err
record_programmes(const struct completion *done)
{
	const struct framework *f = content_framework(done->content);
	struct scope own = {
	    .reach = SCOPE_OWN, .person = done->person, .now = done->now};
	struct course_progress *all;
	size_t i, n;
	enum err e;

	e = progress_of_all(
	    done->db, own, done->content, done->arena, &all, &n);
	for (i = 0; e == ERR_OK && i < f->n_programmes; i++)
		if (names_course(&f->programmes[i], done->course->id) &&
		    programme_is_met(&f->programmes[i], done->course, all, n))
			e = record_programme(done, &f->programmes[i]);
	return e;
}

enum err
certify_course_completed(struct db *db, const struct site *site,
    const struct content *c, const struct course *course, int64_t person,
    int64_t organisation, int64_t attempt, int64_t now)
{
	struct completion done = {
	    .db = db,
	    .content = c,
	    .course = course,
	    .person = person,
	    .organisation = organisation,
	    .attempt = attempt,
	    .now = now,
	    .arena = arena_new(),
	};
	enum err e;

	(void)site;
	e = read_tier(&done);
	if (e == ERR_OK && attempt != 0)
		e = issue(&done);
	if (e == ERR_OK)
		e = record_programmes(&done);
	arena_free(done.arena);
	return e;
}

/* ----------------------------------------------------------------- revoking */

static enum err
revoke(struct db *db, const struct certificate *c, int64_t actor,
    const char *reason, int64_t now, struct arena *a)
{
	int64_t chain = c->organisation, changed;
	enum err e;

	e = db_exec(db, Q_CERTIFICATE_REVOKE,
	    DB_ARGS(db_int(c->id), db_int(now), db_text(reason)), &changed);
	if (e != ERR_OK)
		return e;
	if (changed == 0)
		return ERR_CONFLICT;
	if (chain == 0)
		e = db_one_int(db, Q_CERTIFY_LAST_ORGANISATION,
		    DB_ARGS(db_int(c->person)), &chain);
	if (e != ERR_OK)
		return e;
	/* The reason is free text and may hold a name: not in the chain. */
	return audit_add(db, chain, actor, "certificate.revoked", c->number,
	    arena_printf(a, "kind=%s thing=%s", c->kind, c->thing), now);
}

enum err
certificate_revoke(struct db *db, struct scope machine, int64_t actor,
    const char *number, const char *reason, int64_t now)
{
	struct arena *a = arena_new();
	struct certificate c;
	enum err e = ERR_OK;

	reason = text_trim(a, reason);
	if (machine.reach != SCOPE_MACHINE)
		e = ERR_NOT_FOUND;
	else if (*reason == '\0' ||
	    text_length(reason) > CERTIFICATE_REASON_CHARS_MAX)
		e = ERR_INVALID;
	if (e == ERR_OK)
		e = certificate_get(db, machine, number, a, &c);
	if (e == ERR_OK)
		e = revoke(db, &c, actor, reason, now, a);
	arena_free(a);
	return e;
}
