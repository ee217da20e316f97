/* Signing in, throttling, sessions, one-time links, grants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/password.h"
#include "http/site.h"
#include "people/account.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "people/throttle.h"
#include "people/viewer.h"
#include "support/fixture.h"
#include "support/sql.h"

#define PASSWORD "correct horse battery"
#define MAIL "hanako@bank.example"

struct world {
	struct fixture *f;
	struct site site;
	int64_t organisation, person, membership, other;
	/* what the last sign-in answered */
	const char *token;
	int wait_seconds;
	const char *next_device;
	/* where the next one comes from */
	const char *address, *device;
};

static enum err
add_person(struct db *db, struct world *w, const char *email,
    const char *number, int64_t *id, int64_t *membership)
{
	struct person p = {
	    .email = email, .name = "佐藤 花子", .kana = "", .lang = LANG_JA};
	struct membership m = {
	    .organisation = w->organisation,
	    .employee_number = number,
	    .department = "",
	    .role = "T-SOC",
	    .tier = "technician",
	    .from_at = w->f->now,
	};
	enum err e;

	if ((e = person_add(db, &p, w->f->now)) != ERR_OK)
		return e;
	*id = m.person = p.id;
	e = membership_add(db, &m, w->f->now);
	*membership = m.id;
	return e;
}

static enum err
settle(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct organisation o = {
	    .kind = "institution",
	    .code = "B12",
	    .name = {.in = {"甲銀行", "Bank A"}},
	    .category = "RGB",
	    .size_band = 2,
	    .created_at = w->f->now,
	};
	int64_t ignored;
	char *hash;
	enum err e;

	if ((e = organisation_add(db, &o)) != ERR_OK)
		return e;
	w->organisation = o.id;
	e = add_person(db, w, MAIL, "A001", &w->person, &w->membership);
	if (e == ERR_OK)
		e = add_person(db, w, "", "A002", &w->other, &ignored);
	if (e == ERR_OK)
		e = password_hash(w->f->arena, PASSWORD, &hash);
	if (e == ERR_OK)
		e = credential_set(db, w->person, hash, w->f->now);
	return e;
}

static void
open_world(struct world *w, struct fixture *f)
{
	*w = (struct world){
	    .f = f,
	    .site = {.origin = "https://tanren.example", .secret = {1}},
	    .address = "192.0.2.1",
	};
	assert_int_equal(db_write(f->db, settle, w), ERR_OK);
}

static enum err
try_with(struct world *w, const char *identifier, const char *password,
    const char *old_token)
{
	struct sign_in in = {
	    .identifier = identifier,
	    .password = password,
	    .address = w->address,
	    .old_token = old_token,
	    .device = w->device,
	};
	const char *device;
	enum err e;

	w->token = NULL;
	w->wait_seconds = -1;
	e = sign_in(&w->site, w->f->db, &in, w->f->now, w->f->arena, &w->token,
	    &device, &w->wait_seconds);
	if (e == ERR_OK)
		w->next_device = device;
	return e;
}

static enum err
try(struct world *w, const char *identifier, const char *password)
{
	return try_with(w, identifier, password, NULL);
}

/* Who a cookie stands for; NULL: nobody. */
static const struct viewer *
viewer_with(struct world *w, const char *token)
{
	struct req r = {
	    .cookies = arena_printf(
		w->f->arena, SESSION_COOKIE "=%s", token == NULL ? "" : token),
	    .site = &w->site,
	    .db = w->f->db,
	    .arena = w->f->arena,
	    .now = w->f->now,
	};

	assert_int_equal(viewer_find(&r), ERR_OK);
	return r.viewer;
}

/* ------------------------------------------------------------------ accounts
 */

static void
account_is_found_however_it_is_typed(void **state)
{
	static const char *const ways[] = {MAIL, "Hanako@BANK.example",
	    "  hanako@bank.example　", "B12-A001", "b12-a001", "B12/A001",
	    "B12 A001", "B12 - A001", "Ｂ１２－Ａ００１", "Ｂ１２　ａ００１",
	    "ｈａｎａｋｏ＠ｂａｎｋ．ｅｘａｍｐｌｅ"};
	struct world w;
	size_t i;

	open_world(&w, *state);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (try(&w, ways[i], PASSWORD) != ERR_OK)
			fail_msg("\"%s\"", ways[i]);
		assert_non_null(viewer_with(&w, w.token));
		assert_true(viewer_with(&w, w.token)->person == w.person);
	}
}

static void
wrong_and_unknown_get_the_same_answer(void **state)
{
	static const char *const unknown[] = {"nobody@bank.example", "B12-A999",
	    "B99-A001", "B12", "B12-", "-A001", "-", "",
	    "B12-A002" /* never set a password */};
	struct world w;
	size_t i;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, "wrong"), ERR_INVALID);
	assert_null(w.token);
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_int_equal(try(&w, unknown[i], PASSWORD), ERR_INVALID);
		assert_null(w.token);
		assert_int_equal(w.wait_seconds, -1);
	}
}

/* ---------------------------------------------------------------- throttling
 */

static void
fail_times(struct world *w, const char *identifier, int n)
{
	while (n-- > 0)
		assert_int_equal(try(w, identifier, "wrong"), ERR_INVALID);
}

static void
account_waits_1_2_4_8_15_minutes_after_five_tries(void **state)
{
	static const int waits[] = {1, 2, 4, 8, 15, 15, 15, 15};
	struct world w;
	size_t i;

	open_world(&w, *state);
	fail_times(&w, MAIL, 5);
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		/* also with the right password */
		assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
		assert_int_equal(w.wait_seconds, waits[i] * 60);
		w.f->now += waits[i] * MINUTE_MS - 1;
		assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
		assert_int_equal(w.wait_seconds, 1);
		w.f->now++;
		fail_times(&w, MAIL, 1);
	}
}

static void
unknown_account_waits_as_a_known_one(void **state)
{
	struct world w;

	open_world(&w, *state);
	fail_times(&w, "B12-A999", 5);
	assert_int_equal(try(&w, "B12-A999", "x"), ERR_THROTTLED);
	assert_int_equal(w.wait_seconds, 60);
	/* nobody else waits for that */
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
}

static void
another_spelling_is_not_another_try(void **state)
{
	struct world w;

	open_world(&w, *state);
	fail_times(&w, "B12-A001", 1);
	fail_times(&w, "b12/a001", 1);
	fail_times(&w, "B12 A001", 1);
	fail_times(&w, " Ｂ１２--A001 ", 1);
	fail_times(&w, "B12/-A001", 1);
	assert_int_equal(try(&w, "b12-A001", PASSWORD), ERR_THROTTLED);
}

static void
success_forgives_the_failures_before(void **state)
{
	struct world w;

	open_world(&w, *state);
	fail_times(&w, MAIL, 4);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	fail_times(&w, MAIL, 4);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
}

static void
failures_are_forgotten_after_a_quiet_window(void **state)
{
	struct world w;

	open_world(&w, *state);
	fail_times(&w, MAIL, 5);
	w.f->now += MINUTE_MS + THROTTLE_WINDOW_MS + 1;
	fail_times(&w, MAIL, 4);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
}

static void
fail_from_here(struct world *w, int n)
{
	while (n-- > 0)
		assert_int_equal(
		    try(w,
			arena_printf(w->f->arena, "list%d-%lld@x.example", n,
			    (long long)id_new()),
			"wrong"),
		    ERR_INVALID);
}

static void
a_list_of_passwords_from_one_address_stops_at_a_hundred(void **state)
{
	struct world w;

	open_world(&w, *state);
	fail_from_here(&w, THROTTLE_ADDRESS_TRIES);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
	assert_int_equal(w.wait_seconds, 60);
	w.address = "192.0.2.2";
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
}

static void
a_known_device_gets_in_while_its_address_is_stopped(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	fail_from_here(&w, THROTTLE_ADDRESS_TRIES);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
	w.device = w.next_device;
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	/* it speaks for its own account only */
	assert_int_equal(try(&w, "nobody@x.example", "wrong"), ERR_THROTTLED);
	w.device = "AAAA";
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
}

/* Who knows a mail address or a number can keep strangers out, not its owner.
 */
static void
a_known_device_has_tries_of_its_own(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	fail_times(&w, MAIL, 3);
	fail_times(&w, "B12-A001", 2); /* the same person: five in all */
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
	assert_int_equal(try(&w, "B12-A001", PASSWORD), ERR_THROTTLED);
	w.device = w.next_device;
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	/* it is no way around: the device has five, too */
	fail_times(&w, MAIL, THROTTLE_ACCOUNT_TRIES);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_THROTTLED);
}

static void
a_bank_behind_one_address_stays_open(void **state)
{
	struct world w;
	int i;

	open_world(&w, *state);
	for (i = 0; i < 30; i++) {
		fail_from_here(&w, 9);
		assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	}
}

/* Whoever reads the table learns neither accounts nor addresses. */
static void
throttle_keys_name_nobody(void **state)
{
	struct world w;

	open_world(&w, *state);
	fail_times(&w, MAIL, 1);
	/* both keys are 32 hex digits: nothing that was typed */
	fixture_sql(w.f,
	    "DELETE FROM throttle WHERE length(key) = 32"
	    " AND replace(key, '@', '') = key");
	fail_times(&w, MAIL, 4);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
}

/* ------------------------------------------------------------------ sessions
 */

static void
session_ends_after_two_idle_hours(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	w.f->now += SESSION_IDLE_MS - 1;
	assert_non_null(viewer_with(&w, w.token)); /* and stays alive by it */
	w.f->now += SESSION_IDLE_MS - 1;
	assert_non_null(viewer_with(&w, w.token));
	w.f->now += SESSION_IDLE_MS;
	assert_null(viewer_with(&w, w.token));
}

static void
session_ends_after_twelve_hours_however_busy(void **state)
{
	int64_t end;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	end = w.f->now + SESSION_ABSOLUTE_MS;
	for (; w.f->now < end; w.f->now += HOUR_MS)
		assert_non_null(viewer_with(&w, w.token));
	w.f->now = end - 1;
	assert_non_null(viewer_with(&w, w.token));
	w.f->now = end;
	assert_null(viewer_with(&w, w.token));
}

static void
signing_in_again_ends_the_session_before(void **state)
{
	const char *first, *elsewhere;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	elsewhere = w.token;
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	first = w.token;
	assert_int_equal(try_with(&w, MAIL, PASSWORD, first), ERR_OK);
	assert_string_not_equal(first, w.token);
	assert_null(viewer_with(&w, first));
	assert_non_null(viewer_with(&w, w.token));
	assert_non_null(viewer_with(&w, elsewhere));
	/* a failure ends nothing */
	first = w.token;
	assert_int_equal(try_with(&w, MAIL, "wrong", first), ERR_INVALID);
	assert_non_null(viewer_with(&w, first));
}

static enum err
close_session(struct db *db, void *ctx)
{
	return session_close(db, ((const struct viewer *)ctx)->session);
}

static void
signing_out_ends_the_session(void **state)
{
	struct viewer v;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	v = *viewer_with(&w, w.token);
	assert_int_equal(db_write(w.f->db, close_session, &v), ERR_OK);
	assert_null(viewer_with(&w, w.token));
}

static void
only_a_hash_of_the_token_is_stored(void **state)
{
	uint8_t token[DIGEST_BYTES], hash[DIGEST_BYTES];
	const struct viewer *v;
	const char *stolen;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	assert_true(base64url_decode(w.token, token, sizeof(token)));
	digest_sha256(token, sizeof(token), hash);
	v = viewer_with(&w, w.token);
	assert_memory_equal(v->session, hash, sizeof(hash));
	/* who steals the table has nothing to sign in with */
	stolen = base64url_encode(w.f->arena, hash, sizeof(hash));
	assert_null(viewer_with(&w, stolen));
	assert_null(viewer_with(&w, "short"));
	assert_null(viewer_with(&w, NULL));
}

static enum err
set_another_password(struct db *db, void *ctx)
{
	struct world *w = ctx;
	char *hash;
	enum err e;

	if ((e = password_hash(w->f->arena, "another " PASSWORD, &hash)) !=
	    ERR_OK)
		return e;
	return credential_set(db, w->person, hash, w->f->now);
}

static void
another_password_ends_all_sessions(void **state)
{
	const char *one, *two;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	one = w.token;
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	two = w.token;
	assert_int_equal(db_write(w.f->db, set_another_password, &w), ERR_OK);
	assert_null(viewer_with(&w, one));
	assert_null(viewer_with(&w, two));
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_INVALID);
	assert_int_equal(try(&w, MAIL, "another " PASSWORD), ERR_OK);
}

/* --------------------------------------------------------------------- links
 */

struct linking {
	struct world *w;
	enum link_purpose purpose;
	const char *token;
	const char *identifier;
	int64_t person;
};

static enum err
send_link(struct db *db, void *ctx)
{
	struct linking *l = ctx;

	return link_send(db, &l->w->site, l->w->person, l->purpose,
	    l->w->f->now, l->w->f->arena);
}

static enum err
use_link(struct db *db, void *ctx)
{
	struct linking *l = ctx;

	return link_use(db, l->token, l->w->f->now, &l->person);
}

static enum err
forgot(struct db *db, void *ctx)
{
	struct linking *l = ctx;

	return password_forgotten(
	    db, &l->w->site, l->identifier, l->w->f->now, l->w->f->arena);
}

/* Mails that wait; the token in the newest of them. */
static int
mails(struct world *w, const char **token)
{
	struct arena *a = w->f->arena;
	struct db_rows *rows;
	const char *body, *at;
	int n = 0;

	*token = NULL;
	assert_int_equal(
	    db_rows(w->f->db, Q_OUTBOX_RECENT, DB_ARGS(db_int(100)), &rows),
	    ERR_OK);
	while (db_next(rows)) {
		body = db_col_text(rows, 4, a);
		at = strstr(body, "https://tanren.example/links/");
		assert_non_null(at);
		at += strlen("https://tanren.example/links/");
		if (n++ == 0)
			*token = arena_strndup(a, at, strcspn(at, " \r\n"));
	}
	assert_int_equal(db_done(rows), ERR_OK);
	return n;
}

static enum err
find_link(struct world *w, const char *token)
{
	const char *name;
	int64_t person;

	return link_find(
	    w->f->db, token, w->f->now, w->f->arena, &person, &name);
}

static void
link_is_used_once(void **state)
{
	struct world w;
	struct linking l = {&w, LINK_INVITE, NULL, NULL, 0};

	open_world(&w, *state);
	assert_int_equal(db_write(w.f->db, send_link, &l), ERR_OK);
	assert_int_equal(mails(&w, &l.token), 1);
	assert_int_equal(find_link(&w, l.token), ERR_OK);
	assert_int_equal(db_write(w.f->db, use_link, &l), ERR_OK);
	assert_true(l.person == w.person);
	assert_int_equal(find_link(&w, l.token), ERR_GONE);
	assert_int_equal(db_write(w.f->db, use_link, &l), ERR_GONE);
}

static void
links_expire(void **state)
{
	static const struct {
		enum link_purpose purpose;
		int64_t lives_ms;
	} cases[] = {{LINK_INVITE, 14 * DAY_MS}, {LINK_RESET, HOUR_MS}};
	struct world w;
	struct linking l = {.w = &w};
	size_t i;

	open_world(&w, *state);
	for (i = 0; i < 2; i++) {
		l.purpose = cases[i].purpose;
		assert_int_equal(db_write(w.f->db, send_link, &l), ERR_OK);
		(void)mails(&w, &l.token);
		w.f->now += cases[i].lives_ms - 1;
		assert_int_equal(find_link(&w, l.token), ERR_OK);
		w.f->now++;
		assert_int_equal(find_link(&w, l.token), ERR_GONE);
		assert_int_equal(db_write(w.f->db, use_link, &l), ERR_GONE);
	}
}

static void
a_new_link_ends_the_old_one(void **state)
{
	struct world w;
	struct linking l = {&w, LINK_INVITE, NULL, NULL, 0};
	const char *old;

	open_world(&w, *state);
	assert_int_equal(db_write(w.f->db, send_link, &l), ERR_OK);
	(void)mails(&w, &old);
	l.purpose = LINK_RESET;
	assert_int_equal(db_write(w.f->db, send_link, &l), ERR_OK);
	(void)mails(&w, &l.token);
	assert_string_not_equal(old, l.token);
	assert_int_equal(find_link(&w, old), ERR_GONE);
	assert_int_equal(find_link(&w, l.token), ERR_OK);
}

static void
wrong_tokens_are_gone(void **state)
{
	static const char *const tokens[] = {"", "x",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "../../etc",
	    "鍛錬"};
	struct world w;
	struct linking l = {.w = &w};
	size_t i;

	open_world(&w, *state);
	for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		l.token = tokens[i];
		assert_int_equal(find_link(&w, l.token), ERR_GONE);
		assert_int_equal(db_write(w.f->db, use_link, &l), ERR_GONE);
	}
}

static void
forgotten_says_the_same_for_everybody(void **state)
{
	static const struct {
		const char *identifier;
		int mails; /* in the outbox afterwards */
	} cases[] = {
	    {"nobody@bank.example", 0},
	    {"", 0},
	    {"-", 0},
	    {"B12-A002", 0}, /* has no mail address */
	    {"Hanako@bank.example", 1},
	};
	struct world w;
	struct linking l = {.w = &w};
	size_t i;

	open_world(&w, *state);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		l.identifier = cases[i].identifier;
		assert_int_equal(db_write(w.f->db, forgot, &l), ERR_OK);
		assert_int_equal(mails(&w, &l.token), cases[i].mails);
	}
}

/* Anybody can ask for anybody: neither mails nor broken links pile up. */
static void
forgotten_again_and_again_sends_one_link(void **state)
{
	struct world w;
	struct linking l = {.w = &w, .identifier = MAIL};
	const char *first;
	int i;

	open_world(&w, *state);
	for (i = 0; i < 10; i++)
		assert_int_equal(db_write(w.f->db, forgot, &l), ERR_OK);
	assert_int_equal(mails(&w, &first), 1);
	assert_int_equal(find_link(&w, first), ERR_OK);
	w.f->now += LINK_PAUSE_MS;
	assert_int_equal(db_write(w.f->db, forgot, &l), ERR_OK);
	assert_int_equal(mails(&w, &l.token), 2);
	/* used up: no mail waits with it, and the next one is sent at once */
	assert_int_equal(db_write(w.f->db, use_link, &l), ERR_OK);
	assert_int_equal(mails(&w, &l.token), 0);
	assert_int_equal(db_write(w.f->db, forgot, &l), ERR_OK);
	assert_int_equal(mails(&w, &l.token), 1);
}

/* -------------------------------------------------------------------- viewer
 */

static enum err
grant(struct db *db, void *ctx)
{
	struct world *w = ctx;

	return role_grant_add(db, w->person, w->organisation,
	    "training_manager", "institution", "", w->f->now + HOUR_MS);
}

static void
viewer_has_the_grants_of_now(void **state)
{
	const struct viewer *v;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(db_write(w.f->db, grant, &w), ERR_OK);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	v = viewer_with(&w, w.token);
	assert_true(v->organisation == w.organisation);
	assert_string_equal(v->name, "佐藤 花子");
	assert_string_equal(v->tier, "technician");
	assert_string_equal(v->organisation_name.in[LANG_EN], "Bank A");
	assert_false(viewer_is(v, ROLE_TRAINING_MANAGER)); /* not yet */
	w.f->now += HOUR_MS;
	v = viewer_with(&w, w.token);
	assert_true(viewer_is(v, ROLE_TRAINING_MANAGER));
	assert_false(viewer_is(v, ROLE_SUPERVISOR));
	assert_false(viewer_is(v, ROLE_OPERATOR));
	fixture_sql(w.f,
	    arena_printf(w.f->arena, "UPDATE role_grant SET until_at = %lld",
		(long long)(w.f->now + MINUTE_MS)));
	w.f->now += MINUTE_MS - 1;
	v = viewer_with(&w, w.token);
	assert_true(viewer_is(v, ROLE_TRAINING_MANAGER));
	w.f->now++;
	v = viewer_with(&w, w.token);
	assert_false(viewer_is(v, ROLE_TRAINING_MANAGER));
}

static enum err
end_membership(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct scope other = {
	    .reach = SCOPE_ORGANISATION,
	    .organisation = w->organisation + 1,
	    .now = w->f->now,
	};
	struct scope own = other;

	own.organisation = w->organisation;
	/* another institution cannot end it, and only once */
	if (membership_end(db, other, w->membership, w->f->now) !=
	    ERR_NOT_FOUND)
		return ERR_INTERNAL;
	if (membership_end(db, own, w->membership, w->f->now) != ERR_OK)
		return ERR_INTERNAL;
	return membership_end(db, own, w->membership, w->f->now) == ERR_CONFLICT
	    ? ERR_OK
	    : ERR_INTERNAL;
}

static void
end_of_membership_ends_sessions_and_grants(void **state)
{
	const struct viewer *v;
	struct world w;
	struct linking l = {&w, LINK_INVITE, NULL, NULL, 0};

	open_world(&w, *state);
	assert_int_equal(db_write(w.f->db, grant, &w), ERR_OK);
	w.f->now += HOUR_MS;
	assert_int_equal(db_write(w.f->db, send_link, &l), ERR_OK);
	assert_int_equal(mails(&w, &l.token), 1);
	assert_int_equal(find_link(&w, l.token), ERR_OK);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	assert_int_equal(db_write(w.f->db, end_membership, &w), ERR_OK);
	assert_null(viewer_with(&w, w.token));
	assert_int_equal(find_link(&w, l.token), ERR_GONE);
	/* the person stays, without an institution and without its powers */
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	v = viewer_with(&w, w.token);
	assert_int_equal(v->organisation, 0);
	assert_int_equal(v->roles, ROLE_BIT(ROLE_LEARNER));
	/* the number is no account any more */
	assert_int_equal(try(&w, "B12-A001", PASSWORD), ERR_INVALID);
}

static void
erased_person_is_nobody(void **state)
{
	const char *token;
	struct world w;

	open_world(&w, *state);
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_OK);
	token = w.token;
	fixture_sql(w.f,
	    arena_printf(w.f->arena,
		"UPDATE person SET erased_at = 1 WHERE id = %lld",
		(long long)w.person));
	assert_null(viewer_with(&w, token));
	assert_int_equal(try(&w, MAIL, PASSWORD), ERR_INVALID);
	assert_int_equal(try(&w, "B12-A001", PASSWORD), ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(account_is_found_however_it_is_typed),
	    ON_BOTH_ENGINES(wrong_and_unknown_get_the_same_answer),
	    ON_BOTH_ENGINES(account_waits_1_2_4_8_15_minutes_after_five_tries),
	    ON_BOTH_ENGINES(unknown_account_waits_as_a_known_one),
	    ON_BOTH_ENGINES(another_spelling_is_not_another_try),
	    ON_BOTH_ENGINES(success_forgives_the_failures_before),
	    ON_BOTH_ENGINES(failures_are_forgotten_after_a_quiet_window),
	    ON_BOTH_ENGINES(
		a_list_of_passwords_from_one_address_stops_at_a_hundred),
	    ON_BOTH_ENGINES(a_known_device_has_tries_of_its_own),
	    ON_SQLITE(a_known_device_gets_in_while_its_address_is_stopped),
	    ON_SQLITE(a_bank_behind_one_address_stays_open),
	    ON_BOTH_ENGINES(throttle_keys_name_nobody),
	    ON_BOTH_ENGINES(session_ends_after_two_idle_hours),
	    ON_BOTH_ENGINES(session_ends_after_twelve_hours_however_busy),
	    ON_BOTH_ENGINES(signing_in_again_ends_the_session_before),
	    ON_BOTH_ENGINES(signing_out_ends_the_session),
	    ON_BOTH_ENGINES(only_a_hash_of_the_token_is_stored),
	    ON_BOTH_ENGINES(another_password_ends_all_sessions),
	    ON_BOTH_ENGINES(link_is_used_once),
	    ON_BOTH_ENGINES(links_expire),
	    ON_BOTH_ENGINES(a_new_link_ends_the_old_one),
	    ON_BOTH_ENGINES(wrong_tokens_are_gone),
	    ON_BOTH_ENGINES(forgotten_says_the_same_for_everybody),
	    ON_BOTH_ENGINES(forgotten_again_and_again_sends_one_link),
	    ON_BOTH_ENGINES(viewer_has_the_grants_of_now),
	    ON_BOTH_ENGINES(end_of_membership_ends_sessions_and_grants),
	    ON_BOTH_ENGINES(erased_person_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
