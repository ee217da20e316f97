/*
 * From the files of a commit to a model. One reader for each kind of file;
 * all share a struct reading and report into it. Lists grow while files are
 * read and are handed to the model at the end.
 */
#ifndef CONTENT_READING_H
#define CONTENT_READING_H

#include "content/glossary.h"
#include "content/model.h"
#include "content/names.h"
#include "content/report.h"
#include "content/source.h"
#include "content/yaml.h"

#define PATTERN_COURSE "[A-Z]-[0-9]{3}"
#define PATTERN_LAB "L[0-9]{2,3}"
#define PATTERN_SLUG "[a-z0-9]+(-[a-z0-9]+)*"
#define PATTERN_WORD "[a-z][a-z0-9_]*"
#define PATTERN_OBJECTIVE "[A-Z]-[0-9]{3}-[0-9]{1,2}[.][a-z]"
#define PATTERN_CSF "[A-Z]{2}[.][A-Z]{2}"
#define PATTERN_SCOPE "T[0-9]{1,2}"
#define PATTERN_COMPETENCY "C[0-9]{2}"
#define PATTERN_ROLE "[A-Z]-[A-Z]{2,8}"
#define PATTERN_GUIDELINE "[0-9]+([.][0-9]+)*"
#define PATTERN_PATH                                                           \
	"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*"
#define LEVEL_MAX 4
#define MODULES_MAX 30
#define MINUTES_MAX 1200

struct reading {
	struct arena *a;
	struct report *report;
	struct names *names;
	const struct source *source;
	struct glossary glossary;
	struct framework framework;
	struct course *courses;
	size_t n_courses;
	struct exam *exams;
	size_t n_exams;
	struct lab *labs;
	size_t n_labs;
	struct question_set *checks;
	size_t n_checks;
	struct module_text *texts;
	size_t n_texts;
	struct lab_text *tasks;
	size_t n_tasks;
	struct lab_text *solutions;
	size_t n_solutions;
	struct script *scripts;
	size_t n_scripts;
	bool *used; /* a flag for each file of the source */
};

/* The file, marked as belonging to something; NULL if it is not there. */
const struct source_file *reading_file(struct reading *rd, const char *path);

/* NULL, and reported, if it is not there or no YAML. Close it. */
struct yaml *reading_yaml(struct reading *rd, const char *path);

/* A list of ids under a key, each mentioned as `kind`. */
const char *const *
reading_ids(struct reading *rd, struct yaml_map *m, const char *key,
    enum yaml_need need, enum name_kind kind, const char *pattern, size_t *n);

/* {C01: 2}, competencies mentioned. */
const struct level_of *reading_levels(struct reading *rd, struct yaml_map *m,
    const char *key, enum yaml_need need, int least, size_t *n);

void read_framework(struct reading *rd);
void read_planned(struct reading *rd);
void read_courses(struct reading *rd);
void read_exams(struct reading *rd);
void read_labs(struct reading *rd);

/*
 * The questions of a file, which belong to one module of a course. Their ids
 * match `pattern`.
 */
const struct question *read_questions(struct reading *rd, const char *path,
    const char *course, int module, const char *pattern, size_t *n);

/* The text of a module or task in both languages, checked as twins. */
void
read_text(struct reading *rd, const char *stem, struct rendered out[LANG__MAX]);

/* Reads everything and resolves the references. */
void read_all(struct reading *rd, struct model *out);

#endif
