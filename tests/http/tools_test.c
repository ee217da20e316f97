/*
 * The build-time tools refuse what they must, at the right line. A bad file
 * tells in its first line what is expected: "{{# 3: sentence }}" or
 * "# 3: sentence" is line 3 and a part of the message.
 */
#include "http/support.h"

#include <glob.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/directory.h"

#define TEMPLATES "build/gen/tools/templates"
#define MESSAGES "build/gen/tools/messages"
#define BAD "tests/bad/"

struct run {
	int status; /* exit status; -1: ended by a signal */
	char said[2048];
};

static struct run
run(const char *command)
{
	struct run r = {0};
	FILE *f = popen(command, "r");
	size_t n;
	int status;

	assert_non_null(f);
	n = fread(r.said, 1, sizeof(r.said) - 1, f);
	r.said[n] = '\0';
	status = pclose(f);
	r.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return r;
}

/* The expectation in a file's first line; false if it has none. */
static bool
expectation(const char *file, int *line, char sentence[256])
{
	FILE *f = fopen(file, "r");
	char first[256];
	char *end;
	int n;

	assert_non_null(f);
	assert_non_null(fgets(first, sizeof(first), f));
	fclose(f);
	n = sscanf(first, "{{# %d: %255[^\n]", line, sentence);
	if (n != 2)
		n = sscanf(first, "# %d: %255[^\n]", line, sentence);
	if (n != 2)
		return false;
	end = strstr(sentence, " }}");
	if (end != NULL)
		*end = '\0';
	return true;
}

/* Runs a tool that must end with what `file` expects, and say it once. */
static void
assert_refused(struct arena *a, const char *command, const char *file)
{
	struct run r = run(command);
	char sentence[256];
	const char *begin;
	int line;

	assert_true(expectation(file, &line, sentence));
	begin = arena_printf(a, "%s:%d: ", file, line);
	if (r.status != 1 || strncmp(r.said, begin, strlen(begin)) != 0 ||
	    strstr(r.said, sentence) == NULL)
		fail_msg("%s: expected %d: %s; it ended with %d and said %s",
		    file, line, sentence, r.status, r.said);
	assert_ptr_equal(strchr(r.said, '\n'), r.said + strlen(r.said) - 1);
}

static void
a_bad_template_is_refused_at_its_line(void **state)
{
	char dir[DIRECTORY_BYTES];
	glob_t g;

	directory_make(dir);
	assert_int_equal(glob(BAD "templates/*.tmpl", 0, NULL, &g), 0);
	assert_true(g.gl_pathc > 30);
	for (size_t i = 0; i < g.gl_pathc; i++)
		assert_refused(*state,
		    arena_printf(*state, TEMPLATES " %s %s/out.c %s/out.h 2>&1",
			g.gl_pathv[i], dir, dir),
		    g.gl_pathv[i]);
	assert_int_not_equal(
	    access(arena_printf(*state, "%s/out.c", dir), F_OK), 0);
	globfree(&g);
	directory_remove(dir);
}

/* NAME.ja.po and NAME.en.po; the one with the mistake tells it. */
static void
a_bad_catalogue_is_refused_at_its_line(void **state)
{
	struct arena *a = *state;
	char dir[DIRECTORY_BYTES], sentence[256];
	const char *ja, *en;
	glob_t g;
	int line;

	directory_make(dir);
	assert_int_equal(glob(BAD "messages/*.ja.po", 0, NULL, &g), 0);
	assert_true(g.gl_pathc > 15);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		ja = g.gl_pathv[i];
		en = arena_printf(a, "%.*s.en.po", (int)strlen(ja) - 6, ja);
		assert_refused(a,
		    arena_printf(a, MESSAGES " %s/out.c %s/out.h %s %s 2>&1",
			dir, dir, ja, en),
		    expectation(ja, &line, sentence) ? ja : en);
	}
	assert_int_not_equal(access(arena_printf(a, "%s/out.c", dir), F_OK), 0);
	globfree(&g);
	directory_remove(dir);
}

static void
a_catalogue_needs_a_language_in_its_name(void **state)
{
	struct run r = run(MESSAGES " /dev/null /dev/null xja.po 2>&1");

	(void)state;
	assert_int_equal(r.status, 1);
	assert_string_equal(
	    r.said, "xja.po:1: the name ends neither in ja.po nor in en.po\n");
}

static void
a_tool_without_files_says_how_it_is_called(void **state)
{
	(void)state;
	assert_int_equal(run(TEMPLATES " 2>&1").status, 2);
	assert_int_equal(run(MESSAGES " 2>&1").status, 2);
	assert_int_equal(run(TEMPLATES " no.tmpl a b 2>&1").status, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(a_bad_template_is_refused_at_its_line),
	    WITH_ARENA(a_bad_catalogue_is_refused_at_its_line),
	    WITH_ARENA(a_catalogue_needs_a_language_in_its_name),
	    WITH_ARENA(a_tool_without_files_says_how_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
