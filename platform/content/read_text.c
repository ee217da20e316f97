/* Renders a text in both languages and compares the two. */
#include "content/list.h"
#include "content/markdown.h"
#include "content/reading.h"

static const char *const part_names[] = {
    [PART_HEADING] = "heading",
    [PART_TABLE] = "table",
    [PART_CALLOUT] = "callout",
    [PART_NOTE] = "footnote",
};

static size_t
count(const struct parts *parts, enum part_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < parts->n; i++)
		n += parts->list[i].kind == kind;
	return n;
}

/* The i-th part of a kind; there are more than i. */
static const struct part *
nth(const struct parts *parts, enum part_kind kind, size_t i)
{
	const struct part *p = parts->list;

	for (;; p++)
		if (p->kind == kind && i-- == 0)
			return p;
}

static void
compare_kind(struct report *report, const char *file, const struct parts *ja,
    const struct parts *en, enum part_kind kind)
{
	size_t i, n = count(ja, kind), m = count(en, kind);
	const struct part *x, *y;

	if (n != m) {
		report_add(report, file, 0,
		    "number of %ss: %zu; the Japanese text has %zu",
		    part_names[kind], m, n);
		return;
	}
	for (i = 0; i < n; i++) {
		x = nth(ja, kind, i);
		y = nth(en, kind, i);
		if (x->size == y->size && x->size2 == y->size2)
			continue;
		if (kind == PART_TABLE)
			report_add(report, file, y->line,
			    "a table of %d columns and %d rows; in the "
			    "Japanese text, line %d, it has %d and %d",
			    y->size, y->size2, x->line, x->size, x->size2);
		else
			report_add(report, file, y->line,
			    "the %s is of another %s than in the Japanese "
			    "text, line %d",
			    part_names[kind],
			    kind == PART_HEADING ? "level" : "kind", x->line);
	}
}

void
read_text(struct reading *rd, const char *stem, struct rendered out[LANG__MAX])
{
	const struct source_file *f[LANG__MAX];
	struct parts parts[LANG__MAX] = {{0}};
	const char *path[LANG__MAX];
	int lang;

	for (lang = 0; lang < LANG__MAX; lang++) {
		path[lang] =
		    arena_printf(rd->a, "%s.%s.md", stem, lang_codes[lang]);
		out[lang] = (struct rendered){.html = "", .plain = ""};
		if ((f[lang] = reading_file(rd, path[lang])) == NULL) {
			report_add(
			    rd->report, path[lang], 0, "the file is missing");
			continue;
		}
		markdown_render(
		    &(struct markdown){
			.file = f[lang]->path,
			.text = f[lang]->data,
			.size = f[lang]->size,
			.lang = (enum lang)lang,
			.glossary = &rd->glossary,
			.names = rd->names,
			.report = rd->report,
			.a = rd->a,
		    },
		    &out[lang], &parts[lang]);
	}
	if (f[LANG_JA] == NULL || f[LANG_EN] == NULL)
		return;
	for (lang = PART_HEADING; lang <= PART_NOTE; lang++)
		compare_kind(rd->report, path[LANG_EN], &parts[LANG_JA],
		    &parts[LANG_EN], (enum part_kind)lang);
}
