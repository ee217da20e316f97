/* Runs a lab's scripts against each other, for several seeds. */
#include "lab/lab_proof.h"

#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "lab/lab.h"
#include "lab/lab_boxes.h"
#include "lab/lab_result.h"

struct made {
	uint8_t seed[DIGEST_BYTES];
	struct box_result in; /* what setup left */
	struct lab_key key; /* of a lab that has one */
	struct box_file *solution;
	size_t n_solution;
};

struct proving {
	struct lab_proof *p;
	const struct lab *lab;
	const char *scripts;
	struct arena *arena;
	bool has_key;
	struct made made[LAB_PROOF_SEEDS];
};

static void
put_seed(const struct lab *lab, int i, struct made *m)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "proof of %s: %d", lab->id, i);

	digest_sha256(text, (size_t)n, m->seed);
}

static enum err
run(const struct proving *v, const char *name, const char *argument,
    const uint8_t *seed, const struct box_file *files, size_t n_files,
    const char *collect, struct box_result *out)
{
	const struct lab_script script = {
	    .caps = v->p->caps,
	    .lab = v->lab,
	    .dir = v->scripts,
	    .name = name,
	    .argument = argument,
	    .seed = seed,
	    .files = files,
	    .n_files = n_files,
	    .collect = collect,
	};

	return lab_script_run(&script, v->arena, out);
}

/* Says what was seen; counted when it is not what the proof asks for. */
static void
say(const struct proving *v, int i, bool good, const char *what, int64_t got,
    const char *wanted)
{
	fprintf(v->p->out, "%s seed %d: %-28s %4lld%s%s\n", v->lab->id, i, what,
	    (long long)got,
	    good ? "" : "  WRONG, wanted: ", good ? "" : wanted);
	(void)fflush(v->p->out);
	if (!good)
		v->p->failures++;
}

static void
say_broken(const struct proving *v, int i, const char *name,
    const struct box_result *r, const char *why)
{
	/* The author asked and sees all of it: this is no log. */
	fprintf(v->p->out, "%s seed %d: %s: %s (%s %d)\n", v->lab->id, i, name,
	    why, box_end_name(r->end), r->code);
	text_print_plain(v->p->out, r->err, r->err_size, true);
	(void)fflush(v->p->out);
	v->p->failures++;
}

/* What was collected from `dir`, to be put there again. */
static struct box_file *
below(const struct proving *v, const char *dir, const struct box_result *r)
{
	struct box_file *list =
	    ARENA_ARRAY(v->arena, struct box_file, r->n_files);
	size_t i;

	for (i = 0; i < r->n_files; i++) {
		list[i] = r->files[i];
		list[i].path =
		    arena_printf(v->arena, "%s/%s", dir, r->files[i].path);
	}
	return list;
}

/* The number that nobody needs; NULL: check does not tell it. */
static const struct lab_mark *
canary_of(const struct lab_result *r)
{
	size_t i;

	for (i = 0; i < r->n_marks; i++)
		if (r->marks[i].canary)
			return &r->marks[i];
	return NULL;
}

/* Whether what was handed in has the canary of these digits; NULL: none. */
static void
say_canary(const struct proving *v, int i, const struct lab_mark *c,
    const char *wanted, const char *what)
{
	bool good = c != NULL &&
	    (wanted == NULL ? c->given == NULL
			    : c->given != NULL && text_eq(c->given, wanted));

	say(v, i, good, what, c != NULL && c->given != NULL,
	    wanted == NULL ? "0: nothing was handed in"
			   : "1: the number of those artefacts");
}

/* points -1: it broke, which was said. canary NULL: it has none. */
static enum err
score(const struct proving *v, int i, const struct box_file *files,
    size_t n_files, int64_t *points, const struct lab_mark **canary)
{
	const struct lab_script script = {
	    .caps = v->p->caps,
	    .lab = v->lab,
	    .dir = v->scripts,
	    .seed = v->made[i].seed,
	    .files = files,
	    .n_files = n_files,
	};
	const struct box_result *r;
	struct lab_result result;
	struct lab_graded g;
	enum err e;

	*points = -1;
	*canary = NULL;
	e = lab_boxes_run(
	    &script, v->has_key ? &v->made[i].key : NULL, v->arena, &g);
	if (e != ERR_OK)
		return e;
	r = &g.result;
	lab_result_parse(r->out, r->out_size, v->lab, v->arena, &result);
	if (g.broken != NULL)
		say_broken(v, i, g.program, r, g.broken);
	else if (g.trial_end != NULL && !text_eq(g.trial_end, "exited 0"))
		/* nothing that is handed in here means harm */
		say_broken(v, i, "trial", &g.trial, "it did not end well");
	else if (result.wrong_lines > 0 || result.believed != v->lab->n_checks)
		say_broken(v, i, "check", r, "not one line for each check");
	else {
		*points = result.points;
		*canary = canary_of(&result);
		if (*canary == NULL)
			say_broken(v, i, "check", r, "no canary");
	}
	return ERR_OK;
}

static enum err
solve(const struct proving *v, int i, const char *argument,
    struct box_file **files, size_t *n)
{
	const struct made *m = &v->made[i];
	struct box_result r;
	enum err e;

	*n = 0;
	e = run(v, "solve", argument, NULL, below(v, IN_DIR, &m->in),
	    m->in.n_files, OUT_DIR, &r);
	if (e != ERR_OK)
		return e;
	if (r.end != BOX_EXITED || r.code != 0 || r.n_refused > 0)
		say_broken(v, i, "solve", &r, "it did not end well");
	*files = below(v, OUT_DIR, &r);
	*n = r.n_files;
	return ERR_OK;
}

static bool
same_files(const struct box_result *a, const struct box_result *b)
{
	size_t i;

	if (a->n_files != b->n_files)
		return false;
	for (i = 0; i < a->n_files; i++)
		if (!text_eq(a->files[i].path, b->files[i].path) ||
		    a->files[i].size != b->files[i].size ||
		    memcmp(a->files[i].data, b->files[i].data,
			a->files[i].size) != 0)
			return false;
	return true;
}

static enum err
make_key(struct proving *v, int i, bool *good)
{
	const struct lab_script script = {
	    .caps = v->p->caps,
	    .lab = v->lab,
	    .dir = v->scripts,
	    .seed = v->made[i].seed,
	};
	struct lab_graded made, again;
	enum err e;

	if ((e = lab_key_run(&script, v->arena, &made)) != ERR_OK)
		return e;
	if (made.broken != NULL) {
		say_broken(v, i, made.program, &made.result, made.broken);
		*good = false;
		return ERR_OK;
	}
	v->made[i].key = lab_key_of(&made.result, v->arena);
	if (i != 0)
		return ERR_OK;
	if ((e = lab_key_run(&script, v->arena, &again)) != ERR_OK)
		return e;
	if (!same_files(&made.result, &again.result))
		say_broken(v, i, "key", &again.result,
		    "the same seed made other bytes");
	return ERR_OK;
}

/* Artefacts and their solution; false: the rest cannot be tried. */
static enum err
make(struct proving *v, int i, bool *good)
{
	struct made *m = &v->made[i];
	struct box_result again;
	const char *wrong;
	enum err e;

	put_seed(v->lab, i, m);
	e = run(v, "setup", NULL, m->seed, NULL, 0, IN_DIR, &m->in);
	if (e != ERR_OK)
		return e;
	if ((wrong = lab_setup_problem(v->lab, &m->in)) != NULL) {
		say_broken(v, i, "setup", &m->in, wrong);
		*good = false;
		return ERR_OK;
	}
	say(v, i, true, "ms for the artefacts", m->in.ms, "");
	if (i == 0) {
		e = run(v, "setup", NULL, m->seed, NULL, 0, IN_DIR, &again);
		if (e != ERR_OK)
			return e;
		if (!same_files(&m->in, &again))
			say_broken(v, i, "setup", &again,
			    "the same seed made other bytes");
	}
	if (v->has_key && ((e = make_key(v, i, good)) != ERR_OK || !*good))
		return e;
	return solve(v, i, NULL, &m->solution, &m->n_solution);
}

static enum err
try_partial(struct proving *v, int i)
{
	const struct lab_partial *part;
	const struct lab_mark *canary;
	struct box_file *files;
	int64_t points;
	size_t k, n;
	enum err e;

	for (k = 0; k < v->lab->n_partial; k++) {
		part = &v->lab->partial[k];
		if ((e = solve(v, i, part->id, &files, &n)) != ERR_OK ||
		    (e = score(v, i, files, n, &points, &canary)) != ERR_OK)
			return e;
		say(v, i, points == part->points,
		    arena_printf(v->arena, "solved in part: %s", part->id),
		    points, arena_printf(v->arena, "%d", part->points));
	}
	return ERR_OK;
}

static enum err
try_seed(struct proving *v, int i)
{
	const struct made *own = &v->made[i];
	const struct made *other = &v->made[(i + 1) % LAB_PROOF_SEEDS];
	const struct lab_mark *none, *mine, *theirs;
	int64_t points;
	enum err e;

	if ((e = score(v, i, NULL, 0, &points, &none)) != ERR_OK)
		return e;
	say(v, i, points == 0, "nothing handed in", points, "0");
	e = score(v, i, own->solution, own->n_solution, &points, &mine);
	if (e != ERR_OK)
		return e;
	say(v, i, points == LAB_POINTS_MAX, "solved", points, "100");
	e = score(v, i, other->solution, other->n_solution, &points, &theirs);
	if (e != ERR_OK)
		return e;
	say(v, i, points >= 0 && points < v->lab->pass,
	    "solution of another seed", points, "less than the pass mark");
	say_canary(v, i, none, NULL, "canary, nothing handed in");
	if (mine != NULL && theirs != NULL) {
		say_canary(v, i, mine, mine->truth, "canary, solved");
		say(v, i,
		    theirs->given != NULL &&
			!text_eq(theirs->given, theirs->truth),
		    "canary of another seed seen", theirs->given != NULL,
		    "another number than the own");
	}
	return try_partial(v, i);
}

static enum err
prove(struct proving *v)
{
	bool good = true;
	enum err e;
	int i;

	for (i = 0; i < LAB_PROOF_SEEDS && good; i++)
		if ((e = make(v, i, &good)) != ERR_OK)
			return e;
	for (i = 0; i < LAB_PROOF_SEEDS && good; i++)
		if ((e = try_seed(v, i)) != ERR_OK)
			return e;
	return ERR_OK;
}

enum err
lab_prove(struct lab_proof *p, const struct lab *lab)
{
	struct proving v = {.p = p, .lab = lab, .arena = arena_new()};
	const char *program = lab_lacking(p->caps, lab);
	enum err e;

	if (program != NULL) {
		fprintf(p->out, "%s: it needs %s, and boxes do not have it\n",
		    lab->id, program);
		p->failures++;
		arena_free(v.arena);
		return ERR_OK;
	}
	e = lab_scripts_write(p->dir, p->content, lab->id, v.arena, &v.scripts);
	if (e == ERR_OK) {
		v.has_key = lab_scripts_have_key(v.scripts, v.arena);
		e = prove(&v);
		lab_scripts_remove(v.scripts);
	}
	arena_free(v.arena);
	return e;
}
