/*
 * Who makes live boxes: a table of calls behind live.h, one for each kind of
 * machine that they can live on.
 *
 *	native      namespaces and a cgroup of this machine (live_native.c)
 *	container   a container of a host that speaks Docker's HTTP API, over
 *	            a unix socket: podman, dockerd (container.h)
 *
 * What is the same for all is not here: a box is a process of the daemon's,
 * with a socket on which notes go to and fro (struct note). Of a native box it
 * is the box's own process 1; a container has one that speaks for it, so that
 * a host that takes its time keeps nobody waiting but its own box.
 */
#ifndef LAB_ENGINE_DRIVER_H
#define LAB_ENGINE_DRIVER_H

#include <stdbool.h>

#include "base/err.h"

struct live;
struct live_spec;

struct driver {
	const char *name;
	/*
	 * Begins the process and fills pid, control, state; nothing of it is
	 * left after a failure. The rest is live_begin's.
	 */
	enum err (*begin)(struct live *l, const struct live_spec *spec);
	/* Of LIVE_BORN: the process wants its ids. 0 or -1 and errno. */
	int (*born)(struct live *l);
	/* Another size of a terminal, of which fd is what was handed over. */
	enum err (*resize)(struct live *l, int terminal, int fd, unsigned rows,
	    unsigned columns);
	/* Asks for all to stand still, or to go on; later it does. */
	enum err (*still)(struct live *l, bool still);
	/* Once it was asked for: does it? NULL: it says so in a note. */
	bool (*is_still)(struct live *l);
	/* Ends what closing the socket does not. */
	void (*kill)(struct live *l);
	/* Its process is gone. True when nothing else of it is left. */
	bool (*bury)(struct live *l);
	/* What was there has to be looked at in a copy (STEP_STILL brings it)
	 */
	bool copies;
};

extern const struct driver driver_native, driver_container;

#endif
