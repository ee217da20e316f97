/* Reads course.yaml, the texts and checks beside it, and planned.yaml. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "content/list.h"
#include "content/reading.h"

#define CHECK_QUESTIONS_MIN 3
#define CHECK_QUESTIONS_MAX 5
#define PLANNED "courses/framework/planned.yaml"

/* A course being read: where its files lie. */
struct place {
	struct reading *rd;
	struct course *course;
	const char *folder; /* courses/executive/E-101/ */
};

static void
define_module(struct reading *rd, const char *course, const struct module *mo,
    const char *file, int line)
{
	const char *id = arena_printf(rd->a, "%s/%d", course, mo->number);

	names_define(rd->names, NAME_MODULE, id, file, line);
	if (!mo->planned)
		names_define(rd->names, NAME_WRITTEN_MODULE, id, file, line);
}

static void
read_objectives(
    struct place *p, struct yaml_map *m, struct module *mo, enum yaml_need need)
{
	const char *own =
	    arena_printf(p->rd->a, "%s-%d.", p->course->id, mo->number);
	struct objective *objectives;
	struct yaml_map one;
	const char *id;
	size_t i, count;
	int list;

	count = yaml_list(m, "objectives", need, &list);
	objectives = ARENA_ARRAY(p->rd->a, struct objective, count);
	for (i = 0; i < count; i++) {
		if (!yaml_map(m->yaml, yaml_item(m->yaml, list, i), &one))
			continue;
		id = yaml_id(&one, "id", YAML_REQUIRED, PATTERN_OBJECTIVE);
		objectives[i].text = yaml_twins(&one, YAML_REQUIRED);
		objectives[i].id = id == NULL ? "" : id;
		names_define(p->rd->names, NAME_OBJECTIVE, id,
		    yaml_file(m->yaml), one.line);
		if (id != NULL && !text_starts(id, own))
			report_add(p->rd->report, yaml_file(m->yaml), one.line,
			    "%s: the objectives of this module are "
			    "%sa, %sb, …",
			    id, own, own);
		yaml_done(&one);
	}
	mo->objectives = objectives;
	mo->n_objectives = count;
}

static void
read_sources(
    struct place *p, struct yaml_map *m, struct module *mo, enum yaml_need need)
{
	struct bilingual *sources;
	struct yaml_map one;
	size_t i, count;
	int list;

	count = yaml_list(m, "sources", need, &list);
	sources = ARENA_ARRAY(p->rd->a, struct bilingual, count);
	for (i = 0; i < count; i++) {
		if (!yaml_map(m->yaml, yaml_item(m->yaml, list, i), &one))
			continue;
		sources[i] = yaml_twins(&one, YAML_REQUIRED);
		yaml_done(&one);
	}
	mo->sources = sources;
	mo->n_sources = count;
}

static void
read_links(struct place *p, struct yaml_map *m, struct module *mo)
{
	struct reading *rd = p->rd;

	mo->csf = reading_ids(
	    rd, m, "csf", YAML_OPTIONAL, NAME_CSF, PATTERN_CSF, &mo->n_csf);
	mo->scope = reading_ids(rd, m, "scope", YAML_OPTIONAL, NAME_SCOPE,
	    PATTERN_SCOPE, &mo->n_scope);
	/* Paragraphs of a document that is not ours: only their form. */
	mo->guideline = reading_ids(rd, m, "guideline", YAML_OPTIONAL,
	    NAME__MAX, PATTERN_GUIDELINE, &mo->n_guideline);
	mo->roles = reading_ids(rd, m, "roles", YAML_OPTIONAL, NAME_ROLE,
	    PATTERN_ROLE, &mo->n_roles);
	if (!mo->planned && mo->n_csf + mo->n_scope + mo->n_guideline == 0)
		report_add(rd->report, yaml_file(m->yaml), m->line,
		    "at least one of csf, scope and guideline is expected");
}

static void
read_assessment(
    struct place *p, struct yaml_map *m, struct module *mo, enum yaml_need need)
{
	const char *how = yaml_id(m, "assessment", need, "check|" PATTERN_LAB);

	if (how == NULL)
		return;
	if (text_eq(how, "check")) {
		mo->has_check = !mo->planned;
		return;
	}
	mo->lab = how;
	names_mention(p->rd->names, NAME_LAB, how, yaml_file(m->yaml), m->line);
}

static void
read_check(struct place *p, struct module *mo, const char *stem)
{
	const char *path = arena_printf(p->rd->a, "%s.check.yaml", stem);
	const char *pattern = arena_printf(
	    p->rd->a, "%s-%d-c[1-9][0-9]?", p->course->id, mo->number);
	struct question_set *set;

	/* A module with a lab may have a check too. */
	if (source_find(p->rd->source, path) != NULL)
		mo->has_check = true;
	if (!mo->has_check)
		return;
	set = LIST_ADD(p->rd->a, p->rd->checks, p->rd->n_checks);
	set->course = p->course->id;
	set->module = mo->number;
	set->list = read_questions(
	    p->rd, path, set->course, set->module, pattern, &set->n);
	if (set->n > 0 &&
	    (set->n < CHECK_QUESTIONS_MIN || set->n > CHECK_QUESTIONS_MAX))
		report_add(p->rd->report, path, 0,
		    "%zu questions; a check has %d to %d", set->n,
		    CHECK_QUESTIONS_MIN, CHECK_QUESTIONS_MAX);
}

/* What lies beside course.yaml for a module that is written. */
static void
read_files(struct place *p, struct module *mo)
{
	struct module_text *text;
	const char *stem;

	if (mo->slug == NULL)
		return;
	stem =
	    arena_printf(p->rd->a, "%s%d-%s", p->folder, mo->number, mo->slug);
	text = LIST_ADD(p->rd->a, p->rd->texts, p->rd->n_texts);
	text->course = p->course->id;
	text->module = mo->number;
	read_text(p->rd, stem, text->in);
	read_check(p, mo, stem);
}

static void
read_module(struct place *p, struct yaml_map *m, struct module *mo, int number)
{
	enum yaml_need need;

	*mo = (struct module){0};
	mo->planned = yaml_bool(m, "planned");
	need = mo->planned ? YAML_OPTIONAL : YAML_REQUIRED;
	mo->number = yaml_int(m, "n", YAML_REQUIRED, 1, MODULES_MAX);
	if (mo->number != number)
		report_add(p->rd->report, yaml_file(m->yaml), m->line,
		    "modules are numbered 1, 2, 3, …: %d is expected", number);
	mo->slug = yaml_id(m, "slug", need, PATTERN_SLUG);
	mo->title = yaml_bilingual(m, "title", YAML_REQUIRED);
	mo->minutes = yaml_has(m, "minutes") || !mo->planned
	    ? yaml_int(m, "minutes", need, 1, MINUTES_MAX)
	    : 0;
	read_objectives(p, m, mo, need);
	read_links(p, m, mo);
	mo->levels =
	    reading_levels(p->rd, m, "competencies", need, 1, &mo->n_levels);
	read_assessment(p, m, mo, need);
	read_sources(p, m, mo, need);
	define_module(p->rd, p->course->id, mo, yaml_file(m->yaml), m->line);
	if (!mo->planned)
		read_files(p, mo);
}

static void
read_modules(struct place *p, struct yaml_map *top)
{
	struct module *modules;
	struct yaml_map m;
	size_t i, count;
	int list;

	count = yaml_list(top, "modules", YAML_REQUIRED, &list);
	modules = ARENA_ARRAY(p->rd->a, struct module, count);
	for (i = 0; i < count; i++) {
		if (!yaml_map(top->yaml, yaml_item(top->yaml, list, i), &m))
			continue;
		read_module(p, &m, &modules[i], (int)i + 1);
		yaml_done(&m);
	}
	p->course->modules = modules;
	p->course->n_modules = count;
}

static void
read_dates(struct place *p, struct yaml_map *m)
{
	struct course *c = p->course;

	c->reviewed_on = yaml_date(m, "reviewed_on", YAML_REQUIRED);
	c->review_due = yaml_date(m, "review_due", YAML_REQUIRED);
	if (c->reviewed_on != NULL && c->review_due != NULL &&
	    strcmp(c->reviewed_on, c->review_due) >= 0)
		report_add(p->rd->report, yaml_file(m->yaml), m->line,
		    "review_due must be later than reviewed_on");
}

static void
read_course(struct reading *rd, const char *path, const char *tier,
    const char *folder_id)
{
	struct course *c = LIST_ADD(rd->a, rd->courses, rd->n_courses);
	struct place p = {.rd = rd,
	    .course = c,
	    .folder = arena_printf(rd->a, "courses/%s/%s/", tier, folder_id)};
	struct yaml_map m;
	struct yaml *y;

	*c = (struct course){.id = folder_id, .tier = tier};
	if ((y = reading_yaml(rd, path)) == NULL)
		return;
	if (yaml_map(y, yaml_root(y), &m)) {
		const char *id =
		    yaml_id(&m, "id", YAML_REQUIRED, PATTERN_COURSE);
		const char *own =
		    yaml_id(&m, "tier", YAML_REQUIRED, PATTERN_SLUG);

		if ((id != NULL && !text_eq(id, folder_id)) ||
		    (own != NULL && !text_eq(own, tier)))
			report_add(rd->report, path, 1,
			    "the folder says courses/%s/%s", tier, folder_id);
		names_define(rd->names, NAME_COURSE, id, path, m.line);
		names_mention(rd->names, NAME_TIER, own, path, m.line);
		c->title = yaml_bilingual(&m, "title", YAML_REQUIRED);
		c->summary = yaml_bilingual(&m, "summary", YAML_REQUIRED);
		read_dates(&p, &m);
		c->exam = yaml_id(&m, "exam", YAML_OPTIONAL, PATTERN_COURSE);
		names_mention(rd->names, NAME_EXAM, c->exam, path, m.line);
		read_modules(&p, &m);
		yaml_done(&m);
	}
	yaml_close(y);
}

void
read_courses(struct reading *rd)
{
	const char *path, *tier, *id, *slash;
	size_t i;

	for (i = 0; i < rd->source->n; i++) {
		path = rd->source->files[i].path;
		if (!text_matches(path, "courses/[a-z]+/[^/]+/course[.]yaml"))
			continue;
		tier = path + strlen("courses/");
		slash = strchr(tier, '/');
		tier = arena_strndup(rd->a, tier, (size_t)(slash - tier));
		id = arena_strndup(rd->a, slash + 1, strcspn(slash + 1, "/"));
		read_course(rd, path, tier, id);
	}
}

static void
read_planned_module(struct reading *rd, struct yaml_map *m, const char *course,
    struct module *mo)
{
	*mo = (struct module){.planned = true};
	mo->number = yaml_int(m, "n", YAML_REQUIRED, 1, MODULES_MAX);
	mo->title = yaml_twins(m, YAML_REQUIRED);
	mo->minutes = yaml_int(m, "minutes", YAML_REQUIRED, 1, MINUTES_MAX);
	mo->levels = reading_levels(
	    rd, m, "competencies", YAML_OPTIONAL, 1, &mo->n_levels);
	define_module(rd, course, mo, yaml_file(m->yaml), m->line);
}

static void
read_planned_course(struct reading *rd, struct yaml_map *m)
{
	struct course c = {.planned = true};
	struct module *modules;
	struct yaml_map one;
	size_t i, count;
	int list;

	c.id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_COURSE);
	c.tier = yaml_id(m, "tier", YAML_REQUIRED, PATTERN_SLUG);
	c.title = yaml_twins(m, YAML_REQUIRED);
	c.summary = (struct bilingual){{"", ""}};
	names_define(rd->names, NAME_COURSE, c.id, PLANNED, m->line);
	names_mention(rd->names, NAME_TIER, c.tier, PLANNED, m->line);
	count = yaml_list(m, "modules", YAML_REQUIRED, &list);
	modules = ARENA_ARRAY(rd->a, struct module, count);
	for (i = 0; i < count; i++) {
		if (!yaml_map(m->yaml, yaml_item(m->yaml, list, i), &one))
			continue;
		read_planned_module(
		    rd, &one, c.id == NULL ? "" : c.id, &modules[i]);
		yaml_done(&one);
	}
	c.modules = modules;
	c.n_modules = count;
	if (c.id != NULL && c.tier != NULL)
		*LIST_ADD(rd->a, rd->courses, rd->n_courses) = c;
}

void
read_planned(struct reading *rd)
{
	struct yaml_map top, m;
	struct yaml *y;
	size_t i, count;
	int list;

	/* When everything is written there is no such file. */
	if (source_find(rd->source, PLANNED) == NULL ||
	    (y = reading_yaml(rd, PLANNED)) == NULL)
		return;
	if (yaml_map(y, yaml_root(y), &top)) {
		count = yaml_list(&top, "courses", YAML_REQUIRED, &list);
		for (i = 0; i < count; i++) {
			if (!yaml_map(y, yaml_item(y, list, i), &m))
				continue;
			read_planned_course(rd, &m);
			yaml_done(&m);
		}
		yaml_done(&top);
	}
	yaml_close(y);
}
