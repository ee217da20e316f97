/* A lab's scripts: written down for a box, and run in one. */
#include "lab/lab_scripts.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define FILES_OPEN_MAX 8
#define PROCESSES_MAX 32
#define DISK_EXTRA_MB 16
#define PAGE_BYTES 4096

/* Below the directory of lab_scripts_write. */
#define LAB_HOME "lab"
#define TRIAL_HOME "trial"

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

static enum err
make_homes(
    const struct content *c, const char *lab, struct arena *a, const char *made)
{
	const char *home = arena_printf(a, "%s/" LAB_HOME, made);
	const char *trial = arena_printf(a, "%s/" TRIAL_HOME, made);
	const struct lab *l = content_lab(c, lab);
	bool has_trial = l != NULL && l->trial.seconds > 0;
	enum err e;

	if (mkdir(home, 0700) == -1 ||
	    (has_trial && mkdir(trial, 0700) == -1)) {
		log_error("lab", "%s: %s", made, strerror(errno));
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;
	}
	if ((e = content_lab_scripts(c, lab, home)) != ERR_OK || !has_trial)
		return e;
	return content_lab_trial(c, lab, trial);
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
	if ((e = make_homes(c, lab, a, made)) != ERR_OK) {
		lab_scripts_remove(made);
		return e;
	}
	*dir = made;
	return ERR_OK;
}

bool
lab_scripts_have_key(const char *dir, struct arena *a)
{
	return access(arena_printf(a, "%s/" LAB_HOME "/key", dir), F_OK) == 0;
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

/* The room that what is put in takes, beside what the script writes. */
static int
files_mb(const struct lab_script *s)
{
	size_t bytes = 0, i;

	for (i = 0; i < s->n_files; i++)
		bytes += s->files[i].size + PAGE_BYTES;
	return (int)(bytes >> 20) + 1;
}

/* Fills in what every job has in common. */
static enum err
run_python(const struct lab_script *s, const char *const *env, struct arena *a,
    struct box_job *job, struct box_result *out)
{
	const char *const argv[] = {BOX_PYTHON, "-s", "-S", "-B",
	    arena_printf(a, BOX_HOME "/%s", s->name), s->argument, NULL};

	job->caps = s->caps;
	job->argv = argv;
	job->env = env;
	job->files = s->files;
	job->n_files = s->n_files;
	job->disk_mb += DISK_EXTRA_MB + files_mb(s);
	return box_run(job, a, out);
}

#define EVERY_ENV                                                              \
	"LAB_DIR=" BOX_WORK, "LAB_OUT=" BOX_WORK "/" OUT_DIR,                  \
	    "LAB_HOME=" BOX_HOME, "HOME=" BOX_WORK, "TMPDIR=/tmp",             \
	    "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC",                    \
	    "PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1"

enum err
lab_script_run(
    const struct lab_script *s, struct arena *a, struct box_result *out)
{
	const char *env[] = {EVERY_ENV, NULL, NULL, NULL};
	size_t n = sizeof(env) / sizeof(env[0]) - 3;
	struct box_job job = {
	    .home = arena_printf(a, "%s/" LAB_HOME, s->dir),
	    .collect = s->collect,
	    .seconds = s->lab->limit_seconds,
	    .memory_mb = s->lab->limit_memory_mb,
	    .disk_mb = s->lab->limit_output_kb / 512,
	    .processes_max = PROCESSES_MAX,
	    .collect_files_max = s->lab->limit_files,
	    .collect_bytes_max = (size_t)s->lab->limit_output_kb * 1024,
	};

	if (s->seed != NULL)
		env[n++] = arena_printf(
		    a, "LAB_SEED=%s", hex_encode(a, s->seed, DIGEST_BYTES));
	if (s->trial_end != NULL)
		env[n++] = arena_printf(a, "LAB_TRIAL_END=%s", s->trial_end);
	return run_python(s, env, a, &job, out);
}

/*
 * SECURITY: a learner's program runs here. No seed, no argument, no home but
 * the trial's own: what is not in this box cannot be read in it.
 */
enum err
lab_trial_run(
    const struct lab_script *s, struct arena *a, struct box_result *out)
{
	const char *const env[] = {EVERY_ENV, NULL};
	const struct lab_script trial = {
	    .caps = s->caps,
	    .lab = s->lab,
	    .name = "trial",
	    .files = s->files,
	    .n_files = s->n_files,
	};
	const struct lab_trial *limits = &s->lab->trial;
	struct box_job job = {
	    .home = arena_printf(a, "%s/" TRIAL_HOME, s->dir),
	    .collect = TRIAL_DIR,
	    .seconds = limits->seconds,
	    .memory_mb = limits->memory_mb,
	    .disk_mb = limits->output_kb / 512,
	    .processes_max = limits->processes,
	    .collect_files_max = limits->files,
	    .collect_bytes_max = (size_t)limits->output_kb * 1024,
	};

	return run_python(&trial, env, a, &job, out);
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
