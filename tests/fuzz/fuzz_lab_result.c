/*
 * Any text as what a checker printed: the points stay within those of the
 * checks, only checks that are believed have points, and what is stored is
 * read back the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/lab_result.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct lab_check checks[] = {{.id = "c1", .points = 60},
    {.id = "c2", .points = 30}, {.id = "c10", .points = 10}};
static const struct lab_message messages[] = {
    {.key = "c1_ok"}, {.key = "c2_ok"}, {.key = "c2_part"}};
static const struct lab lab = {
    .id = "L91",
    .checks = checks,
    .n_checks = 3,
    .messages = messages,
    .n_messages = 3,
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct lab_result r, again;
	int64_t sum = 0;
	size_t i;

	lab_result_parse((const char *)data, size, &lab, a, &r);
	must(r.n == lab.n_checks && r.believed <= r.n);
	for (i = 0; i < r.n; i++) {
		must(r.checks[i].points >= 0 &&
		    r.checks[i].points <= checks[i].points);
		must(r.checks[i].points == 0 || *r.checks[i].message != '\0');
		sum += r.checks[i].points;
	}
	must(r.n_marks <= LAB_MARKS_MAX);
	for (i = 0; i < r.n_marks; i++)
		must(*r.marks[i].key != '\0' &&
		    strlen(r.marks[i].truth) == LAB_MARK_CHARS &&
		    (r.marks[i].given == NULL ||
			strlen(r.marks[i].given) == LAB_MARK_CHARS));
	must(sum == r.points && sum <= LAB_POINTS_MAX);
	must(lab_result_read(lab_result_write(a, &r), a, &again) == ERR_OK);
	must(again.n == r.n && again.points == r.points &&
	    again.believed == r.believed);
	for (i = 0; i < r.n; i++)
		must(text_eq(again.checks[i].message, r.checks[i].message));
	arena_free(a);
	return 0;
}
