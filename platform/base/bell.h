/*
 * A bell between processes: one rings, one of those who wait wakes. It is a
 * FIFO, so it needs nobody who serves it and survives the end of anybody. What
 * is missed while nobody waits is not lost: a ring stays until it is heard,
 * and whoever waits looks now and then all the same.
 */
#ifndef BASE_BELL_H
#define BASE_BELL_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"

/*
 * This process's bell: `path` is made when it is missing, and open until the
 * process ends. ERR_INTERNAL, logged.
 */
MUST_USE enum err bell_open(const char *path);

/* Wakes one process, never waits. Without a bell: nothing. */
void bell_ring(void);

enum bell_heard { BELL_TIME, BELL_RANG, BELL_SIGNAL };

/*
 * Waits for a ring if `listens`, for one of `signals` (blocked by the caller),
 * which is taken, or until `ms` are over.
 */
enum bell_heard bell_wait(bool listens, const sigset_t *signals, int ms);

#endif
