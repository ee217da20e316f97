/* What the dashboards of an institution count, folded or not. */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

#include "support/fixture.h"

/* The sum of a metric; key and tier may be NULL: all of them. */
int64_t counted(const struct fixture *f, int64_t organisation,
    const char *metric, const char *key, const char *tier);

/* Rows of evidence of a person from a source. */
int
evidence_counted(const struct fixture *f, int64_t person, const char *source);

#endif
