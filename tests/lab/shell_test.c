/*
 * Shells from the page: opened, worked in, handed in from, extended, started
 * over, and gone. With a lab daemon of the test's own and real boxes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "app/jobs.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"
#include "lab/lab.h"
#include "lab/shells.h"
#include "people/person.h"
#include "people/sign_in.h"
#include "support/browser.h"
#include "support/labd_bench.h"
#include "support/pages.h"
#include "support/sql.h"

#define RUN 1001
#define RUN_OTHER 1002
#define MINUTES_MS(n) ((int64_t)(n)*MINUTE_MS)

static const struct route *const rooms[] = {lab_routes, NULL};

struct bench {
	struct pages p;
	struct fixture *f;
	struct labd_bench labd;
	struct shells shells;
	int64_t person, other;
	struct browser b; /* the person's, in English */
};

/* A run that is ready: rows that a job would have made. */
static void
make_run(struct bench *b, int64_t person, int64_t id, int draw)
{
	struct arena *a = b->f->arena;
	const char *digits =
	    arena_printf(a, "%02x0a", (unsigned)('A' + id % 10));

	fixture_sql(b->f,
	    arena_printf(a,
		"INSERT INTO lab_run (id, person, lab, manifest, draw, state,"
		" isolation, created_at, ready_at, hints) VALUES (%lld, %lld,"
		" 'L91', '%s', %d, 'ready', 'A own-range v1', 1, 1, '')",
		(long long)id, (long long)person,
		content_manifest(pages_content(&b->p)), draw));
	fixture_sql(b->f,
	    arena_printf(a,
		"INSERT INTO lab_file (id, run, kind, name, data) VALUES"
		" (%lld, %lld, 'artefact', 'data.txt', %s)",
		(long long)id, (long long)id,
		b->f->engine == DB_SQLITE
		    ? arena_printf(a, "x'%s'", digits)
		    : arena_printf(a, "'\\x%s'", digits)));
}

static int
set_up(void **state, enum db_engine engine)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->f = fixture_open(engine);
	b->f->now = clock_now(); /* the daemon's */
	pages_open(&b->p, b->f, "tests/lab/tree", rooms);
	b->person = pages_person(&b->p, "山田 太郎", "T-SOC", "technician");
	b->other = pages_person(&b->p, "鈴木 花子", "T-SOC", "technician");
	labd_bench_open(&b->labd);
	b->shells.socket = b->labd.socket;
	b->p.site.shells = &b->shells;
	make_run(b, b->person, RUN, 1);
	make_run(b, b->other, RUN_OTHER, 1);
	browser_open(&b->b, &b->p, b->person, LANG_EN);
	assert_int_equal(browser_get(&b->b, "/labs/L91"), 200);
	*state = b;
	return 0;
}

static int
set_up_sqlite(void **state)
{
	return set_up(state, DB_SQLITE);
}

static int
set_up_postgresql(void **state)
{
	return set_up(state, DB_POSTGRESQL);
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	browser_close(&b->b);
	labd_bench_close(&b->labd);
	pages_close(&b->p);
	fixture_close(b->f);
	free(b);
	return 0;
}

#define ON_SQLITE_WITH_LABD(test)                                              \
	{                                                                      \
#test " (SQLite)", test, set_up_sqlite, tear_down, NULL        \
	}
#define ON_BOTH_WITH_LABD(test)                                                \
	ON_SQLITE_WITH_LABD(test),                                             \
	{                                                                      \
#test " (PostgreSQL)", test, set_up_postgresql, tear_down,     \
		    NULL                                                       \
	}

/* ------------------------------------------------------------------- doing */

static void
open_shell(struct bench *b)
{
	assert_int_equal(browser_post(&b->b, "/labs/L91/box", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91/shell");
}

/* What a command inside the box writes. */
static const char *
inside(struct bench *b, int64_t run, const char *command)
{
	const char *out;
	struct screen s;
	int status;

	screen_open(&s, &b->labd, run, 0, false);
	screen_plain(&s);
	out = arena_strdup(b->f->arena, screen_run(&s, command, &status));
	assert_int_equal(status, 0);
	/* the next one finds a new shell */
	screen_type(&s, "exit\n");
	assert_int_equal(screen_end(&s), LABD_ENDED_SHELL);
	screen_close(&s);
	return out;
}

static struct labd_status
status_of(struct bench *b, int64_t run)
{
	struct labd_status s;

	assert_int_equal(labd_status(b->labd.socket, run, &s), ERR_OK);
	return s;
}

static bool
is_live(struct bench *b, int64_t run)
{
	struct labd_status s;

	return labd_status(b->labd.socket, run, &s) == ERR_OK;
}

static struct lab_look
look(struct bench *b)
{
	struct scope own = {
	    .reach = SCOPE_OWN, .person = b->person, .now = b->f->now};
	struct lab_look l;

	assert_int_equal(
	    lab_look(b->f->db, own, "L91", b->f->arena, &l), ERR_OK);
	return l;
}

static void
shows(struct bench *b, const char *text)
{
	if (!browser_shows(&b->b, text))
		fail_msg("no \"%s\" in %s", text, buf_text(&b->b.re.body));
}

/* ------------------------------------------------------------------- rules */

static void
a_shell_lives_two_hours_and_four_at_most(void **state)
{
	int64_t at = 1000, deadline = shell_first_deadline(at);
	int i;

	(void)state;
	assert_int_equal(deadline, at + MINUTES_MS(120));
	for (i = 1; i <= 4; i++) {
		deadline = shell_next_deadline(at, deadline);
		assert_int_equal(deadline, at + MINUTES_MS(120 + 30 * i));
	}
	assert_int_equal(shell_next_deadline(at, deadline), deadline);
	assert_int_equal(shell_next_deadline(at, at + MINUTES_MS(225)),
	    at + MINUTES_MS(240));
	assert_int_equal(shell_next_deadline(at, at + MINUTES_MS(300)),
	    at + MINUTES_MS(300));
}

static void
the_level_is_written_behind_that_of_the_artefacts(void **state)
{
	static const struct {
		const char *before;
		char level;
		const char *after;
	} cases[] = {
	    {"A own-range v1", 'A', "A own-range v1, shell A"},
	    {"A own-range v1, shell A", 'A', "A own-range v1, shell A"},
	    {"A own-range v1, shell A", 'D', "A own-range v1, shell D"},
	    {NULL, 'C', ", shell C"},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    shell_isolation(a, cases[i].before, cases[i].level),
		    cases[i].after);
	arena_free(a);
}

/* ---------------------------------------------------------------- offering */

static void
the_lab_page_says_whether_there_are_shells(void **state)
{
	struct bench *b = *state;

	shells_ask(&b->shells);
	assert_int_equal(shells_state(&b->shells), SHELLS_OFFERED);
	assert_int_equal(browser_get(&b->b, "/labs/L91"), 200);
	shows(b, "Open the shell");

	/* a machine that does not isolate well enough */
	labd_bench_end(&b->labd, SIGTERM);
	b->labd.options.least_level = '@'; /* none is as good */
	labd_bench_start(&b->labd);
	shells_ask(&b->shells);
	assert_int_equal(shells_state(&b->shells), SHELLS_REFUSED);
	assert_int_equal(browser_get(&b->b, "/labs/L91"), 200);
	shows(b, "cannot isolate a shell well enough");
	assert_false(browser_shows(&b->b, "Open the shell"));
	assert_int_equal(browser_post(&b->b, "/labs/L91/box", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91");

	/* and without the service the artefacts and the form stay */
	labd_bench_end(&b->labd, SIGKILL);
	shells_ask(&b->shells);
	assert_int_equal(shells_state(&b->shells), SHELLS_SILENT);
	assert_int_equal(browser_get(&b->b, "/labs/L91"), 200);
	shows(b, "the service that runs it does not answer");
	shows(b, "data.txt");
	shows(b, "id=\"hand-in\"");
	assert_int_equal(browser_get(&b->b, "/labs/L91/shell"), 200);
	shows(b, "the service that runs it does not answer");
	assert_int_equal(shells_state(NULL), SHELLS_SILENT);
}

/* ----------------------------------------------------------------- opening */

static void
a_shell_has_the_artefacts_and_stays_the_same(void **state)
{
	struct bench *b = *state;
	int64_t deadline;

	assert_int_equal(browser_get(&b->b, "/labs/L91/shell"), 200);
	shows(b, "Open a new shell");
	open_shell(b);
	assert_string_equal(inside(b, RUN, "cat /lab/in/data.txt"), "B\n");
	(void)inside(b, RUN, "echo kept > note");
	deadline = status_of(b, RUN).deadline_at;
	assert_int_equal(deadline, b->f->now + MINUTES_MS(120));

	b->f->now += MINUTES_MS(5);
	open_shell(b);
	assert_string_equal(inside(b, RUN, "cat note"), "kept\n");
	assert_int_equal(status_of(b, RUN).deadline_at, deadline);
	assert_string_equal(look(b).run.isolation,
	    arena_printf(b->f->arena, "A own-range v1, shell %c",
		status_of(b, RUN).level));
}

static void
the_page_is_drawn(void **state)
{
	static const struct {
		enum lang lang;
		const char *shell, *reset;
	} files[] = {
	    {LANG_JA, "lab/shell.ja.html", "lab/shell_reset.ja.html"},
	    {LANG_EN, "lab/shell.en.html", "lab/shell_reset.en.html"},
	};
	struct bench *b = *state;
	struct arena *a = b->f->arena;
	int64_t deadline = b->f->now + MINUTES_MS(120);
	struct reply re = {0};
	size_t i;

	open_shell(b);
	pages_hole(&b->p, arena_printf(a, "%lld", (long long)b->f->now), "NOW");
	pages_hole(
	    &b->p, arena_printf(a, "%lld", (long long)deadline), "DEADLINE");
	pages_hole(&b->p,
	    arena_printf(a, "isolation level %c", status_of(b, RUN).level),
	    "LEVEL");
	pages_hole(&b->p,
	    message_args(a, LANG_JA, M_lab_shell_level,
		arena_printf(a, "%c", status_of(b, RUN).level), NULL),
	    "LEVEL");
	for (i = 0; i < 2; i++) {
		pages_hole(
		    &b->p, date_time_text(a, files[i].lang, deadline), "UNTIL");
		assert_int_equal(pages_get(&b->p, b->person, files[i].lang,
				     "/labs/L91/shell", &re),
		    200);
		pages_golden(&b->p, files[i].shell, &re);
		assert_int_equal(pages_get(&b->p, b->person, files[i].lang,
				     "/labs/L91/box/reset", &re),
		    200);
		pages_golden(&b->p, files[i].reset, &re);
	}
	buf_free(&re.body);
}

static void
a_later_draw_ends_the_earlier_box(void **state)
{
	struct bench *b = *state;
	struct labd_spec spec = labd_bench_spec(RUN + 100);
	struct labd_status status;

	/* the box of a draw that is over, and somebody else's */
	make_run(b, b->person, RUN + 100, 2);
	assert_int_equal(labd_start(b->labd.socket, &spec, &status), ERR_OK);
	labd_bench_box(&b->labd, RUN_OTHER);
	open_shell(b);
	assert_true(is_live(b, RUN));
	assert_false(is_live(b, RUN + 100));
	assert_true(is_live(b, RUN_OTHER));
}

/* ------------------------------------------------------------------ tickets */

static void
a_ticket_leads_to_the_own_box_only(void **state)
{
	struct bench *b = *state;
	struct browser stranger;
	const char *ticket;
	struct screen s;

	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=0"), 410);
	open_shell(b);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=3"), 200);
	ticket = strstr(buf_text(&b->b.re.body), "\"ticket\":\"");
	assert_non_null(ticket);
	ticket = arena_strndup(b->f->arena, ticket + 10, LABD_TICKET_CHARS);
	screen_attach(&s, b->labd.socket, ticket);
	assert_true(screen_shows(&s, "$ "));
	screen_close(&s);

	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=4"), 422);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=-1"), 422);
	assert_int_equal(browser_post_json(&b->b, "/labs/L91/ticket", ""), 422);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L92/ticket", "terminal=0"), 404);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L99/ticket", "terminal=0"), 404);
	b->b.token = "";
	assert_int_equal(
	    browser_post(&b->b, "/labs/L91/ticket", "terminal=0"), 403);

	/* the other's run has no box, whoever else has one */
	browser_open(&stranger, &b->p, b->other, LANG_EN);
	assert_int_equal(browser_get(&stranger, "/labs/L91/shell"), 200);
	assert_int_equal(
	    browser_post_json(&stranger, "/labs/L91/ticket", "terminal=0"),
	    410);
	assert_int_equal(browser_get(&stranger, "/labs/L91/box/files/1"), 404);
	assert_int_equal(
	    browser_post(&stranger, "/labs/L91/box/reset", ""), 303);
	assert_true(is_live(b, RUN));
	browser_close(&stranger);
}

/* ----------------------------------------------------------------- sending */

static void
names_of_files_are_made_plain(void **state)
{
	static const struct {
		const char *given, *made;
	} names[] = {
	    {"notes.txt", "notes.txt"},
	    {"C:\\Users\\me\\a b.csv", "a_b.csv"},
	    {"../../etc/passwd", "passwd"},
	    {".profile", "_profile"},
	    {"..", "_."},
	    {"調査メモ.txt", "____.txt"},
	    {"", "file"},
	    {"dir/", "file"},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(
		    shell_file_name(a, names[i].given), names[i].made);
	assert_int_equal(
	    strlen(shell_file_name(a, arena_printf(a, "%0200d", 1))),
	    LABD_NAME_MAX);
	arena_free(a);
}

/* What the page says after a file was sent. */
static void
send(struct bench *b, const char *field, const void *data, size_t size,
    const char *said)
{
	assert_int_equal(
	    browser_upload(&b->b, "/labs/L91/box/files", field, data, size),
	    303);
	assert_int_equal(browser_follow(&b->b), 200);
	shows(b, said);
}

static void
a_file_of_ones_own_is_sent_into_the_shell(void **state)
{
	struct bench *b = *state;
	struct browser stranger;
	char *large = calloc(1, LABD_PUT_BYTES_MAX + 1);

	assert_non_null(large);
	send(b, "file", "x", 1, "The shell is not running any more");
	open_shell(b);
	send(b, "file", "a,b\n", 4, "The file is now in /lab/work.");
	assert_string_equal(inside(b, RUN, "cat /lab/work/file.csv"), "a,b\n");
	send(b, "other", "x", 1, "Choose the file to send.");
	send(b, "file", large, LABD_PUT_BYTES_MAX + 1, "more than 1 MB");
	assert_string_equal(inside(b, RUN, "cat /lab/work/file.csv"), "a,b\n");
	(void)inside(b, RUN, "rm /lab/work/file.csv; mkdir /lab/work/file.csv");
	send(b, "file", "x", 1, "A directory in /lab/work has the same name");

	/* one's own shell only, whoever else has one */
	browser_open(&stranger, &b->p, b->other, LANG_EN);
	assert_int_equal(browser_get(&stranger, "/labs/L91"), 200);
	assert_int_equal(
	    browser_upload(&stranger, "/labs/L91/box/files", "file", "x", 1),
	    303);
	assert_int_equal(browser_follow(&stranger), 200);
	assert_true(browser_shows(&stranger, "not running any more"));
	browser_close(&stranger);
	free(large);
}

/* --------------------------------------------------------------- handing in */

static void
what_lies_in_out_is_handed_in(void **state)
{
	struct bench *b = *state;
	struct lab_look l;

	open_shell(b);
	(void)inside(b, RUN,
	    "echo 'value: x' > /lab/out/answers.txt;"
	    " printf '\\000\\377' > /lab/out/rule.bin; touch /lab/out/more");
	assert_int_equal(browser_get(&b->b, "/labs/L91/box/files/1"), 200);
	assert_string_equal(buf_text(&b->b.re.body), "value: x\n");
	assert_string_equal(pages_header(&b->b.re, "Content-Disposition"),
	    "attachment; filename=\"answers.txt\"");
	assert_int_equal(browser_get(&b->b, "/labs/L91/box/files/3"), 404);
	assert_int_equal(browser_get(&b->b, "/labs/L91/box/files/0"), 404);

	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91");
	l = look(b);
	assert_true(l.standing.grading);
	assert_int_equal(l.n_submissions, 1);
	assert_int_equal(l.n_answers, 2);
	assert_string_equal(l.answers[0].name, "answers.txt");
	assert_int_equal(l.answers[0].size, 9);
	assert_memory_equal(l.answers[0].data, "value: x\n", 9);
	assert_int_equal(l.answers[1].size, 2);
	assert_memory_equal(l.answers[1].data, "\0\377", 2);
	/* the shell goes on, and a second time it has to wait */
	assert_true(is_live(b, RUN));
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 303);
	assert_int_equal(browser_follow(&b->b), 200);
	assert_int_equal(look(b).n_submissions, 1);
}

static void
what_is_missing_or_no_file_is_told_first(void **state)
{
	struct bench *b = *state;

	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91/shell");
	open_shell(b);
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 422);
	shows(b, "answers.txt is not in /lab/out");
	shows(b, "rule.bin is not in /lab/out");
	assert_false(browser_shows(&b->b, "name=\"incomplete\""));

	(void)inside(b, RUN,
	    "echo x > /lab/out/answers.txt;"
	    " ln -s /etc/passwd /lab/out/rule.bin");
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 422);
	shows(b, "Links, special files");
	assert_int_equal(
	    browser_post(&b->b, "/labs/L91/box/submit", "incomplete=yes"), 422);

	(void)inside(b, RUN, "rm /lab/out/rule.bin");
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 422);
	shows(b, "name=\"incomplete\"");
	assert_int_equal(look(b).n_submissions, 0);
	assert_int_equal(
	    browser_post(&b->b, "/labs/L91/box/submit", "incomplete=yes"), 303);
	assert_int_equal(look(b).n_submissions, 1);

	/* too large, not UTF-8 */
	fixture_sql(b->f,
	    "UPDATE lab_submission SET state = 'failed',"
	    " graded_at = 2, result = ''");
	(void)inside(b, RUN,
	    "printf '\\377' > /lab/out/answers.txt;"
	    " head -c 2000 /dev/zero > /lab/out/rule.bin");
	assert_int_equal(
	    browser_post(&b->b, "/labs/L91/box/submit", "incomplete=yes"), 422);
	shows(b, "answers.txt");
	assert_int_equal(look(b).n_submissions, 1);
}

/* -------------------------------------------------------------------- life */

static void
it_is_extended_to_four_hours(void **state)
{
	struct bench *b = *state;
	int64_t last;
	int i;

	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/box/extend", ""), 410);
	open_shell(b);
	last = status_of(b, RUN).started_at + MINUTES_MS(240);
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/extend", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91/shell");
	assert_int_equal(
	    status_of(b, RUN).deadline_at, b->f->now + MINUTES_MS(150));
	for (i = 0; status_of(b, RUN).deadline_at < last; i++) {
		assert_in_range(i, 0, 4);
		assert_int_equal(
		    browser_post_json(&b->b, "/labs/L91/box/extend", ""), 200);
		shows(b, "\"deadline_at\":");
		shows(b, "\"until\":\"(until ");
	}
	assert_int_equal(status_of(b, RUN).deadline_at, last);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/box/extend", ""), 409);
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/extend", ""), 303);
	assert_int_equal(browser_follow(&b->b), 200);
	shows(b, "four hours from its start");
}

static void
starting_over_empties_it_and_keeps_what_was_given(void **state)
{
	struct bench *b = *state;

	open_shell(b);
	(void)inside(b, RUN, "touch /lab/out/a b ~/c /tmp/d");
	assert_int_equal(browser_get(&b->b, "/labs/L91/box/reset"), 200);
	assert_true(is_live(b, RUN));
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/reset", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91/shell");
	assert_string_equal(inside(b, RUN,
				"ls /lab/out /lab/work ~/c /tmp/d 2>/dev/null |"
				" grep -c '^[abcd]' || true"),
	    "0\n");
	assert_string_equal(inside(b, RUN, "cat /lab/in/data.txt"), "B\n");
}

static void
when_the_daemon_dies_nothing_that_lasts_is_lost(void **state)
{
	struct bench *b = *state;

	open_shell(b);
	(void)inside(b, RUN,
	    "echo x > /lab/out/answers.txt;"
	    " echo y > /lab/out/rule.bin");
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/submit", ""), 303);
	labd_bench_end(&b->labd, SIGKILL);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=0"), 503);
	assert_int_equal(browser_post(&b->b, "/labs/L91/box", ""), 303);
	assert_string_equal(browser_location(&b->b), "/labs/L91");

	labd_bench_start(&b->labd);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=0"), 410);
	assert_int_equal(browser_get(&b->b, "/labs/L91/shell"), 200);
	shows(b, "No shell is running");
	shows(b, "what you handed in are kept");
	open_shell(b);
	assert_string_equal(inside(b, RUN, "ls /lab/in /lab/out"),
	    "/lab/in:\ndata.txt\n\n/lab/out:\n");
	assert_int_equal(look(b).n_answers, 2);
}

static void
a_daemon_that_hangs_is_waited_for_once(void **state)
{
	struct bench *b = *state;
	int64_t began;
	int i;

	open_shell(b);
	assert_int_equal(kill(b->labd.daemon, SIGSTOP), 0);
	assert_int_equal(browser_get(&b->b, "/labs/L91/shell"), 200);
	shows(b, "the service that runs it does not answer");
	began = monotonic_ms();
	for (i = 0; i < 5; i++) {
		assert_int_equal(browser_get(&b->b, "/labs/L91/shell"), 200);
		assert_int_equal(
		    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=0"),
		    503);
	}
	assert_true(monotonic_ms() - began < LABD_CALL_MS / 2);
	assert_int_equal(kill(b->labd.daemon, SIGCONT), 0);
	shells_ask(&b->shells);
	assert_int_equal(
	    browser_post_json(&b->b, "/labs/L91/ticket", "terminal=0"), 200);
}

/* ------------------------------------------------------------- who is gone */

/* A round of the jobs process. */
static void
work(struct bench *b)
{
	struct jobs j = {
	    .worker = {JOB_QUEUE_MAIN, 1, 1},
	    .site = &b->p.site,
	    .db = b->f->db,
	    .arena = arena_new(),
	    .followed_at = clock_real() + HOUR_MS,
	};

	assert_int_equal(jobs_work(&j), ERR_OK);
	assert_int_equal(fixture_sql_int(b->f,
			     "SELECT count(*) FROM job WHERE state <> 'done'"
			     " AND kind IN ('people.signed_out', 'lab.left')"),
	    0);
	arena_free(j.arena);
}

static enum err
close_sessions(struct db *db, void *ctx)
{
	return session_close_all(db, ((struct bench *)ctx)->person);
}

static void
signing_out_ends_terminals_and_tickets(void **state)
{
	struct bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];
	struct screen s, theirs, again;

	open_shell(b);
	labd_bench_box(&b->labd, RUN_OTHER);
	screen_open(&s, &b->labd, RUN, 0, false);
	screen_open(&theirs, &b->labd, RUN_OTHER, 0, false);
	assert_true(screen_shows(&s, "$ "));
	assert_int_equal(
	    labd_ticket(b->labd.socket, RUN, 0, false, ticket), ERR_OK);
	assert_int_equal(db_write(b->f->db, close_sessions, b), ERR_OK);
	work(b);
	assert_int_equal(screen_end(&s), LABD_ENDED_TICKET);
	screen_close(&s);
	screen_attach(&again, b->labd.socket, ticket);
	assert_int_equal(screen_end(&again), LABD_ENDED_TICKET);
	screen_close(&again);
	assert_true(is_live(b, RUN));
	assert_true(screen_shows(&theirs, "$ "));
	assert_int_equal(theirs.ended, -1);
	screen_close(&theirs);
}

static enum err
leave(struct db *db, void *ctx)
{
	struct bench *b = ctx;
	int64_t membership = fixture_sql_int(b->f,
	    arena_printf(b->f->arena,
		"SELECT id FROM membership WHERE person = %lld",
		(long long)b->person));

	return membership_end(
	    db, scope_machine(b->f->now), membership, b->f->now);
}

static void
whoever_left_has_no_box(void **state)
{
	struct bench *b = *state;
	struct screen s;

	open_shell(b);
	labd_bench_box(&b->labd, RUN_OTHER);
	screen_open(&s, &b->labd, RUN, 0, false);
	assert_true(screen_shows(&s, "$ "));
	assert_int_equal(db_write(b->f->db, leave, b), ERR_OK);
	work(b);
	assert_int_equal(screen_end(&s), LABD_ENDED_TICKET);
	screen_close(&s);
	assert_false(is_live(b, RUN));
	assert_true(is_live(b, RUN_OTHER));
	/* signed in again, by mail address: the record is there, no box is */
	browser_close(&b->b);
	browser_open(&b->b, &b->p, b->person, LANG_EN);
	assert_int_equal(browser_get(&b->b, "/labs/L91"), 200);
	assert_true(browser_shows(
	    &b->b, "Shells are for people who belong to an institution."));
	assert_int_equal(browser_post(&b->b, "/labs/L91/box", ""), 403);
	assert_int_equal(browser_post(&b->b, "/labs/L91/box/reset", ""), 403);
	assert_false(is_live(b, RUN));
}

static void
without_a_daemon_nothing_is_left_to_end(void **state)
{
	struct bench *b = *state;

	labd_bench_end(&b->labd, SIGKILL);
	assert_int_equal(db_write(b->f->db, close_sessions, b), ERR_OK);
	assert_int_equal(db_write(b->f->db, leave, b), ERR_OK);
	work(b);
	labd_bench_start(&b->labd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_shell_lives_two_hours_and_four_at_most),
	    cmocka_unit_test(the_level_is_written_behind_that_of_the_artefacts),
	    ON_SQLITE_WITH_LABD(the_lab_page_says_whether_there_are_shells),
	    ON_BOTH_WITH_LABD(a_shell_has_the_artefacts_and_stays_the_same),
	    ON_SQLITE_WITH_LABD(the_page_is_drawn),
	    ON_BOTH_WITH_LABD(a_later_draw_ends_the_earlier_box),
	    ON_SQLITE_WITH_LABD(a_ticket_leads_to_the_own_box_only),
	    cmocka_unit_test(names_of_files_are_made_plain),
	    ON_BOTH_WITH_LABD(a_file_of_ones_own_is_sent_into_the_shell),
	    ON_BOTH_WITH_LABD(what_lies_in_out_is_handed_in),
	    ON_SQLITE_WITH_LABD(what_is_missing_or_no_file_is_told_first),
	    ON_SQLITE_WITH_LABD(it_is_extended_to_four_hours),
	    ON_SQLITE_WITH_LABD(
		starting_over_empties_it_and_keeps_what_was_given),
	    ON_SQLITE_WITH_LABD(
		when_the_daemon_dies_nothing_that_lasts_is_lost),
	    ON_SQLITE_WITH_LABD(a_daemon_that_hangs_is_waited_for_once),
	    ON_BOTH_WITH_LABD(signing_out_ends_terminals_and_tickets),
	    ON_BOTH_WITH_LABD(whoever_left_has_no_box),
	    ON_SQLITE_WITH_LABD(without_a_daemon_nothing_is_left_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
