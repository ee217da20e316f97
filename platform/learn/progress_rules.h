/* How rows become progress: pure. */
#ifndef LEARN_PROGRESS_RULES_H
#define LEARN_PROGRESS_RULES_H

#include "learn/learn.h"

struct progress_row {
	const char *course;
	struct module_progress at;
};

struct completion {
	const char *course;
	int64_t at;
};

struct due {
	const char *course;
	int64_t at;
	bool overdue;
};

struct progress_facts {
	struct progress_row *rows;
	struct completion *completions;
	struct due *dues;
	size_t n_rows, n_completions, n_dues;
};

/* The facts may be of several courses. Owned by the arena. */
void progress_fold(const struct course *course, const struct progress_facts *f,
    int64_t now, struct arena *a, struct course_progress *out);

/* "C01:1,C03:1", as the ledger keeps it. */
const char *
levels_text(struct arena *a, const struct level_of *levels, size_t n);

#endif
