/* Labs of the invented sector. */
#include "lab/lab_demo.h"

#include <string.h>

#include "http/site.h"
#include "lab/lab_pass.h"
#include "lab/lab_result.h"
#include "lab/lab_store.h"
#include "lab/signal.h"

#define ISOLATION "demo"

/* Full points until none are left; the last of them in part. */
static const char *
result_of(const struct lab *lab, int64_t points, struct arena *a)
{
	struct lab_result r = {.n = lab->n_checks, .points = points};
	int64_t some;
	size_t i;

	r.checks = ARENA_ARRAY(a, struct check_result, lab->n_checks);
	for (i = 0; i < lab->n_checks; i++) {
		some = points < lab->checks[i].points ? points
						      : lab->checks[i].points;
		points -= some;
		r.checks[i] = (struct check_result){
		    .id = lab->checks[i].id, .points = some, .message = ""};
	}
	return lab_result_write(a, &r);
}

/* ------------------------------------------------------- whose number it has
 */

static const char *
number_of(const struct lab *lab, int64_t person, struct arena *a)
{
	const char *text =
	    arena_printf(a, "%s of %lld", lab->id, (long long)person);
	uint8_t hash[DIGEST_BYTES];

	digest_sha256(text, strlen(text), hash);
	return arena_printf(a, "IR-%02X%02X%02X", hash[0], hash[1], hash[2]);
}

static const char *
mark_of(const char *number, struct arena *a)
{
	uint8_t hash[DIGEST_BYTES];

	digest_sha256(number, strlen(number), hash);
	return arena_strndup(
	    a, hex_encode(a, hash, sizeof(hash)), LAB_MARK_CHARS);
}

/* The answers hold the number alone: nothing was worked out. */
static enum err
compare(struct db *db, const struct site *site, const struct lab *lab,
    const struct lab_run *run, int64_t submission, const struct lab_demo *how,
    struct arena *a)
{
	int64_t whose = how->number_of == 0 ? run->person : how->number_of;
	const char *given = number_of(lab, whose, a);
	struct lab_mark mark = {
	    .canary = true,
	    .key = "ticket",
	    .given = mark_of(given, a),
	    .truth = mark_of(number_of(lab, run->person, a), a),
	};
	const struct lab_result result = {.marks = &mark, .n_marks = 1};
	const char *text = arena_printf(a, "ticket: %s\n", given);
	const struct lab_file file = {
	    .name = "answers.txt", .data = text, .size = strlen(text)};
	enum err e;

	e = store_file_add(db, run->id, submission, &file);
	if (e == ERR_OK)
		e = signals_mark(db, site->secret, run, submission, &result, a);
	return e == ERR_OK
	    ? signals_compare(db, lab, submission, how->at + SIGNAL_WAIT_MS, a)
	    : e;
}

enum err
lab_demo_done(struct db *db, const struct site *site, const struct content *c,
    const struct lab *lab, const struct learner *who,
    const struct lab_demo *how, struct arena *a)
{
	int64_t points = how->points, at = how->at, began = at - how->took_ms;
	struct scope own = {
	    .reach = SCOPE_OWN, .person = who->person, .now = at};
	const struct lab_run run = {
	    .id = id_new(),
	    .person = who->person,
	    .organisation = who->organisation,
	    .lab = lab->id,
	    .manifest = content_manifest(c),
	    .draw = 1,
	    .created_at = began,
	    .hints = "",
	};
	struct lab_pass pass = {
	    .site = site,
	    .c = c,
	    .lab = lab,
	    .run = &run,
	    .points = points,
	    .at = at,
	};
	int64_t number;
	bool added;
	enum err e;

	if ((e = store_run_add(db, &run, &added)) != ERR_OK)
		return e;
	if (!added)
		return ERR_CONFLICT;
	if ((e = store_run_ready(db, run.id, began, ISOLATION)) != ERR_OK ||
	    (e = store_submit(
		 db, own, run.id, at, &pass.submission, &number)) != ERR_OK ||
	    (e = store_graded(db, pass.submission, at, points,
		 result_of(lab, points, a), ISOLATION)) != ERR_OK ||
	    (e = compare(db, site, lab, &run, pass.submission, how, a)) !=
		ERR_OK)
		return e;
	return points < lab->pass ? ERR_OK : lab_pass_record(db, &pass, a);
}
