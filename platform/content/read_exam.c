/* Reads assessments/exams/<COURSE>/exam.yaml and its banks. */
#include <string.h>

#include "content/list.h"
#include "content/reading.h"

/* A bank holds at least this many times what is drawn from it. */
#define BANK_FACTOR 3
#define DRAW_MAX 100

static void
read_bank(struct reading *rd, const char *folder, struct exam *ex,
    const struct exam_draw *draw, struct yaml_map *m)
{
	const char *path =
	    arena_printf(rd->a, "%sbank-%d.yaml", folder, draw->module);
	const char *pattern =
	    arena_printf(rd->a, "%s-%d-[0-9]{2,3}", ex->course, draw->module);
	const struct question *list;
	size_t i, n;

	if (source_find(rd->source, path) == NULL) {
		report_add(rd->report, yaml_file(m->yaml), m->line,
		    "the bank %s is missing", path);
		return;
	}
	list = read_questions(rd, path, ex->course, draw->module, pattern, &n);
	for (i = 0; i < n; i++)
		ex->bank = list_append(
		    rd->a, ex->bank, &ex->n_bank, sizeof(*ex->bank), &list[i]);
	if (n < (size_t)draw->questions * BANK_FACTOR)
		report_add(rd->report, path, 0,
		    "%zu questions; %d are drawn, so the bank must hold %d", n,
		    draw->questions, draw->questions * BANK_FACTOR);
}

static void
read_draw(
    struct reading *rd, const char *folder, struct exam *ex, struct yaml_map *m)
{
	struct exam_draw draw = {
	    .module = yaml_int(m, "module", YAML_REQUIRED, 1, MODULES_MAX),
	    .questions = yaml_int(m, "questions", YAML_REQUIRED, 1, DRAW_MAX),
	};
	size_t i;

	for (i = 0; i < ex->n_draws; i++)
		if (ex->draws[i].module == draw.module) {
			report_add(rd->report, yaml_file(m->yaml), m->line,
			    "module %d is drawn from twice", draw.module);
			return;
		}
	ex->draws =
	    list_append(rd->a, ex->draws, &ex->n_draws, sizeof(draw), &draw);
	names_mention(rd->names, NAME_WRITTEN_MODULE,
	    arena_printf(rd->a, "%s/%d", ex->course, draw.module),
	    yaml_file(m->yaml), m->line);
	read_bank(rd, folder, ex, &draw, m);
}

static void
read_draws(struct reading *rd, const char *folder, struct exam *ex,
    struct yaml_map *top)
{
	struct yaml_map m;
	size_t i, count;
	int list;

	count = yaml_list(top, "draw", YAML_REQUIRED, &list);
	for (i = 0; i < count; i++) {
		if (!yaml_map(top->yaml, yaml_item(top->yaml, list, i), &m))
			continue;
		read_draw(rd, folder, ex, &m);
		yaml_done(&m);
	}
}

static void
read_exam(struct reading *rd, const char *path)
{
	const char *folder =
	    arena_strndup(rd->a, path, strlen(path) - strlen("exam.yaml"));
	struct yaml_map m;
	struct exam ex = {0};
	struct yaml *y;

	if ((y = reading_yaml(rd, path)) == NULL)
		return;
	if (yaml_map(y, yaml_root(y), &m)) {
		ex.id = yaml_id(&m, "id", YAML_REQUIRED, PATTERN_COURSE);
		ex.course =
		    yaml_id(&m, "course", YAML_REQUIRED, PATTERN_COURSE);
		names_define(rd->names, NAME_EXAM, ex.id, path, m.line);
		names_mention(rd->names, NAME_COURSE, ex.course, path, m.line);
		if (ex.id != NULL &&
		    !text_eq(folder,
			arena_printf(rd->a, "assessments/exams/%s/", ex.id)))
			report_add(rd->report, path, m.line,
			    "the folder is not that of %s", ex.id);
		ex.title = yaml_bilingual(&m, "title", YAML_REQUIRED);
		ex.minutes = yaml_int(&m, "minutes", YAML_REQUIRED, 5, 300);
		ex.attempts = yaml_int(&m, "attempts", YAML_REQUIRED, 1, 20);
		ex.wait_hours =
		    yaml_int(&m, "wait_hours", YAML_REQUIRED, 0, 720);
		ex.pass = yaml_int(&m, "pass", YAML_REQUIRED, 1, 100);
		if (ex.course == NULL)
			ex.course = "";
		read_draws(rd, folder, &ex, &m);
		yaml_done(&m);
		if (ex.id != NULL)
			*LIST_ADD(rd->a, rd->exams, rd->n_exams) = ex;
	}
	yaml_close(y);
}

void
read_exams(struct reading *rd)
{
	size_t i;

	for (i = 0; i < rd->source->n; i++)
		if (text_matches(rd->source->files[i].path,
			"assessments/exams/[^/]+/exam[.]yaml"))
			read_exam(rd, rd->source->files[i].path);
}
