/*
 * Watching a terminal, with a lab daemon and real boxes: who types is told,
 * who watches sees the screen as it is, for as long as it is renewed, and
 * nobody is held up.
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

#include "base/random.h"
#include "support/labd_bench.h"

#define BOX 1
#define ONE 71 /* two holders */
#define OTHER 72
#define SHORT_SECONDS 2

static int
set_up(void **state)
{
	struct labd_bench *b = calloc(1, sizeof(*b));

	labd_bench_open(b);
	labd_bench_box(b, BOX);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	labd_bench_close(*state);
	free(*state);
	return 0;
}

static void
ticket_of(struct labd_bench *b, int terminal, int64_t holder,
    char out[LABD_TICKET_CHARS + 1])
{
	assert_int_equal(
	    labd_watch_ticket(b->socket, BOX, terminal, holder, out), ERR_OK);
}

static void
watch(struct labd_bench *b, struct screen *s, int terminal, int64_t holder)
{
	char ticket[LABD_TICKET_CHARS + 1];

	ticket_of(b, terminal, holder, ticket);
	screen_attach(s, b->socket, ticket);
}

/* Until so many watch; false when that was not told. */
static bool
is_told(struct screen *s, int watchers)
{
	int64_t until = monotonic_ms() + LABD_BENCH_MS;

	while (
	    (s->news == 0 || s->watchers != watchers) && monotonic_ms() < until)
		(void)screen_read(s, 100);
	return s->news > 0 && s->watchers == watchers;
}

static void
renew(struct labd_bench *b, struct screen *s, int terminal, int64_t holder)
{
	char ticket[LABD_TICKET_CHARS + 1];

	ticket_of(b, terminal, holder, ticket);
	screen_send(s, LABD_TERMINAL_RENEW, ticket, LABD_TICKET_CHARS);
}

static void
whoever_types_is_told_how_many_watch(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, second, one, other;

	screen_open(&s, b, BOX, 0, false);
	assert_true(is_told(&s, 0));
	screen_open(&second, b, BOX, 3, false);
	assert_true(is_told(&second, 0));
	watch(b, &one, 0, ONE);
	assert_true(is_told(&s, 1));
	assert_true(is_told(&second, 1)); /* in every terminal of the box */
	watch(b, &other, 1, OTHER);
	assert_true(is_told(&s, 2));
	screen_close(&one);
	assert_true(is_told(&s, 1));
	/* and whoever comes back finds out */
	screen_close(&second);
	screen_open(&second, b, BOX, 3, false);
	assert_true(is_told(&second, 1));
	screen_close(&other);
	assert_true(is_told(&second, 0));
	assert_true(is_told(&s, 0));
	screen_close(&second);
	screen_close(&s);
}

/* When the first byte of the screen is here, who types has been told. */
static void
nothing_is_shown_before_it_is_told(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, watcher;
	int i;

	screen_open(&s, b, BOX, 0, false);
	assert_true(screen_shows(&s, "$ "));
	assert_true(is_told(&s, 0));
	for (i = 0; i < 20; i++) {
		watch(b, &watcher, 0, ONE);
		assert_true(screen_shows(&watcher, "$ "));
		/* what lies in the socket is enough: nothing is waited for */
		while (screen_read(&s, 0))
			;
		assert_int_equal(s.watchers, 1);
		screen_close(&watcher);
		assert_true(is_told(&s, 0));
	}
	screen_close(&s);
}

static void
whoever_watches_sees_the_size_of_the_screen(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, watcher;
	int64_t until = monotonic_ms() + LABD_BENCH_MS;

	screen_open(&s, b, BOX, 0, false);
	assert_true(screen_shows(&s, "$ "));
	watch(b, &watcher, 0, ONE);
	assert_true(screen_shows(&watcher, "$ "));
	assert_int_equal(watcher.rows, 24);
	assert_int_equal(watcher.columns, 80);
	screen_send(&s, LABD_TERMINAL_RESIZE, "\0\x1e\0\x64", 4);
	while (watcher.rows != 30 && monotonic_ms() < until)
		(void)screen_read(&watcher, 100);
	assert_int_equal(watcher.rows, 30);
	assert_int_equal(watcher.columns, 100);
	assert_int_equal(s.rows, 0); /* whoever types knows it */
	screen_close(&watcher);
	screen_close(&s);
}

static void
news_reach_whoever_types_and_nobody_else(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, watcher;
	int64_t until = monotonic_ms() + LABD_BENCH_MS;
	int before;

	assert_int_equal(labd_tell(b->socket, BOX + 1), ERR_NOT_FOUND);
	assert_int_equal(labd_tell(b->socket, BOX), ERR_OK); /* nobody there */
	screen_open(&s, b, BOX, 0, false);
	assert_true(screen_shows(&s, "$ "));
	watch(b, &watcher, 0, ONE);
	assert_true(is_told(&s, 1));
	before = s.news;
	assert_int_equal(labd_tell(b->socket, BOX), ERR_OK);
	while (s.news == before && monotonic_ms() < until)
		(void)screen_read(&s, 100);
	assert_int_equal(s.news, before + 1);
	assert_int_equal(s.watchers, 1);
	screen_type(&s, "echo do''ne\r");
	assert_true(screen_shows(&watcher, "done"));
	assert_int_equal(watcher.news, 0);
	screen_close(&watcher);
	screen_close(&s);
}

/* With a ticket of its own, of the same terminal and for the same person. */
static void
watching_ends_unless_it_is_renewed(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, kept, left, wrong[3];
	int64_t until;
	int i;

	assert_int_equal(labd_bench_end(b, SIGTERM), 0);
	b->options.watch_seconds = SHORT_SECONDS;
	labd_bench_start(b);
	labd_bench_box(b, BOX);
	screen_open(&s, b, BOX, 0, false);
	assert_true(screen_shows(&s, "$ "));
	watch(b, &kept, 0, ONE);
	watch(b, &left, 0, ONE);
	for (i = 0; i < 3; i++)
		watch(b, &wrong[i], 0, ONE);
	until = monotonic_ms() + 2 * SHORT_SECONDS * 1000;
	while (monotonic_ms() < until) {
		renew(b, &kept, 0, ONE);
		renew(b, &wrong[0], 1, ONE); /* of another terminal */
		renew(b, &wrong[1], 0, OTHER); /* of somebody else */
		screen_send(&wrong[2], LABD_TERMINAL_RENEW,
		    "0123456789abcdef0123456789abcdef", LABD_TICKET_CHARS);
		(void)screen_read(&kept, 300);
	}
	assert_int_equal(screen_end(&left), LABD_ENDED_TICKET);
	for (i = 0; i < 3; i++) {
		assert_int_equal(screen_end(&wrong[i]), LABD_ENDED_TICKET);
		screen_close(&wrong[i]);
	}
	assert_int_equal(kept.ended, -1);
	assert_true(is_told(&s, 1));
	/* who types is no watcher, and is not ended by that */
	screen_type(&s, "echo still-he''re\r");
	assert_true(screen_shows(&s, "still-here"));
	assert_true(screen_shows(&kept, "still-here"));
	screen_close(&left);
	screen_close(&kept);
	screen_close(&s);
}

static void
a_holder_is_ended_everywhere_and_nobody_else(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, one, second, other, late;
	char ticket[LABD_TICKET_CHARS + 1];

	screen_open(&s, b, BOX, 0, false);
	assert_true(screen_shows(&s, "$ "));
	watch(b, &one, 0, ONE);
	watch(b, &second, 2, ONE);
	watch(b, &other, 0, OTHER);
	assert_true(is_told(&s, 3));
	ticket_of(b, 0, ONE, ticket);
	assert_int_equal(labd_unwatch(b->socket, ONE), ERR_OK);
	assert_int_equal(screen_end(&one), LABD_ENDED_TICKET);
	assert_int_equal(screen_end(&second), LABD_ENDED_TICKET);
	screen_attach(&late, b->socket, ticket);
	assert_int_equal(screen_end(&late), LABD_ENDED_TICKET);
	assert_true(is_told(&s, 1));
	screen_type(&s, "echo go-o''n\r");
	assert_true(screen_shows(&other, "go-on"));
	assert_true(screen_shows(&s, "go-on"));
	assert_int_equal(labd_unwatch(b->socket, 0), ERR_INVALID);
	assert_int_equal(
	    labd_watch_ticket(b->socket, BOX, 0, 0, ticket), ERR_INVALID);
	screen_close(&late);
	screen_close(&one);
	screen_close(&second);
	screen_close(&other);
	screen_close(&s);
}

/* Who does not read is told once more it does: nothing piles up. */
static void
who_does_not_read_is_told_the_newest_once(void **state)
{
	struct labd_bench *b = *state;
	struct screen s, watcher;
	int i;

	screen_open(&s, b, BOX, 0, false);
	assert_true(screen_shows(&s, "$ "));
	screen_type(&s, "yes\r"); /* and is not read from here on */
	wait_ms(500);
	for (i = 0; i < 200; i++)
		assert_int_equal(labd_tell(b->socket, BOX), ERR_OK);
	watch(b, &watcher, 0, ONE);
	assert_true(screen_shows(&watcher, "y\r\n"));
	assert_true(is_told(&s, 1));
	screen_type(&s, "\3");
	screen_close(&watcher);
	screen_close(&s);
}

int
main(void)
{
#define WITH_A_BOX(test)                                                       \
	{                                                                      \
#test, test, set_up, tear_down, NULL                           \
	}
	const struct CMUnitTest tests[] = {
	    WITH_A_BOX(whoever_types_is_told_how_many_watch),
	    WITH_A_BOX(nothing_is_shown_before_it_is_told),
	    WITH_A_BOX(whoever_watches_sees_the_size_of_the_screen),
	    WITH_A_BOX(news_reach_whoever_types_and_nobody_else),
	    WITH_A_BOX(watching_ends_unless_it_is_renewed),
	    WITH_A_BOX(a_holder_is_ended_everywhere_and_nobody_else),
	    WITH_A_BOX(who_does_not_read_is_told_the_newest_once),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
