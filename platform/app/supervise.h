/*
 * Child processes that are kept running: started, started again with
 * back-off, ended in order. Each is the leader of a process group, so that
 * nothing of it stays behind, and ends when its parent does.
 */
#ifndef APP_SUPERVISE_H
#define APP_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "app/user.h"

#define SUPERVISE_ARGS_MAX 16

struct child {
	const char *name;
	const char *program; /* absolute; NULL: this program itself */
	const char *argv[SUPERVISE_ARGS_MAX];
	unsigned needs; /* enum user_need */
	int end_signal; /* what asks it to end in order */
	const char *stale[3]; /* files removed before it starts */

	/* supervise.c's */
	pid_t pid; /* 0: not running */
	int64_t started_at, start_at, back_off_ms;
};

/* Once; blocks the signals that supervise_wait tells about. */
void supervise_start(void);

/* Starts every child whose time has come. */
void supervise_spawn(struct child *list, size_t n, const struct user *u);

/*
 * Waits until a child ends (and says so), a signal asks us to end (true), or
 * the time is over.
 */
bool supervise_wait(struct child *list, size_t n, int timeout_ms);

/*
 * Asks one after the other to end and waits for each; whoever takes longer
 * than its time is killed.
 */
void supervise_end(struct child *list, size_t n);

#endif
