/* Who is defined, who is mentioned, and what does not meet. */
#include "content/names.h"

#include <stdlib.h>
#include <string.h>

#include "content/list.h"

static const char *const kinds[NAME__MAX] = {
    [NAME_TIER] = "tier",
    [NAME_POLICY] = "policy item",
    [NAME_SCOPE] = "scope row",
    [NAME_CSF] = "CSF category",
    [NAME_COMPETENCY] = "competency",
    [NAME_LEVEL] = "level",
    [NAME_ROLE] = "role",
    [NAME_PROGRAMME] = "programme",
    [NAME_CATEGORY] = "category",
    [NAME_SIZE_BAND] = "size band",
    [NAME_COURSE] = "course",
    [NAME_MODULE] = "module",
    [NAME_WRITTEN_MODULE] = "module with a text",
    [NAME_OBJECTIVE] = "objective",
    [NAME_QUESTION] = "question",
    [NAME_EXAM] = "exam",
    [NAME_LAB] = "lab",
    [NAME_TERM] = "term of the glossary",
};

static void
add(struct arena *a, struct name **list, size_t *n, struct name name)
{
	*LIST_ADD(a, *list, *n) = name;
}

void
names_define(struct names *names, enum name_kind kind, const char *id,
    const char *file, int line)
{
	if (id == NULL)
		return;
	add(names->a, &names->defined, &names->n_defined,
	    (struct name){.kind = kind, .id = id, .file = file, .line = line});
}

void
names_mention(struct names *names, enum name_kind kind, const char *id,
    const char *file, int line)
{
	if (id == NULL)
		return;
	add(names->a, &names->mentioned, &names->n_mentioned,
	    (struct name){.kind = kind, .id = id, .file = file, .line = line});
}

static int
compare_id(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int
compare_place(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int c;

	if ((c = compare_id(a, b)) != 0)
		return c;
	if ((c = strcmp(x->file, y->file)) != 0)
		return c;
	return (x->line > y->line) - (x->line < y->line);
}

void
names_resolve(struct names *names, struct report *report)
{
	const struct name *m, *first;
	size_t i;

	if (names->n_defined > 1)
		qsort(names->defined, names->n_defined, sizeof(*names->defined),
		    compare_place);
	for (i = 1; i < names->n_defined; i++) {
		m = &names->defined[i];
		first = m - 1;
		if (compare_id(first, m) == 0)
			report_add(report, m->file, m->line,
			    "%s %s is already defined at %s:%d", kinds[m->kind],
			    m->id, first->file, first->line);
	}
	for (i = 0; i < names->n_mentioned; i++) {
		m = &names->mentioned[i];
		if (!names_known(names, m->kind, m->id))
			report_add(report, m->file, m->line, "no such %s: %s",
			    kinds[m->kind], m->id);
	}
}

bool
names_known(const struct names *names, enum name_kind kind, const char *id)
{
	struct name key = {.kind = kind, .id = id};

	return names->n_defined > 0 &&
	    bsearch(&key, names->defined, names->n_defined,
		sizeof(*names->defined), compare_id) != NULL;
}
