/* The daemon itself: for `tanren labd`. */
#ifndef LAB_ENGINE_LABD_SERVE_H
#define LAB_ENGINE_LABD_SERVE_H

#include <sys/types.h>

#include "base/err.h"
#include "lab/engine/box.h"

struct labd_options {
	const char *socket; /* a path; what is left of another daemon goes */
	uid_t uid; /* whom it serves, besides root and its own user */
	gid_t gid;
	char least_level; /* 'A' to 'D': below it no box is made */
	int boxes_max; /* 1 to LABD_BOXES_MAX */
};

/*
 * Serves until SIGTERM or SIGINT; every box is gone when it returns.
 * ERR_CONFLICT: another daemon serves this socket. ERR_INTERNAL: logged.
 * The caller has one thread and has called random_start.
 */
MUST_USE enum err labd_serve(const struct labd_options *o);

#endif
