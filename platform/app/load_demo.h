/* Loading the demo sector: `tanren demo` and the first `tanren run --demo`. */
#ifndef APP_LOAD_DEMO_H
#define APP_LOAD_DEMO_H

#include <stdint.h>

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"

/* Prints its progress. Errors: see demo_make. */
MUST_USE enum err
load_demo(struct arena *a, const struct config *c, int64_t people);

#endif
