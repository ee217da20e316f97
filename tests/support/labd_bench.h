/*
 * A lab daemon of its own in a process of its own, and terminals of its boxes
 * as a browser's bridge has them. Whatever fails here fails the test.
 */
#ifndef SUPPORT_LABD_BENCH_H
#define SUPPORT_LABD_BENCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lab/engine/labd.h"
#include "lab/engine/labd_serve.h"
#include "lab/engine/wire.h"
#include "support/directory.h"

#define LABD_BENCH_MS 60000 /* also on a busy machine */

struct labd_bench {
	struct arena *arena;
	char directory[DIRECTORY_BYTES], socket[DIRECTORY_BYTES + 16];
	struct labd_options options;
	pid_t daemon; /* 0: not running */
};

/* The images that daemons opened after it use; NULL: none. */
extern const char *labd_bench_images;

/* The daemon runs, at whatever level this machine and user have. */
void labd_bench_open(struct labd_bench *b);
void labd_bench_close(struct labd_bench *b);

/* With b->options. */
void labd_bench_start(struct labd_bench *b);

/* Sends the signal and waits; answers the status of waitpid(2). */
int labd_bench_end(struct labd_bench *b, int signal);

/* 64 MB of memory, 16 MB of disk, 32 processes, an hour. */
struct labd_spec labd_bench_spec(int64_t box);

/* Makes such a box; fails the test when it cannot. */
void labd_bench_box(struct labd_bench *b, int64_t box);

int64_t monotonic_ms(void);
void wait_ms(int ms);

/* Bytes that a process has in memory; 0: it is not there. */
size_t resident_bytes(pid_t pid);

/* One end of a terminal. */
struct screen {
	int fd;
	struct wire_in in;
	struct buf text; /* all that was shown since the last screen_clear */
	int replays; /* frames */
	size_t replayed; /* bytes */
	int news; /* frames */
	int watchers; /* of the last one */
	int rows, columns; /* told to who watches; 0: not yet */
	int ended; /* enum labd_ended; -1: no; -2: without a word */
};

/* With a ticket, 24 by 80. */
void screen_attach(struct screen *s, const char *socket, const char *ticket);
/* With a ticket of its own. */
void screen_open(struct screen *s, struct labd_bench *b, int64_t box,
    int terminal, bool watch);
void screen_close(struct screen *s);
void screen_clear(struct screen *s);

void screen_send(struct screen *s, uint8_t type, const void *p, size_t n);
void screen_type(struct screen *s, const char *keys);

/* Takes in what comes for at most that long; false when nothing came. */
bool screen_read(struct screen *s, int ms);

/* Until that was shown; false when it was not. */
bool screen_shows(struct screen *s, const char *what);

/* Until the terminal ended; answers why. */
int screen_end(struct screen *s);

/* A shell that does not echo, without a prompt, for screen_run. */
void screen_plain(struct screen *s);

/* Types a command (one line) and answers what it wrote; *status is set. */
const char *screen_run(struct screen *s, const char *command, int *status);

#endif
