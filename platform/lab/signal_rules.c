/* What makes a point to check: pure decisions. */
#include "lab/signal_rules.h"

#include <string.h>

#include "base/text.h"

static const char *const kind_names[SIGNAL__MAX] = {
    [SIGNAL_CANARY] = "canary",
    [SIGNAL_OTHERS_ANSWER] = "others_answer",
    [SIGNAL_SAME_ANSWER] = "same_answer",
    [SIGNAL_CLOSE] = "close",
    [SIGNAL_FAST] = "fast",
};

const char *
signal_kind_name(enum signal_kind k)
{
	return kind_names[k];
}

const char *
signal_state_name(enum signal_state s)
{
	return s == SIGNAL_OPEN	    ? "open"
	    : s == SIGNAL_EXPLAINED ? "explained"
				    : "upheld";
}

/* -------------------------------------------------------------------- time */

bool
signal_is_fast(const struct lab *lab, const struct sitting *s)
{
	int64_t least = (int64_t)lab->minutes * 60 * 1000 / SIGNAL_FAST_PART;

	return s->number == 1 && s->points >= lab->pass &&
	    s->submitted_at - s->ready_at < least;
}

bool
signal_is_close(
    const struct lab *lab, const struct sitting *a, const struct sitting *b)
{
	int64_t between = a->submitted_at - b->submitted_at;

	return a->person != b->person && a->organisation == b->organisation &&
	    between >= -SIGNAL_CLOSE_MS && between <= SIGNAL_CLOSE_MS &&
	    a->points >= lab->pass && a->points == b->points &&
	    a->points < LAB_POINTS_MAX && text_eq(a->result, b->result);
}

/* ------------------------------------------------------------------- marks */

static bool
is_common(const struct match *list, size_t n, const char *key)
{
	size_t i, others = 0;

	for (i = 0; i < n; i++)
		others +=
		    list[i].side == MATCH_SAME && text_eq(list[i].key, key);
	return others > SIGNAL_COMMON_MAX;
}

/* The one of this person and side, made if it is not there. */
static struct pairing *
pairing_of(const struct match *m, enum signal_kind kind, bool about_other,
    struct arena *a, struct pairing **list, size_t *n)
{
	struct pairing *p;
	bool same_kind;
	size_t i;

	for (i = 0; i < *n; i++) {
		p = &(*list)[i];
		same_kind = (p->kind == SIGNAL_SAME_ANSWER) ==
		    (kind == SIGNAL_SAME_ANSWER);
		if (p->other.person == m->other.person && same_kind &&
		    p->about_other == about_other)
			return p;
	}
	p = ARENA_PUSH(a, *list, *n);
	*p = (struct pairing){.kind = kind,
	    .about_other = about_other,
	    .other = m->other,
	    .keys = ""};
	return p;
}

static void
add_match(const struct match *m, enum signal_kind kind, bool about_other,
    struct arena *a, struct pairing **list, size_t *n)
{
	struct pairing *p = pairing_of(m, kind, about_other, a, list, n);

	p->keys = arena_printf(
	    a, "%s%s%s", p->keys, *p->keys == '\0' ? "" : ",", m->key);
	if (kind == SIGNAL_CANARY)
		p->kind = SIGNAL_CANARY;
}

void
signal_pairings(const struct match *list, size_t n, struct arena *a,
    struct pairing **out, size_t *n_out)
{
	struct pairing *pairings = NULL;
	enum signal_kind kind;
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		kind = list[i].canary ? SIGNAL_CANARY : SIGNAL_OTHERS_ANSWER;
		if (list[i].side != MATCH_SAME) {
			add_match(&list[i], kind, list[i].side == MATCH_THEIRS,
			    a, &pairings, &count);
			continue;
		}
		if (is_common(list, n, list[i].key))
			continue;
		add_match(
		    &list[i], SIGNAL_SAME_ANSWER, false, a, &pairings, &count);
		add_match(
		    &list[i], SIGNAL_SAME_ANSWER, true, a, &pairings, &count);
	}
	*out = pairings;
	*n_out = count;
}

/* ------------------------------------------------------------------- words */

static const char *
cut(const char *at, size_t n, struct arena *a)
{
	const char *text = text_trim(a, arena_strndup(a, at, n)), *p = text;
	size_t i;

	for (i = 0; i < SIGNAL_ANSWER_CHARS && *p != '\0'; i++)
		(void)text_next(&p);
	return *p == '\0' ? text
			  : arena_printf(a, "%.*s ...", (int)(p - text), text);
}

const char *
signal_line(const char *data, size_t size, const char *key, struct arena *a)
{
	const char *at = data, *end = data + size, *newline, *colon;
	const char *found = NULL;

	if (!text_is_utf8(data, size) || memchr(data, '\0', size) != NULL)
		return NULL;
	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL)
			newline = end;
		colon = memchr(at, ':', (size_t)(newline - at));
		if (colon != NULL &&
		    text_eq(text_trim(
				a, arena_strndup(a, at, (size_t)(colon - at))),
			key))
			found =
			    cut(colon + 1, (size_t)(newline - colon - 1), a);
	}
	return found;
}
