/* Names that belong to nobody, for the demo sector. */
#ifndef APP_DEMO_NAMES_H
#define APP_DEMO_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct demo_name {
	const char *ja, *other; /* in Latin letters, or in kana */
};

/* A business category and how many institutions of it there are. */
struct demo_kind {
	const char *category;
	const char *suffix_ja, *suffix_en;
	size_t institutions;
	unsigned weight; /* of its people among all */
};

struct demo_name demo_place(size_t i);
const struct demo_kind *demo_kinds(size_t *n);
struct demo_name demo_family(uint32_t i);
struct demo_name demo_given(uint32_t i);

#endif
