/*
 * Any text as each kind of YAML file of ours: it ends and stays in its
 * memory. The first byte chooses the file that it stands for.
 */
#include <stddef.h>
#include <stdint.h>

#include "content/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
	    "courses/everyone/C-901/course.yaml",
	    "assessments/exams/C-901/exam.yaml",
	    "labs/L91-x/lab.yaml",
	    "courses/framework/roles.yaml",
	    "courses/framework/competencies.yaml",
	    "courses/framework/planned.yaml",
	    "courses/framework/scope.yaml",
	    "courses/framework/glossary.tsv",
	};
	struct arena *a = arena_new();
	struct report report = {.a = a};
	struct names names = {.a = a};
	struct source_file file = {0};
	struct source source = {.files = &file, .n = 1};
	struct reading rd = {
	    .a = a, .report = &report, .names = &names, .source = &source};
	struct content_errors errors;
	struct model model;

	if (size > 1 && text_is_utf8((const char *)data + 1, size - 1)) {
		file.path = paths[data[0] % (sizeof(paths) / sizeof(*paths))];
		file.data = arena_strndup(a, (const char *)data + 1, size - 1);
		file.size = size - 1;
		read_all(&rd, &model);
		report_finish(&report, &errors);
	}
	arena_free(a);
	return 0;
}
