/* One-time links: invitations and password resets. */
#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "http/message.h"
#include "http/site.h"
#include "http/url.h"
#include "people/account.h"
#include "people/sign_in.h"
#include "record/record.h"

static const struct {
	const char *name;
	int64_t lives_ms;
	enum message subject, body;
} purposes[] = {
    [LINK_INVITE] = {"invite", LINK_INVITE_MS, M_people_invite_subject,
	M_people_invite_body},
    [LINK_RESET] = {"reset", LINK_RESET_MS, M_people_reset_subject,
	M_people_reset_body},
};

struct addressee {
	const char *name;
	bool has_email;
	enum lang lang;
};

static enum err
find_addressee(
    struct db *db, int64_t person, struct arena *a, struct addressee *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_LINK_PERSON, DB_ARGS(db_int(person)), &row);
	if (e != ERR_OK)
		return e;
	out->name = db_col_text(row, 0, a);
	out->has_email = !db_col_is_null(row, 1);
	out->lang = text_eq(db_col_text(row, 2, a), "en") ? LANG_EN : LANG_JA;
	return db_done(row);
}

enum err
links_end(struct db *db, int64_t person, int64_t now)
{
	return db_exec(
	    db, Q_LINK_END, DB_ARGS(db_int(person), db_int(now)), NULL);
}

enum err
link_send(struct db *db, const struct site *site, int64_t person,
    enum link_purpose purpose, int64_t now, struct arena *a)
{
	uint8_t secret[DIGEST_BYTES], hash[DIGEST_BYTES];
	int64_t expires_at = now + purposes[purpose].lives_ms;
	struct addressee to;
	struct url u;
	enum err e;

	if ((e = find_addressee(db, person, a, &to)) != ERR_OK)
		return e;
	random_bytes(secret, sizeof(secret));
	digest_sha256(secret, sizeof(secret), hash);
	e = links_end(db, person, now);
	if (e == ERR_OK)
		e = db_exec(db, Q_LINK_ADD,
		    DB_ARGS(db_bytes(hash, sizeof(hash)), db_int(person),
			db_text(purposes[purpose].name), db_int(now),
			db_int(expires_at)),
		    NULL);
	if (e != ERR_OK)
		return e;
	u = url_absolute(a, site->origin,
	    url_path(
		a, "/links/%s", base64url_encode(a, secret, sizeof(secret))));
	return outbox_add(db, person, purposes[purpose].name, to.lang,
	    message(to.lang, purposes[purpose].subject),
	    message_args(a, to.lang, purposes[purpose].body, to.name, u.text,
		date_time_text(a, to.lang, expires_at), NULL),
	    now);
}

static bool
link_hash(const char *token, uint8_t hash[DIGEST_BYTES])
{
	uint8_t secret[DIGEST_BYTES];

	if (!base64url_decode(token, secret, sizeof(secret)))
		return false;
	digest_sha256(secret, sizeof(secret), hash);
	return true;
}

enum err
link_find(struct db *db, const char *token, int64_t now, struct arena *a,
    int64_t *person, const char **name)
{
	uint8_t hash[DIGEST_BYTES];
	struct db_rows *row;
	enum err e;

	if (!link_hash(token, hash))
		return ERR_GONE;
	e = db_row(db, Q_LINK_FIND,
	    DB_ARGS(db_bytes(hash, sizeof(hash)), db_int(now)), &row);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_GONE : e;
	*person = db_col_int(row, 0);
	*name = db_col_text(row, 1, a);
	return db_done(row);
}

enum err
link_use(struct db *db, const char *token, int64_t now, int64_t *person)
{
	uint8_t hash[DIGEST_BYTES];
	enum err e;

	if (!link_hash(token, hash))
		return ERR_GONE;
	e = db_one_int(db, Q_LINK_USE,
	    DB_ARGS(db_bytes(hash, sizeof(hash)), db_int(now)), person);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_GONE : e;
	return db_exec(db, Q_LINK_MAILS_DROP, DB_ARGS(db_int(*person)), NULL);
}

enum err
password_forgotten(struct db *db, const struct site *site,
    const char *identifier, int64_t now, struct arena *a)
{
	struct account account;
	struct addressee to;
	int64_t recent;
	enum err e;

	e = account_find(db, account_normalise(a, identifier), a, &account);
	if (e == ERR_OK)
		e = find_addressee(db, account.person, a, &to);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK || !to.has_email)
		return e;
	/* an invitation that is still good does the same and lives longer */
	e = db_one_int(db, Q_LINK_INVITED,
	    DB_ARGS(db_int(account.person), db_int(now)), &recent);
	if (e != ERR_OK || recent > 0)
		return e;
	e = db_one_int(db, Q_LINK_RECENT,
	    DB_ARGS(db_int(account.person), db_int(now - LINK_PAUSE_MS)),
	    &recent);
	if (e != ERR_OK || recent > 0)
		return e;
	return link_send(db, site, account.person, LINK_RESET, now, a);
}
