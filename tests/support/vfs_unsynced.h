/*
 * A disk that loses power. A file system for SQLite that works like the real
 * one and remembers, per file, what a sync has made durable and which writes
 * came after it:
 *
 *	xWrite ─▶ real file
 *	      └─▶ pending ──xSync──▶ durable
 *
 * A crash writes what would be left into another directory: the durable
 * bytes, and of the pending writes none or a random part, by sectors of 512
 * bytes. Killing a process proves nothing: the kernel keeps its writes.
 */
#ifndef TESTS_VFS_UNSYNCED_H
#define TESTS_VFS_UNSYNCED_H

#include <stdbool.h>
#include <stdint.h>

struct unsynced_crash {
	/* Writes, truncations and syncs from now on until the power fails. */
	uint64_t after;
	const char *into; /* a directory, empty */
	uint32_t seed;
	bool keep_some; /* a random part of the pending writes survives */
	/* In the thread that met the crash, before its operation. */
	void (*notify)(void *ctx);
	void *ctx;
};

/* Makes it SQLite's default file system, or takes it away again. */
void unsynced_start(void);
void unsynced_stop(void);

/* Syncs answer at once and do nothing: what synchronous=OFF asks for. */
void unsynced_ignore_syncs(bool ignore);

/* Sets the moment; `c` must stay until then. Only one crash at a time. */
void unsynced_crash_set(const struct unsynced_crash *c);

/* Writes, truncations and syncs since the moment was set. */
uint64_t unsynced_operations(void);

/* Crashes now, unless it has happened. */
void unsynced_crash_now(void);

/* Forgets all files and the crash; none may be open. */
void unsynced_forget(void);

#endif
