/* The daemon itself: for `tanren labd`. */
#ifndef LAB_ENGINE_LABD_SERVE_H
#define LAB_ENGINE_LABD_SERVE_H

#include <sys/types.h>

#include "base/err.h"
#include "lab/engine/box.h"
#include "lab/engine/container.h"

struct labd_options {
	const char *socket; /* a path; what is left of another daemon goes */
	uid_t uid; /* whom it serves, besides root and its own user */
	gid_t gid;
	char least_level; /* 'A' to 'D': below it no box is made */
	int boxes_max; /* 1 to LABD_BOXES_MAX */
	/*
	 * The directory of images (image.h), looked at again with each start
	 * of a box; NULL: this machine's /usr.
	 */
	const char *images;
	struct container_host host; /* socket NULL: boxes of this machine */
	int watch_seconds; /* 0: LABD_WATCH_SECONDS; less in tests */
};

/*
 * Serves until SIGTERM or SIGINT; every box is gone when it returns.
 * ERR_CONFLICT: another daemon serves this socket. ERR_INTERNAL: logged.
 * The caller has one thread and has called random_start.
 */
MUST_USE enum err labd_serve(const struct labd_options *o);

/*
 * Files of the user whom it serves are opened with no more rights than that
 * user has: between these two, as for any file access (setfsuid(2)). Changing
 * who one is forgets the signal of the parent's death (PR_SET_PDEATHSIG in
 * prctl(2)), and with it `tanren run` would leave its daemon behind: it is
 * set again, and sent if the parent has died meanwhile.
 */
struct labd_rights {
	int death_signal;
	pid_t parent;
};

struct labd_rights labd_rights_drop(uid_t uid, gid_t gid);
void labd_rights_take(const struct labd_rights *before);

#endif
