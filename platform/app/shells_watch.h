/* Keeps what is known of the lab daemon (lab/shells.h) up to date. */
#ifndef APP_SHELLS_WATCH_H
#define APP_SHELLS_WATCH_H

struct lane;
struct shells;
struct shells_watch;

/* Asks on a lane whose tasks may wait. Both belong to the caller. */
struct shells_watch *shells_watch_new(struct lane *calls, struct shells *s);

/* Twice a second in the main thread; never waits. */
void shells_watch_tick(struct shells_watch *w);

/* After the lane is closed. NULL is fine. */
void shells_watch_free(struct shells_watch *w);

#endif
