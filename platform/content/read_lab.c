/*
 * Reads labs/<lab>/lab.yaml, the task, the worked solution and the scripts
 * beside it, and labs/kit/, which every lab is given.
 */
#include <string.h>

#include "content/list.h"
#include "content/reading.h"

#define POINTS_SUM 100
#define LAB_SECONDS_MAX 600
#define LAB_MEMORY_MB_MAX 4096
#define LAB_OUTPUT_KB_MAX (256 * 1024)
#define LAB_FILES_MAX 10000
#define COLLECT_KB_MAX (16 * 1024)
#define PATH_CHARS_MAX 128
#define NEEDS_MAX 16
#define PATTERN_PROGRAM "[a-z0-9][a-z0-9+._-]{0,31}"
#define TRIAL_PROCESSES_MIN 2 /* the trial's own, and the learner's program */
#define TRIAL_PROCESSES_MAX 64
#define TRIAL_OUTPUT_KB_MAX (16 * 1024)

/* These must be there; cleanup and solve may be. */
static const char *const needed[] = {"setup", "check"};
static const char *const needed_for_trial[] = {"cases", "trial"};

struct place {
	struct reading *rd;
	const char *path, *folder; /* labs/L02-…/lab.yaml, labs/L02-…/ */
	struct lab *lab;
};

/* Adds up what one list of the lab holds. */
static size_t
each(struct place *p, struct yaml_map *top, const char *key,
    enum yaml_need need, void (*one)(struct place *, struct yaml_map *))
{
	struct yaml_map m;
	size_t i, count;
	int list;

	count = yaml_list(top, key, need, &list);
	for (i = 0; i < count; i++) {
		if (!yaml_map(top->yaml, yaml_item(top->yaml, list, i), &m))
			continue;
		one(p, &m);
		yaml_done(&m);
	}
	return count;
}

static void
twice(
    struct place *p, const struct yaml_map *m, const char *what, const char *id)
{
	report_add(
	    p->rd->report, p->path, m->line, "%s %s stands twice", what, id);
}

static const char *
read_path(struct place *p, struct yaml_map *m)
{
	const char *path = yaml_id(m, "path", YAML_REQUIRED, PATTERN_PATH);

	if (path == NULL)
		return "";
	if (strlen(path) > PATH_CHARS_MAX)
		report_add(p->rd->report, p->path, m->line,
		    "a path of more than %d characters", PATH_CHARS_MAX);
	return path;
}

static bool
has_path(const struct lab_file_spec *list, size_t n, const char *path)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(list[i].path, path))
			return true;
	return false;
}

static void
read_collect(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;
	struct lab_file_spec f = {
	    .path = read_path(p, m),
	    .max_kb = yaml_int(m, "max_kb", YAML_REQUIRED, 1, COLLECT_KB_MAX),
	    .text = yaml_twins(m, YAML_OPTIONAL),
	};

	if (has_path(l->collect, l->n_collect, f.path))
		twice(p, m, "the file", f.path);
	l->collect =
	    list_append(p->rd->a, l->collect, &l->n_collect, sizeof(f), &f);
}

static void
read_artefact(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;
	struct lab_file_spec f = {
	    .path = read_path(p, m),
	    .text = yaml_twins(m, YAML_REQUIRED),
	};

	if (has_path(l->artefacts, l->n_artefacts, f.path))
		twice(p, m, "the file", f.path);
	l->artefacts =
	    list_append(p->rd->a, l->artefacts, &l->n_artefacts, sizeof(f), &f);
}

static void
read_lab_check(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;
	const char *id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_WORD);
	struct lab_check c = {
	    .id = id == NULL ? "" : id,
	    .points = yaml_int(m, "points", YAML_REQUIRED, 1, POINTS_SUM),
	    .text = yaml_twins(m, YAML_REQUIRED),
	};
	size_t i;

	for (i = 0; i < l->n_checks; i++)
		if (text_eq(l->checks[i].id, c.id))
			twice(p, m, "the check", c.id);
	l->checks =
	    list_append(p->rd->a, l->checks, &l->n_checks, sizeof(c), &c);
}

static void
read_message(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;
	const char *key = yaml_id(m, "key", YAML_REQUIRED, PATTERN_WORD);
	struct lab_message message = {
	    .key = key == NULL ? "" : key,
	    .text = yaml_twins(m, YAML_REQUIRED),
	};
	size_t i;

	for (i = 0; i < l->n_messages; i++)
		if (text_eq(l->messages[i].key, message.key))
			twice(p, m, "the message", message.key);
	l->messages = list_append(
	    p->rd->a, l->messages, &l->n_messages, sizeof(message), &message);
}

static void
read_hint(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;
	const char *id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_WORD);
	struct lab_hint h = {
	    .id = id == NULL ? "" : id,
	    .cost = yaml_int(m, "cost", YAML_REQUIRED, 0, POINTS_SUM),
	    .text = yaml_twins(m, YAML_REQUIRED),
	};
	size_t i;

	for (i = 0; i < l->n_hints; i++)
		if (text_eq(l->hints[i].id, h.id))
			twice(p, m, "the hint", h.id);
	l->hints = list_append(p->rd->a, l->hints, &l->n_hints, sizeof(h), &h);
}

static void
read_partial(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;
	const char *id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_WORD);
	struct lab_partial part = {
	    .id = id == NULL ? "" : id,
	    .points = yaml_int(m, "points", YAML_REQUIRED, 0, POINTS_SUM),
	};
	size_t i;

	for (i = 0; i < l->n_partial; i++)
		if (text_eq(l->partial[i].id, part.id))
			twice(p, m, "the partial solution", part.id);
	l->partial = list_append(
	    p->rd->a, l->partial, &l->n_partial, sizeof(part), &part);
}

static void
read_limits(struct place *p, struct yaml_map *top)
{
	struct lab *l = p->lab;
	struct yaml_map m;
	int node = yaml_get(top, "limits", YAML_REQUIRED);

	if (node == 0 || !yaml_map(top->yaml, node, &m))
		return;
	l->limit_seconds =
	    yaml_int(&m, "seconds", YAML_REQUIRED, 1, LAB_SECONDS_MAX);
	l->limit_memory_mb =
	    yaml_int(&m, "memory_mb", YAML_REQUIRED, 16, LAB_MEMORY_MB_MAX);
	l->limit_output_kb =
	    yaml_int(&m, "output_kb", YAML_REQUIRED, 1, LAB_OUTPUT_KB_MAX);
	l->limit_files = yaml_int(&m, "files", YAML_REQUIRED, 1, LAB_FILES_MAX);
	yaml_done(&m);
}

/* Names of programs, as they are typed. */
static void
read_needs(struct place *p, struct yaml_map *m)
{
	struct lab *l = p->lab;

	l->needs = reading_ids(p->rd, m, "needs", YAML_OPTIONAL, NAME__MAX,
	    PATTERN_PROGRAM, &l->n_needs);
	if (l->n_needs > NEEDS_MAX)
		report_add(p->rd->report, p->path,
		    yaml_line(m->yaml, yaml_get(m, "needs", YAML_OPTIONAL)),
		    "a lab needs at most %d programs", NEEDS_MAX);
}

static void
read_trial(struct place *p, struct yaml_map *top)
{
	struct lab_trial *t = &p->lab->trial;
	struct yaml_map m;
	int node = yaml_get(top, "trial", YAML_OPTIONAL);

	if (node == 0 || !yaml_map(top->yaml, node, &m))
		return;
	t->seconds = yaml_int(&m, "seconds", YAML_REQUIRED, 1, LAB_SECONDS_MAX);
	t->memory_mb =
	    yaml_int(&m, "memory_mb", YAML_REQUIRED, 16, LAB_MEMORY_MB_MAX);
	t->processes = yaml_int(&m, "processes", YAML_REQUIRED,
	    TRIAL_PROCESSES_MIN, TRIAL_PROCESSES_MAX);
	t->output_kb =
	    yaml_int(&m, "output_kb", YAML_REQUIRED, 1, TRIAL_OUTPUT_KB_MAX);
	t->files = yaml_int(&m, "files", YAML_REQUIRED, 1, LAB_FILES_MAX);
	yaml_done(&m);
}

static void
read_lists(struct place *p, struct yaml_map *m)
{
	struct reading *rd = p->rd;
	struct lab *l = p->lab;
	size_t i;
	int sum = 0;

	l->scope = reading_ids(rd, m, "scope", YAML_OPTIONAL, NAME_SCOPE,
	    PATTERN_SCOPE, &l->n_scope);
	l->csf = reading_ids(
	    rd, m, "csf", YAML_REQUIRED, NAME_CSF, PATTERN_CSF, &l->n_csf);
	l->levels = reading_levels(
	    rd, m, "competencies", YAML_REQUIRED, 1, &l->n_levels);
	l->roles = reading_ids(rd, m, "roles", YAML_OPTIONAL, NAME_ROLE,
	    PATTERN_ROLE, &l->n_roles);
	read_needs(p, m);
	(void)each(p, m, "collect", YAML_REQUIRED, read_collect);
	(void)each(p, m, "artefacts", YAML_OPTIONAL, read_artefact);
	(void)each(p, m, "checks", YAML_REQUIRED, read_lab_check);
	(void)each(p, m, "messages", YAML_REQUIRED, read_message);
	(void)each(p, m, "hints", YAML_OPTIONAL, read_hint);
	(void)each(p, m, "partial", YAML_OPTIONAL, read_partial);
	for (i = 0; i < l->n_checks; i++)
		sum += l->checks[i].points;
	if (l->n_checks > 0 && sum != POINTS_SUM)
		report_add(rd->report, p->path,
		    yaml_line(m->yaml, yaml_get(m, "checks", YAML_OPTIONAL)),
		    "the points of the checks add up to %d, not %d", sum,
		    POINTS_SUM);
}

static bool
is_script(const struct lab *lab, const char *name)
{
	if (text_eq(name, "cases") || text_eq(name, "trial"))
		return lab->trial.seconds > 0;
	return text_eq(name, "setup") || text_eq(name, "check") ||
	    text_eq(name, "key") || text_eq(name, "solve") ||
	    text_eq(name, "cleanup") ||
	    text_matches(name, "[a-z][a-z0-9_]*[.]py");
}

static void
add_script(struct reading *rd, size_t file, const char *lab, const char *name)
{
	const struct source_file *f = &rd->source->files[file];

	rd->used[file] = true;
	*LIST_ADD(rd->a, rd->scripts, rd->n_scripts) = (struct script){
	    .lab = lab, .name = name, .data = f->data, .size = f->size};
}

static void
need_scripts(struct place *p, const char *const *names, size_t n)
{
	const char *path;
	size_t i;

	for (i = 0; i < n; i++) {
		path = arena_printf(p->rd->a, "%s%s", p->folder, names[i]);
		if (source_find(p->rd->source, path) == NULL)
			report_add(
			    p->rd->report, path, 0, "the file is missing");
	}
}

static void
read_scripts(struct place *p)
{
	const struct source_file *f;
	struct reading *rd = p->rd;
	const char *name;
	size_t i;

	for (i = 0; i < rd->source->n; i++) {
		f = &rd->source->files[i];
		if (!text_starts(f->path, p->folder))
			continue;
		name = f->path + strlen(p->folder);
		if (is_script(p->lab, name))
			add_script(rd, i, p->lab->id, name);
	}
	need_scripts(p, needed, sizeof(needed) / sizeof(needed[0]));
	if (p->lab->trial.seconds > 0)
		need_scripts(p, needed_for_trial,
		    sizeof(needed_for_trial) / sizeof(needed_for_trial[0]));
}

/* What the learner reads: the task, and afterwards how it is done. */
static void
read_texts(struct place *p)
{
	struct reading *rd = p->rd;
	struct lab_text *task = LIST_ADD(rd->a, rd->tasks, rd->n_tasks);
	struct lab_text *solution =
	    LIST_ADD(rd->a, rd->solutions, rd->n_solutions);

	task->lab = solution->lab = p->lab->id;
	read_text(rd, arena_printf(rd->a, "%stask", p->folder), task->in);
	read_text(
	    rd, arena_printf(rd->a, "%ssolution", p->folder), solution->in);
}

static void
read_lab(struct reading *rd, const char *path)
{
	struct place p = {.rd = rd,
	    .path = path,
	    .folder =
		arena_strndup(rd->a, path, strlen(path) - strlen("lab.yaml"))};
	struct lab lab = {0};
	struct yaml_map m;
	struct yaml *y;

	p.lab = &lab;
	if ((y = reading_yaml(rd, path)) == NULL)
		return;
	if (!yaml_map(y, yaml_root(y), &m)) {
		yaml_close(y);
		return;
	}
	lab.id = yaml_id(&m, "id", YAML_REQUIRED, PATTERN_LAB);
	names_define(rd->names, NAME_LAB, lab.id, path, m.line);
	lab.title = yaml_bilingual(&m, "title", YAML_REQUIRED);
	lab.summary = yaml_bilingual(&m, "summary", YAML_REQUIRED);
	lab.minutes = yaml_int(&m, "minutes", YAML_REQUIRED, 1, MINUTES_MAX);
	lab.pass = yaml_int(&m, "pass", YAML_REQUIRED, 1, 100);
	lab.version = yaml_int(&m, "version", YAML_REQUIRED, 1, 10000);
	read_limits(&p, &m);
	read_trial(&p, &m);
	read_lists(&p, &m);
	yaml_done(&m);
	yaml_close(y);
	if (lab.id == NULL)
		return;
	if (!text_starts(p.folder, arena_printf(rd->a, "labs/%s-", lab.id)))
		report_add(rd->report, path, 1,
		    "the folder's name starts with labs/%s-", lab.id);
	*LIST_ADD(rd->a, rd->labs, rd->n_labs) = lab;
	read_texts(&p);
	read_scripts(&p);
}

void
read_labs(struct reading *rd)
{
	const char *path;
	size_t i;

	for (i = 0; i < rd->source->n; i++) {
		path = rd->source->files[i].path;
		if (text_matches(path, "labs/[^/]+/lab[.]yaml"))
			read_lab(rd, path);
		else if (text_matches(path, "labs/kit/[a-z][a-z0-9_]*[.]py"))
			add_script(
			    rd, i, SCRIPT_OF_ALL_LABS, path + strlen("labs/"));
	}
}
