/* What makes a point to check: pure decisions. See lab/signal.h. */
#ifndef LAB_SIGNAL_RULES_H
#define LAB_SIGNAL_RULES_H

#include "lab/signal.h"

#define SIGNAL_COMMON_MAX 4 /* others with the same wrong answer */
#define SIGNAL_CLASS_MAX 3 /* others who handed in at that time */
#define SIGNAL_CLOSE_MS (INT64_C(120) * 1000)
#define SIGNAL_FAST_PART 10 /* of the stated time */

/* A graded submission, as far as the rules look. */
struct sitting {
	int64_t submission, run, person, organisation;
	int64_t number, points, submitted_at, ready_at;
	const char *result; /* the JSON lines: check by check */
};

bool signal_is_fast(const struct lab *lab, const struct sitting *s);
bool signal_is_close(
    const struct lab *lab, const struct sitting *a, const struct sitting *b);

/* An equal mark of somebody else. */
enum match_side {
	MATCH_MINE, /* what I gave is right for the other */
	MATCH_THEIRS, /* what the other gave is right for me */
	MATCH_SAME, /* we gave the same, right for neither */
};

struct match {
	enum match_side side;
	const char *key;
	bool canary;
	struct sitting other;
};

/* A point that follows from matches. */
struct pairing {
	enum signal_kind kind;
	bool about_other; /* the other gave what is mine */
	struct sitting other;
	const char *keys;
};

/*
 * One pairing for each other person and side, with all its keys. Of
 * MATCH_SAME there are two: one about each of them.
 */
void signal_pairings(const struct match *list, size_t n, struct arena *a,
    struct pairing **out, size_t *n_out);

#define SIGNAL_ANSWER_CHARS 300

/*
 * The value of the last `key: value` line of a text, cut to
 * SIGNAL_ANSWER_CHARS; NULL without such a line.
 */
const char *
signal_line(const char *data, size_t size, const char *key, struct arena *a);

#endif
