/* The table behind message.h, as tools/messages/ writes it. */
#ifndef HTTP_MESSAGE_TABLE_H
#define HTTP_MESSAGE_TABLE_H

#include "http/message.h"

struct message_row {
	const char *text[LANG__MAX]; /* English: the form for many */
	const char *one; /* English for 1; NULL without plural forms */
	int arguments;
};

extern const struct message_row message_rows[M__MAX + 1];

/* The form for a message's first argument; n is ignored without plurals. */
const char *message_form(enum lang lang, enum message id, int64_t n);

/* 12,345: at most 26 characters and the NUL. */
#define NUMBER_BYTES 27
void message_number(int64_t n, char out[NUMBER_BYTES]);

#endif
