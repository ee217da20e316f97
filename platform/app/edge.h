/* The edge: nginx's configuration and the files it serves. */
#ifndef APP_EDGE_H
#define APP_EDGE_H

#include <stdbool.h>

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"

/* Names in VAR/run. */
#define RUN_WEB_SOCKET "web.sock" /* nginx → Kore */
#define RUN_EDGE_SOCKET "edge.sock" /* the supervisor → nginx */
#define RUN_NGINX_CONF "nginx.conf"

/*
 * Writes VAR/run/nginx.conf from deploy/nginx/nginx.conf.in and copies the
 * static files and the edge's own pages to VAR/run/www, so that nginx needs
 * nothing outside VAR. ERR_INTERNAL: logged.
 */
MUST_USE enum err edge_write(struct arena *a, const struct config *c);

/*
 * 0: `listen` can be had now; EINVAL: it is no address; else why it cannot
 * (EADDRINUSE, EACCES).
 */
int edge_port_error(struct arena *a, const struct config *c);

/* True when the edge listens on a port that needs a capability. */
bool edge_port_is_low(const struct config *c);

/*
 * Asks /healthz through the edge's socket, from VAR/run. True when the answer
 * is 200; waits at most a second.
 */
bool edge_answers(void);

#endif
