/*
 * The slow half of labs: making artefacts and grading, each in a box. Between
 * reading what to do and writing what came of it there is no transaction, so
 * nothing waits for a box; a job that was interrupted does it all again.
 */
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/engine/image.h"
#include "lab/lab_isolation.h"
#include "lab/lab_job.h"

/* --------------------------------------------------------------- one script */

/* It was there when the run was begun, or nobody had looked yet. */
static bool
lacks_something(const struct lab_job *j)
{
	const char *program = lab_lacking(&j->caps, j->lab);

	if (program != NULL)
		log_error("lab",
		    "%s needs %s, and boxes (%.12s) do not have it", j->lab->id,
		    program, box_root_name(&j->caps));
	return program != NULL;
}

static struct lab_script
script_of(struct lab_job *j, uint8_t seed[DIGEST_BYTES])
{
	lab_seed(j->site->secret, j->run.person, j->lab, j->run.draw, seed);
	return (struct lab_script){
	    .caps = &j->caps,
	    .lab = j->lab,
	    .dir = j->scripts,
	    .seed = seed,
	};
}

enum err
job_run_setup(struct lab_job *j, struct box_result *out)
{
	uint8_t seed[DIGEST_BYTES];
	struct lab_script script = script_of(j, seed);

	if (lacks_something(j))
		return ERR_UNAVAILABLE;
	script.name = "setup";
	script.collect = IN_DIR;
	return lab_script_run(&script, j->arena, out);
}

enum err
job_run_key(struct lab_job *j, struct lab_graded *out)
{
	uint8_t seed[DIGEST_BYTES];
	struct lab_script script = script_of(j, seed);

	if (lacks_something(j))
		return ERR_UNAVAILABLE;
	return lab_key_run(&script, j->arena, out);
}

enum err
job_run_boxes(struct lab_job *j, const struct lab_key *key,
    const struct box_file *files, size_t n_files, struct lab_graded *out)
{
	uint8_t seed[DIGEST_BYTES];
	struct lab_script script = script_of(j, seed);

	if (lacks_something(j))
		return ERR_UNAVAILABLE;
	script.files = files;
	script.n_files = n_files;
	return lab_boxes_run(&script, key, j->arena, out);
}

/* "ValueError": what Python says first in its last line. */
static const char *
exception_of(const struct box_result *r, struct arena *a)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz._";
	size_t end = r->err_size, from;

	while (end > 0 && r->err[end - 1] == '\n')
		end--;
	for (from = end; from > 0 && r->err[from - 1] != '\n'; from--)
		;
	return arena_strndup(a, r->err + from, strspn(r->err + from, letters));
}

/*
 * A sentence about a script that broke, for its author. What the script says
 * may hold an answer; the log gets the name of the exception only.
 */
void
job_log_broken(const struct lab_job *j, const char *name,
    const struct box_result *r, const char *why)
{
	log_error("lab", "%s version %d: %s: %s (%s %d, %lld ms) %s",
	    j->lab->id, j->lab->version, name, why, box_end_name(r->end),
	    r->code, (long long)r->ms, exception_of(r, j->arena));
}

/* ------------------------------------------------------------------ opening */

/* The run, its content, its lab, its scripts, a box. */
enum err
job_begin(struct lab_job *j)
{
	enum err e;

	e = content_named(j->site->content, j->run.manifest, &j->c);
	if (e != ERR_OK)
		return e;
	if ((j->lab = content_lab(j->c, j->run.lab)) == NULL) {
		log_error("lab", "%s is not in its manifest", j->run.lab);
		return ERR_INTERNAL;
	}
	lab_probe(j->site, &j->image, &j->caps);
	j->isolation = lab_isolation_text(&j->caps, j->arena);
	if ((e = lab_isolation_write(j->db, j->isolation)) != ERR_OK)
		return e;
	return lab_scripts_write(
	    j->site->var, j->c, j->lab->id, j->arena, &j->scripts);
}

void
job_end(struct lab_job *j)
{
	if (j->scripts != NULL)
		lab_scripts_remove(j->scripts);
	content_release(j->c);
	image_close(&j->image);
	arena_free(j->arena);
}

bool
job_subject(const char *subject, int64_t *id)
{
	if (text_to_int(subject, id))
		return true;
	log_error("lab", "a job without an id");
	return false;
}
