/*
 * From a commit to a manifest. libgit2 reads the commit, never the work tree.
 */
#ifndef CONTENT_PUBLISH_H
#define CONTENT_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

struct content_error {
	const char *file; /* courses/executive/E-101/course.yaml */
	int line; /* 0: the file as a whole */
	const char *message;
};

struct content_errors {
	struct content_error *list;
	size_t n;
};

/*
 * Reads the repository at `repository` (several: later ones add to the
 * earlier), resolves `revision` ("main", a commit), checks everything and
 * renders a manifest into `dir`. On ERR_INVALID `errors` lists every mistake
 * and nothing was kept. The same commit and renderer give the same bytes.
 * keep_ref: writes refs/tanren/published/<commit> so that git keeps it; where
 * that is not allowed a warning is logged and the manifest made all the same.
 *
 * Several repositories: `revision` is resolved in each, or is a list with
 * commas, one for each; `commit` is then a digest of their commits.
 * dir NULL: only checks; *manifest stays untouched.
 * ERR_NO_SPACE: the disk is full. ERR_INTERNAL: logged.
 */
MUST_USE enum err content_build(const char *const *repositories, size_t n,
    const char *revision, const char *dir, bool keep_ref, struct arena *a,
    const char **manifest, const char **commit, struct content_errors *errors);

/* One line each, "file:line: message", sorted as content_build left them. */
void content_errors_print(const struct content_errors *errors, FILE *out);

#endif
