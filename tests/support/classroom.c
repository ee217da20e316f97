/* A class by acts, and runs by rows that jobs would have made. */
#include "support/classroom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "base/clock.h"
#include "db/db.h"
#include "lab/lab.h"
#include "people/people.h"
#include "people/person.h"
#include "support/sql.h"

static const struct route *const rooms[] = {lab_routes, people_routes, NULL};

static const struct {
	const char *name, *grant;
	bool other;
} plan[CLASSROOM_PERSONS] = {
    [LEARNER] = {"山田 太郎", NULL, false},
    [SECOND] = {"鈴木 花子", NULL, false},
    [MANAGER] = {"研修 花子", "training_manager", false},
    [INSTRUCTOR] = {"講師 一郎", "instructor", false},
    [OTHER_LEARNER] = {"他行 次郎", NULL, true},
    [OTHER_MANAGER] = {"他行 三郎", "training_manager", true},
};

static enum err
add_grants(struct db *db, void *ctx)
{
	struct classroom *c = ctx;
	struct organisation o = {
	    .kind = "institution",
	    .code = "0999",
	    .name = {{"架空第九銀行", "Fictional Bank 9"}},
	    .category = "RGB",
	    .created_at = c->f->now,
	};
	enum err e;
	int i;

	e = organisation_add(db, &o);
	c->other = o.id;
	for (i = 0; i < CLASSROOM_PERSONS && e == ERR_OK; i++)
		if (plan[i].grant != NULL)
			e = role_grant_add(db, c->persons[i],
			    plan[i].other ? c->other : c->p.organisation,
			    plan[i].grant, "institution", "", c->f->now);
	return e;
}

static void
run_sql(struct classroom *c, const char *sql)
{
	fixture_sql(c->f, sql);
}

void
classroom_open(struct classroom *c, struct fixture *f)
{
	struct arena *a = f->arena;
	int i;

	*c = (struct classroom){.f = f};
	pages_open(&c->p, f, "tests/lab/tree", rooms);
	for (i = 0; i < CLASSROOM_PERSONS; i++)
		c->persons[i] =
		    pages_person(&c->p, plan[i].name, "T-SOC", "technician");
	assert_int_equal(db_write(f->db, add_grants, c), ERR_OK);
	for (i = 0; i < CLASSROOM_PERSONS; i++)
		if (plan[i].other)
			run_sql(c,
			    arena_printf(a,
				"UPDATE membership SET organisation = %lld"
				" WHERE person = %lld",
				(long long)c->other, (long long)c->persons[i]));
}

void
classroom_close(struct classroom *c)
{
	browser_close(&c->b);
	pages_close(&c->p);
}

void
classroom_as(struct classroom *c, enum classroom_person who, enum lang lang)
{
	browser_close(&c->b);
	browser_open(&c->b, &c->p, c->persons[who], lang);
	assert_int_equal(browser_get(&c->b, "/account"), 200);
}

void
classroom_run(struct classroom *c, enum classroom_person who, int64_t id,
    int draw, const char *state, int minutes_ago)
{
	long long at = (long long)(c->f->now - minutes_ago * MINUTE_MS);

	run_sql(c,
	    arena_printf(c->f->arena,
		"INSERT INTO lab_run (id, person, organisation, lab, manifest,"
		" draw, state, isolation, created_at, ready_at, active_at,"
		" hints) VALUES (%lld, %lld, %lld, 'L91', '%s', %d, '%s',"
		" 'A own-range v1', %lld, %lld, %lld, '')",
		(long long)id, (long long)c->persons[who],
		(long long)(plan[who].other ? c->other : c->p.organisation),
		content_manifest(pages_content(&c->p)), draw, state, at, at,
		at));
}

void
classroom_graded(struct classroom *c, enum classroom_person who, int64_t run,
    int number, int points)
{
	run_sql(c,
	    arena_printf(c->f->arena,
		"INSERT INTO lab_submission (id, run, person, number, state,"
		" submitted_at, graded_at, points, result) VALUES (%lld, %lld,"
		" %lld, %d, 'graded', 1, 1, %d, '"
		"{\"id\":\"c1\",\"points\":60,\"message\":\"c1_ok\"}\n"
		"{\"id\":\"c2\",\"points\":%d,\"message\":\"c2_ok\"}\n"
		"{\"hints\":0}')",
		(long long)run * 10 + number, (long long)run,
		(long long)c->persons[who], number, points, points - 60));
}

int64_t
classroom_int(struct classroom *c, const char *sql)
{
	return fixture_sql_int(c->f, sql);
}

void
classroom_shows(struct classroom *c, const char *text)
{
	if (!browser_shows(&c->b, text))
		fail_msg("no \"%s\" in %s", text, buf_text(&c->b.re.body));
}
