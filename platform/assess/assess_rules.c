/* Drawing a form, grading, and whether an exam is open: pure. */
#include <assert.h>
#include <stdio.h>

#include "assess/assess.h"
#include "base/clock.h"

static void
order_choices(struct draw *d, const struct question *q, struct arena *a,
    struct form_question *out)
{
	size_t i;

	out->question = q;
	out->order = ARENA_ARRAY(a, uint32_t, q->n_choices);
	for (i = 0; i < q->n_choices; i++)
		out->order[i] = (uint32_t)i;
	draw_shuffle(d, out->order, q->n_choices);
}

/* The places in the bank of one module's questions. */
static uint32_t *
places_of(const struct exam *exam, int module, struct arena *a, size_t *n)
{
	uint32_t *places = ARENA_ARRAY(a, uint32_t, exam->n_bank);
	size_t i;

	*n = 0;
	for (i = 0; i < exam->n_bank; i++)
		if (exam->bank[i].module == module)
			places[(*n)++] = (uint32_t)i;
	return places;
}

void
form_draw(const struct exam *exam, const uint8_t seed[DIGEST_BYTES],
    struct arena *a, struct form *out)
{
	uint32_t *all = ARENA_ARRAY(a, uint32_t, exam->n_bank), *places;
	struct form f = {0};
	struct draw d;
	size_t i, j, n, want;

	draw_start(&d, seed);
	for (i = 0; i < exam->n_draws; i++) {
		places = places_of(exam, exam->draws[i].module, a, &n);
		draw_shuffle(&d, places, n);
		want = (size_t)exam->draws[i].questions;
		for (j = 0; j < want && j < n; j++)
			all[f.n++] = places[j];
	}
	/* questions of one module shall not stand together */
	draw_shuffle(&d, all, f.n);
	f.questions = ARENA_ARRAY(a, struct form_question, f.n);
	for (i = 0; i < f.n; i++)
		order_choices(&d, &exam->bank[all[i]], a, &f.questions[i]);
	*out = f;
}

void
form_of_check(const struct question *questions, size_t n,
    const uint8_t seed[DIGEST_BYTES], struct arena *a, struct form *out)
{
	struct form f = {.n = n};
	struct draw d;
	size_t i;

	draw_start(&d, seed);
	f.questions = ARENA_ARRAY(a, struct form_question, n);
	for (i = 0; i < n; i++)
		order_choices(&d, &questions[i], a, &f.questions[i]);
	*out = f;
}

int
question_points(const struct question *q, chosen_bits chosen)
{
	int right = 0, wrong = 0, all = 0;
	size_t i;

	for (i = 0; i < q->n_choices; i++) {
		all += q->choices[i].right;
		if ((chosen & (1u << i)) == 0)
			continue;
		if (q->choices[i].right)
			right++;
		else
			wrong++;
	}
	if (q->type == QUESTION_SINGLE)
		return right == 1 && wrong == 0 ? QUESTION_POINTS : 0;
	if (right <= wrong || all == 0)
		return 0;
	return QUESTION_POINTS * (right - wrong) / all;
}

int64_t
form_points(const struct form *f, const chosen_bits *chosen)
{
	int64_t points = 0;
	size_t i;

	for (i = 0; i < f->n; i++)
		points += question_points(f->questions[i].question, chosen[i]);
	return points;
}

bool
points_pass(int64_t points, int64_t points_max, int pass_percent)
{
	return points_max > 0 && points * 100 >= points_max * pass_percent;
}

void
attempt_seed(const uint8_t secret[DIGEST_BYTES], int64_t person,
    const char *thing, const char *manifest, int64_t draw,
    uint8_t out[DIGEST_BYTES])
{
	char text[512];
	int n;

	n = snprintf(text, sizeof(text), "attempt|%lld|%s|%s|%lld",
	    (long long)person, thing, manifest, (long long)draw);
	assert(n > 0 && (size_t)n < sizeof(text)); /* names are short */
	digest_hmac(secret, text, (size_t)n, out);
}

enum exam_gate
exam_gate(const struct exam *exam, const struct exam_history *h,
    bool modules_done, int64_t now, int64_t *opens_at)
{
	int64_t wait_until = h->last_submitted_at + exam->wait_hours * HOUR_MS;

	*opens_at = 0;
	if (h->open != 0)
		return EXAM_RUNNING;
	if (h->passed != 0)
		return EXAM_PASSED;
	if (!modules_done)
		return EXAM_MODULES_FIRST;
	if (h->taken >= exam->attempts)
		return EXAM_USED_UP;
	if (h->taken > 0 && now < wait_until) {
		*opens_at = wait_until;
		return EXAM_WAIT;
	}
	return EXAM_OPEN;
}
