/*
 * An instructor at a learner's terminal, from the pages down to a real box:
 * recorded and told before anything is seen, for as long as the right lasts.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "app/jobs.h"
#include "base/clock.h"
#include "lab/class.h"
#include "people/sign_in.h"
#include "support/classroom.h"
#include "support/labd_bench.h"
#include "support/sql.h"

#define RUN 1001
#define ONE "/institution/labs/1001"
#define WATCHED "SELECT count(*) FROM lab_notice WHERE kind = 'watched'"

struct bench {
	struct classroom c;
	struct labd_bench labd;
	struct shells shells;
};

static int
set_up(void **state, enum db_engine engine)
{
	struct fixture *f = fixture_open(engine);
	struct bench *b = calloc(1, sizeof(*b));

	f->now = clock_now(); /* the daemon's */
	classroom_open(&b->c, f);
	labd_bench_open(&b->labd);
	b->shells.socket = b->labd.socket;
	b->c.p.site.shells = &b->shells;
	classroom_run(&b->c, LEARNER, RUN, 1, "ready", 60);
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
	struct fixture *f = b->c.f;

	labd_bench_close(&b->labd);
	classroom_close(&b->c);
	fixture_close(f);
	free(b);
	return 0;
}

#define ON_BOTH_WITH_LABD(test)                                                \
	{#test " (SQLite)", test, set_up_sqlite, tear_down, NULL},             \
	{                                                                      \
#test " (PostgreSQL)", test, set_up_postgresql, tear_down,     \
		    NULL                                                       \
	}

/* The status; the ticket when there is one. */
static int
ask_ticket(struct bench *b, char ticket[LABD_TICKET_CHARS + 1])
{
	int status = browser_post_json(&b->c.b, ONE "/ticket", "terminal=0");
	const char *at;

	if (status != 200)
		return status;
	at = strstr(buf_text(&b->c.b.re.body), "\"ticket\":\"");
	assert_non_null(at);
	memcpy(ticket, at + strlen("\"ticket\":\""), LABD_TICKET_CHARS);
	ticket[LABD_TICKET_CHARS] = '\0';
	return status;
}

static void
watch(struct bench *b, struct screen *s)
{
	char ticket[LABD_TICKET_CHARS + 1];

	assert_int_equal(ask_ticket(b, ticket), 200);
	screen_attach(s, b->labd.socket, ticket);
}

/* A round of the jobs process. */
static void
work(struct bench *b)
{
	struct jobs j = {
	    .site = &b->c.p.site,
	    .db = b->c.f->db,
	    .arena = arena_new(),
	    .worker = {JOB_QUEUE_MAIN, 1, 1},
	    .followed_at = clock_real() + HOUR_MS,
	};

	assert_int_equal(jobs_work(&j), ERR_OK);
	arena_free(j.arena);
}

/* ------------------------------------------------------------------- watching
 */

static void
watching_is_recorded_told_and_only_seeing(void **state)
{
	struct bench *b = *state;
	struct screen s, watcher;
	int status;

	labd_bench_box(&b->labd, RUN);
	screen_open(&s, &b->labd, RUN, 0, false);
	screen_plain(&s);
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	assert_int_equal(browser_get(&b->c.b, ONE "/watch"), 200);
	classroom_shows(&b->c, "data-ticket=\"" ONE "/ticket\"");
	assert_int_equal(classroom_int(&b->c, WATCHED), 0);
	watch(b, &watcher);
	assert_int_equal(classroom_int(&b->c, WATCHED), 1);
	assert_int_equal(
	    classroom_int(
		&b->c, "SELECT count(*) FROM audit WHERE act = 'lab.watched'"),
	    1);
	screen_type(&s, "echo se''en\n");
	assert_true(screen_shows(&watcher, "seen"));
	assert_true(screen_shows(&s, "seen"));
	assert_int_equal(s.watchers, 1);
	screen_type(&watcher, "touch /tmp/typed\n");
	(void)screen_run(&s, "sleep 0.3; test -e /tmp/typed", &status);
	assert_int_equal(status, 1);
	assert_int_equal(browser_get(&b->c.b, "/institution/labs"), 200);
	classroom_shows(&b->c, "In the shell");
	classroom_shows(&b->c, "Within a minute"); /* the keys */
	classroom_shows(&b->c, "1 person watching");

	classroom_as(&b->c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&b->c.b, "/labs/L91/notices"), 200);
	classroom_shows(&b->c, "\"watcher\":\"講師 一郎\"");
	assert_int_equal(browser_get(&b->c.b, "/labs/L91/shell"), 200);
	classroom_shows(&b->c, "講師 一郎 watched the terminals.");
	screen_close(&watcher);
	screen_close(&s);
}

/* One record for as long as somebody watches, and another for somebody else. */
static void
a_renewal_is_no_new_record_for_half_an_hour(void **state)
{
	struct bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];
	int i;

	labd_bench_box(&b->labd, RUN);
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	for (i = 0; i < 3; i++)
		assert_int_equal(ask_ticket(b, ticket), 200);
	assert_int_equal(classroom_int(&b->c, WATCHED), 1);
	classroom_as(&b->c, MANAGER, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 200);
	assert_int_equal(classroom_int(&b->c, WATCHED), 2);
	/* who of the two it is now nobody knows */
	classroom_as(&b->c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&b->c.b, "/labs/L91/notices"), 200);
	classroom_shows(&b->c, "\"watcher\":\"\"");
	b->c.f->now += CLASS_WATCHED_MS;
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 200);
	assert_int_equal(classroom_int(&b->c, WATCHED), 3);
}

static void
nothing_is_recorded_where_there_is_nothing_to_see(void **state)
{
	struct bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];

	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 410);
	assert_int_equal(browser_get(&b->c.b, ONE "/watch"), 200);
	classroom_shows(&b->c, "No shell is open.");
	labd_bench_box(&b->labd, RUN);
	assert_int_equal(
	    browser_post_json(&b->c.b, ONE "/ticket", "terminal=4"), 422);
	classroom_as(&b->c, OTHER_MANAGER, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 404);
	classroom_as(&b->c, SECOND, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 403);
	assert_int_equal(classroom_int(&b->c, WATCHED), 0);
	labd_bench_end(&b->labd, SIGTERM);
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 410);
	assert_int_equal(browser_get(&b->c.b, "/institution/labs"), 200);
	classroom_shows(&b->c, "No shell open");
	assert_int_equal(classroom_int(&b->c, WATCHED), 0);
}

static enum err
close_sessions(struct db *db, void *ctx)
{
	return session_close_all(
	    db, ((struct bench *)ctx)->c.persons[INSTRUCTOR]);
}

static void
signing_out_ends_watching_and_nobody_else_s_terminal(void **state)
{
	struct bench *b = *state;
	struct screen s, watcher;

	labd_bench_box(&b->labd, RUN);
	screen_open(&s, &b->labd, RUN, 0, false);
	assert_true(screen_shows(&s, "$ "));
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	watch(b, &watcher);
	assert_true(screen_shows(&watcher, "$ "));
	assert_int_equal(db_write(b->c.f->db, close_sessions, b), ERR_OK);
	work(b);
	assert_int_equal(screen_end(&watcher), LABD_ENDED_TICKET);
	screen_type(&s, "echo al''one\r");
	assert_true(screen_shows(&s, "alone"));
	assert_int_equal(s.watchers, 0);
	screen_close(&watcher);
	screen_close(&s);
}

/* The right is asked for with each ticket, and there are no others. */
static void
without_the_right_there_is_no_other_ticket(void **state)
{
	struct bench *b = *state;
	char ticket[LABD_TICKET_CHARS + 1];

	labd_bench_box(&b->labd, RUN);
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	assert_int_equal(ask_ticket(b, ticket), 200);
	fixture_sql(b->c.f,
	    arena_printf(b->c.f->arena,
		"UPDATE role_grant SET until_at = %lld WHERE person = %lld",
		(long long)b->c.f->now, (long long)b->c.persons[INSTRUCTOR]));
	assert_int_equal(ask_ticket(b, ticket), 403);
}

/* -------------------------------------------------------------------- helping
 */

static void
a_shell_is_extended_as_its_learner_could(void **state)
{
	struct bench *b = *state;
	struct labd_status before, after;
	struct screen s;
	int i;

	labd_bench_box(&b->labd, RUN);
	screen_open(&s, &b->labd, RUN, 0, false);
	assert_true(screen_shows(&s, "$ "));
	assert_int_equal(labd_status(b->labd.socket, RUN, &before), ERR_OK);
	classroom_as(&b->c, INSTRUCTOR, LANG_EN);
	assert_int_equal(
	    browser_post(&b->c.b, ONE "/extend", "from=watch"), 303);
	assert_string_equal(browser_location(&b->c.b), ONE "/watch");
	assert_int_equal(labd_status(b->labd.socket, RUN, &after), ERR_OK);
	assert_int_equal(after.deadline_at,
	    shell_next_deadline(before.started_at, before.deadline_at));
	/* whoever works there hears of it */
	while (s.news < 2 && screen_read(&s, LABD_BENCH_MS))
		;
	assert_int_equal(s.news, 2);
	for (i = 0; i < 12; i++)
		assert_int_equal(browser_post(&b->c.b, ONE "/extend", ""), 303);
	assert_int_equal(labd_status(b->labd.socket, RUN, &after), ERR_OK);
	assert_int_equal(after.deadline_at,
	    before.started_at + SHELL_SECONDS_MAX * SECOND_MS);
	assert_int_equal(browser_follow(&b->c.b), 200);
	classroom_shows(&b->c, "the situation has changed meanwhile");
	assert_in_range(
	    classroom_int(&b->c,
		"SELECT count(*) FROM lab_notice WHERE kind = 'extended'"),
	    6, 7); /* three hours in halves, the last perhaps a part */
	classroom_as(&b->c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&b->c.b, "/labs/L91/notices"), 200);
	classroom_shows(&b->c,
	    arena_printf(b->c.f->arena, "\"deadline_at\":%lld",
		(long long)after.deadline_at));
	screen_close(&s);
}

static void
a_message_reaches_whoever_works_at_once(void **state)
{
	struct bench *b = *state;
	struct screen s;

	labd_bench_box(&b->labd, RUN);
	screen_open(&s, &b->labd, RUN, 0, false);
	assert_true(screen_shows(&s, "$ "));
	classroom_as(&b->c, MANAGER, LANG_EN);
	assert_int_equal(
	    browser_post(&b->c.b, ONE "/message", "text=hello"), 303);
	while (s.news < 2 && screen_read(&s, LABD_BENCH_MS))
		;
	assert_int_equal(s.news, 2);
	/* and is kept when the daemon does not answer */
	labd_bench_end(&b->labd, SIGKILL);
	assert_int_equal(
	    browser_post(&b->c.b, ONE "/message", "text=again"), 303);
	classroom_as(&b->c, LEARNER, LANG_EN);
	assert_int_equal(browser_get(&b->c.b, "/labs/L91"), 200);
	classroom_shows(&b->c, "again");
	screen_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_WITH_LABD(watching_is_recorded_told_and_only_seeing),
	    ON_BOTH_WITH_LABD(a_renewal_is_no_new_record_for_half_an_hour),
	    ON_BOTH_WITH_LABD(
		nothing_is_recorded_where_there_is_nothing_to_see),
	    ON_BOTH_WITH_LABD(
		signing_out_ends_watching_and_nobody_else_s_terminal),
	    ON_BOTH_WITH_LABD(without_the_right_there_is_no_other_ticket),
	    ON_BOTH_WITH_LABD(a_shell_is_extended_as_its_learner_could),
	    ON_BOTH_WITH_LABD(a_message_reaches_whoever_works_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
