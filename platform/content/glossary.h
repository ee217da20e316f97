/* The glossary: terms that texts mark and pages explain. */
#ifndef CONTENT_GLOSSARY_H
#define CONTENT_GLOSSARY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "content/names.h"
#include "content/report.h"
#include "content/source.h"

struct term {
	const char *code;
	struct bilingual name, definition;
};

struct glossary {
	struct term *terms; /* sorted by code */
	size_t n;
};

/* Columns code, en, ja, definition_en, definition_ja; a head line. */
void glossary_read(const struct source_file *f, struct arena *a,
    struct report *report, struct names *names, struct glossary *out);

/* NULL when there is none. */
const struct term *glossary_term(const struct glossary *g, const char *code);

#endif
