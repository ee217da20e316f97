/*
 * What learners were told while a database was written to, and whether what
 * is left of it keeps that. SQLite only.
 */
#ifndef TESTS_PROMISE_H
#define TESTS_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROMISE_SAVES 8
#define PROMISE_CHOSEN_BYTES 32

/* One learner in one exam of two questions; save i has the key "s<i>". */
struct promise {
	int64_t attempt; /* 0: not started */
	int saves;
	char chosen[PROMISE_SAVES][PROMISE_CHOSEN_BYTES]; /* author's places */
	bool ended; /* handed in and graded */
};

struct verdict {
	int saves, ends; /* promised */
	int lost; /* of what was promised */
	int half; /* acts of which only a part is there */
	bool is_whole; /* by SQLite's own check */
};

/*
 * Adds up the verdict over the file at `path`. knows: the learner whose
 * answers are all right, who has to have the certificate.
 */
void promises_judge(const char *path, const struct promise *list,
    const bool *knows, size_t n, struct verdict *v);

#endif
