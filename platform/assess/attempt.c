/* Attempts: their rows, their form, and the answers appended to them. */
#include "assess/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "db/db.h"
#include "http/site.h"

/* Rows one attempt may grow to: far more than a person's changes of mind. */
#define DRAFTS_MAX 5000

static void
read_attempt(struct db_rows *rows, struct arena *a, struct attempt *at)
{
	*at = (struct attempt){
	    .id = db_col_int(rows, 0),
	    .person = db_col_int(rows, 1),
	    .organisation = db_col_int(rows, 2),
	    .kind = db_col_text(rows, 3, a),
	    .thing = db_col_text(rows, 4, a),
	    .manifest = db_col_text(rows, 5, a),
	    .draw = db_col_int(rows, 6),
	    .started_at = db_col_int(rows, 7),
	    .deadline = db_col_int(rows, 8),
	    .finalised = db_col_int(rows, 9) == 1,
	    .submitted_at = db_col_int(rows, 10),
	    .finalised_by = db_col_text(rows, 11, a),
	    .points = db_col_int(rows, 12),
	    .points_max = db_col_int(rows, 13),
	    .passed = db_col_int(rows, 14) == 1,
	};
}

enum err
attempt_get(struct db *db, struct scope own, int64_t id, struct arena *a,
    struct attempt *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_ATTEMPT_GET,
	    DB_ARGS(db_int(id), db_int(own.reach), db_int(own.person)), &row);
	if (e != ERR_OK)
		return e;
	read_attempt(row, a, out);
	return db_done(row);
}

enum err
attempts_past(struct db *db, struct scope own, const char *kind,
    const char *thing, int limit, struct arena *a, struct attempt **out,
    size_t *n)
{
	struct attempt *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_ATTEMPT_PAST,
	    DB_ARGS(db_int(own.reach), db_int(own.person), db_text(kind),
		db_text(thing), db_int(limit)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		read_attempt(rows, a, ARENA_PUSH(a, list, count));
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
attempt_add(struct db *db, struct attempt *at)
{
	int64_t changed;
	enum err e;

	at->id = id_new();
	e = db_exec(db, Q_ATTEMPT_ADD,
	    DB_ARGS(db_int(at->id), db_int(at->person), db_id(at->organisation),
		db_text(at->kind), db_text(at->thing), db_text(at->manifest),
		db_int(at->draw), db_int(at->started_at), db_id(at->deadline)),
	    &changed);
	if (e != ERR_OK)
		return e;
	return changed == 1 ? ERR_OK : ERR_CONFLICT;
}

bool
thing_split(
    struct arena *a, const char *thing, const char **course, int *module)
{
	const char *slash = strchr(thing, '/');
	int64_t number;

	if (slash == NULL || !text_to_int(slash + 1, &number) ||
	    number > INT32_MAX)
		return false;
	*course = arena_strndup(a, thing, (size_t)(slash - thing));
	*module = (int)number;
	return true;
}

static enum err
draw_form(const struct site *site, const struct attempt *at,
    const struct content *c, struct arena *a, struct form *form)
{
	const struct question *questions;
	const struct exam *exam;
	uint8_t seed[DIGEST_BYTES];
	const char *course;
	int module;
	size_t n;
	enum err e;

	attempt_seed(
	    site->secret, at->person, at->thing, at->manifest, at->draw, seed);
	if (text_eq(at->kind, "exam")) {
		if ((exam = content_exam(c, at->thing)) == NULL)
			return ERR_NOT_FOUND;
		form_draw(exam, seed, a, form);
		return ERR_OK;
	}
	if (!thing_split(a, at->thing, &course, &module))
		return ERR_NOT_FOUND;
	e = content_check(c, course, module, &questions, &n);
	if (e == ERR_OK)
		form_of_check(questions, n, seed, a, form);
	return e;
}

enum err
attempt_drawn(const struct site *site, const struct attempt *at,
    const struct content *c, struct arena *a, struct form *form)
{
	if (draw_form(site, at, c, a, form) == ERR_OK)
		return ERR_OK;
	log_error("attempt", "%lld: no form in manifest %s", (long long)at->id,
	    at->manifest);
	return ERR_INTERNAL;
}

/* "0,2": the author's places that were chosen. */
static chosen_bits
bits_of(const char *text)
{
	chosen_bits bits = 0;
	unsigned long place;
	char *end;

	while (*text != '\0') {
		place = strtoul(text, &end, 10);
		if (end == text)
			break;
		if (place < CHOICES_MAX)
			bits |= 1u << place;
		text = *end == ',' ? end + 1 : end;
	}
	return bits;
}

static const char *
text_of(struct arena *a, chosen_bits bits)
{
	const char *text = "";
	int i;

	for (i = 0; i < CHOICES_MAX; i++)
		if ((bits & (1u << i)) != 0)
			text = arena_printf(
			    a, "%s%s%d", text, *text == '\0' ? "" : ",", i);
	return text;
}

enum err
attempt_form(struct db *db, const struct site *site, const struct attempt *at,
    const struct content *c, struct arena *a, struct form *form,
    chosen_bits **chosen)
{
	struct db_rows *rows;
	const char *id;
	chosen_bits *bits;
	size_t i;
	enum err e;

	if ((e = attempt_drawn(site, at, c, a, form)) != ERR_OK)
		return e;
	bits = ARENA_ARRAY(a, chosen_bits, form->n);
	if ((e = db_rows(db, Q_DRAFT_LAST, DB_ARGS(db_int(at->id)), &rows)) !=
	    ERR_OK)
		return e;
	while (db_next(rows)) {
		id = db_col_text(rows, 0, a);
		for (i = 0; i < form->n; i++)
			if (text_eq(form->questions[i].question->id, id))
				bits[i] = bits_of(db_col_text(rows, 1, a));
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*chosen = bits;
	return ERR_OK;
}

/* From positions as shown to the author's places; false if one is none. */
static bool
unshuffle(const struct form_question *q, chosen_bits shown, chosen_bits *out)
{
	chosen_bits bits = 0;
	size_t i;

	for (i = 0; i < CHOICES_MAX; i++) {
		if ((shown & (1u << i)) == 0)
			continue;
		if (i >= q->question->n_choices)
			return false;
		bits |= 1u << q->order[i];
	}
	if (q->question->type == QUESTION_SINGLE && (bits & (bits - 1)) != 0)
		return false;
	*out = bits;
	return true;
}

enum err
attempt_save(struct db *db, const struct site *site, const struct attempt *at,
    const struct form *form, const struct draft *drafts, size_t n,
    const char *client_key, int64_t now, struct arena *a)
{
	int64_t seq, known, changed;
	const struct form_question *q;
	chosen_bits bits;
	size_t i;
	enum err e;

	(void)site;
	e = db_one_int(db, Q_DRAFT_KNOWN,
	    DB_ARGS(
		db_int(at->id), db_text(arena_printf(a, "%s.0", client_key))),
	    &known);
	if (e != ERR_OK || known > 0)
		return e;
	e = db_one_int(db, Q_DRAFT_NEXT, DB_ARGS(db_int(at->id)), &seq);
	if (e == ERR_OK && seq > DRAFTS_MAX)
		return ERR_THROTTLED;
	for (i = 0; e == ERR_OK && i < n; i++) {
		if (drafts[i].question >= form->n)
			return ERR_INVALID;
		q = &form->questions[drafts[i].question];
		if (!unshuffle(q, drafts[i].shown, &bits))
			return ERR_INVALID;
		e = db_exec(db, Q_DRAFT_ADD,
		    DB_ARGS(db_int(at->id), db_int(seq + (int64_t)i),
			db_text(q->question->id), db_text(text_of(a, bits)),
			db_text(arena_printf(a, "%s.%zu", client_key, i)),
			db_int(now)),
		    &changed);
		if (e == ERR_OK && changed == 0)
			return ERR_GONE;
	}
	return e;
}
