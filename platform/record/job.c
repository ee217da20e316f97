/* Work for later, messages, and what happens when time passes. */
#include <stdio.h>

#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"
#include "record/record.h"

enum err
outbox_add(struct db *db, int64_t person, const char *kind, enum lang lang,
    const char *subject, const char *body, int64_t now)
{
	return db_exec(db, Q_OUTBOX_ADD,
	    DB_ARGS(db_int(id_new()), db_int(person), db_text(kind),
		db_text(lang_codes[lang]), db_text(subject), db_text(body),
		db_int(now)),
	    NULL);
}

enum err
job_add(struct db *db, const char *kind, const char *subject,
    const char *same_as, int64_t run_at)
{
	return db_exec(db, Q_JOB_ADD,
	    DB_ARGS(db_int(id_new()), db_text(kind), db_text(subject),
		db_text(same_as), db_int(run_at)),
	    NULL);
}

/*
 * What comes now is as late as the one that is next, and behind one more for
 * each that its institution has waiting, and more for the person's own. So of
 * two institutions that wait, each gets every second turn.
 */
#define TURNS_PER_OWN 8

/* Of what nobody waits for: no other turn comes near it. */
#define TURN_IDLE ((int64_t)1 << 40)

enum err
job_add_in_turn(struct db *db, const struct job_turn *t, int64_t run_at)
{
	char subject[32];
	enum err e;

	(void)snprintf(subject, sizeof(subject), "%lld", (long long)t->subject);
	e = db_exec(db, Q_JOB_ADD_IN_TURN,
	    DB_ARGS(db_int(id_new()), db_text(t->kind), db_text(subject),
		db_int(run_at), db_id(t->organisation), db_int(t->person),
		db_int(TURNS_PER_OWN), db_int(TURN_IDLE)),
	    NULL);
	if (e == ERR_OK)
		db_ring(db);
	return e;
}

enum err
job_add_idle(struct db *db, const char *kind, int64_t subject, int64_t run_at)
{
	char text[32];
	enum err e;

	(void)snprintf(text, sizeof(text), "%lld", (long long)subject);
	e = db_exec(db, Q_JOB_ADD_IDLE,
	    DB_ARGS(db_int(id_new()), db_text(kind), db_text(text),
		db_int(run_at), db_int(TURN_IDLE)),
	    NULL);
	if (e == ERR_OK)
		db_ring(db);
	return e;
}

enum err
job_ahead(struct db *db, const char *kind, int64_t subject, int64_t *out)
{
	struct db_rows *row;
	char text[32];
	enum err e;

	(void)snprintf(text, sizeof(text), "%lld", (long long)subject);
	e = db_row(
	    db, Q_JOB_AHEAD, DB_ARGS(db_text(kind), db_text(text)), &row);
	if (e != ERR_OK)
		return e;
	*out = db_col_int(row, 0);
	return db_done(row);
}

enum err
job_claim(struct db *db, const struct job_worker *by, int64_t now,
    struct arena *a, struct job *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_JOB_CLAIM,
	    DB_ARGS(db_int(now), db_int(now), db_text(by->queue),
		db_int(by->number)),
	    &row);
	if (e != ERR_OK)
		return e;
	*out = (struct job){
	    .id = db_col_int(row, 0),
	    .kind = db_col_text(row, 1, a),
	    .subject = db_col_text(row, 2, a),
	    .tries = db_col_int(row, 3),
	};
	return db_done(row);
}

enum err
job_progress(struct db *db, int64_t id, int percent)
{
	return db_exec(
	    db, Q_JOB_PROGRESS, DB_ARGS(db_int(id), db_int(percent)), NULL);
}

enum err
job_finish(struct db *db, int64_t id, int64_t now)
{
	return db_exec(
	    db, Q_JOB_FINISH, DB_ARGS(db_int(id), db_int(now)), NULL);
}

enum err
job_fail(struct db *db, int64_t id, int64_t now, const char *error)
{
	int64_t tries;
	enum err e;

	e = db_one_int(db, Q_JOB_TRIES, DB_ARGS(db_int(id)), &tries);
	if (e != ERR_OK)
		return e;
	if (tries >= JOB_TRIES_MAX)
		return db_exec(db, Q_JOB_GIVE_UP,
		    DB_ARGS(db_int(id), db_int(now), db_text(error)), NULL);
	return db_exec(db, Q_JOB_AGAIN,
	    DB_ARGS(db_int(id), db_int(now + (MINUTE_MS << (tries - 1))),
		db_text(error)),
	    NULL);
}

enum err
job_release(struct db *db, const struct job_worker *by, int64_t *released)
{
	return db_exec(db, Q_JOB_RELEASE,
	    DB_ARGS(db_text(by->queue), db_int(by->number), db_int(by->of)),
	    released);
}

enum err
dated_add(struct db *db, int64_t at, const char *kind, int64_t subject)
{
	return db_exec(db, Q_DATED_ADD,
	    DB_ARGS(
		db_int(id_new()), db_int(at), db_text(kind), db_int(subject)),
	    NULL);
}

enum err
dated_remove(struct db *db, const char *kind, int64_t subject)
{
	return db_exec(
	    db, Q_DATED_REMOVE, DB_ARGS(db_text(kind), db_int(subject)), NULL);
}

enum err
dated_take(struct db *db, int64_t now, struct arena *a, struct dated *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_DATED_TAKE, DB_ARGS(db_int(now)), &row);
	if (e != ERR_OK)
		return e;
	*out = (struct dated){
	    .id = db_col_int(row, 0),
	    .at = db_col_int(row, 1),
	    .kind = db_col_text(row, 2, a),
	    .subject = db_col_int(row, 3),
	};
	return db_done(row);
}
