/* How rows become progress. */
#include "learn/progress_rules.h"

static void
fold_modules(const struct course *course, const struct progress_facts *f,
    struct arena *a, struct course_progress *p)
{
	struct module_progress *modules;
	size_t i, j;

	modules = ARENA_ARRAY(a, struct module_progress, course->n_modules);
	for (i = 0; i < course->n_modules; i++) {
		modules[i].module = course->modules[i].number;
		for (j = 0; j < f->n_rows; j++)
			if (f->rows[j].at.module == modules[i].module &&
			    text_eq(f->rows[j].course, course->id))
				modules[i] = f->rows[j].at;
		if (course->modules[i].planned)
			continue;
		p->written++;
		if (modules[i].passed_at != 0)
			p->done++;
		else if (p->next_module == 0)
			p->next_module = modules[i].module;
		if (modules[i].opened_at != 0)
			p->state = COURSE_STARTED;
	}
	p->modules = modules;
}

void
progress_fold(const struct course *course, const struct progress_facts *f,
    int64_t now, struct arena *a, struct course_progress *out)
{
	struct course_progress p = {.course = course};
	size_t i;

	fold_modules(course, f, a, &p);
	/* a course that is still being written cannot be completed */
	if (p.done > 0 && (size_t)p.done == course->n_modules)
		p.state = COURSE_MODULES_DONE;
	for (i = 0; i < f->n_completions; i++)
		if (text_eq(f->completions[i].course, course->id)) {
			p.state = COURSE_COMPLETED;
			p.completed_at = f->completions[i].at;
			break;
		}
	for (i = 0; i < f->n_dues; i++)
		if (text_eq(f->dues[i].course, course->id)) {
			p.due_at = f->dues[i].at;
			p.overdue = f->dues[i].overdue || p.due_at <= now;
		}
	*out = p;
}
