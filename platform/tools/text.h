/*
 * What the build-time compilers share: text that grows, the report of a
 * mistake, the file that is written at the end. A compiler gathers its whole
 * output as text, so that after a mistake nothing has been written. It runs
 * once and ends: out of memory aborts.
 */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/* Begins as {0}. After the first text_put data is set and ends in NUL. */
struct text {
	char *data; /* the owner frees it */
	size_t len, cap;
};

void text_put(struct text *t, const char *s, size_t n);

void text_printf(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *t, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* n bytes as they stand between the quotes of a C string. */
void text_put_c(struct text *t, const char *s, size_t n);

/* Says "file:line: message" and ends the program with status 1. */
void fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn));

/* Creates or replaces a file; ends the program with status 1 if it cannot. */
void write_file(const char *name, const struct text *t);

/* What the id of a message may have: room.name. */
#define MESSAGE_ID_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_."

/* The id as a name in C, room_name: n bytes and NUL into out. */
void message_name(char *out, const char *id, size_t n);

#endif
