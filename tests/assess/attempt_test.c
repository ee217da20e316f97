/* Attempts from start to end, on both engines. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/assess.h"
#include "base/clock.h"
#include "content/publish.h"
#include "record/record.h"
#include "support/content_fixture.h"
#include "support/counted.h"
#include "support/pages.h"

#define TREE "tests/certify/tree"
#define EXAM "C-901"
#define EXAM_MS (30 * MINUTE_MS)

static const struct route *const rooms[] = {NULL};

/* ----------------------------------------------------- what a test stands on
 */

struct world {
	struct fixture *f;
	struct pages pages;
	struct content *c;
	int64_t person, other;
	/* for acts inside db_write */
	int64_t who, attempt;
	const char *key;
	struct draft *drafts;
	size_t n;
	const char *by;
	int module;
};

static int hook_calls;
static enum err hook_answers;

static enum err
course_completed(struct db *db, const struct site *site,
    const struct content *c, const struct course *course, int64_t person,
    int64_t organisation, int64_t attempt, int64_t now)
{
	(void)db;
	(void)site;
	(void)c;
	assert_string_equal(course->id, "C-901");
	assert_true(person != 0 && organisation != 0 && attempt != 0);
	assert_true(now != 0);
	hook_calls++;
	return hook_answers;
}

static void
open_world(struct world *w, struct fixture *f)
{
	*w = (struct world){.f = f, .key = "k1", .by = "learner"};
	hook_calls = 0;
	hook_answers = ERR_OK;
	pages_open(&w->pages, f, TREE, rooms);
	w->pages.site.course_completed = course_completed;
	w->c = pages_content(&w->pages);
	w->person = pages_person(&w->pages, "山田 太郎", "T-SOC", "technician");
	w->other = pages_person(&w->pages, "鈴木 一郎", "T-SOC", "technician");
	w->who = w->person;
}

static void
close_world(struct world *w)
{
	pages_close(&w->pages);
}

static struct learner
learner(const struct world *w)
{
	return (struct learner){w->who, w->pages.organisation, "technician"};
}

static struct scope
own(const struct world *w)
{
	return (struct scope){
	    .reach = SCOPE_OWN,
	    .person = w->who,
	    .organisation = w->pages.organisation,
	    .now = w->f->now,
	};
}

/* The choices of a question as shown: all right ones, or one wrong one. */
static chosen_bits
pick(const struct form_question *q, bool right)
{
	chosen_bits bits = 0;
	size_t i;

	for (i = 0; i < q->question->n_choices; i++) {
		if (q->question->choices[q->order[i]].right != right)
			continue;
		bits |= 1u << i;
		if (!right)
			break;
	}
	return bits;
}

static struct draft *
answers(struct world *w, const struct form *f, bool right)
{
	struct draft *list = ARENA_ARRAY(w->f->arena, struct draft, f->n);
	size_t i;

	for (i = 0; i < f->n; i++)
		list[i] = (struct draft){i, pick(&f->questions[i], right)};
	return list;
}

/* ---------------------------------------------------------------------- acts
 */

static enum err
do_check(struct db *db, void *ctx)
{
	struct world *w = ctx;
	const struct course *course = content_course(w->c, "C-901");
	const struct question *questions;
	struct learner who = learner(w);
	uint8_t seed[DIGEST_BYTES];
	struct form f;
	int64_t id;
	size_t n;
	enum err e;

	e = content_check(w->c, course->id, w->module, &questions, &n);
	if (e != ERR_OK)
		return e;
	attempt_seed(w->pages.site.secret, w->who,
	    arena_printf(w->f->arena, "C-901/%d", w->module),
	    content_manifest(w->c), 1, seed);
	form_of_check(questions, n, seed, w->f->arena, &f);
	return check_answer(db, &w->pages.site, &who, w->c, course, w->module,
	    answers(w, &f, true), n, 1, w->f->now, w->f->arena, &id);
}

static void
pass_modules(struct world *w)
{
	for (w->module = 1; w->module <= 2; w->module++)
		assert_int_equal(db_write(w->f->db, do_check, w), ERR_OK);
}

static enum err
do_start(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct learner who = learner(w);

	return exam_start(db, &w->pages.site, own(w), &who, w->c,
	    content_exam(w->c, EXAM), w->f->now, w->f->arena, &w->attempt);
}

static enum err
start(struct world *w)
{
	return db_write(w->f->db, do_start, w);
}

static struct attempt
get(struct world *w)
{
	struct attempt at;

	assert_int_equal(
	    attempt_get(w->f->db, own(w), w->attempt, w->f->arena, &at),
	    ERR_OK);
	return at;
}

/* The form of the running attempt and what is chosen in it. */
static struct form
form(struct world *w, chosen_bits **chosen)
{
	struct attempt at = get(w);
	struct content *c;
	chosen_bits *bits;
	struct form f;

	assert_int_equal(
	    content_named(w->pages.site.content, at.manifest, &c), ERR_OK);
	assert_int_equal(attempt_form(w->f->db, &w->pages.site, &at, c,
			     w->f->arena, &f, &bits),
	    ERR_OK);
	content_release(c); /* the store keeps it open */
	if (chosen != NULL)
		*chosen = bits;
	return f;
}

static enum err
do_save(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct attempt at = get(w);
	struct form f = form(w, NULL);

	return attempt_save(db, &w->pages.site, &at, &f, w->drafts, w->n,
	    w->key, w->f->now, w->f->arena);
}

static enum err
save(struct world *w, struct draft *drafts, size_t n, const char *key)
{
	w->drafts = drafts;
	w->n = n;
	w->key = key;
	return db_write(w->f->db, do_save, w);
}

static enum err
save_one(struct world *w, size_t question, chosen_bits shown, const char *key)
{
	struct draft d = {question, shown};

	return save(w, &d, 1, key);
}

static enum err
do_finalise(struct db *db, void *ctx)
{
	struct world *w = ctx;

	return attempt_finalise(
	    db, &w->pages.site, w->attempt, w->by, w->f->now);
}

static enum err
finalise(struct world *w)
{
	return db_write(w->f->db, do_finalise, w);
}

static void
sit(struct world *w, bool right)
{
	struct form f;

	assert_int_equal(start(w), ERR_OK);
	f = form(w, NULL);
	assert_int_equal(save(w, answers(w, &f, right), f.n, "all"), ERR_OK);
	assert_int_equal(finalise(w), ERR_OK);
}

/* ------------------------------------------------------------------ starting
 */

static void
exam_opens_when_all_modules_are_passed(void **state)
{
	struct world w;

	open_world(&w, *state);
	assert_int_equal(start(&w), ERR_CONFLICT);
	w.module = 1;
	assert_int_equal(db_write(w.f->db, do_check, &w), ERR_OK);
	assert_int_equal(start(&w), ERR_CONFLICT);
	w.module = 2;
	assert_int_equal(db_write(w.f->db, do_check, &w), ERR_OK);
	assert_int_equal(start(&w), ERR_OK);
	assert_true(get(&w).deadline == w.f->now + EXAM_MS);
	close_world(&w);
}

static void
one_attempt_is_open_at_a_time(void **state)
{
	int64_t first;
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	first = w.attempt;
	assert_int_equal(start(&w), ERR_CONFLICT);
	assert_true(w.attempt == first);
	close_world(&w);
}

static void
attempts_are_limited_and_wait_for_each_other(void **state)
{
	struct world w;
	int i;

	open_world(&w, *state);
	pass_modules(&w);
	for (i = 0; i < 3; i++) {
		sit(&w, false);
		assert_int_equal(start(&w), ERR_CONFLICT);
		w.f->now += DAY_MS - 1;
		assert_int_equal(start(&w), ERR_CONFLICT);
		w.f->now++;
	}
	assert_int_equal(start(&w), ERR_CONFLICT);
	w.f->now += 1000 * DAY_MS;
	assert_int_equal(start(&w), ERR_CONFLICT);
	close_world(&w);
}

static void
passed_exam_is_not_taken_again(void **state)
{
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	sit(&w, true);
	w.f->now += 10 * DAY_MS;
	assert_int_equal(start(&w), ERR_CONFLICT);
	close_world(&w);
}

/* -------------------------------------------------------------------- saving
 */

static void
the_last_answer_to_a_question_counts(void **state)
{
	chosen_bits *chosen;
	struct world w;
	struct form f;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	f = form(&w, &chosen);
	assert_int_equal(chosen[0], 0);
	assert_int_equal(save_one(&w, 0, 1, "a"), ERR_OK);
	assert_int_equal(save_one(&w, 0, 4, "b"), ERR_OK);
	(void)form(&w, &chosen);
	assert_int_equal(chosen[0], 1u << f.questions[0].order[2]);
	assert_int_equal(save_one(&w, 0, 0, "c"), ERR_OK); /* taken back */
	(void)form(&w, &chosen);
	assert_int_equal(chosen[0], 0);
	close_world(&w);
}

static void
a_repeated_save_is_the_same_save(void **state)
{
	chosen_bits *chosen;
	struct world w;
	struct form f;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	f = form(&w, NULL);
	assert_int_equal(save_one(&w, 0, 1, "a"), ERR_OK);
	assert_int_equal(save_one(&w, 0, 2, "b"), ERR_OK);
	/* the answer to the first got lost; it is sent again, late */
	assert_int_equal(save_one(&w, 0, 1, "a"), ERR_OK);
	(void)form(&w, &chosen);
	assert_int_equal(chosen[0], 1u << f.questions[0].order[1]);
	close_world(&w);
}

static void
what_is_not_in_the_form_is_refused_whole(void **state)
{
	static const struct draft bad[] = {
	    {2, 1}, /* no such question */
	    {SIZE_MAX, 1},
	    {0, 1u << 3}, /* no such choice */
	    {0, 1u << 15},
	};
	struct draft two[2];
	chosen_bits *chosen;
	struct world w;
	size_t i;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		two[0] = (struct draft){1, 1};
		two[1] = bad[i];
		assert_int_equal(save(&w, two, 2, "x"), ERR_INVALID);
	}
	(void)form(&w, &chosen);
	assert_int_equal(chosen[1], 0); /* the good half is not there either */
	close_world(&w);
}

/* A form without rows: the rule does not depend on what a seed draws. */
static void
two_choices_for_a_single_question_are_refused(void **state)
{
	static const struct choice choices[3] = {{.right = true}};
	static const struct question q = {.id = "C-901-1-01",
	    .type = QUESTION_SINGLE,
	    .choices = choices,
	    .n_choices = 3};
	uint32_t order[3] = {2, 0, 1};
	struct form_question fq = {&q, order};
	struct form f = {&fq, 1};
	struct draft d = {0, 3};
	struct attempt at;
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	at = get(&w);
	assert_int_equal(attempt_save(w.f->db, &w.pages.site, &at, &f, &d, 1,
			     "k", w.f->now, w.f->arena),
	    ERR_INVALID);
	close_world(&w);
}

static void
another_persons_attempt_is_not_there(void **state)
{
	struct scope nobody = {.reach = SCOPE_NOTHING};
	struct attempt at;
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	w.who = w.other;
	assert_int_equal(
	    attempt_get(w.f->db, own(&w), w.attempt, w.f->arena, &at),
	    ERR_NOT_FOUND);
	nobody.person = w.person;
	assert_int_equal(
	    attempt_get(w.f->db, nobody, w.attempt, w.f->arena, &at),
	    ERR_NOT_FOUND);
	close_world(&w);
}

/* ------------------------------------------------------------------- the end
 */

static void
submit_counts_once(void **state)
{
	struct attempt at;
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	sit(&w, true);
	at = get(&w);
	assert_true(at.finalised && at.passed);
	assert_int_equal(at.points, 200);
	assert_int_equal(at.points_max, 200);
	assert_string_equal(at.finalised_by, "learner");
	w.f->now += MINUTE_MS;
	assert_int_equal(finalise(&w), ERR_CONFLICT);
	w.by = "server";
	assert_int_equal(finalise(&w), ERR_CONFLICT);
	assert_true(get(&w).submitted_at == at.submitted_at);
	assert_string_equal(get(&w).finalised_by, "learner");
	assert_int_equal(evidence_counted(w.f, w.person, "exam"), 1);
	assert_int_equal(evidence_counted(w.f, w.person, "course"), 1);
	assert_int_equal(evidence_counted(w.f, w.person, "check"), 2);
	assert_int_equal(counted(w.f, w.pages.organisation, "exam_taken",
			     "C-901", "technician"),
	    1);
	assert_int_equal(counted(w.f, w.pages.organisation, "exam_passed",
			     "C-901", "technician"),
	    1);
	assert_int_equal(counted(w.f, w.pages.organisation, "completed",
			     "C-901", "technician"),
	    1);
	assert_int_equal(hook_calls, 1);
	close_world(&w);
}

static void
failed_exam_completes_nothing(void **state)
{
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	sit(&w, false);
	assert_true(get(&w).finalised);
	assert_false(get(&w).passed);
	assert_int_equal(evidence_counted(w.f, w.person, "exam"), 1);
	assert_int_equal(evidence_counted(w.f, w.person, "course"), 0);
	assert_int_equal(
	    counted(w.f, w.pages.organisation, "exam_taken", NULL, NULL), 1);
	assert_int_equal(
	    counted(w.f, w.pages.organisation, "exam_passed", NULL, NULL), 0);
	assert_int_equal(hook_calls, 0);
	close_world(&w);
}

static enum err
do_dated(struct db *db, void *ctx)
{
	struct world *w = ctx;
	struct dated d;
	enum err e;

	if ((e = dated_take(db, w->f->now, w->f->arena, &d)) != ERR_OK)
		return e;
	assert_string_equal(d.kind, "attempt_deadline");
	assert_true(d.subject == w->attempt);
	assert_true(d.at == get(w).deadline);
	return attempt_finalise(db, &w->pages.site, d.subject, "server", d.at);
}

static void
server_ends_it_at_the_deadline_with_the_last_drafts(void **state)
{
	int64_t deadline;
	struct world w;
	struct form f;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	deadline = get(&w).deadline;
	f = form(&w, NULL);
	assert_int_equal(
	    save(&w, answers(&w, &f, false), f.n, "first"), ERR_OK);
	w.f->now = deadline - 1;
	assert_int_equal(db_write(w.f->db, do_dated, &w), ERR_NOT_FOUND);
	w.f->now = deadline; /* the last moment counts */
	assert_int_equal(save(&w, answers(&w, &f, true), f.n, "last"), ERR_OK);
	w.f->now = deadline + HOUR_MS; /* the machine was off */
	assert_int_equal(db_write(w.f->db, do_dated, &w), ERR_OK);
	assert_true(get(&w).passed);
	assert_string_equal(get(&w).finalised_by, "server");
	assert_true(get(&w).submitted_at == deadline);
	assert_int_equal(db_write(w.f->db, do_dated, &w), ERR_NOT_FOUND);
	close_world(&w);
}

static void
late_answer_is_gone_and_not_counted(void **state)
{
	chosen_bits *chosen;
	struct world w;
	struct form f;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	f = form(&w, NULL);
	w.f->now += EXAM_MS + 1;
	assert_int_equal(
	    save(&w, answers(&w, &f, true), f.n, "late"), ERR_GONE);
	(void)form(&w, &chosen);
	assert_int_equal(chosen[0], 0);
	w.by = "server";
	assert_int_equal(finalise(&w), ERR_OK);
	assert_int_equal(get(&w).points, 0);
	assert_false(get(&w).passed);
	close_world(&w);
}

static void
answer_after_the_end_is_gone(void **state)
{
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	sit(&w, false);
	assert_int_equal(save_one(&w, 0, 1, "after"), ERR_GONE);
	close_world(&w);
}

static void
handing_in_early_takes_the_deadline_away(void **state)
{
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	sit(&w, true);
	w.f->now += EXAM_MS + 1;
	assert_int_equal(db_write(w.f->db, do_dated, &w), ERR_NOT_FOUND);
	close_world(&w);
}

/* The hook is the last of many writes: none of them may stay. */
static void
failing_hook_leaves_nothing_written(void **state)
{
	chosen_bits *chosen;
	struct world w;
	struct form f;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	f = form(&w, NULL);
	assert_int_equal(save(&w, answers(&w, &f, true), f.n, "all"), ERR_OK);
	hook_answers = ERR_NO_SPACE;
	assert_int_equal(finalise(&w), ERR_NO_SPACE);
	assert_false(get(&w).finalised);
	assert_int_equal(get(&w).points, 0);
	assert_int_equal(evidence_counted(w.f, w.person, "exam"), 0);
	assert_int_equal(evidence_counted(w.f, w.person, "course"), 0);
	assert_int_equal(
	    counted(w.f, w.pages.organisation, "exam_taken", NULL, NULL), 0);
	(void)form(&w, &chosen);
	assert_int_not_equal(chosen[0], 0);
	hook_answers = ERR_OK;
	assert_int_equal(finalise(&w), ERR_OK);
	assert_true(get(&w).passed);
	assert_int_equal(hook_calls, 2);
	assert_int_equal(evidence_counted(w.f, w.person, "exam"), 1);
	close_world(&w);
}

static void
replay_gives_the_stored_score(void **state)
{
	static const bool rights[] = {false, true};
	int64_t points, points_max;
	struct attempt at;
	struct world w;
	size_t i;

	open_world(&w, *state);
	pass_modules(&w);
	for (i = 0; i < 2; i++) {
		sit(&w, rights[i]);
		at = get(&w);
		assert_int_equal(attempt_replay(w.f->db, &w.pages.site, &at,
				     w.f->arena, &points, &points_max),
		    ERR_OK);
		assert_true(points == at.points);
		assert_true(points_max == at.points_max);
		w.f->now += DAY_MS;
	}
	close_world(&w);
}

/* ------------------------------------------------------------ a new revision
 */

/* In the new one the second choice is right everywhere, and 100 % are asked. */
static void
publish_changed(struct world *w)
{
	static const char *const banks[] = {
	    "assessments/exams/C-901/bank-1.yaml",
	    "assessments/exams/C-901/bank-2.yaml"};
	const char *repository, *dir, *manifest, *commit;
	struct arena *a = w->f->arena;
	struct content_files files = {0};
	struct content_errors errors;
	char id[41], *at;
	const char *text;
	size_t i;

	content_files_read(&files, TREE);
	for (i = 0; i < 2; i++) {
		text = content_files_find(&files, banks[i])->data;
		/* "一つ目" and "二つ目" change places in the first question */
		at = strstr(text, "一つ目");
		assert_non_null(at);
		memcpy(at, "三つ目", strlen("三つ目"));
	}
	repository = arena_printf(a, "%s/repository", w->f->directory);
	dir = arena_printf(a, "%s/content", w->f->directory);
	content_repository_commit(repository, &files, id);
	content_files_free(&files);
	assert_int_equal(content_build(&repository, 1, id, dir, false, a,
			     &manifest, &commit, &errors),
	    ERR_OK);
	assert_int_equal(
	    content_follow(w->pages.site.content, manifest), ERR_OK);
	w->c = pages_content(&w->pages);
}

static void
new_revision_does_not_change_a_running_attempt(void **state)
{
	struct form before, after;
	struct attempt at;
	struct world w;
	size_t i;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	before = form(&w, NULL);
	at = get(&w);
	publish_changed(&w);
	assert_string_not_equal(content_manifest(w.c), at.manifest);
	after = form(&w, NULL);
	assert_int_equal(after.n, before.n);
	for (i = 0; i < before.n; i++) {
		assert_string_equal(after.questions[i].question->id,
		    before.questions[i].question->id);
		assert_string_equal(
		    after.questions[i].question->choices[0].text.in[LANG_JA],
		    "一つ目");
		assert_memory_equal(after.questions[i].order,
		    before.questions[i].order, 3 * sizeof(uint32_t));
	}
	assert_int_equal(
	    save(&w, answers(&w, &after, false), after.n, "all"), ERR_OK);
	assert_int_equal(finalise(&w), ERR_OK);
	assert_string_equal(get(&w).manifest, at.manifest);
	/* the next attempt is of the new revision */
	w.f->now += DAY_MS;
	assert_int_equal(start(&w), ERR_OK);
	assert_string_equal(get(&w).manifest, content_manifest(w.c));
	close_world(&w);
}

/* ------------------------------------------------- two at the same moment */

struct racer {
	struct world *w;
	enum err (*act)(struct db *db, void *ctx);
	pthread_barrier_t *barrier;
	struct world own; /* a copy: acts write into their world */
	struct fixture fixture;
	enum err e;
};

static void *
race_thread(void *ctx)
{
	struct racer *r = ctx;

	(void)pthread_barrier_wait(r->barrier);
	r->e = db_write(r->fixture.db, r->act, &r->own);
	return NULL;
}

/* Both acts at once on connections of their own. */
static void
race(struct world *w, enum err (*act)(struct db *db, void *ctx),
    struct racer racers[2])
{
	pthread_barrier_t barrier;
	pthread_t threads[2];
	size_t i;

	assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
	for (i = 0; i < 2; i++) {
		racers[i].w = w;
		racers[i].act = act;
		racers[i].barrier = &barrier;
		racers[i].fixture = *w->f;
		racers[i].fixture.db = fixture_connect(w->f, DB_WRITE);
		racers[i].fixture.arena = arena_new();
		racers[i].own.f = &racers[i].fixture;
		assert_int_equal(
		    pthread_create(&threads[i], NULL, race_thread, &racers[i]),
		    0);
	}
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (i = 0; i < 2; i++) {
		db_close(racers[i].fixture.db);
		arena_free(racers[i].fixture.arena);
	}
	assert_int_equal(pthread_barrier_destroy(&barrier), 0);
}

static void
of_two_starts_one_wins(void **state)
{
	struct racer racers[2];
	struct world w;

	open_world(&w, *state);
	pass_modules(&w);
	racers[0].own = racers[1].own = w;
	race(&w, do_start, racers);
	assert_true((racers[0].e == ERR_OK) != (racers[1].e == ERR_OK));
	assert_int_equal(
	    racers[0].e == ERR_OK ? racers[1].e : racers[0].e, ERR_CONFLICT);
	close_world(&w);
}

static void
of_two_ends_one_counts(void **state)
{
	struct racer racers[2];
	struct world w;
	struct form f;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	f = form(&w, NULL);
	assert_int_equal(save(&w, answers(&w, &f, true), f.n, "all"), ERR_OK);
	racers[0].own = racers[1].own = w;
	racers[1].own.by = "server";
	race(&w, do_finalise, racers);
	assert_true((racers[0].e == ERR_OK) != (racers[1].e == ERR_OK));
	assert_int_equal(
	    racers[0].e == ERR_OK ? racers[1].e : racers[0].e, ERR_CONFLICT);
	assert_int_equal(evidence_counted(w.f, w.person, "exam"), 1);
	assert_int_equal(evidence_counted(w.f, w.person, "course"), 1);
	assert_int_equal(
	    counted(w.f, w.pages.organisation, "exam_taken", NULL, NULL), 1);
	assert_int_equal(
	    counted(w.f, w.pages.organisation, "completed", NULL, NULL), 1);
	close_world(&w);
}

/* Two answers at once, and the same one twice at once: all are saved once. */
static void
two_saves_at_once_are_both_saved(void **state)
{
	static const char *const keys[2][2] = {{"a", "b"}, {"c", "c"}};
	struct draft drafts[2] = {{0, 1}, {1, 1}};
	struct racer racers[2];
	chosen_bits *chosen;
	struct world w;
	size_t i, j;

	open_world(&w, *state);
	pass_modules(&w);
	assert_int_equal(start(&w), ERR_OK);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < 2; j++) {
			racers[j].own = w;
			racers[j].own.drafts = &drafts[j];
			racers[j].own.n = 1;
			racers[j].own.key = keys[i][j];
		}
		race(&w, do_save, racers);
		assert_int_equal(racers[0].e, ERR_OK);
		assert_int_equal(racers[1].e, ERR_OK);
		(void)form(&w, &chosen);
		assert_int_not_equal(chosen[0], 0);
		assert_int_not_equal(chosen[1], 0);
	}
	close_world(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(exam_opens_when_all_modules_are_passed),
	    ON_BOTH_ENGINES(one_attempt_is_open_at_a_time),
	    ON_BOTH_ENGINES(attempts_are_limited_and_wait_for_each_other),
	    ON_BOTH_ENGINES(passed_exam_is_not_taken_again),
	    ON_BOTH_ENGINES(the_last_answer_to_a_question_counts),
	    ON_BOTH_ENGINES(a_repeated_save_is_the_same_save),
	    ON_BOTH_ENGINES(what_is_not_in_the_form_is_refused_whole),
	    ON_BOTH_ENGINES(two_choices_for_a_single_question_are_refused),
	    ON_BOTH_ENGINES(another_persons_attempt_is_not_there),
	    ON_BOTH_ENGINES(submit_counts_once),
	    ON_BOTH_ENGINES(failed_exam_completes_nothing),
	    ON_BOTH_ENGINES(
		server_ends_it_at_the_deadline_with_the_last_drafts),
	    ON_BOTH_ENGINES(late_answer_is_gone_and_not_counted),
	    ON_BOTH_ENGINES(answer_after_the_end_is_gone),
	    ON_BOTH_ENGINES(handing_in_early_takes_the_deadline_away),
	    ON_BOTH_ENGINES(failing_hook_leaves_nothing_written),
	    ON_BOTH_ENGINES(replay_gives_the_stored_score),
	    ON_BOTH_ENGINES(new_revision_does_not_change_a_running_attempt),
	    ON_BOTH_ENGINES(of_two_starts_one_wins),
	    ON_BOTH_ENGINES(of_two_ends_one_counts),
	    ON_BOTH_ENGINES(two_saves_at_once_are_both_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
