/*
 * The message compiler's parts: read.c fills struct messages from the
 * catalogues, check.c compares the languages, main.c writes. Every mistake
 * ends the program.
 */
#ifndef TOOLS_MESSAGES_MESSAGES_H
#define TOOLS_MESSAGES_MESSAGES_H

#include <stddef.h>

#include "tools/text.h"

#define ID_BYTES_MAX 100
#define MESSAGES_MAX 8192
#define ARGUMENTS_MAX 9

enum language { JA, EN, LANGUAGES };

struct message {
	char id[ID_BYTES_MAX];
	struct place {
		const char *file; /* NULL: not in this language */
		int line;
		char *text;
	} in[LANGUAGES];
	char *one; /* English for 1; NULL without plural */
};

struct messages {
	struct message list[MESSAGES_MAX];
	size_t n;
};

/* Adds a catalogue; a message must not stand in one language twice. */
void read_catalogue(struct messages *all, const char *file, enum language lang);

/* Every message stands in both languages, with the same {1}, {2}. */
void check_languages(const struct messages *all);

/* a.b_c and a_b.c would be one name in C. */
void check_names(const struct messages *all);

#endif
