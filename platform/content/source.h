/*
 * The files of a commit. libgit2 reads the object database of one or several
 * local repositories, bare or not; the work tree is never looked at.
 */
#ifndef CONTENT_SOURCE_H
#define CONTENT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/report.h"

struct source_file {
	const char *path; /* from the top of the repository */
	const char *data; /* a NUL follows */
	size_t size;
};

struct source {
	struct source_file *files; /* sorted by path */
	size_t n;
	const char *commit; /* 40 hex digits; several: a digest of them */
	const char **commits; /* one for each repository */
};

/*
 * Reads courses/, assessments/exams/ and labs/. Links, submodules, files over
 * their limit and texts that are not clean UTF-8 are reported.
 * ERR_INVALID: a repository or revision cannot be found (reported too).
 */
MUST_USE enum err
source_read(const char *const *repositories, size_t n, const char *revision,
    struct arena *a, struct report *report, struct source *out);

/* NULL when there is none. */
const struct source_file *source_find(const struct source *s, const char *path);

/*
 * Writes refs/tanren/published/<commit> in each repository. One that belongs
 * to somebody else stays as it is: a warning in the log, because the manifest
 * holds everything that pages and grading need.
 */
void
source_keep(const char *const *repositories, size_t n, const struct source *s);

#endif
