/* The boxes that a submission goes through. */
#include "lab/lab_boxes.h"

#include <string.h>

#define NOT_WELL "it did not end well"

/* One after the other; those of a box stand below the directory `dir`. */
static struct box_file *
join(struct arena *a, const struct box_file *first, size_t n_first,
    const char *dir, const struct box_result *r)
{
	struct box_file *list =
	    ARENA_ARRAY(a, struct box_file, n_first + r->n_files);
	size_t i;

	if (n_first > 0)
		memcpy(list, first, n_first * sizeof(*list));
	for (i = 0; i < r->n_files; i++) {
		list[n_first + i] = r->files[i];
		list[n_first + i].path =
		    arena_printf(a, "%s/%s", dir, r->files[i].path);
	}
	return list;
}

/* One that makes files of the seed alone, for boxes that come after it. */
static enum err
run_maker(const struct lab_script *s, const char *name, const char *dir,
    struct arena *a, struct lab_graded *out)
{
	struct lab_script maker = *s;
	enum err e;

	maker.name = out->program = name;
	maker.files = NULL;
	maker.n_files = 0;
	maker.collect = dir;
	if ((e = lab_script_run(&maker, a, &out->result)) != ERR_OK)
		return e;
	if (out->result.end != BOX_EXITED || out->result.code != 0)
		out->broken = NOT_WELL;
	else if (out->result.n_refused > 0)
		out->broken = "it left files that cannot be taken";
	return ERR_OK;
}

enum err
lab_key_run(const struct lab_script *s, struct arena *a, struct lab_graded *out)
{
	*out = (struct lab_graded){0};
	return run_maker(s, "key", KEY_DIR, a, out);
}

struct lab_key
lab_key_of(const struct box_result *r, struct arena *a)
{
	return (struct lab_key){
	    .files = join(a, NULL, 0, KEY_DIR, r), .n = r->n_files};
}

/*
 * The learner's program can end it in any way; only when it was not started
 * at all is that the lab's.
 */
static enum err
run_trial(const struct lab_script *s, struct arena *a, struct lab_graded *out)
{
	struct lab_script trial = *s;
	enum err e;

	trial.files = join(a, s->files, s->n_files, CASES_DIR, &out->result);
	trial.n_files = s->n_files + out->result.n_files;
	if ((e = lab_trial_run(&trial, a, &out->trial)) != ERR_OK)
		return e;
	if (out->trial.end == BOX_NO_PROGRAM) {
		out->program = "trial";
		out->result = out->trial;
		out->broken = NOT_WELL;
	}
	out->trial_end = arena_printf(
	    a, "%s %d", box_end_name(out->trial.end), out->trial.code);
	return ERR_OK;
}

static enum err
run_check(const struct lab_script *s, const struct lab_key *key,
    struct arena *a, struct lab_graded *out)
{
	struct lab_script check = *s;
	struct box_file *files;
	enum err e;

	check.name = out->program = "check";
	check.n_files = s->n_files + out->trial.n_files + key->n;
	files = ARENA_ARRAY(a, struct box_file, check.n_files);
	if (key->n > 0)
		memcpy(files, key->files, key->n * sizeof(*files));
	if (check.n_files > key->n)
		memcpy(files + key->n,
		    join(a, s->files, s->n_files, TRIAL_DIR, &out->trial),
		    (check.n_files - key->n) * sizeof(*files));
	check.files = files;
	check.trial_end = out->trial_end;
	if ((e = lab_script_run(&check, a, &out->result)) != ERR_OK)
		return e;
	if (out->result.end != BOX_EXITED || out->result.code != 0)
		out->broken = NOT_WELL;
	return ERR_OK;
}

enum err
lab_boxes_run(const struct lab_script *s, const struct lab_key *key,
    struct arena *a, struct lab_graded *out)
{
	struct lab_key made = {0};
	enum err e;

	*out = (struct lab_graded){0};
	if (key == NULL && lab_scripts_have_key(s->dir, a)) {
		e = lab_key_run(s, a, out);
		if (e != ERR_OK || out->broken != NULL)
			return e;
		made = lab_key_of(&out->result, a);
	}
	if (s->lab->trial.seconds > 0) {
		e = run_maker(s, "cases", CASES_DIR, a, out);
		if (e != ERR_OK || out->broken != NULL)
			return e;
		e = run_trial(s, a, out);
		if (e != ERR_OK || out->broken != NULL)
			return e;
	}
	return run_check(s, key != NULL ? key : &made, a, out);
}
