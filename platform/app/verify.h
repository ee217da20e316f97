/*
 * Recounting: is everything that the installation says about itself still
 * what its sources say? Chains, scores, counts, certificates, manifests, and
 * rows that must belong to others. Nothing is changed, and all of it is read
 * from one snapshot, so that it can run while others write.
 *
 * What it cannot find: an end of a chain that was cut off together with its
 * noted end, and rows that were changed together with all their sources. A
 * copy of the figures kept elsewhere (--json) finds the first.
 */
#ifndef APP_VERIFY_H
#define APP_VERIFY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct db;
struct site;

struct verify_figures {
	int64_t chains, audit_rows;
	int64_t attempts; /* finalised, replayed */
	int64_t evidence; /* rows of the ledger */
	int64_t counts; /* figures for dashboards that were recounted */
	int64_t certificates, manifests;
	int64_t persons, organisations;
	int64_t wrong; /* differences, each of them told */
};

/* Gets each difference as one line. */
typedef void verify_say(void *ctx, const char *line);

/*
 * Recounts all. ERR_OK whatever was found: `wrong` says how much. An error
 * means that it could not be read to the end.
 */
MUST_USE enum err verify_all(struct db *db, const struct site *site,
    verify_say *say, void *ctx, struct verify_figures *out);

/* --------------------------------------------------- what its files share */

struct verify {
	struct db *db;
	const struct site *site;
	verify_say *say;
	void *ctx;
	struct verify_figures figures;
};

void verify_wrong(struct verify *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Each in a file of its own. */
MUST_USE enum err verify_attempts(struct verify *v);
MUST_USE enum err verify_counts(struct verify *v);
MUST_USE enum err verify_manifests(struct verify *v);
MUST_USE enum err verify_rows(struct verify *v);

#endif
