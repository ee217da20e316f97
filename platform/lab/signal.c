/* Points to check: who reads them, what people say and decide. */
#include "lab/signal.h"

#include "base/text.h"
#include "db/db.h"
#include "lab/signal_rules.h"
#include "record/record.h"

/* ----------------------------------------------------------------- reading */

static enum signal_kind
kind_of(const char *name)
{
	enum signal_kind k;

	for (k = 0; k < SIGNAL__MAX - 1; k++)
		if (text_eq(signal_kind_name(k), name))
			break;
	return k;
}

static enum signal_state
state_of(const char *name)
{
	return text_eq(name, "open")	 ? SIGNAL_OPEN
	    : text_eq(name, "explained") ? SIGNAL_EXPLAINED
					 : SIGNAL_UPHELD;
}

static struct signal
signal_at(struct db_rows *rows, struct arena *a)
{
	return (struct signal){
	    .id = db_col_int(rows, 0),
	    .person = db_col_int(rows, 1),
	    .organisation = db_col_int(rows, 2),
	    .lab = db_col_text(rows, 3, a),
	    .kind = kind_of(db_col_text(rows, 4, a)),
	    .keys = db_col_text(rows, 5, a),
	    .seconds = db_col_int(rows, 6),
	    .raised_at = db_col_int(rows, 7),
	    .state = state_of(db_col_text(rows, 8, a)),
	    .decisions = db_col_int(rows, 9),
	    .name = db_col_text(rows, 10, a),
	    .number = db_col_text(rows, 11, a),
	    .submission = db_col_int(rows, 12),
	    .submitted_at = db_col_int(rows, 13),
	    .points = db_col_int(rows, 14),
	    .nth = db_col_int(rows, 15),
	    .draw = db_col_int(rows, 16),
	    .has_other = db_col_int(rows, 17) != 0,
	    .other = db_col_text_or_null(rows, 18, a),
	    .other_submission = db_col_int(rows, 19),
	    .other_at = db_col_int(rows, 20),
	    .other_points = db_col_int(rows, 21),
	    .other_nth = db_col_int(rows, 22),
	};
}

static enum err
read_signals(struct db *db, enum query q, struct db_args args, struct arena *a,
    struct signal **out, size_t *n)
{
	struct signal *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	if ((e = db_rows(db, q, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = signal_at(rows, a);
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
signals_managed(struct db *db, struct scope managed, const char *which,
    int64_t limit, struct arena *a, struct signal **out, size_t *n)
{
	return read_signals(db, Q_SIGNALS_MANAGED,
	    DB_ARGS(db_int(0), db_int(managed.reach),
		db_int(managed.organisation), db_text(which), db_int(limit)),
	    a, out, n);
}

enum err
signals_own(struct db *db, struct scope own, const char *lab, struct arena *a,
    struct signal **out, size_t *n)
{
	return read_signals(db, Q_SIGNALS_OWN,
	    DB_ARGS(db_text(lab), db_int(own.reach), db_int(own.person)), a,
	    out, n);
}

static enum err
read_words(struct db *db, struct scope s, int64_t id, struct arena *a,
    struct signal_words *out)
{
	struct db_args args = DB_ARGS(db_int(id), db_int(s.reach),
	    db_int(s.person), db_int(s.organisation));
	struct signal_words w = {0};
	struct db_rows *rows;
	enum err e;

	if ((e = db_rows(db, Q_SIGNAL_DECISIONS, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, w.decisions, w.n_decisions) =
		    (struct signal_decision){
			.decided = state_of(db_col_text(rows, 0, a)),
			.reason = db_col_text(rows, 1, a),
			.by = db_col_text(rows, 2, a),
			.at = db_col_int(rows, 3),
		    };
	if ((e = db_done(rows)) != ERR_OK ||
	    (e = db_rows(db, Q_SIGNAL_STATEMENTS, args, &rows)) != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, w.statements, w.n_statements) =
		    (struct signal_statement){
			.text = db_col_text(rows, 0, a),
			.at = db_col_int(rows, 1),
		    };
	if ((e = db_done(rows)) == ERR_OK)
		*out = w;
	return e;
}

enum err
signal_managed(struct db *db, struct scope managed, int64_t id, struct arena *a,
    struct signal *out, struct signal_words *words)
{
	struct signal *list;
	size_t n;
	enum err e;

	if (id == 0)
		return ERR_NOT_FOUND;
	e = read_signals(db, Q_SIGNALS_MANAGED,
	    DB_ARGS(db_int(id), db_int(managed.reach),
		db_int(managed.organisation), db_text(""), db_int(1)),
	    a, &list, &n);
	if (e == ERR_OK && n == 0)
		e = ERR_NOT_FOUND;
	if (e == ERR_OK)
		e = read_words(db, managed, id, a, words);
	if (e == ERR_OK)
		*out = list[0];
	return e;
}

enum err
signal_own_words(struct db *db, struct scope own, int64_t id, struct arena *a,
    struct signal_words *out)
{
	return read_words(db, own, id, a, out);
}

enum err
signal_answer(struct db *db, struct scope managed, const struct signal *s,
    bool others, const char *key, struct arena *a, const char **out)
{
	const char *found = NULL, *line;
	struct db_rows *rows;
	const void *data;
	size_t size;
	enum err e;

	e = db_rows(db, Q_SIGNAL_FILES,
	    DB_ARGS(db_int(s->id),
		db_int(others ? s->other_submission : s->submission),
		db_int(managed.reach), db_int(managed.organisation)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		data = db_col_bytes(rows, 1, a, &size);
		line = !lab_file_is_text(db_col_text(rows, 0, a))
		    ? NULL
		    : signal_line(data, size, key, a);
		if (line != NULL)
			found = line;
	}
	if ((e = db_done(rows)) == ERR_OK)
		*out = found;
	return e;
}

/* ----------------------------------------------------------------- deciding */

static bool
text_is_fine(const char *text)
{
	return *text != '\0' && text_length(text) <= SIGNAL_TEXT_MAX &&
	    !text_has_control(text, "\n\r\t");
}

static enum err
write_decision(struct db *db, struct scope managed,
    const struct signal_choice *choice, int64_t now, struct arena *a)
{
	const char *decided = signal_state_name(choice->decided);
	int64_t changed;
	enum err e;

	e = db_exec(db, Q_SIGNAL_DECIDE,
	    DB_ARGS(db_int(choice->signal), db_int(choice->number),
		db_text(decided), db_int(managed.reach),
		db_int(managed.organisation), db_int(managed.person)),
	    &changed);
	if (e != ERR_OK || changed != 1)
		return e == ERR_OK ? ERR_CONFLICT : e;
	e = db_exec(db, Q_SIGNAL_DECISION_ADD,
	    DB_ARGS(db_int(id_new()), db_int(choice->signal),
		db_int(choice->number), db_text(decided),
		db_text(choice->reason), db_int(managed.person), db_int(now)),
	    NULL);
	if (e != ERR_OK)
		return e;
	return audit_add(db, managed.organisation, managed.person,
	    "signal.decided",
	    arena_printf(a, "%lld", (long long)choice->signal),
	    arena_printf(a, "%s %lld", decided, (long long)choice->number),
	    now);
}

enum err
signal_decide(struct db *db, struct scope managed,
    const struct signal_choice *choice, int64_t now, struct arena *a)
{
	struct signal_words words;
	struct signal s;
	enum err e;

	e = signal_managed(db, managed, choice->signal, a, &s, &words);
	if (e != ERR_OK)
		return e;
	if (s.person == managed.person)
		return ERR_FORBIDDEN;
	if (choice->decided == SIGNAL_OPEN || !text_is_fine(choice->reason))
		return ERR_INVALID;
	return write_decision(db, managed, choice, now, a);
}

enum err
signal_state_own(struct db *db, struct scope own, const char *lab, int64_t id,
    const char *text, int64_t now)
{
	int64_t there;
	enum err e;

	e = db_one_int(db, Q_SIGNAL_STATEMENT_COUNT,
	    DB_ARGS(db_int(id), db_text(lab), db_int(own.reach),
		db_int(own.person)),
	    &there);
	if (e != ERR_OK)
		return e;
	if (!text_is_fine(text))
		return ERR_INVALID;
	if (there >= SIGNAL_STATEMENTS_MAX)
		return ERR_CONFLICT;
	return db_exec(db, Q_SIGNAL_STATEMENT_ADD,
	    DB_ARGS(db_int(id_new()), db_int(id), db_text(text), db_int(now)),
	    NULL);
}
