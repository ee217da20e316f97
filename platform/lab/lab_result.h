/*
 * What a checker says: one line per check on its standard output,
 *
 *	id TAB points TAB message_key LF
 *
 * read strictly. A line is worth nothing unless its check exists, its points
 * are within the check's and its message is one of the lab's; a check that is
 * named twice is worth nothing, because one of the lines may be forged.
 *
 * And one line per mark, by which the platform sees whose answers were handed
 * in (lab/signal.h). given and truth are digests of what was handed in and of
 * what the seed asks for, 32 hex digits; given is "none" for nothing:
 *
 *	canary TAB key TAB given TAB truth LF	(the number nobody needs)
 *	answer TAB key TAB given TAB truth LF
 *
 * A key that comes twice counts as it came first. Marks have nothing to do
 * with the points and are not kept with them.
 *
 * It is kept as JSON lines: {"id":"c1","points":20,"message":"c1_ok"} per
 * check, then {"hints":7}; of a checker that broke {"failed":"timeout"}.
 */
#ifndef LAB_LAB_RESULT_H
#define LAB_LAB_RESULT_H

#include "lab/lab.h"

struct check_result {
	const char *id;
	int64_t points;
	const char *message; /* ""; nothing that could be believed */
};

#define LAB_MARKS_MAX 16
#define LAB_MARK_CHARS 32

struct lab_mark {
	bool canary;
	const char *key; /* "bot_ips": as the task calls it */
	const char *given; /* NULL: nothing that can be compared */
	const char *truth;
};

struct lab_result {
	struct check_result *checks; /* one per check of the lab, in order */
	size_t n;
	size_t wrong_lines;
	size_t believed; /* checks with a line that counts */
	int64_t points; /* of all checks */
	int64_t hints; /* taken off */
	const char *failed; /* why the checker broke; NULL: it did not */
	struct lab_mark *marks; /* as parsed; not read back from JSON */
	size_t n_marks;
};

void lab_result_parse(const char *text, size_t n, const struct lab *lab,
    struct arena *a, struct lab_result *out);

/* The JSON lines. */
char *lab_result_write(struct arena *a, const struct lab_result *r);
char *lab_result_failed(struct arena *a, const char *why);

/* Reads them again; ERR_INTERNAL if they are not ours. */
MUST_USE enum err
lab_result_read(const char *json, struct arena *a, struct lab_result *out);

#endif
