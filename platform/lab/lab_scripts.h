/* A lab's scripts in a directory of their own, as long as a job needs them. */
#ifndef LAB_LAB_SCRIPTS_H
#define LAB_LAB_SCRIPTS_H

#include "base/arena.h"
#include "base/err.h"

struct content;

/* Below the data directory; only its owner may enter. */
MUST_USE enum err lab_scripts_write(const char *var, const struct content *c,
    const char *lab, struct arena *a, const char **dir);
void lab_scripts_remove(const char *dir);

#endif
