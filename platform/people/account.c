/* Accounts, credentials and sessions: the rows. */
#include "people/account.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "db/db.h"
#include "db/lane.h"
#include "http/site.h"
#include "people/sign_in.h"
#include "record/record.h"

/* Between an institution's code and an employee number. */
#define SEPARATORS "-/ "

/* Full-width ASCII (U+FF01 to U+FF5E), as a Japanese keyboard types it. */
static char *
narrow(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s), *to = copy;
	const char *before = s;
	uint32_t c;

	for (; (c = text_next(&s)) != 0; before = s) {
		if (c >= 0xff01 && c <= 0xff5e) {
			*to++ = (char)(c - 0xff01 + '!');
		} else if (c == 0x3000) {
			*to++ = ' ';
		} else {
			memcpy(to, before, (size_t)(s - before));
			to += s - before;
		}
	}
	*to = '\0';
	return copy;
}

const char *
account_normalise(struct arena *a, const char *typed)
{
	char *s = narrow(a, text_trim(a, typed)), *p;
	size_t code;

	if (strchr(s, '@') != NULL)
		return text_lower(a, s);
	for (p = s; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	code = strcspn(s, SEPARATORS);
	if (s[code] == '\0')
		return s;
	p = s + code;
	return arena_printf(
	    a, "%.*s-%s", (int)code, s, p + strspn(p, SEPARATORS));
}

enum err
account_find(
    struct db *db, const char *identifier, struct arena *a, struct account *out)
{
	struct db_rows *row;
	size_t n;
	enum err e;

	if (strchr(identifier, '@') != NULL) {
		e = db_row(
		    db, Q_ACCOUNT_BY_EMAIL, DB_ARGS(db_text(identifier)), &row);
	} else {
		n = strcspn(identifier, "-");
		if (identifier[n] == '\0')
			return ERR_NOT_FOUND;
		e = db_row(db, Q_ACCOUNT_BY_NUMBER,
		    DB_ARGS(db_text(arena_strndup(a, identifier, n)),
			db_text(identifier + n + 1)),
		    &row);
	}
	if (e != ERR_OK)
		return e;
	out->person = db_col_int(row, 0);
	out->hash = db_col_text_or_null(row, 1, a);
	return db_done(row);
}

enum err
account_own_words(struct db *db, int64_t person, struct arena *a,
    const char *out[ACCOUNT_OWN_WORDS])
{
	struct db_rows *row;
	enum err e;
	int i;

	e = db_row(db, Q_ACCOUNT_OWN_WORDS, DB_ARGS(db_int(person)), &row);
	if (e != ERR_OK)
		return e;
	for (i = 0; i < ACCOUNT_OWN_WORDS; i++)
		out[i] = db_col_text_or_null(row, i, a);
	return db_done(row);
}

enum err
lane_write_on(const struct site *site, struct db *db,
    enum err (*act)(struct db *db, void *ctx), void *ctx)
{
	if (site->writer != NULL)
		return lane_write(site->writer, act, ctx);
	return db_write(db, act, ctx);
}

enum err
credential_set(struct db *db, int64_t person, const char *hash, int64_t now)
{
	enum err e;

	e = db_exec(db, Q_CREDENTIAL_SET,
	    DB_ARGS(db_int(person), db_text(hash), db_int(now)), NULL);
	return e != ERR_OK ? e : session_close_all(db, person);
}

enum err
credential_get(
    struct db *db, int64_t person, struct arena *a, const char **hash)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_CREDENTIAL_GET, DB_ARGS(db_int(person)), &row);
	if (e != ERR_OK)
		return e;
	*hash = db_col_text(row, 0, a);
	return db_done(row);
}

enum err
session_open(struct db *db, int64_t person, int64_t now, struct arena *a,
    const char **token)
{
	uint8_t secret[DIGEST_BYTES], hash[DIGEST_BYTES];
	enum err e;

	random_bytes(secret, sizeof(secret));
	digest_sha256(secret, sizeof(secret), hash);
	e = db_exec(db, Q_SESSION_ADD,
	    DB_ARGS(db_bytes(hash, sizeof(hash)), db_int(person), db_int(now),
		db_int(now), db_int(now + SESSION_ABSOLUTE_MS)),
	    NULL);
	if (e == ERR_OK)
		*token = base64url_encode(a, secret, sizeof(secret));
	return e;
}

static enum err
tell_signed_out(struct db *db, int64_t person)
{
	char subject[32], same[64];

	(void)snprintf(subject, sizeof(subject), "%lld", (long long)person);
	(void)snprintf(same, sizeof(same), JOB_SIGNED_OUT " %s", subject);
	return job_add(db, JOB_SIGNED_OUT, subject, same, 0);
}

enum err
session_close(struct db *db, const uint8_t hash[DIGEST_BYTES])
{
	int64_t person;
	enum err e;

	e = db_one_int(db, Q_SESSION_DELETE,
	    DB_ARGS(db_bytes(hash, DIGEST_BYTES)), &person);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	return e != ERR_OK ? e : tell_signed_out(db, person);
}

enum err
session_close_all(struct db *db, int64_t person)
{
	enum err e;

	e = db_exec(db, Q_SESSION_DELETE_ALL, DB_ARGS(db_int(person)), NULL);
	/* also when none was left: what hung on one may have outlived it */
	return e != ERR_OK ? e : tell_signed_out(db, person);
}
