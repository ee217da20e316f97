/* The demo sector: planning, founding, living, and accounts to look around. */
#include "app/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/password.h"
#include "db/db.h"
#include "http/site.h"
#include "learn/learn.h"
#include "people/sign_in.h"

/* ---------------------------------------------------------------- accounts */

/* line_manager: another's kind, further up in the list; NULL: none. */
static const struct visitor {
	const char *kind, *code, *role, *tier, *department, *name, *kana,
	    *email;
	const char *grant, *reach; /* NULL: a learner only */
	const char *line_manager;
} visitors[] = {
    {"executive", "0101", "E-DIR", "executive", "取締役会", "見本 経子",
	"ミホン ケイコ", "executive@demo.example", NULL, NULL, NULL},
    {"management", "0101", "M-BIZ", "management", "営業推進部", "見本 管太",
	"ミホン カンタ", "management@demo.example", NULL, NULL, NULL},
    {"technician", "0101", "T-SOC", "technician", "システム部", "見本 技子",
	"ミホン ギコ", "technician@demo.example", NULL, NULL, "management"},
    {"supervisor", "9001", "S-MON", "supervisor", "監督部", "見本 監一",
	"ミホン カンイチ", "supervisor@demo.example", "supervisor", "all",
	NULL},
    {"training-manager", "0101", "M-EDU", "management", "人事部", "見本 研子",
	"ミホン ケンコ", "training-manager@demo.example", "training_manager",
	"institution", NULL},
    {"author", "9001", "S-EXR", "supervisor", "企画室", "見本 作人",
	"ミホン サクト", "author@demo.example", "author", "all", NULL},
    {"operator", "9001", "S-CON", "supervisor", "監督部", "見本 運平",
	"ミホン ウンペイ", "operator@demo.example", "operator", "all", NULL},
};

struct visit {
	struct demo *d;
	const struct visitor *v;
	const char *password;
	size_t number;
};

/* What a newcomer gets: the course for everyone, then the tier's first. */
static enum err
assign_first(struct db *db, const struct visit *visit, int64_t person,
    const struct organisation *o)
{
	struct demo *d = visit->d;
	struct scope s = {
	    .reach = SCOPE_ORGANISATION,
	    .organisation = o->id,
	    .now = d->end,
	};
	int64_t days = 14, due_at, made, moved;
	const struct course *courses;
	size_t i, n;
	enum err e = ERR_OK;

	courses = content_courses(d->content, &n);
	for (i = 0; e == ERR_OK && i < n; i++) {
		if (!content_course_is_whole(&courses[i]) ||
		    (!text_eq(courses[i].tier, "everyone") &&
			!text_eq(courses[i].tier, visit->v->tier)))
			continue;
		due_at = date_start(date_of(d->end + days * DAY_MS));
		e = assignment_make(db, s, courses[i].id, &person, 1, due_at,
		    d->end, &made, &moved);
		days += 21;
	}
	return e;
}

/* The person of a visitor who was added before; 0 without one. */
static enum err
line_manager_of_visitor(struct db *db, const struct visit *visit, int64_t *out)
{
	const struct visitor *v = visitors;
	struct person p;
	enum err e;

	*out = 0;
	if (visit->v->line_manager == NULL)
		return ERR_OK;
	while (!text_eq(v->kind, visit->v->line_manager))
		v++;
	e = person_by_email(db, v->email, visit->d->arena, &p);
	if (e == ERR_OK)
		*out = p.id;
	return e;
}

static enum err
add_visitor(struct db *db, void *ctx)
{
	struct visit *visit = ctx;
	const struct visitor *v = visit->v;
	struct demo *d = visit->d;
	struct organisation o;
	struct person p = {.email = v->email,
	    .name = v->name,
	    .kana = v->kana,
	    .lang = LANG_JA};
	struct membership m = {
	    .employee_number = arena_printf(d->arena, "V%zu", visit->number),
	    .department = v->department,
	    .role = v->role,
	    .tier = v->tier,
	    .from_at = d->end,
	};
	char *hash;
	enum err e;

	if ((e = organisation_by_code(db, v->code, d->arena, &o)) != ERR_OK ||
	    (e = person_add(db, &p, d->end)) != ERR_OK)
		return e;
	m.person = p.id;
	m.organisation = o.id;
	if ((e = line_manager_of_visitor(db, visit, &m.line_manager)) != ERR_OK)
		return e;
	if ((e = membership_add(db, &m, d->end)) != ERR_OK)
		return e;
	if (m.line_manager != 0) {
		e = demo_take_team(db, d, m.line_manager, o.id);
		if (e != ERR_OK)
			return e;
	}
	if (v->grant != NULL) {
		e = role_grant_add(db, p.id, o.id, v->grant, v->reach,
		    text_eq(v->reach, "all") ? "" : o.code, d->end);
		if (e != ERR_OK)
			return e;
	}
	if ((e = assign_first(db, visit, p.id, &o)) != ERR_OK)
		return e;
	if ((e = password_hash(d->arena, visit->password, &hash)) != ERR_OK)
		return e;
	return credential_set(db, p.id, hash, d->end);
}

/* SECURITY: readable by the owner only, from its first byte on. */
static enum err
write_accounts(struct demo *d, const char *const *passwords)
{
	const char *path =
	    arena_printf(d->arena, "%s/demo-accounts.txt", d->site->var);
	size_t i;
	FILE *f;
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1 || (f = fdopen(fd, "w")) == NULL) {
		log_error("demo", "%s: %s", path, strerror(errno));
		return ERR_INTERNAL;
	}
	for (i = 0; i < sizeof(visitors) / sizeof(visitors[0]); i++)
		fprintf(f, "%s\t%s\t%s\n", visitors[i].kind, visitors[i].email,
		    passwords[i]);
	if (fflush(f) != 0 || fsync(fd) == -1 || fclose(f) != 0) {
		log_error("demo", "%s: %s", path, strerror(errno));
		return ERR_INTERNAL;
	}
	return ERR_OK;
}

enum err
demo_accounts(struct demo *d)
{
	const char *passwords[sizeof(visitors) / sizeof(visitors[0])];
	size_t i;
	enum err e;

	for (i = 0; i < sizeof(visitors) / sizeof(visitors[0]); i++) {
		struct visit visit = {d, &visitors[i], NULL, i + 1};

		visit.password = passwords[i] = password_random(d->arena);
		if ((e = db_write(d->db, add_visitor, &visit)) != ERR_OK)
			return e;
	}
	return write_accounts(d, passwords);
}

/* --------------------------------------------------------------- the whole */

static enum err
mark_as_demo(struct db *db, void *ctx)
{
	(void)ctx;
	return db_exec(
	    db, Q_SETTING_PUT, DB_ARGS(db_text("demo"), db_text("1")), NULL);
}

static enum err
make(struct demo *d)
{
	enum err e;

	/* marked first: what is half made is a demo as well */
	if ((e = db_write(d->db, mark_as_demo, NULL)) != ERR_OK)
		return e;
	demo_plan(d);
	if ((e = demo_found(d)) != ERR_OK || (e = demo_live(d)) != ERR_OK)
		return e;
	return demo_accounts(d);
}

enum err
demo_make(struct db *db, const struct site *site, int64_t people,
    void (*progress)(const char *what, int percent))
{
	static const uint8_t seed[DIGEST_BYTES] = "tanren demo sector 1";
	struct demo d = {
	    .db = db,
	    .site = site,
	    .people = people,
	    .progress = progress,
	};
	int64_t there, today = clock_now();
	enum err e;

	if ((e = db_one_int(db, Q_PERSON_COUNT, DB_NO_ARGS, &there)) != ERR_OK)
		return e;
	if (there > 0)
		return ERR_CONFLICT;
	if ((d.content = content_current(site->content)) == NULL)
		return ERR_UNAVAILABLE;
	d.arena = arena_new();
	d.end = today;
	d.start = date_start(date_of(today)) - DEMO_DAYS * DAY_MS;
	draw_start(&d.draw, seed);
	e = make(&d);
	arena_free(d.arena);
	content_release(d.content);
	return e;
}
