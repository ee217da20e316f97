/*
 * What the lab daemon and its callers say to each other: frames and fields,
 * and the two small things that it remembers, rings and tickets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "lab/engine/labd_parts.h"

struct line {
	int fd[2]; /* what is sent by 0 comes to 1 */
	struct wire_out out;
	struct wire_in in;
};

static int
set_up(void **state)
{
	struct line *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, l->fd), 0);
	wire_out_open(&l->out, 2 * (WIRE_HEAD + WIRE_FRAME_MAX));
	wire_in_open(&l->in);
	*state = l;
	return 0;
}

static int
tear_down(void **state)
{
	struct line *l = *state;

	(void)close(l->fd[0]);
	(void)close(l->fd[1]);
	wire_out_close(&l->out);
	wire_in_close(&l->in);
	free(l);
	return 0;
}

static struct wire_frame
next(struct line *l)
{
	struct wire_frame frame = {0};
	enum wire_state s;

	while ((s = wire_in_frame(&l->in, &frame)) == WIRE_WAIT)
		assert_int_equal(wire_in_read(&l->in, l->fd[1]), WIRE_READY);
	assert_int_equal(s, WIRE_READY);
	return frame;
}

static void
fields_come_as_they_went(void **state)
{
	char text[WIRE_TEXT_MAX + 1], bytes[3];
	struct line *l = *state;
	struct wire_frame frame;
	struct wire_fields f;

	wire_begin(&l->out, 7);
	wire_put_u8(&l->out, 200);
	wire_put_u16(&l->out, 60000);
	wire_put_u32(&l->out, 4000000000U);
	wire_put_i64(&l->out, INT64_MIN + 5);
	wire_put_text(&l->out, "in/a.log");
	wire_put_bytes(&l->out, "abc", 3);
	assert_true(wire_end(&l->out));
	assert_int_equal(wire_out_send(&l->out, l->fd[0]), WIRE_READY);
	frame = next(l);
	assert_int_equal(frame.type, 7);
	f = wire_fields(&frame);
	assert_int_equal(wire_u8(&f), 200);
	assert_int_equal(wire_u16(&f), 60000);
	assert_int_equal(wire_u32(&f), 4000000000U);
	assert_true(wire_i64(&f) == INT64_MIN + 5);
	wire_text(&f, text);
	assert_string_equal(text, "in/a.log");
	assert_false(wire_fields_end(&f));
	wire_bytes(&f, bytes, sizeof(bytes));
	assert_memory_equal(bytes, "abc", 3);
	assert_true(wire_fields_end(&f));
	/* past the end there are zeros, and it is told */
	assert_int_equal(wire_u32(&f), 0);
	assert_false(wire_fields_end(&f));
}

static void
frames_come_in_any_pieces(void **state)
{
	struct line *l = *state;
	struct wire_frame frame;
	size_t i;

	for (i = 0; i < 3; i++) {
		wire_begin(&l->out, (uint8_t)(10 + i));
		wire_put_bytes(&l->out, "xyz", i);
		assert_true(wire_end(&l->out));
	}
	for (i = l->out.start; i < l->out.end; i++) {
		assert_int_equal(write(l->fd[0], l->out.bytes + i, 1), 1);
		assert_int_equal(wire_in_read(&l->in, l->fd[1]), WIRE_READY);
	}
	for (i = 0; i < 3; i++) {
		frame = next(l);
		assert_int_equal(frame.type, 10 + i);
		assert_int_equal(frame.size, i);
		wire_in_done(&l->in);
	}
	assert_int_equal(wire_in_frame(&l->in, &frame), WIRE_WAIT);
	assert_int_equal(wire_in_read(&l->in, l->fd[1]), WIRE_WAIT);
	(void)close(l->fd[0]);
	l->fd[0] = -1;
	assert_int_equal(wire_in_read(&l->in, l->fd[1]), WIRE_ENDED);
}

static void
the_largest_frame_goes_through(void **state)
{
	static uint8_t large[WIRE_PAYLOAD_MAX + 1];
	struct line *l = *state;
	struct wire_frame frame;

	memset(large, 'x', sizeof(large));
	wire_begin(&l->out, 1);
	wire_put_bytes(&l->out, large, WIRE_PAYLOAD_MAX);
	assert_true(wire_end(&l->out));
	/* as much as it may say at once; a socket may take less */
	while (wire_out_send(&l->out, l->fd[0]) != WIRE_READY)
		(void)wire_in_read(&l->in, l->fd[1]);
	frame = next(l);
	assert_int_equal(frame.size, WIRE_PAYLOAD_MAX);
	wire_in_done(&l->in);
	wire_begin(&l->out, 1);
	wire_put_bytes(&l->out, large, sizeof(large));
	assert_false(wire_end(&l->out));
	assert_true(wire_out_is_empty(&l->out));
}

static void
lengths_that_cannot_be_are_refused(void **state)
{
	static const uint8_t bad[][WIRE_HEAD] = {{0, 0, 0, 0}, {0, 1, 0, 1},
	    {0xff, 0xff, 0xff, 0xff}, {0x80, 0, 0, 1}, {'G', 'E', 'T', ' '}};
	struct line *l = *state;
	struct wire_frame frame;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(l->in.bytes, bad[i], WIRE_HEAD);
		l->in.start = 0;
		l->in.end = WIRE_HEAD;
		assert_int_equal(wire_in_frame(&l->in, &frame), WIRE_BROKEN);
	}
}

static void
texts_have_no_nul(void **state)
{
	static const uint8_t payload[] = {3, 'a', 0, 'b', 2, 'a', 'b', 9, 'c'};
	const struct wire_frame frame = {
	    .payload = payload, .size = sizeof(payload)};
	struct wire_fields f = wire_fields(&frame);
	char text[WIRE_TEXT_MAX + 1];

	(void)state;
	wire_text(&f, text);
	assert_true(f.broken);
	assert_string_equal(text, "");
	f = (struct wire_fields){.at = payload + 4, .left = 5};
	wire_text(&f, text);
	assert_string_equal(text, "ab");
	wire_text(&f, text); /* longer than what is there */
	assert_true(f.broken);
}

static void
what_does_not_fit_is_left_out_whole(void **state)
{
	struct line *l = *state;
	struct wire_out small;

	(void)l;
	wire_out_open(&small, 32);
	wire_begin(&small, 1);
	wire_put_bytes(&small, "0123456789", 10);
	assert_true(wire_end(&small));
	assert_int_equal(wire_out_room(&small), 32 - 15 - 5);
	wire_begin(&small, 2);
	wire_put_bytes(&small, "0123456789abcdef", 16);
	wire_put_u8(&small, 1);
	assert_false(wire_end(&small));
	assert_int_equal(small.end - small.start, 15);
	/* what is sent makes room */
	assert_int_equal(wire_out_send(&small, l->fd[0]), WIRE_READY);
	wire_begin(&small, 2);
	wire_put_bytes(&small, "0123456789abcdef", 16);
	assert_true(wire_end(&small));
	wire_out_close(&small);
}

/* ----------------------------------------------------------------------- rings
 */

static void
a_ring_keeps_the_last(void **state)
{
	static uint8_t out[RING_BYTES];
	struct ring r = {0};
	char text[16];
	size_t i, n;

	(void)state;
	assert_int_equal(ring_copy(&r, out), 0);
	ring_put(&r, "hello", 5);
	assert_int_equal(ring_copy(&r, out), 5);
	assert_memory_equal(out, "hello", 5);
	for (i = 0; i < 20000; i++) {
		n = (size_t)snprintf(text, sizeof(text), "%zu\n", i);
		ring_put(&r, text, n);
	}
	n = ring_copy(&r, out);
	assert_in_range(n, RING_BYTES - 16, RING_BYTES);
	/* from the beginning of a line to the end */
	assert_memory_equal(out + n - 6, "19999\n", 6);
	assert_true(atoi((char *)out) > 1000);
	n = (size_t)snprintf(text, sizeof(text), "%d\n", atoi((char *)out));
	assert_memory_equal(out, text, n);
	ring_close(&r);
}

static void
a_ring_does_not_begin_within_a_character(void **state)
{
	static uint8_t out[RING_BYTES];
	struct ring r = {0};
	size_t i, n;

	(void)state;
	for (i = 0; i < RING_BYTES; i++)
		ring_put(&r, "\xe9\x8d\x9b", 3);
	n = ring_copy(&r, out);
	assert_true(n >= RING_BYTES - 2);
	assert_memory_equal(out, "\xe9\x8d\x9b", 3);
	ring_close(&r);
}

/* --------------------------------------------------------------------- tickets
 */

static void
a_ticket_is_used_once_and_soon(void **state)
{
	struct tickets list;
	char first[LABD_TICKET_CHARS + 1], second[LABD_TICKET_CHARS + 1];
	struct ticket got;
	int64_t now = clock_real();

	(void)state;
	tickets_open(&list, 2);
	assert_int_equal(
	    ticket_new(&list, (struct ticket){.box = 5, .terminal = 2}, first),
	    ERR_OK);
	assert_int_equal(
	    ticket_new(&list, (struct ticket){.box = 6, .watch = true}, second),
	    ERR_OK);
	assert_int_equal(strlen(first), LABD_TICKET_CHARS);
	assert_string_not_equal(first, second);
	assert_true(ticket_use(&list, first, now, &got));
	assert_int_equal(got.box, 5);
	assert_int_equal(got.terminal, 2);
	assert_false(got.watch);
	assert_false(ticket_use(&list, first, now, &got));
	/* too old is used up, too */
	assert_false(ticket_use(
	    &list, second, now + (LABD_TICKET_SECONDS + 1) * SECOND_MS, &got));
	assert_false(ticket_use(&list, second, now, &got));
	memset(second, '\0', sizeof(second));
	assert_false(ticket_use(&list, second, now, &got));
	tickets_close(&list);
}

static void
a_box_has_its_own_places_and_loses_its_own_oldest(void **state)
{
	struct tickets list;
	char first[LABD_TICKET_CHARS + 1], other[LABD_TICKET_CHARS + 1];
	char last[LABD_TICKET_CHARS + 1];
	struct ticket got;
	int64_t now = clock_real();
	size_t i;

	(void)state;
	tickets_open(&list, 2);
	assert_int_equal(
	    ticket_new(&list, (struct ticket){.box = 6}, other), ERR_OK);
	assert_int_equal(
	    ticket_new(&list, (struct ticket){.box = 5}, first), ERR_OK);
	for (i = 0; i < LABD_TICKETS_MAX; i++)
		assert_int_equal(
		    ticket_new(&list, (struct ticket){.box = 5}, last), ERR_OK);
	assert_false(ticket_use(&list, first, now, &got));
	assert_true(ticket_use(&list, other, now, &got));
	assert_int_equal(got.box, 6);
	ticket_forget(&list, 5);
	assert_false(ticket_use(&list, last, now, &got));
	tickets_close(&list);
}

#define ON_A_LINE(test)                                                        \
	{                                                                      \
#test, test, set_up, tear_down, NULL                           \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_A_LINE(fields_come_as_they_went),
	    ON_A_LINE(frames_come_in_any_pieces),
	    ON_A_LINE(the_largest_frame_goes_through),
	    ON_A_LINE(lengths_that_cannot_be_are_refused),
	    ON_A_LINE(what_does_not_fit_is_left_out_whole),
	    cmocka_unit_test(texts_have_no_nul),
	    cmocka_unit_test(a_ring_keeps_the_last),
	    cmocka_unit_test(a_ring_does_not_begin_within_a_character),
	    cmocka_unit_test(a_ticket_is_used_once_and_soon),
	    cmocka_unit_test(a_box_has_its_own_places_and_loses_its_own_oldest),
	};

	random_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
