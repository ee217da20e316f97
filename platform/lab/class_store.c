/* The rows of the class: runs of an institution's members, notices. */
#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "db/db.h"
#include "lab/class.h"
#include "lab/lab_store.h"
#include "record/record.h"

static const char *const kinds[NOTICE__MAX] = {
    [NOTICE_WATCHED] = "watched",
    [NOTICE_MESSAGE] = "message",
    [NOTICE_EXTENDED] = "extended",
    [NOTICE_UNLOCKED] = "unlocked",
    [NOTICE_PREPARED] = "prepared",
};

/* ------------------------------------------------------------------- lines */

static void
take_line(const struct db_rows *rows, int64_t organisation, struct arena *a,
    struct class_line *out)
{
	*out = (struct class_line){
	    .run =
		{
		    .id = db_col_int(rows, 0),
		    .person = db_col_int(rows, 1),
		    .organisation = organisation,
		    .lab = db_col_text(rows, 2, a),
		    .manifest = db_col_text(rows, 3, a),
		    .draw = db_col_int(rows, 4),
		    .state = store_run_state(db_col_text(rows, 5, a)),
		    .hints = db_col_text(rows, 6, a),
		},
	    .active_at = db_col_int(rows, 7),
	    .name = db_col_text(rows, 8, a),
	    .number = db_col_text(rows, 9, a),
	    .department = db_col_text(rows, 10, a),
	    .gave_up =
		{
		    .id = db_col_int(rows, 11),
		    .draw = db_col_int(rows, 12),
		    .gave_up_at = db_col_int(rows, 13),
		    .counts_from_at = db_col_int(rows, 14),
		},
	};
}

enum err
class_store_lines(struct db *db, struct scope class, struct arena *a,
    struct class_line **out, size_t *n)
{
	struct class_line *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_CLASS_LINES,
	    DB_ARGS(db_int(class.reach), db_int(class.organisation),
		db_int(class.now), db_int(class.now - CLASS_RECENT_MS),
		db_int(CLASS_LINES_MAX)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		take_line(
		    rows, class.organisation, a, ARENA_PUSH(a, list, count));
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
class_store_line(struct db *db, struct scope class, int64_t run,
    struct arena *a, struct class_line *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_CLASS_LINE,
	    DB_ARGS(db_int(class.reach), db_int(class.organisation),
		db_int(class.now), db_int(run)),
	    &row);
	if (e != ERR_OK)
		return e;
	take_line(row, class.organisation, a, out);
	return db_done(row);
}

enum err
class_store_submissions(struct db *db, struct scope class, struct arena *a,
    struct lab_submission **out, size_t *n)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_CLASS_SUBMISSIONS,
	    DB_ARGS(db_int(class.reach), db_int(class.organisation),
		db_int(class.now), db_int(class.now - CLASS_RECENT_MS)),
	    &rows);
	return e != ERR_OK ? e : store_read_submissions(rows, a, out, n);
}

enum err
class_store_extra(struct db *db, int64_t run, int64_t now)
{
	int64_t changed;
	enum err e;

	e = db_exec(db, Q_CLASS_RUN_EXTRA,
	    DB_ARGS(db_int(run), db_int(CLASS_EXTRA_MAX), db_int(now)),
	    &changed);
	return e == ERR_OK && changed != 1 ? ERR_CONFLICT : e;
}

/* ----------------------------------------------------------------- notices */

enum err
class_store_notice(struct db *db, struct scope class,
    const struct class_line *line, const struct class_notice *notice,
    struct arena *a)
{
	int64_t id = id_new();
	enum err e;

	e = db_exec(db, Q_CLASS_NOTICE_ADD,
	    DB_ARGS(db_int(id), db_int(line->run.id), db_int(line->run.person),
		db_int(class.organisation), db_int(class.person),
		db_text(kinds[notice->kind]), db_text(notice->text),
		db_id(notice->until_at), db_int(class.now)),
	    NULL);
	if (e != ERR_OK)
		return e;
	return audit_add(db, class.organisation, class.person,
	    arena_printf(a, "lab.%s", kinds[notice->kind]),
	    arena_printf(a, "%lld", (long long)line->run.id),
	    arena_printf(a, "notice=%lld", (long long)id), class.now);
}

enum err
class_store_count(struct db *db, int64_t actor, int64_t since,
    enum notice_kind kind, int64_t run, int64_t *out)
{
	return db_one_int(db, Q_CLASS_NOTICE_COUNT,
	    DB_ARGS(db_int(actor), db_int(since), db_text(kinds[kind]),
		db_int(run)),
	    out);
}

static enum notice_kind
kind_of(const char *name)
{
	enum notice_kind k;

	for (k = 0; k < NOTICE__MAX - 1; k++)
		if (text_eq(kinds[k], name))
			break;
	return k;
}

enum err
class_notices(struct db *db, struct scope own, const char *lab, struct arena *a,
    struct class_notice **out, size_t *n)
{
	struct class_notice *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_CLASS_NOTICES,
	    DB_ARGS(db_int(own.reach), db_int(own.person), db_text(lab),
		db_int(CLASS_NOTICES_MAX)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct class_notice){
		    .id = db_col_int(rows, 0),
		    .kind = kind_of(db_col_text(rows, 1, a)),
		    .text = db_col_text(rows, 2, a),
		    .until_at = db_col_int(rows, 3),
		    .at = db_col_int(rows, 4),
		    .by = db_col_text(rows, 5, a),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}
