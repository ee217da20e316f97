/* What `tanren run` does before it serves. */
#ifndef APP_FIRST_H
#define APP_FIRST_H

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"

/*
 * Migrates at every start; into a new database the content is published and,
 * with --demo, the demo sector is loaded. Progress goes to stdout.
 */
MUST_USE enum err first_steps(struct arena *a, const struct config *c);

#endif
