/*
 * Starts Kore: its configuration is written here, into a file in memory, and
 * what its main() takes for granted is put right before it runs.
 */
#include <kore/kore.h>
#include <kore/hooks.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "http/kore_bridge.h"
#include "http/kore_job.h"

#define FILES_MAX 4096
#define CONNECTIONS_MAX 1024
/* more than all lanes hold, so that a full lane answers, not Kore */
#define REQUESTS_MAX 1000
#define HEADER_BYTES_MAX 16384
#define HEADER_SECONDS 15
#define BODY_SECONDS 60
/* an answer may take this long: the idle timer runs while a lane works */
#define IDLE_SECONDS 75
/*
 * A browser says every 20 seconds that it is there; one whose page is hidden
 * may say so only once a minute.
 */
#define BRIDGE_IDLE_SECONDS 150

int kore_main(int argc, char **argv);

const struct server *kore_server_of_ours;
int kore_parent_of_ours;

static bool
write_configuration(const struct server *s, FILE *f)
{
	(void)fprintf(f,
	    "server edge {\n"
	    "\tunix %s\n"
	    "\ttls no\n"
	    "}\n"
	    "workers %u\n"
	    "worker_max_connections %d\n"
	    "worker_rlimit_nofiles %d\n"
	    "worker_accept_threshold 1\n"
	    "worker_set_affinity 0\n"
	    "worker_death_policy restart\n"
	    "root .\n"
	    "pidfile kore.pid\n"
	    "http_header_max %d\n"
	    "http_header_timeout %d\n"
	    "http_body_max %zu\n"
	    "http_body_timeout %d\n"
	    "http_keepalive_time %d\n"
	    "http_request_limit %d\n"
	    "http_hsts_enable 0\n"
	    "http_server_version tanren\n"
	    "http_pretty_error no\n"
	    "websocket_maxframe %zu\n"
	    "websocket_timeout %d\n"
	    "domain * {\n"
	    "\tattach edge\n"
	    "\troute ^/ kore_handle\n"
	    "}\n",
	    s->socket, s->workers, CONNECTIONS_MAX, FILES_MAX, HEADER_BYTES_MAX,
	    HEADER_SECONDS, REQUEST_BODY_MAX, BODY_SECONDS, IDLE_SECONDS,
	    REQUESTS_MAX, BRIDGE_MESSAGE_MAX, BRIDGE_IDLE_SECONDS);
	return fflush(f) == 0;
}

/* Kore opens a path: that of a file in memory. */
static bool
hand_over_configuration(const struct server *s)
{
	char path[32];
	FILE *f;
	int fd;

	fd = memfd_create("kore.conf", 0);
	if (fd == -1 || (f = fdopen(fd, "w")) == NULL ||
	    !write_configuration(s, f))
		return false;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	config_file = strdup(path);
	return config_file != NULL;
}

/*
 * Every worker asks about each descriptor up to the limit; containers hand
 * out a milliard.
 */
static void
limit_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur > FILES_MAX) {
		limit.rlim_cur = FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Called by Kore in the parent, before it makes workers. */
void
kore_parent_configure(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	kore_parent_of_ours = getpid();
}

int
server_run(const struct server *server, char *argv0)
{
	char *argv[] = {argv0, NULL};

	if (chdir(server->directory) == -1) {
		log_error(
		    "server", "%s: %s", server->directory, strerror(errno));
		return 1;
	}
	kore_server_of_ours = server;
	kore_foreground = 1;
	kore_quiet = 1;
	skip_chroot = 1;
	skip_runas = 1;
	/* its log goes where ours goes, line by line */
	if (dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		return 1;
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	limit_files();
	if (!hand_over_configuration(server)) {
		log_error("server", "no file in memory: %s", strerror(errno));
		return 1;
	}
	return kore_main(1, argv);
}
