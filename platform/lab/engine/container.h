/*
 * Live boxes as containers of a host that speaks Docker's HTTP API (Docker
 * Engine API 1.40; podman's service has it, too) on a unix socket: for
 * institutions whose labs run on container hosts of their own.
 *
 *	labd ──notes── a process for each box ──HTTP──▶ container host
 *	  └─────────── the stream of a terminal ──────▶
 *
 * A box is one container and two volumes, /lab and /home/learner, which are
 * tmpfs. No network, no capability, a read-only root, user 1000. Whatever the
 * daemon does not end itself is found by its label and ended by the next one.
 *
 * What it cannot do, and a native box can: ids that no other box has (levels
 * B to D, never A), processes that do not see the host's kernel figures, files
 * of /lab/out of more than 40 MB together. The image has bash, and coreutils
 * and grep as Debian has them.
 */
#ifndef LAB_ENGINE_CONTAINER_H
#define LAB_ENGINE_CONTAINER_H

#include "lab/engine/box.h"

struct container_host {
	const char *socket; /* a path; NULL: there is none */
	const char *image; /* a name or an id that the host knows */
	const char *label; /* of this daemon's containers, plain characters */
};

/* The label of an image that says which lab image (image.h) it is of. */
#define CONTAINER_IMAGE_LABEL "tanren.lab-image"

/*
 * What a host can do, seen in a container: B with a range of ids for
 * containers, C with the host's ids, D where limits have no effect or no
 * filter of system calls is there.
 */
struct container_found {
	char level; /* 'B' to 'D'; 0: no boxes here */
	enum box_ids ids;
	enum box_cgroup cgroup;
	bool seccomp;
	/* the digest of CONTAINER_IMAGE_LABEL, or the image's own */
	char root[BOX_DIGEST_CHARS + 1];
	char sentence[200]; /* English, for the log */
};

/*
 * Looks; with `sweep` it first ends what has the label. Waits for the host,
 * half a minute at the most.
 */
void container_look(
    const struct container_host *host, bool sweep, struct container_found *out);

#endif
