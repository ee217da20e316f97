/* The container host of the configuration. */
#ifndef APP_LAB_HOST_H
#define APP_LAB_HOST_H

#include <sys/types.h>

#include "app/config.h"
#include "lab/engine/container.h"

/* socket NULL: live labs are boxes of this machine. */
struct container_host lab_host(struct arena *a, const struct config *c);

/*
 * Looks at the host as labd will, which keeps the rights of whoever started
 * it: a copy of this process, made before it takes those of VAR's owner.
 */
struct lab_looker {
	pid_t pid;
	int socket;
};

/* 0, or -1 and errno. */
int lab_looker_start(struct lab_looker *l);

/* NULL: there is nothing to look at. Ends the copy. */
void lab_looker_end(struct lab_looker *l, const struct container_host *host,
    struct container_found *out);

#endif
