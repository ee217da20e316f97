/* From a graded submission to points to check. */
#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/lab_job.h"
#include "lab/lab_store.h"
#include "lab/signal_rules.h"
#include "record/record.h"

#define MATCHES_MAX 200 /* of one side: more say no more */
#define NEAR_MAX 20

/* ------------------------------------------------------------------- marks */

/* SECURITY: with the secret, so that a copy of the rows tells no answer. */
static void
hash_mark(const uint8_t secret[DIGEST_BYTES], const char *lab, const char *key,
    const char *digest, struct arena *a, uint8_t out[DIGEST_BYTES])
{
	const char *text = arena_printf(a, "mark|%s|%s|%s", lab, key, digest);

	digest_hmac(secret, text, strlen(text), out);
}

static enum err
add_mark(struct db *db, const uint8_t secret[DIGEST_BYTES],
    const struct lab_run *run, int64_t submission, const struct lab_mark *m,
    struct arena *a)
{
	uint8_t given[DIGEST_BYTES], truth[DIGEST_BYTES];
	struct db_value gave = db_null();

	hash_mark(secret, run->lab, m->key, m->truth, a, truth);
	if (m->given != NULL) {
		hash_mark(secret, run->lab, m->key, m->given, a, given);
		gave = db_bytes(given, sizeof(given));
	}
	return db_exec(db, Q_MARK_ADD,
	    DB_ARGS(db_int(submission), db_text(m->key), db_int(m->canary),
		db_int(run->person), gave, db_bytes(truth, sizeof(truth))),
	    NULL);
}

enum err
signals_mark(struct db *db, const uint8_t secret[DIGEST_BYTES],
    const struct lab_run *run, int64_t submission,
    const struct lab_result *result, struct arena *a)
{
	enum err e = ERR_OK;
	size_t i;

	if (run->organisation == 0)
		return ERR_OK;
	for (i = 0; i < result->n_marks && e == ERR_OK; i++)
		e = add_mark(db, secret, run, submission, &result->marks[i], a);
	return e;
}

enum err
signals_note(struct db *db, const uint8_t secret[DIGEST_BYTES],
    const struct lab_run *run, int64_t submission, int64_t submitted_at,
    const struct lab_result *result, struct arena *a)
{
	const char *subject = arena_printf(a, "%lld", (long long)submission);
	enum err e;

	e = signals_mark(db, secret, run, submission, result, a);
	if (e != ERR_OK || run->organisation == 0)
		return e;
	return job_add(db, JOB_COMPARE, subject,
	    arena_printf(a, "%s:%s", JOB_COMPARE, subject),
	    submitted_at + SIGNAL_WAIT_MS);
}

/* ----------------------------------------------------------------- reading */

static struct sitting
sitting_at(struct db_rows *rows, int col, struct arena *a)
{
	return (struct sitting){
	    .submission = db_col_int(rows, col),
	    .run = db_col_int(rows, col + 1),
	    .person = db_col_int(rows, col + 2),
	    .organisation = db_col_int(rows, col + 3),
	    .number = db_col_int(rows, col + 4),
	    .points = db_col_int(rows, col + 5),
	    .submitted_at = db_col_int(rows, col + 6),
	    .ready_at = db_col_int(rows, col + 7),
	    .result = db_col_text(rows, col + 8, a),
	};
}

static enum err
read_matches(struct db *db, enum query q, struct db_args args,
    enum match_side side, struct arena *a, struct match **list, size_t *n)
{
	struct db_rows *rows;
	enum err e;

	if ((e = db_rows(db, q, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, *list, *n) = (struct match){
		    .side = side,
		    .key = db_col_text(rows, 0, a),
		    .canary = db_col_int(rows, 1) != 0,
		    .other = sitting_at(rows, 2, a),
		};
	return db_done(rows);
}

static enum err
read_sitting(
    struct db *db, int64_t submission, struct arena *a, struct sitting *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_SIGNAL_SITTING, DB_ARGS(db_int(submission)), &row);
	if (e != ERR_OK)
		return e;
	*out = sitting_at(row, 0, a);
	return db_done(row);
}

/* ----------------------------------------------------------------- raising */

/* other NULL: nobody. Without an institution nobody could decide. */
static enum err
raise_point(struct db *db, const struct lab *lab, enum signal_kind kind,
    const struct sitting *about, const struct sitting *other, const char *keys,
    int64_t ms, int64_t now)
{
	if (about->organisation == 0)
		return ERR_OK;
	return db_exec(db, Q_SIGNAL_ADD,
	    DB_ARGS(db_int(id_new()), db_int(about->submission),
		db_int(about->run), db_int(about->person),
		db_int(about->organisation), db_text(lab->id),
		db_text(signal_kind_name(kind)),
		db_int(other == NULL ? 0 : other->person),
		db_id(other == NULL ? 0 : other->submission), db_text(keys),
		db_int(ms / 1000), db_int(now)),
	    NULL);
}

static enum err
compare_marks(struct db *db, const struct lab *lab, const struct sitting *s,
    int64_t now, struct arena *a)
{
	struct db_args args =
	    DB_ARGS(db_int(s->submission), db_int(MATCHES_MAX));
	struct match *list = NULL;
	struct pairing *pairs;
	size_t i, n = 0, n_pairs;
	enum err e;

	e = read_matches(
	    db, Q_MARK_MATCHES_MINE, args, MATCH_MINE, a, &list, &n);
	if (e == ERR_OK)
		e = read_matches(db, Q_MARK_MATCHES_THEIRS, args, MATCH_THEIRS,
		    a, &list, &n);
	if (e == ERR_OK)
		e = read_matches(
		    db, Q_MARK_MATCHES_SAME, args, MATCH_SAME, a, &list, &n);
	if (e != ERR_OK)
		return e;
	signal_pairings(list, n, a, &pairs, &n_pairs);
	for (i = 0; i < n_pairs && e == ERR_OK; i++)
		e = raise_point(db, lab, pairs[i].kind,
		    pairs[i].about_other ? &pairs[i].other : s,
		    pairs[i].about_other ? s : &pairs[i].other, pairs[i].keys,
		    0, now);
	return e;
}

static enum err
compare_times(struct db *db, const struct lab *lab, const struct sitting *s,
    int64_t now, struct arena *a)
{
	struct match *list = NULL;
	size_t i, n = 0;
	int64_t between;
	enum err e;

	e = read_matches(db, Q_SIGNAL_NEAR,
	    DB_ARGS(db_text(lab->id), db_int(s->organisation),
		db_int(s->person), db_int(s->submitted_at - SIGNAL_CLOSE_MS),
		db_int(s->submitted_at + SIGNAL_CLOSE_MS), db_int(NEAR_MAX)),
	    MATCH_SAME, a, &list, &n);
	if (e != ERR_OK || n > SIGNAL_CLASS_MAX)
		return e;
	for (i = 0; i < n && e == ERR_OK; i++) {
		if (!signal_is_close(lab, s, &list[i].other))
			continue;
		between = s->submitted_at - list[i].other.submitted_at;
		between = between < 0 ? -between : between;
		e = raise_point(
		    db, lab, SIGNAL_CLOSE, s, &list[i].other, "", between, now);
		if (e == ERR_OK)
			e = raise_point(db, lab, SIGNAL_CLOSE, &list[i].other,
			    s, "", between, now);
	}
	return e;
}

enum err
signals_compare(struct db *db, const struct lab *lab, int64_t submission,
    int64_t now, struct arena *a)
{
	struct sitting s;
	enum err e;

	/* not graded, and so nothing to compare */
	if ((e = read_sitting(db, submission, a, &s)) != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	if (s.organisation == 0)
		return ERR_OK;
	e = compare_marks(db, lab, &s, now, a);
	if (e == ERR_OK)
		e = compare_times(db, lab, &s, now, a);
	if (e == ERR_OK && signal_is_fast(lab, &s))
		e = raise_point(db, lab, SIGNAL_FAST, &s, NULL, "",
		    s.submitted_at - s.ready_at, now);
	return e;
}

/* --------------------------------------------------------------------- job */

struct comparing {
	const struct lab *lab;
	int64_t submission, now;
	struct arena *arena;
};

static enum err
compare(struct db *db, void *ctx)
{
	struct comparing *c = ctx;

	return signals_compare(db, c->lab, c->submission, c->now, c->arena);
}

enum err
lab_compare_job(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	struct lab_submission s;
	struct content *content = NULL;
	struct comparing c = {.now = now};
	enum err e;

	if (!job_subject(subject, &c.submission))
		return ERR_INVALID;
	c.arena = arena_new();
	e = store_submission(db, c.submission, c.arena, &s);
	if (e == ERR_OK)
		e = content_named(site->content, s.manifest, &content);
	if (e == ERR_OK) {
		c.lab = content_lab(content, s.lab);
		e = c.lab == NULL ? ERR_INTERNAL : db_write(db, compare, &c);
	}
	content_release(content);
	arena_free(c.arena);
	return e;
}
