/* How rows become progress: the table of all cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "learn/progress_rules.h"

#define NOW 1000

static const struct module written[3] = {
    {.number = 1}, {.number = 2}, {.number = 4}};
static const struct module growing[3] = {
    {.number = 1}, {.number = 2}, {.number = 3, .planned = true}};
static const struct module unwritten[1] = {{.number = 1, .planned = true}};

static const struct course whole = {
    .id = "E-101", .modules = written, .n_modules = 3};
static const struct course half = {
    .id = "E-101", .modules = growing, .n_modules = 3};
static const struct course none = {
    .id = "E-101", .modules = unwritten, .n_modules = 1, .planned = true};
static const struct course empty = {.id = "E-101"};

#define ROW(c, n, opened, passed)                                              \
	{                                                                      \
		(c),                                                           \
		{                                                              \
			.module = (n), .opened_at = (opened),                  \
			.passed_at = (passed)                                  \
		}                                                              \
	}

struct fold_case {
	const char *name;
	const struct course *course;
	struct progress_row rows[4];
	struct completion completions[2];
	struct due dues[2];
	/* what comes out */
	int written, done, next_module;
	enum course_state state;
	int64_t completed_at, due_at;
	bool overdue;
};

static const struct fold_case cases[] = {
    {.name = "nothing known",
	.course = &whole,
	.written = 3,
	.next_module = 1,
	.state = COURSE_NEW},
    {.name = "opened",
	.course = &whole,
	.rows = {ROW("E-101", 2, 5, 0)},
	.written = 3,
	.next_module = 1,
	.state = COURSE_STARTED},
    {.name = "another course's rows do not count",
	.course = &whole,
	.rows = {ROW("E-102", 1, 5, 6), ROW("E-10", 2, 5, 6)},
	.written = 3,
	.next_module = 1,
	.state = COURSE_NEW},
    {.name = "modules that the revision does not have do not count",
	.course = &whole,
	.rows = {ROW("E-101", 3, 5, 6)},
	.written = 3,
	.next_module = 1,
	.state = COURSE_NEW},
    {.name = "the first that is not done is next",
	.course = &whole,
	.rows = {ROW("E-101", 1, 5, 6), ROW("E-101", 4, 5, 6)},
	.written = 3,
	.done = 2,
	.next_module = 2,
	.state = COURSE_STARTED},
    {.name = "all passed",
	.course = &whole,
	.rows = {ROW("E-101", 1, 5, 6), ROW("E-101", 2, 5, 6),
	    ROW("E-101", 4, 5, 6)},
	.written = 3,
	.done = 3,
	.state = COURSE_MODULES_DONE},
    {.name = "a planned module keeps the course open",
	.course = &half,
	.rows = {ROW("E-101", 1, 5, 6), ROW("E-101", 2, 5, 6)},
	.written = 2,
	.done = 2,
	.state = COURSE_STARTED},
    {.name = "a planned module cannot be passed",
	.course = &half,
	.rows = {ROW("E-101", 1, 5, 6), ROW("E-101", 2, 5, 6),
	    ROW("E-101", 3, 5, 6)},
	.written = 2,
	.done = 2,
	.state = COURSE_STARTED},
    {.name = "a course that is only planned", .course = &none},
    {.name = "a course without modules is not done", .course = &empty},
    {.name = "completed stays completed, whatever the rows say now",
	.course = &half,
	.rows = {ROW("E-101", 1, 5, 0)},
	.completions = {{"E-101", 77}},
	.written = 2,
	.next_module = 1,
	.state = COURSE_COMPLETED,
	.completed_at = 77},
    {.name = "the first completion counts",
	.course = &half,
	.completions = {{"E-101", 77}, {"E-101", 99}},
	.written = 2,
	.next_module = 1,
	.state = COURSE_COMPLETED,
	.completed_at = 77},
    {.name = "due",
	.course = &whole,
	.dues = {{"E-102", 5, false}, {"E-101", NOW + 1, false}},
	.written = 3,
	.next_module = 1,
	.due_at = NOW + 1},
    {.name = "due now is overdue, also before the job has run",
	.course = &whole,
	.dues = {{"E-101", NOW, false}},
	.written = 3,
	.next_module = 1,
	.due_at = NOW,
	.overdue = true},
};

static void
count_facts(const struct fold_case *k, struct progress_facts *f)
{
	while (f->n_rows < 4 && k->rows[f->n_rows].course != NULL)
		f->n_rows++;
	while (f->n_completions < 2 &&
	    k->completions[f->n_completions].course != NULL)
		f->n_completions++;
	while (f->n_dues < 2 && k->dues[f->n_dues].course != NULL)
		f->n_dues++;
}

static void
rows_become_progress_by_the_table(void **state)
{
	struct arena *a = arena_new();
	struct course_progress p;
	struct progress_facts f;
	struct fold_case k;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		k = cases[i];
		f = (struct progress_facts){
		    .rows = k.rows,
		    .completions = k.completions,
		    .dues = k.dues,
		};
		count_facts(&k, &f);
		progress_fold(k.course, &f, NOW, a, &p);
		if (p.written != k.written || p.done != k.done ||
		    p.next_module != k.next_module || p.state != k.state ||
		    p.completed_at != k.completed_at || p.due_at != k.due_at ||
		    p.overdue != k.overdue)
			fail_msg("%s: written %d done %d next %d state %d",
			    k.name, p.written, p.done, p.next_module,
			    (int)p.state);
		assert_ptr_equal(p.course, k.course);
	}
	arena_free(a);
}

static void
levels_are_written_as_the_ledger_keeps_them(void **state)
{
	static const struct level_of levels[] = {{"C01", 1}, {"C03", 4}};
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(levels_text(a, levels, 2), "C01:1,C03:4");
	assert_string_equal(levels_text(a, levels, 1), "C01:1");
	assert_string_equal(levels_text(a, levels, 0), "");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_become_progress_by_the_table),
	    cmocka_unit_test(levels_are_written_as_the_ledger_keeps_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
