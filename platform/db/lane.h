/*
 * Lanes: threads that run tasks with a connection of their own, behind a
 * bounded queue. A full lane refuses at once, it never grows.
 *
 * A reader lane runs each task on a read connection. The writer lane of
 * SQLite is one thread: it takes all waiting tasks, runs each in a savepoint
 * of one transaction, commits once, then answers all (group commit). With
 * PostgreSQL a writer lane has several threads and one transaction per task.
 * A free lane (Argon2) has a read connection and no transaction.
 */
#ifndef DB_LANE_H
#define DB_LANE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct lane;

enum lane_kind { LANE_READ, LANE_WRITE, LANE_FREE };

struct task {
	/*
	 * In the lane's thread. On a writer lane anything but ERR_OK undoes
	 * what this task wrote and nothing else.
	 */
	enum err (*run)(struct db *db, struct task *t);
	/*
	 * In the lane's thread, once, last: ERR_OK means run's result stands
	 * and what it wrote is durable. The task may be freed here.
	 */
	void (*done)(struct task *t, enum err result);
	struct task *next; /* the lane's */
};

struct lane_options {
	const char *name; /* for the log and the metrics */
	const char *dsn;
	enum lane_kind kind;
	unsigned threads;
	unsigned queue_max;
};

struct lane_figures {
	uint64_t tasks, refused, commits;
	uint64_t waiting;
};

/* Opens the connections and starts the threads (with all signals blocked). */
MUST_USE enum err lane_open(const struct lane_options *o, struct lane **out);

/* ERR_BUSY when the queue is full: done is not called. */
MUST_USE enum err lane_submit(struct lane *l, struct task *t);

/*
 * Runs a write on a writer lane and waits until it is durable. For threads
 * of other lanes (sign-in: verify in the Argon2 lane, then write).
 */
MUST_USE enum err lane_write(
    struct lane *l, enum err (*act)(struct db *db, void *ctx), void *ctx);

void lane_figures(struct lane *l, struct lane_figures *out);

/* Finishes what is queued, joins the threads, frees. NULL is fine. */
void lane_close(struct lane *l);

#endif
