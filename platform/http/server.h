/*
 * The server: Kore's parent and its sandboxed workers behind a unix socket.
 * The main thread of a worker reads requests and sends answers; every page is
 * made in a lane (dispatch.h).
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct lane;
struct site;

struct server_lanes {
	struct lane *reader, *writer, *password, *calls;
};

/*
 * A websocket that leads to a daemon of ours: each binary message is a frame
 * on a stream socket (its length in 32 bits, big end first, then the message;
 * the first byte is a type). The browser's first message is the greeting: its
 * type, a token in hexadecimal digits, what else the daemon wants. After it
 * only types from first to last pass towards the daemon.
 */
struct server_bridge {
	const char *path; /* of the websocket; NULL: there is no bridge */
	const char *socket; /* a name in the working directory */
	const char *origin; /* pages that may open it */
	uint8_t greeting_type, first_type, last_type;
	uint8_t refused_type; /* of the daemon's first frame: not let in */
	size_t token_digits, greeting_bytes; /* the type counts */
};

struct server {
	const char *directory; /* the processes' working directory */
	const char *socket; /* a name in it; must not exist yet */
	unsigned workers;
	bool database_is_remote; /* PostgreSQL over TCP: sockets are allowed */
	struct server_bridge bridge;
	/*
	 * In a worker, inside the sandbox and before the first request: opens
	 * what threads need. `worker` counts from 0. On failure the worker
	 * ends and is started again.
	 */
	enum err (*open)(void *ctx, unsigned worker, const struct site **site,
	    struct server_lanes *lanes);
	/* Twice a second in the main thread; must not wait. */
	void (*tick)(void *ctx);
	/* When no request is left. Closes the lanes. */
	void (*close)(void *ctx);
	void *ctx;
};

/*
 * Runs until SIGTERM or SIGINT; what was asked before is answered. Never
 * called twice in a process; the answer is its exit status.
 */
int server_run(const struct server *server, char *argv0);

/* Of this worker, since it was started. */
struct server_figures {
	uint64_t answers[6]; /* by class of status: [2] is 2xx */
	uint64_t requests_open;
	uint64_t body_bytes_open;
	uint64_t bridges_open, bridges_opened, bridges_refused;
};

/* From any thread. */
void server_figures(struct server_figures *out);

#endif
