/* Publishing: a commit becomes the revision that is served. */
#ifndef APP_PUBLISH_H
#define APP_PUBLISH_H

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"
#include "content/publish.h"

/*
 * Builds the manifest of `revision` (NULL: the configured ref) and, unless it
 * is the newest already, adds the row that every process follows. ERR_INVALID:
 * the mistakes are in errors and nothing changed.
 */
MUST_USE enum err publish(const struct config *c, const char *revision,
    struct arena *a, const char **commit, struct content_errors *errors);

#endif
