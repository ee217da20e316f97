/*
 * A manifest: one SQLite file made from one commit. It is not the platform's
 * database but a file of a fixed content, written once and opened immutable
 * ever after, so it does not go through db/: SQLite is used directly, and the
 * statements stand in manifest_sql.h.
 */
#ifndef CONTENT_MANIFEST_H
#define CONTENT_MANIFEST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "content/model.h"

/* content-<40 hex digits>-<renderer version>.sqlite */
#define MANIFEST_NAME_BYTES 80
bool manifest_name_is_good(const char *name);

/*
 * Writes the manifest under a temporary name, makes it durable and gives it
 * its own name; readers see all of it or nothing. The same model gives the
 * same bytes. ERR_NO_SPACE, ERR_INTERNAL (logged): nothing is left.
 */
MUST_USE enum err manifest_write(const struct model *m, const char *commit,
    const char *const *commits, size_t n_commits, const char *dir,
    struct arena *a, const char **name);

/* The key of a text: "module/E-101/1/ja/html", "task/L02/en/plain". */
const char *manifest_module_key(
    struct arena *a, const struct module_text *t, int lang, const char *what);
const char *manifest_task_key(
    struct arena *a, const struct lab_text *t, int lang, const char *what);
const char *manifest_solution_key(
    struct arena *a, const struct lab_text *t, int lang, const char *what);
const char *manifest_script_key(struct arena *a, const struct script *s);

#endif
