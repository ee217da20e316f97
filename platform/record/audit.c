/*
 * The audit chain: one per organisation. Each row's hash covers its fields
 * and the hash of the row before, so that a row that is changed, left out or
 * put in later is found by recounting.
 */
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/random.h"
#include "db/db.h"
#include "record/record.h"

struct link {
	int64_t organisation, seq, at, actor;
	const char *act, *subject, *detail;
};

/*
 * SHA-256 over the hash before and the fields, each with its length in front,
 * so that no two rows have the same bytes.
 */
static void
link_hash(const struct link *l, const uint8_t before[DIGEST_BYTES],
    uint8_t out[DIGEST_BYTES])
{
	const char *texts[] = {l->act, l->subject, l->detail};
	struct buf b = BUF_EMPTY;
	size_t i;

	buf_put(&b, before, DIGEST_BYTES);
	buf_printf(&b, "%lld %lld %lld %lld", (long long)l->organisation,
	    (long long)l->seq, (long long)l->at, (long long)l->actor);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_printf(&b, " %zu:%s", strlen(texts[i]), texts[i]);
	digest_sha256(b.data, b.len, out);
	buf_free(&b);
}

static enum err
head_take(struct db *db, int64_t organisation, int64_t *seq,
    uint8_t hash[DIGEST_BYTES])
{
	static const uint8_t nothing[DIGEST_BYTES];
	struct arena *a = arena_new();
	struct db_rows *rows;
	const void *p;
	size_t n = 0;
	enum err e;

	e = db_exec(db, Q_AUDIT_HEAD_MAKE,
	    DB_ARGS(db_int(organisation), db_bytes(nothing, sizeof(nothing))),
	    NULL);
	if (e != ERR_OK)
		goto out;
	e = db_rows(
	    db, Q_AUDIT_HEAD_TAKE, DB_ARGS(db_int(organisation)), &rows);
	if (e != ERR_OK)
		goto out;
	if (db_next(rows)) {
		*seq = db_col_int(rows, 0);
		p = db_col_bytes(rows, 1, a, &n);
		if (n == DIGEST_BYTES)
			memcpy(hash, p, DIGEST_BYTES);
	}
	e = db_done(rows);
	if (e == ERR_OK && n != DIGEST_BYTES) {
		log_error(
		    "audit", "chain %lld has no end", (long long)organisation);
		e = ERR_INTERNAL;
	}
out:
	arena_free(a);
	return e;
}

enum err
audit_add(struct db *db, int64_t organisation, int64_t actor, const char *act,
    const char *subject, const char *detail, int64_t at)
{
	struct link l = {organisation, 0, at, actor, act, subject, detail};
	uint8_t before[DIGEST_BYTES], hash[DIGEST_BYTES];
	enum err e;

	if ((e = head_take(db, organisation, &l.seq, before)) != ERR_OK)
		return e;
	link_hash(&l, before, hash);
	e = db_exec(db, Q_AUDIT_ADD,
	    DB_ARGS(db_int(l.organisation), db_int(l.seq), db_int(l.at),
		db_int(l.actor), db_text(l.act), db_text(l.subject),
		db_text(l.detail), db_bytes(hash, sizeof(hash))),
	    NULL);
	if (e != ERR_OK)
		return e;
	return db_exec(db, Q_AUDIT_HEAD_SET,
	    DB_ARGS(db_int(organisation), db_bytes(hash, sizeof(hash))), NULL);
}

enum err
audit_recent(struct db *db, struct scope s, int64_t organisation,
    const char *act, int limit, struct arena *a, struct audit_row **out,
    size_t *n)
{
	struct audit_row *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_AUDIT_RECENT,
	    DB_ARGS(db_int(organisation), db_text(act), db_int(s.reach),
		db_int(s.organisation), db_int(s.person), db_int(s.now),
		db_int(limit)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct audit_row){
		    .seq = db_col_int(rows, 0),
		    .at = db_col_int(rows, 1),
		    .actor = db_col_int(rows, 2),
		    .act = db_col_text(rows, 3, a),
		    .subject = db_col_text(rows, 4, a),
		    .detail = db_col_text(rows, 5, a),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

/* --------------------------------------------------------------- verify */

struct walk {
	struct verify_report *report;
	void (*say)(void *ctx, const char *line);
	void *ctx;
	int64_t organisation, seq;
	uint8_t hash[DIGEST_BYTES];
};

__attribute__((format(printf, 2, 3))) static void
wrong(struct walk *w, const char *fmt, ...)
{
	struct arena *a = arena_new();
	va_list ap;

	w->report->wrong++;
	va_start(ap, fmt);
	w->say(w->ctx, arena_vprintf(a, fmt, ap));
	va_end(ap);
	arena_free(a);
}

static void
walk_row(struct walk *w, struct db_rows *rows, struct arena *a)
{
	struct link l = {
	    .organisation = db_col_int(rows, 0),
	    .seq = db_col_int(rows, 1),
	    .at = db_col_int(rows, 2),
	    .actor = db_col_int(rows, 3),
	    .act = db_col_text(rows, 4, a),
	    .subject = db_col_text(rows, 5, a),
	    .detail = db_col_text(rows, 6, a),
	};
	uint8_t hash[DIGEST_BYTES];
	const void *stored;
	size_t n;

	if (l.organisation != w->organisation) {
		w->organisation = l.organisation;
		w->seq = 0;
		memset(w->hash, 0, sizeof(w->hash));
		w->report->chains++;
	}
	if (l.seq != w->seq + 1)
		wrong(w, "audit %lld: row %lld follows row %lld",
		    (long long)l.organisation, (long long)l.seq,
		    (long long)w->seq);
	link_hash(&l, w->hash, hash);
	stored = db_col_bytes(rows, 7, a, &n);
	if (n != DIGEST_BYTES || !digest_equal(stored, hash, DIGEST_BYTES))
		wrong(w, "audit %lld: row %lld does not fit its hash",
		    (long long)l.organisation, (long long)l.seq);
	/* go on from what is stored: one broken row is told once */
	if (n == DIGEST_BYTES)
		memcpy(w->hash, stored, DIGEST_BYTES);
	w->seq = l.seq;
	w->report->audit_rows++;
}

/* Each chain's end must be the end that was noted. */
static enum err
walk_heads(struct db *db, struct walk *w)
{
	struct arena *a = arena_new();
	struct db_rows *rows;
	int64_t organisation, last;
	enum err e;

	if ((e = db_rows(db, Q_AUDIT_HEADS, DB_NO_ARGS, &rows)) != ERR_OK) {
		arena_free(a);
		return e;
	}
	while (db_next(rows)) {
		organisation = db_col_int(rows, 0);
		e = db_one_int(
		    db, Q_AUDIT_LAST, DB_ARGS(db_int(organisation)), &last);
		if (e != ERR_OK)
			break;
		if (last != db_col_int(rows, 1))
			wrong(w, "audit %lld: the chain ends at %lld, not %lld",
			    (long long)organisation, (long long)last,
			    (long long)db_col_int(rows, 1));
	}
	arena_free(a);
	if (e != ERR_OK) {
		(void)!db_done(rows);
		return e;
	}
	return db_done(rows);
}

enum err
audit_verify(struct db *db, struct verify_report *report,
    void (*say)(void *ctx, const char *line), void *ctx)
{
	struct walk w = {.report = report, .say = say, .ctx = ctx};
	struct arena *a = arena_new();
	struct db_rows *rows;
	enum err e;

	if ((e = db_rows(db, Q_AUDIT_ALL, DB_NO_ARGS, &rows)) == ERR_OK) {
		while (db_next(rows)) {
			walk_row(&w, rows, a);
			arena_reset(a);
		}
		e = db_done(rows);
	}
	arena_free(a);
	return e != ERR_OK ? e : walk_heads(db, &w);
}
