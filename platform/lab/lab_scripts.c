/* A lab's scripts: written down for a box, and run in one. */
#include "lab/lab_scripts.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

#define FILES_OPEN_MAX 8
#define PROCESSES_MAX 32
#define DISK_EXTRA_MB 16

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

const char *
lab_lacking(const struct box_caps *caps, const struct lab *lab)
{
	size_t i;

	for (i = 0; i < lab->n_needs; i++)
		if (!box_root_has(caps, lab->needs[i]))
			return lab->needs[i];
	return NULL;
}

enum err
lab_script_run(
    const struct lab_script *s, struct arena *a, struct box_result *out)
{
	const char *const argv[] = {BOX_PYTHON, "-s", "-S", "-B",
	    arena_printf(a, BOX_HOME "/%s", s->name), s->argument, NULL};
	const char *const env[] = {"LAB_DIR=" BOX_WORK,
	    "LAB_OUT=" BOX_WORK "/" OUT_DIR, "LAB_HOME=" BOX_HOME,
	    "HOME=" BOX_WORK, "TMPDIR=/tmp", "PATH=/usr/bin:/bin",
	    "LANG=C.UTF-8", "TZ=UTC", "PYTHONHASHSEED=0",
	    "PYTHONDONTWRITEBYTECODE=1",
	    s->seed == NULL ? NULL
			    : arena_printf(a, "LAB_SEED=%s",
				  hex_encode(a, s->seed, DIGEST_BYTES)),
	    NULL};
	const struct box_job job = {
	    .caps = s->caps,
	    .argv = argv,
	    .env = env,
	    .home = s->dir,
	    .files = s->files,
	    .n_files = s->n_files,
	    .collect = s->collect,
	    .seconds = s->lab->limit_seconds,
	    .memory_mb = s->lab->limit_memory_mb,
	    .disk_mb = s->lab->limit_output_kb / 512 + DISK_EXTRA_MB,
	    .processes_max = PROCESSES_MAX,
	    .collect_files_max = s->lab->limit_files,
	    .collect_bytes_max = (size_t)s->lab->limit_output_kb * 1024,
	};

	return box_run(&job, a, out);
}

static bool
has_file(const struct box_result *r, const char *path)
{
	size_t i;

	for (i = 0; i < r->n_files; i++)
		if (text_eq(r->files[i].path, path))
			return true;
	return false;
}

const char *
lab_setup_problem(const struct lab *lab, const struct box_result *r)
{
	size_t i;

	if (r->end != BOX_EXITED || r->code != 0)
		return "it did not end well";
	if (r->n_refused > 0)
		return "it left files that cannot be taken";
	for (i = 0; i < lab->n_artefacts; i++)
		if (!has_file(r, lab->artefacts[i].path))
			return "an artefact is missing";
	return NULL;
}
