/* Who waits wakes when it is rung, and at no other time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/wait.h>

#include "base/bell.h"
#include "support/directory.h"

#define LONG_MS 20000
#define RINGS_MANY 200000 /* more than a FIFO holds */

static sigset_t ending;

static void
without_a_bell_nothing_rings(void **state)
{
	(void)state;
	bell_ring();
	assert_int_equal(bell_wait(true, &ending, 1), BELL_TIME);
}

static void
a_ring_wakes_one_who_waits(void **state)
{
	char path[DIRECTORY_BYTES + 16];
	int status, i;
	pid_t child;

	(void)snprintf(path, sizeof(path), "%s/bell", (const char *)*state);
	assert_int_equal(bell_open(path), ERR_OK);
	assert_int_equal(bell_open(path), ERR_OK); /* it is there already */
	assert_int_equal(bell_wait(true, &ending, 1), BELL_TIME);
	/* before anybody waits, and heard by those who listen */
	bell_ring();
	assert_int_equal(bell_wait(false, &ending, 1), BELL_TIME);
	assert_int_equal(bell_wait(true, &ending, LONG_MS), BELL_RANG);
	assert_int_equal(bell_wait(true, &ending, 1), BELL_TIME);
	assert_true((child = fork()) >= 0);
	if (child == 0)
		_exit(bell_wait(true, &ending, LONG_MS) == BELL_RANG ? 0 : 1);
	bell_ring();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* nobody hears: it does not wait, and there is an end of it */
	for (i = 0; i < RINGS_MANY; i++)
		bell_ring();
	assert_int_equal(bell_wait(true, &ending, LONG_MS), BELL_RANG);
}

static void
a_signal_ends_the_waiting(void **state)
{
	(void)state;
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_int_equal(bell_wait(false, &ending, LONG_MS), BELL_SIGNAL);
	assert_int_equal(bell_wait(false, &ending, 1), BELL_TIME);
}

static void
a_place_that_is_not_there_is_told(void **state)
{
	(void)state;
	assert_int_equal(bell_open("/nowhere/bell"), ERR_INTERNAL);
}

static int
make(void **state)
{
	static char directory[DIRECTORY_BYTES];

	(void)sigemptyset(&ending);
	(void)sigaddset(&ending, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &ending, NULL);
	directory_make(directory);
	*state = directory;
	return 0;
}

static int
drop(void **state)
{
	directory_remove(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_bell_nothing_rings),
	    cmocka_unit_test(a_ring_wakes_one_who_waits),
	    cmocka_unit_test(a_signal_ends_the_waiting),
	    cmocka_unit_test(a_place_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
