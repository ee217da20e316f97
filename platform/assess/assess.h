/*
 * Attempts: exams with a form drawn from a bank, a deadline and a limited
 * number; checks of modules, without either. An attempt is its manifest, its
 * draw and the answers appended to it: graded the same for ever.
 */
#ifndef ASSESS_ASSESS_H
#define ASSESS_ASSESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "content/content.h"
#include "db/scope.h"
#include "http/route.h"
#include "learn/learn.h"

struct db;
struct site;

/* Points are hundredths of a question. */
#define QUESTION_POINTS 100

/* A question as one attempt shows it. */
struct form_question {
	const struct question *question;
	uint32_t *order; /* shown position -> author's place of the choice */
};

struct form {
	struct form_question *questions;
	size_t n;
};

/* The author's places that were chosen, as bits. */
typedef uint32_t chosen_bits;
#define CHOICES_MAX 16

/* ------------------------------------------------------------- pure rules */

/* The form an exam draws from a seed. Owned by the arena. */
void form_draw(const struct exam *exam, const uint8_t seed[DIGEST_BYTES],
    struct arena *a, struct form *out);

/* All questions in order, only the choices shuffled: a module's check. */
void form_of_check(const struct question *questions, size_t n,
    const uint8_t seed[DIGEST_BYTES], struct arena *a, struct form *out);

/*
 * Single: all or nothing. Multiple: max(0, right - wrong) / number of right
 * choices, rounded down to a hundredth.
 */
int question_points(const struct question *q, chosen_bits chosen);

int64_t form_points(const struct form *f, const chosen_bits *chosen);
bool points_pass(int64_t points, int64_t points_max, int pass_percent);

/* The seed of an attempt: HMAC(secret, person | thing | manifest | draw). */
void attempt_seed(const uint8_t secret[DIGEST_BYTES], int64_t person,
    const char *thing, const char *manifest, int64_t draw,
    uint8_t out[DIGEST_BYTES]);

/* Whether a person may start an exam now, and if not, why. */
enum exam_gate {
	EXAM_OPEN,
	EXAM_MODULES_FIRST, /* a module's check is not passed yet */
	EXAM_RUNNING, /* an attempt is open: go on with it */
	EXAM_PASSED,
	EXAM_WAIT, /* the waiting time is not over */
	EXAM_USED_UP, /* no attempts left */
	EXAM_NO_SPACE, /* the disk is nearly full: nothing new starts */
};

struct exam_history {
	int64_t taken; /* finalised attempts */
	int64_t last_submitted_at;
	int64_t open; /* the open attempt; 0: none */
	int64_t passed; /* the passed attempt; 0: none */
};

/* opens_at: when EXAM_WAIT ends. */
enum exam_gate exam_gate(const struct exam *exam, const struct exam_history *h,
    bool modules_done, int64_t now, int64_t *opens_at);

/* ------------------------------------------------------------------- acts */

struct attempt {
	int64_t id, person, organisation;
	const char *kind; /* exam, check */
	const char *thing;
	const char *manifest;
	int64_t draw, started_at, deadline; /* deadline 0: none */
	bool finalised;
	int64_t submitted_at;
	const char *finalised_by; /* learner, server */
	int64_t points, points_max;
	bool passed;
};

MUST_USE enum err exam_history(struct db *db, struct scope own,
    const char *exam, struct exam_history *out);

/*
 * Starts an attempt on the current content, with its deadline in the table of
 * dated events. ERR_CONFLICT: the gate is not open.
 */
MUST_USE enum err exam_start(struct db *db, const struct site *site,
    struct scope own, const struct learner *who, const struct content *c,
    const struct exam *exam, int64_t now, struct arena *a, int64_t *attempt);

/* Another's is ERR_NOT_FOUND. */
MUST_USE enum err attempt_get(struct db *db, struct scope own, int64_t id,
    struct arena *a, struct attempt *out);

/* The form of an attempt from its own manifest, and what is chosen so far. */
MUST_USE enum err attempt_form(struct db *db, const struct site *site,
    const struct attempt *at, const struct content *c, struct arena *a,
    struct form *form, chosen_bits **chosen);

/*
 * Saves draft answers: durable when the caller's write is. The same
 * client_key is the same save. ERR_GONE after the deadline or the end,
 * ERR_INVALID for a question or choice that is not in the form,
 * ERR_THROTTLED past thousands of saves.
 */
struct draft {
	size_t question; /* its place in the form */
	chosen_bits shown; /* positions as shown */
};
MUST_USE enum err
attempt_save(struct db *db, const struct site *site, const struct attempt *at,
    const struct form *form, const struct draft *drafts, size_t n,
    const char *client_key, int64_t now, struct arena *a);

/*
 * Ends an attempt and grades what was saved. Counts once: ERR_CONFLICT when
 * it was ended before. by: learner or server; the server ends it at its
 * deadline, however late that is done.
 */
MUST_USE enum err attempt_finalise(struct db *db, const struct site *site,
    int64_t attempt, const char *by, int64_t now);

/* A check answered whole: an attempt that starts and ends at once. */
MUST_USE enum err check_answer(struct db *db, const struct site *site,
    const struct learner *who, const struct content *c,
    const struct course *course, int module, const struct draft *drafts,
    size_t n, int64_t draw, int64_t now, struct arena *a, int64_t *attempt);

/* Grades again from manifest, draw and answers; for tanren verify. */
MUST_USE enum err
attempt_replay(struct db *db, const struct site *site, const struct attempt *at,
    struct arena *a, int64_t *points, int64_t *points_max);

extern const struct route assess_routes[];

#endif
