/* Reads glossary.tsv. */
#include "content/glossary.h"

#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/reading.h"

enum column { CODE, EN, JA, DEFINITION_EN, DEFINITION_JA, COLUMN__MAX };

#define HEAD "code\ten\tja\tdefinition_en\tdefinition_ja"

static size_t
split(struct arena *a, const char *line, const char *columns[COLUMN__MAX])
{
	size_t n = 0;
	const char *tab;

	for (;;) {
		tab = strchr(line, '\t');
		if (n < COLUMN__MAX)
			columns[n] = text_trim(a,
			    tab == NULL
				? line
				: arena_strndup(a, line, (size_t)(tab - line)));
		n++;
		if (tab == NULL)
			return n;
		line = tab + 1;
	}
}

static void
read_line(struct arena *a, struct report *report, struct names *names,
    const char *file, int at, const char *line, struct glossary *g)
{
	const char *columns[COLUMN__MAX];
	struct term *t;
	size_t i;

	if (split(a, line, columns) != COLUMN__MAX) {
		report_add(
		    report, file, at, "%d columns are expected", COLUMN__MAX);
		return;
	}
	for (i = 0; i < COLUMN__MAX; i++)
		if (*columns[i] == '\0') {
			report_add(
			    report, file, at, "column %zu is empty", i + 1);
			return;
		}
	if (!text_matches(columns[CODE], PATTERN_WORD)) {
		report_add(
		    report, file, at, "%s is no code of a term", columns[CODE]);
		return;
	}
	names_define(names, NAME_TERM, columns[CODE], file, at);
	t = LIST_ADD(a, g->terms, g->n);
	*t = (struct term){
	    .code = columns[CODE],
	    .name.in = {[LANG_JA] = columns[JA], [LANG_EN] = columns[EN]},
	    .definition.in = {[LANG_JA] = columns[DEFINITION_JA],
		[LANG_EN] = columns[DEFINITION_EN]},
	};
}

static int
compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct term *)a)->code, ((const struct term *)b)->code);
}

void
glossary_read(const struct source_file *f, struct arena *a,
    struct report *report, struct names *names, struct glossary *out)
{
	const char *p = f->data, *end;
	int at = 1;

	*out = (struct glossary){0};
	for (; *p != '\0'; p = *end == '\0' ? end : end + 1, at++) {
		end = strchrnul(p, '\n');
		if (at == 1) {
			if ((size_t)(end - p) != strlen(HEAD) ||
			    strncmp(p, HEAD, strlen(HEAD)) != 0)
				report_add(report, f->path, 1,
				    "the first line names the columns: code, "
				    "en, ja, definition_en, definition_ja");
			continue;
		}
		if (end == p)
			continue;
		read_line(a, report, names, f->path, at,
		    arena_strndup(a, p, (size_t)(end - p)), out);
	}
	if (out->n > 1)
		qsort(out->terms, out->n, sizeof(*out->terms), compare);
}

const struct term *
glossary_term(const struct glossary *g, const char *code)
{
	struct term key = {.code = code};

	if (g->n == 0)
		return NULL;
	return bsearch(&key, g->terms, g->n, sizeof(key), compare);
}
