/* The page struct of sample.tmpl. */
#ifndef TESTS_HTTP_SAMPLE_H
#define TESTS_HTTP_SAMPLE_H

#include <stdbool.h>

#include "http/template.h"

struct sample_item {
	const char *name;
	struct url to;
	bool chosen;
};

struct sample {
	const char *text;
	char code[8];
	struct bilingual both;
	struct safe_html html;
	int number;
	int64_t large;
	const struct sample_item *items;
	size_t n_items;
};

#endif
