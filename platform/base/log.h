/*
 * The log: one line of JSON on stderr per event, read by journald. Never a
 * name, an address of a person, a password, a token or an answer.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

/* Names this process in every line: "worker", "jobs". Static storage. */
void log_start(const char *process);

void log_line(enum log_level level, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_info(where, ...) log_line(LOG_LEVEL_INFO, (where), __VA_ARGS__)
#define log_warning(where, ...)                                                \
	log_line(LOG_LEVEL_WARNING, (where), __VA_ARGS__)
#define log_error(where, ...) log_line(LOG_LEVEL_ERROR, (where), __VA_ARGS__)

#endif
