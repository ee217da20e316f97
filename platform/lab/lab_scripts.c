/* A lab's scripts in a directory of their own, as long as a job needs them. */
#include "lab/lab_scripts.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "content/content.h"

#define FILES_OPEN_MAX 8

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

void
lab_scripts_remove(const char *dir)
{
	if (nftw(dir, remove_one, FILES_OPEN_MAX, FTW_DEPTH | FTW_PHYS) != 0)
		log_warning("lab", "scripts stay behind: %s", strerror(errno));
}

enum err
lab_scripts_write(const char *var, const struct content *c, const char *lab,
    struct arena *a, const char **dir)
{
	char *made = arena_printf(a, "%s/scripts-XXXXXX", var);
	enum err e;

	if (mkdtemp(made) == NULL) {
		log_error("lab", "%s: %s", var, strerror(errno));
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;
	}
	if ((e = content_lab_scripts(c, lab, made)) != ERR_OK) {
		lab_scripts_remove(made);
		return e;
	}
	*dir = made;
	return ERR_OK;
}
