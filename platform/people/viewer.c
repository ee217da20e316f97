/* From a session to the viewer, and from a viewer to scopes. */
#include "people/viewer.h"

#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "http/later.h"
#include "http/site.h"
#include "people/sign_in.h"

static const char *const grant_names[ROLE__MAX] = {
    [ROLE_LEARNER] = "learner",
    [ROLE_LINE_MANAGER] = "line_manager",
    [ROLE_TRAINING_MANAGER] = "training_manager",
    [ROLE_INSTRUCTOR] = "instructor",
    [ROLE_AUTHOR] = "author",
    [ROLE_REVIEWER] = "reviewer",
    [ROLE_ASSESSOR] = "assessor",
    [ROLE_EXERCISE_CONTROLLER] = "exercise_controller",
    [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_OPERATOR] = "operator",
};

/* A session in use stays alive; written now and then, nobody waits for it. */
struct touch {
	uint8_t session[DIGEST_BYTES];
	int64_t now;
};

static enum err
session_touch(struct db *db, void *context)
{
	const struct touch *t = context;

	return db_exec(db, Q_SESSION_TOUCH,
	    DB_ARGS(db_bytes(t->session, DIGEST_BYTES), db_int(t->now)), NULL);
}

static void
touch_later(const struct req *r, const struct viewer *v)
{
	struct touch t = {.now = r->now};

	memcpy(t.session, v->session, DIGEST_BYTES);
	write_later(r, session_touch, &t, sizeof(t));
}

static enum err
find_grants(struct req *r, struct viewer *v)
{
	struct db_rows *rows;
	const char *kind;
	enum err e;
	unsigned i;

	v->roles = ROLE_BIT(ROLE_LEARNER);
	e = db_rows(r->db, Q_VIEWER_GRANTS,
	    DB_ARGS(db_int(v->person), db_int(v->organisation), db_int(r->now)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		kind = db_col_text(rows, 0, r->arena);
		for (i = 0; i < ROLE__MAX; i++)
			if (text_eq(kind, grant_names[i]))
				v->roles |= ROLE_BIT(i);
	}
	return db_done(rows);
}

/* The key of the session's forms follows from the session alone. */
static void
csrf_key(const struct site *site, struct viewer *v)
{
	uint8_t in[4 + DIGEST_BYTES] = {'c', 's', 'r', 'f'};

	memcpy(in + 4, v->session, DIGEST_BYTES);
	digest_hmac(site->secret, in, sizeof(in), v->csrf_key);
}

static enum err
find_session(struct req *r, struct viewer *v, int64_t *seen_at, bool *found)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(r->db, Q_VIEWER_FIND,
	    DB_ARGS(db_bytes(v->session, DIGEST_BYTES), db_int(r->now),
		db_int(r->now - SESSION_IDLE_MS)),
	    &rows);
	if (e != ERR_OK)
		return e;
	if ((*found = db_next(rows))) {
		v->person = db_col_int(rows, 0);
		*seen_at = db_col_int(rows, 1);
		v->name = db_col_text(rows, 2, r->arena);
		v->lang = text_eq(db_col_text(rows, 3, r->arena), "en")
		    ? LANG_EN
		    : LANG_JA;
		v->membership = db_col_int(rows, 4);
		v->organisation = db_col_int(rows, 5);
		v->work_role = db_col_text(rows, 6, r->arena);
		v->tier = db_col_text(rows, 7, r->arena);
		v->organisation_kind = db_col_text(rows, 8, r->arena);
		v->organisation_name.in[LANG_JA] =
		    db_col_text(rows, 9, r->arena);
		v->organisation_name.in[LANG_EN] =
		    db_col_text(rows, 10, r->arena);
		v->category = db_col_text(rows, 11, r->arena);
		v->leads = db_col_int(rows, 12) != 0;
	}
	return db_done(rows);
}

enum err
viewer_find(struct req *r)
{
	uint8_t token[DIGEST_BYTES];
	const char *cookie;
	struct viewer *v;
	int64_t seen_at = 0;
	bool found;
	enum err e;

	r->viewer = NULL;
	cookie = cookie_value(r->arena, r->cookies, SESSION_COOKIE);
	if (cookie == NULL || !base64url_decode(cookie, token, sizeof(token)))
		return ERR_OK;
	v = ARENA_NEW(r->arena, struct viewer);
	digest_sha256(token, sizeof(token), v->session);
	if ((e = find_session(r, v, &seen_at, &found)) != ERR_OK || !found)
		return e;
	if ((e = find_grants(r, v)) != ERR_OK)
		return e;
	csrf_key(r->site, v);
	if (r->now - seen_at > SESSION_TOUCH_MS)
		touch_later(r, v);
	r->viewer = v;
	return ERR_OK;
}

/* ---------------------------------------------------------------- scopes */

struct scope
scope_own(const struct req *r)
{
	return (struct scope){
	    .reach = r->viewer == NULL ? SCOPE_NOTHING : SCOPE_OWN,
	    .person = r->viewer == NULL ? 0 : r->viewer->person,
	    .organisation = r->viewer == NULL ? 0 : r->viewer->organisation,
	    .now = r->now,
	};
}

struct scope
scope_managed(const struct req *r)
{
	struct scope s = scope_own(r);

	s.reach = viewer_is(r->viewer, ROLE_TRAINING_MANAGER)
	    ? SCOPE_ORGANISATION
	    : SCOPE_NOTHING;
	return s;
}

struct scope
scope_class(const struct req *r)
{
	struct scope s = scope_own(r);

	s.reach = viewer_is(r->viewer, ROLE_TRAINING_MANAGER) ||
		viewer_is(r->viewer, ROLE_INSTRUCTOR)
	    ? SCOPE_ORGANISATION
	    : SCOPE_NOTHING;
	return s;
}

struct scope
scope_team(const struct req *r)
{
	struct scope s = scope_own(r);

	s.reach =
	    r->viewer != NULL && r->viewer->leads ? SCOPE_TEAM : SCOPE_NOTHING;
	return s;
}

struct scope
scope_supervised(const struct req *r)
{
	struct scope s = scope_own(r);

	s.reach = viewer_is(r->viewer, ROLE_SUPERVISOR) ? SCOPE_GRANTED
							: SCOPE_NOTHING;
	return s;
}
