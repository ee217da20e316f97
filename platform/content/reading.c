/* What all readers share: files, lists of ids, levels, and the whole. */
#include "content/reading.h"

#include <stdlib.h>
#include <string.h>

#include "content/list.h"

const struct source_file *
reading_file(struct reading *rd, const char *path)
{
	const struct source_file *f = source_find(rd->source, path);

	if (f != NULL)
		rd->used[f - rd->source->files] = true;
	return f;
}

struct yaml *
reading_yaml(struct reading *rd, const char *path)
{
	const struct source_file *f = reading_file(rd, path);

	if (f == NULL) {
		report_add(rd->report, path, 0, "the file is missing");
		return NULL;
	}
	return yaml_open(rd->report, rd->a, f->path, f->data, f->size);
}

const char *const *
reading_ids(struct reading *rd, struct yaml_map *m, const char *key,
    enum yaml_need need, enum name_kind kind, const char *pattern, size_t *n)
{
	const char **ids, *id;
	size_t i, j, count;
	int list, item;

	*n = 0;
	count = yaml_list(m, key, need, &list);
	ids = ARENA_ARRAY(rd->a, const char *, count);
	for (i = 0; i < count; i++) {
		item = yaml_item(m->yaml, list, i);
		if ((id = yaml_item_id(m->yaml, item, pattern)) == NULL)
			continue;
		for (j = 0; j < *n; j++)
			if (text_eq(ids[j], id))
				report_add(rd->report, yaml_file(m->yaml),
				    yaml_line(m->yaml, item),
				    "%s: %s stands twice", key, id);
		/* NAME__MAX: ids of somebody else's list. */
		if (kind != NAME__MAX)
			names_mention(rd->names, kind, id, yaml_file(m->yaml),
			    yaml_line(m->yaml, item));
		ids[(*n)++] = id;
	}
	return ids;
}

const struct level_of *
reading_levels(struct reading *rd, struct yaml_map *m, const char *key,
    enum yaml_need need, int least, size_t *n)
{
	struct yaml_pair *pairs;
	struct level_of *levels;
	size_t i;

	pairs =
	    yaml_pairs(m, key, need, PATTERN_COMPETENCY, least, LEVEL_MAX, n);
	levels = ARENA_ARRAY(rd->a, struct level_of, *n);
	for (i = 0; i < *n; i++) {
		levels[i].competency = pairs[i].key;
		levels[i].level = pairs[i].value;
		names_mention(rd->names, NAME_COMPETENCY, pairs[i].key,
		    yaml_file(m->yaml), pairs[i].line);
	}
	return levels;
}

/* What course.yaml says of its files cannot be relied upon then. */
static bool
course_is_wrong(const struct reading *rd, const char *path)
{
	const char *file, *slash = strrchr(path, '/');
	size_t i, n = (size_t)(slash - path) + 1;

	for (i = 0; i < rd->report->n; i++) {
		file = rd->report->list[i].file;
		if (strncmp(file, path, n) == 0 &&
		    text_eq(file + n, "course.yaml"))
			return true;
	}
	return false;
}

/* A file that nothing names would silently not be shown. */
static void
report_unused(struct reading *rd)
{
	const char *path, *slash;
	size_t i;

	for (i = 0; i < rd->source->n; i++) {
		path = rd->source->files[i].path;
		slash = strrchr(path, '/');
		if (rd->used[i] ||
		    text_eq(slash == NULL ? path : slash + 1, "README.md") ||
		    text_starts(path, "labs/images/") ||
		    course_is_wrong(rd, path))
			continue;
		report_add(rd->report, path, 0,
		    "nothing refers to this file, or it does not belong "
		    "here");
	}
}

static int
compare_courses(const void *a, const void *b)
{
	return strcmp(
	    ((const struct course *)a)->id, ((const struct course *)b)->id);
}

static int
compare_texts(const void *a, const void *b)
{
	const struct module_text *x = a, *y = b;
	int c = strcmp(x->course, y->course);

	return c != 0 ? c : (x->module > y->module) - (x->module < y->module);
}

void
read_all(struct reading *rd, struct model *out)
{
	rd->used = ARENA_ARRAY(rd->a, bool, rd->source->n);
	/* The framework first: texts look terms up while they are rendered. */
	read_framework(rd);
	read_planned(rd);
	read_courses(rd);
	read_exams(rd);
	read_labs(rd);
	names_resolve(rd->names, rd->report);
	report_unused(rd);
	if (rd->n_courses > 1)
		qsort(rd->courses, rd->n_courses, sizeof(*rd->courses),
		    compare_courses);
	if (rd->n_texts > 1)
		qsort(
		    rd->texts, rd->n_texts, sizeof(*rd->texts), compare_texts);
	*out = (struct model){
	    .framework = rd->framework,
	    .courses = rd->courses,
	    .n_courses = rd->n_courses,
	    .exams = rd->exams,
	    .n_exams = rd->n_exams,
	    .labs = rd->labs,
	    .n_labs = rd->n_labs,
	    .checks = rd->checks,
	    .n_checks = rd->n_checks,
	    .texts = rd->texts,
	    .n_texts = rd->n_texts,
	    .tasks = rd->tasks,
	    .n_tasks = rd->n_tasks,
	    .solutions = rd->solutions,
	    .n_solutions = rd->n_solutions,
	    .scripts = rd->scripts,
	    .n_scripts = rd->n_scripts,
	};
}
