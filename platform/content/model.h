/*
 * All that a revision holds, in memory: what the readers of files fill, the
 * manifest stores and content.h hands out.
 */
#ifndef CONTENT_MODEL_H
#define CONTENT_MODEL_H

#include <stddef.h>

#include "content/content.h"

/* The check of one module. */
struct question_set {
	const char *course;
	int module;
	const struct question *list;
	size_t n;
};

/* One text in one language; html and plain lie in units of their own. */
struct rendered {
	const char *html, *plain;
	const struct heading *headings;
	size_t n_headings;
};

struct module_text {
	const char *course;
	int module;
	struct rendered in[LANG__MAX];
};

struct lab_text {
	const char *lab;
	struct rendered in[LANG__MAX];
};

/* What every lab is given beside its own scripts: labs/kit/. */
#define SCRIPT_OF_ALL_LABS ""
#define SCRIPT_KIT "kit"

struct script {
	const char *lab, *name; /* "setup", "truth.py", "kit/stream.py" */
	const char *data;
	size_t size;
};

struct model {
	struct framework framework;
	const struct course *courses; /* sorted by id */
	size_t n_courses;
	const struct exam *exams;
	size_t n_exams;
	const struct lab *labs;
	size_t n_labs;
	const struct question_set *checks;
	size_t n_checks;
	const struct module_text *texts; /* in order of course and number */
	size_t n_texts;
	const struct lab_text *tasks;
	size_t n_tasks;
	const struct lab_text *solutions;
	size_t n_solutions;
	const struct script *scripts;
	size_t n_scripts;
};

#endif
