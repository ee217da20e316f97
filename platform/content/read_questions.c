/* Reads questions: the checks of modules and the banks of exams. */
#include <string.h>

#include "content/list.h"
#include "content/reading.h"

#define CHOICES_MIN 3
#define CHOICES_MAX 8

struct file {
	struct reading *rd;
	const char *course, *pattern;
	int module;
};

/* Texts of questions are plain: marks of Markdown would be shown. */
static void
check_plain(struct reading *rd, const struct yaml_map *m, struct bilingual text)
{
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++)
		if (strstr(text.in[lang], "**") != NULL)
			report_add(rd->report, yaml_file(m->yaml), m->line,
			    "this text is plain, ** would be shown as it is");
}

static void
read_choices(struct reading *rd, struct yaml_map *m, struct question *q)
{
	struct choice *choices;
	struct yaml_map one;
	size_t i, count, right = 0;
	int list;

	count = yaml_list(m, "choices", YAML_REQUIRED, &list);
	if (list == 0)
		return;
	if (count < CHOICES_MIN || count > CHOICES_MAX)
		report_add(rd->report, yaml_file(m->yaml),
		    yaml_line(m->yaml, list),
		    "%zu choices; %d to %d are expected", count, CHOICES_MIN,
		    CHOICES_MAX);
	choices = ARENA_ARRAY(rd->a, struct choice, count);
	for (i = 0; i < count; i++) {
		if (!yaml_map(m->yaml, yaml_item(m->yaml, list, i), &one))
			continue;
		choices[i].text = yaml_twins(&one, YAML_REQUIRED);
		choices[i].right = yaml_bool(&one, "right");
		check_plain(rd, &one, choices[i].text);
		right += choices[i].right;
		yaml_done(&one);
	}
	if (q->type == QUESTION_SINGLE && right != 1)
		report_add(rd->report, yaml_file(m->yaml), m->line,
		    "%zu right choices; a single question has exactly one",
		    right);
	if (q->type == QUESTION_MULTIPLE && right == 0)
		report_add(rd->report, yaml_file(m->yaml), m->line,
		    "no choice is right");
	q->choices = choices;
	q->n_choices = count;
}

static void
read_objective_of(const struct file *f, struct yaml_map *m, struct question *q)
{
	const char *id =
	    yaml_id(m, "objective", YAML_REQUIRED, PATTERN_OBJECTIVE);
	const char *own =
	    arena_printf(f->rd->a, "%s-%d.", f->course, f->module);

	if (id == NULL)
		return;
	q->objective = id;
	names_mention(
	    f->rd->names, NAME_OBJECTIVE, id, yaml_file(m->yaml), m->line);
	if (!text_starts(id, own))
		report_add(f->rd->report, yaml_file(m->yaml), m->line,
		    "%s is no objective of module %s/%d", id, f->course,
		    f->module);
}

static void
read_question(const struct file *f, struct yaml_map *m, struct question *q)
{
	const char *type;

	*q = (struct question){.id = "", .objective = "", .module = f->module};
	if ((q->id = yaml_id(m, "id", YAML_REQUIRED, f->pattern)) == NULL)
		q->id = "";
	else
		names_define(f->rd->names, NAME_QUESTION, q->id,
		    yaml_file(m->yaml), m->line);
	type = yaml_id(m, "type", YAML_REQUIRED, "single|multiple");
	if (type != NULL && text_eq(type, "multiple"))
		q->type = QUESTION_MULTIPLE;
	read_objective_of(f, m, q);
	q->text = yaml_bilingual(m, "text", YAML_REQUIRED);
	check_plain(f->rd, m, q->text);
	read_choices(f->rd, m, q);
	q->explanation = yaml_bilingual(m, "explanation", YAML_REQUIRED);
	check_plain(f->rd, m, q->explanation);
}

const struct question *
read_questions(struct reading *rd, const char *path, const char *course,
    int module, const char *pattern, size_t *n)
{
	struct file f = {
	    .rd = rd, .course = course, .pattern = pattern, .module = module};
	struct question *questions = NULL;
	struct yaml_map top, m;
	struct yaml *y;
	size_t i, count;
	int list;

	*n = 0;
	if ((y = reading_yaml(rd, path)) == NULL)
		return NULL;
	if (yaml_map(y, yaml_root(y), &top)) {
		count = yaml_list(&top, "questions", YAML_REQUIRED, &list);
		for (i = 0; i < count; i++) {
			if (!yaml_map(y, yaml_item(y, list, i), &m))
				continue;
			read_question(&f, &m, LIST_ADD(rd->a, questions, *n));
			yaml_done(&m);
		}
		yaml_done(&top);
	}
	yaml_close(y);
	return questions;
}
