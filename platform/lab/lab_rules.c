/* Draws, points, hints, files: pure decisions. */
#include <string.h>

#include "base/text.h"
#include "lab/lab.h"

bool
lab_is_after_giving_up(
    const struct lab_give_up *gave_up, const struct lab_submission *s)
{
	/* of the draw that was given up: handed in before */
	return gave_up->id != 0 && s->draw > gave_up->draw &&
	    s->submitted_at < gave_up->counts_from_at;
}

/* The best and the first of those that count. */
static void
score(struct lab_standing *s, int64_t points)
{
	if (!s->scored)
		s->first = points;
	if (!s->scored || points > s->best)
		s->best = points;
	s->scored = true;
}

void
lab_stand(struct lab_submission *list, size_t n,
    const struct lab_give_up *gave_up, struct lab_standing *out)
{
	struct lab_standing s = {
	    .gave_up_at = gave_up->gave_up_at,
	    .counts_from_at = gave_up->counts_from_at,
	    .draw = gave_up->draw + 1,
	};
	int64_t settled_draw = 0, used = 0, extra = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		s.grading = s.grading || list[i].state == SUBMISSION_GRADING;
		list[i].practice = settled_draw != 0 ||
		    lab_is_after_giving_up(gave_up, &list[i]);
		if (list[i].state != SUBMISSION_GRADED)
			continue;
		s.counted++;
		if (!list[i].practice)
			score(&s, list[i].points);
		s.passed = s.passed || list[i].passing;
		if (s.passed && !list[i].practice &&
		    lab_is_enough_for_2(list[i].points))
			settled_draw = list[i].draw;
		if (list[i].draw < s.draw)
			continue; /* it was given up */
		used = list[i].draw == s.draw ? used + 1 : 1;
		s.draw = list[i].draw;
		extra = list[i].extra;
	}
	s.settled = settled_draw != 0;
	s.left = LAB_SUBMISSIONS_PER_DRAW + extra - used;
	if (s.settled) {
		s.draw = settled_draw;
		s.left = 0;
	} else if (s.left <= 0) {
		s.draw++;
		s.left = LAB_SUBMISSIONS_PER_DRAW;
	}
	*out = s;
}

bool
lab_is_practice_now(const struct lab_standing *s, int64_t now)
{
	return s->settled || now < s->counts_from_at;
}

bool
lab_is_enough_for_2(int64_t points)
{
	return points * 100 >= (int64_t)LAB_PERCENT_FOR_2 * LAB_POINTS_MAX;
}

bool
lab_solution_is_open(const struct lab_standing *s)
{
	return s->settled || s->gave_up_at != 0;
}

int
lab_points_for_solution(const struct lab *lab)
{
	int enough = LAB_PERCENT_FOR_2 * LAB_POINTS_MAX / 100;

	return lab->pass > enough ? lab->pass : enough;
}

bool
lab_hint_is_open(const char *hints, const char *id)
{
	size_t len = strlen(id), n;
	const char *p;

	for (p = hints; *p != '\0'; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (n == len && memcmp(p, id, len) == 0)
			return true;
	}
	return false;
}

int64_t
lab_hint_cost(const struct lab *lab, const char *hints)
{
	int64_t cost = 0;
	size_t i;

	for (i = 0; i < lab->n_hints; i++)
		if (lab_hint_is_open(hints, lab->hints[i].id))
			cost += lab->hints[i].cost;
	return cost;
}

int64_t
lab_score(const struct lab *lab, int64_t checks, const char *hints)
{
	int64_t points = checks - lab_hint_cost(lab, hints);

	return points < 0 ? 0 : points;
}

void
lab_seed(const uint8_t secret[DIGEST_BYTES], int64_t person,
    const struct lab *lab, int64_t draw, uint8_t out[DIGEST_BYTES])
{
	struct arena *a = arena_new();
	const char *text = arena_printf(a, "%lld|%s|%d|%lld", (long long)person,
	    lab->id, lab->version, (long long)draw);

	digest_hmac(secret, text, strlen(text), out);
	arena_free(a);
}

const char *
lab_lacks(
    const struct lab_isolation *isolation, const char *lab, struct arena *a)
{
	const char *list = NULL, *word = isolation->root, *end;
	size_t n = strlen(lab);

	for (; *word != '\0'; word = end + (*end == ' ')) {
		end = word + strcspn(word, " ");
		if (strncmp(word, lab, n) != 0 || word[n] != ':')
			continue;
		list = arena_printf(a, "%s%s%.*s", list == NULL ? "" : list,
		    list == NULL ? "" : ", ", (int)(end - word) - (int)n - 1,
		    word + n + 1);
	}
	return list;
}

bool
lab_file_is_text(const char *path)
{
	static const char *const ends[] = {".txt", ".md", ".csv", ".json",
	    ".yml", ".yaml", ".yar", ".conf", "_config", NULL};
	size_t i;

	for (i = 0; ends[i] != NULL; i++)
		if (text_ends(path, ends[i]))
			return true;
	return false;
}

enum file_problem
lab_file_check(const struct lab_file_spec *spec, const void *data, size_t size)
{
	if (data == NULL || size == 0)
		return FILE_MISSING;
	if (size > (size_t)spec->max_kb * 1024)
		return FILE_TOO_LARGE;
	if (lab_file_is_text(spec->path) && !text_is_utf8(data, size))
		return FILE_NOT_TEXT;
	return FILE_FINE;
}
