/*
 * The interface's text: ids and two languages, from the .po files of
 * platform/messages, compiled into tables (tools/messages/). A missing text
 * fails the build. {1}, {2}, … stand for arguments. English plurals:
 * msgid_plural, chosen by the first argument, which is then a number.
 */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "base/arena.h"
#include "base/text.h"

#include "messages.gen.h" /* enum message { M_people_sign_in, … M__MAX } */

/* The text without arguments. */
const char *message(enum lang lang, enum message id);

/* With arguments, all strings; NULL-terminated. Plain text, not HTML. */
const char *message_args(struct arena *a, enum lang lang, enum message id, ...)
    __attribute__((sentinel));

/* The plural form for n, {1} being n. */
const char *
message_count(struct arena *a, enum lang lang, enum message id, int64_t n);

#endif
