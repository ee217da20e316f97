/*
 * Names and references. While files are read, every id is defined here and
 * every mention of one is noted; when all is read, names_resolve tells the
 * mentions that lead nowhere. So the order of files does not matter.
 */
#ifndef CONTENT_NAMES_H
#define CONTENT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/report.h"

enum name_kind {
	NAME_TIER,
	NAME_POLICY,
	NAME_SCOPE,
	NAME_CSF,
	NAME_COMPETENCY,
	NAME_LEVEL,
	NAME_ROLE,
	NAME_PROGRAMME,
	NAME_CATEGORY,
	NAME_SIZE_BAND,
	NAME_COURSE,
	NAME_MODULE, /* E-101/2, also planned ones */
	NAME_WRITTEN_MODULE, /* only those with a text */
	NAME_OBJECTIVE,
	NAME_QUESTION,
	NAME_EXAM,
	NAME_LAB,
	NAME_TERM,
	NAME__MAX
};

struct name {
	enum name_kind kind;
	const char *id;
	const char *file;
	int line;
};

struct names {
	struct arena *a;
	struct name *defined, *mentioned;
	size_t n_defined, n_mentioned;
};

void names_define(struct names *names, enum name_kind kind, const char *id,
    const char *file, int line);
void names_mention(struct names *names, enum name_kind kind, const char *id,
    const char *file, int line);

/* Reports ids defined twice and mentions of unknown ids. */
void names_resolve(struct names *names, struct report *report);

/* After names_resolve. */
bool
names_known(const struct names *names, enum name_kind kind, const char *id);

#endif
