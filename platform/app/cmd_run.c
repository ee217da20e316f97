/*
 * `tanren run`: the supervisor.
 *
 *	lock VAR ─▶ user ─▶ first steps ─▶ edge, worker, jobs … ─▶ ready
 *
 * It serves nothing itself. What it starts ends with it, however it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/edge.h"
#include "app/first.h"
#include "app/site.h"
#include "app/supervise.h"
#include "app/user.h"
#include "base/clock.h"
#include "base/log.h"
#include "lab/engine/image.h"
#include "lab/engine/labd.h"

#define WAIT_MS 1000
#define WAIT_UNTIL_READY_MS 50
#define NGINX "/usr/sbin/nginx"

static const char usage[] =
    "usage: tanren run [--var DIR] [--port N] [--config FILE] [--demo]\n"
    "\n"
    "Serves until Ctrl-C. DIR (default: var) holds everything that changes:\n"
    "database, content, secret. With --demo a new DIR is filled with an\n"
    "invented financial sector and every page says so.\n";

/* Held as long as we live; children do not get it. */
static enum err
lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

	if (fd == -1) {
		log_error("run", "%s: %s", path, strerror(errno));
		return ERR_INTERNAL;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	fprintf(stderr, "tanren: it runs already (%s is locked)\n", path);
	return ERR_CONFLICT;
}

/* Told before any work is done, not by nginx for ever after. */
static enum err
have_port(struct arena *a, const struct config *c)
{
	int error = edge_port_error(a, c);

	/* a low port is had later, with the capability for it */
	if (error == 0 || (error == EACCES && edge_port_is_low(c)))
		return ERR_OK;
	fprintf(stderr, "tanren: cannot listen on %s: %s%s\n", c->listen,
	    strerror(error),
	    error == EADDRINUSE ? "; choose another with --port" : "");
	return ERR_CONFLICT;
}

/* Stand in VAR/run, where names of sockets are short; nobody else may. */
static enum err
enter_run(struct arena *a, const struct config *c)
{
	const char *run = config_path(a, c, "run");

	if ((mkdir(run, 0750) == -1 && errno != EEXIST) ||
	    chmod(run, 0750) == -1 || chdir(run) == -1) {
		log_error("run", "%s: %s", run, strerror(errno));
		return ERR_INTERNAL;
	}
	return ERR_OK;
}

/*
 * What is done before anything serves: in a process of its own, as the user
 * whom the files shall belong to.
 */
static enum err
prepare(struct arena *a, const struct config *c, const struct user *u)
{
	int status;
	pid_t pid;

	(void)fflush(NULL);
	if ((pid = fork()) == -1) {
		log_error("run", "fork: %s", strerror(errno));
		return ERR_INTERNAL;
	}
	if (pid == 0) {
		if (user_become(u, USER_NEEDS_REACH) != ERR_OK ||
		    edge_write(a, c) != ERR_OK || first_steps(a, c) != ERR_OK)
			_exit(EXIT_NOT_DONE);
		(void)fflush(stdout);
		_exit(EXIT_DONE);
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return ERR_INTERNAL;
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE
	    ? ERR_OK
	    : ERR_INTERNAL;
}

/* Our own children get the options that we got. */
static void
put_own(const struct config *c, const struct options *o, struct child *child,
    const char *name, const char *lab_number)
{
	size_t n = 0;

	child->argv[n++] = "tanren";
	child->argv[n++] = name;
	if (lab_number != NULL) {
		child->argv[n++] = "lab";
		child->argv[n++] = lab_number;
	}
	child->argv[n++] = "--var";
	child->argv[n++] = c->var;
	if (c->file != NULL) {
		child->argv[n++] = "--config";
		child->argv[n++] = c->file;
	}
	if (o->port != NULL) {
		child->argv[n++] = "--port";
		child->argv[n++] = o->port;
	}
	if (o->demo)
		child->argv[n++] = "--demo";
}

enum {
	CHILD_EDGE,
	CHILD_WORKER,
	CHILD_JOBS,
	CHILD_LABD,
	CHILD_LAB_JOBS, /* c->lab_workers of them */
	CHILDREN_MAX = CHILD_LAB_JOBS + CONFIG_LAB_WORKERS_MAX,
};

/* Answers how many. */
static size_t
describe(struct arena *a, const struct config *c, const struct options *o,
    struct child list[CHILDREN_MAX])
{
	const char *prefix = arena_printf(a, "%s/run/", c->var);
	struct child *child;
	unsigned i;

	list[CHILD_EDGE] = (struct child){
	    .name = "edge",
	    .program = NGINX,
	    .argv = {"nginx", "-e", "stderr", "-p", prefix, "-c",
		RUN_NGINX_CONF},
	    .needs = edge_port_is_low(c) ? USER_NEEDS_LOW_PORT : 0,
	    .end_signal = SIGQUIT,
	    .stale = {RUN_EDGE_SOCKET},
	};
	list[CHILD_WORKER] = (struct child){
	    .name = "worker",
	    .end_signal = SIGTERM,
	    .stale = {RUN_WEB_SOCKET},
	};
	list[CHILD_JOBS] = (struct child){
	    .name = "jobs",
	    .end_signal = SIGTERM,
	};
	list[CHILD_LABD] = (struct child){
	    .name = "labd",
	    .needs = USER_NEEDS_ROOT,
	    .end_signal = SIGTERM,
	    .stale = {LABD_SOCKET},
	};
	put_own(c, o, &list[CHILD_WORKER], "worker", NULL);
	put_own(c, o, &list[CHILD_JOBS], "jobs", NULL);
	put_own(c, o, &list[CHILD_LABD], "labd", NULL);
	for (i = 0; i < c->lab_workers; i++) {
		child = &list[CHILD_LAB_JOBS + i];
		*child = (struct child){
		    .name = "lab-jobs",
		    .end_signal = SIGTERM,
		};
		put_own(c, o, child, "jobs", arena_printf(a, "%u", i + 1));
	}
	return CHILD_LAB_JOBS + c->lab_workers;
}

/* What labs run in: said before anything waits for it. */
static void
say_root(const struct config *c)
{
	struct box_image image;

	if (image_open(c->lab_image, &image) == ERR_OK) {
		printf("Labs run in their own system, image %.12s.\n",
		    image.digest);
		image_close(&image);
	} else {
		printf("Labs run with the programs of this machine; `make "
		       "lab-image` makes a\nsystem of their own.\n");
	}
	(void)fflush(stdout);
}

static void
serve(struct arena *a, const struct config *c, const struct options *o,
    const struct user *u)
{
	struct child list[CHILDREN_MAX];
	size_t n = describe(a, c, o, list);
	bool ready = false, end = false;

	while (!end) {
		supervise_spawn(list, n, u);
		end = supervise_wait(
		    list, n, ready ? WAIT_MS : WAIT_UNTIL_READY_MS);
		if (!ready && !end && edge_answers()) {
			ready = true;
			printf("ready %s/\n", c->origin);
			(void)fflush(stdout);
		}
	}
	printf("Ending.\n");
	(void)fflush(stdout);
	supervise_end(list, n);
}

int
cmd_run(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct options o;
	struct config c;
	struct user u;

	if (!options_take(&argc, argv, &o))
		return EXIT_USAGE;
	if (o.help || argc > 1) {
		fputs(usage, o.help ? stdout : stderr);
		return o.help ? EXIT_DONE : EXIT_USAGE;
	}
	if (config_load(a, &o, &c) != ERR_OK)
		return EXIT_USAGE;
	if (process_start(a, &c, "run", PROCESS_COMMAND) != ERR_OK ||
	    lock(config_path(a, &c, "lock")) != ERR_OK ||
	    have_port(a, &c) != ERR_OK || enter_run(a, &c) != ERR_OK ||
	    user_prepare(c.var, &u) != ERR_OK)
		return EXIT_NOT_DONE;
	/* before there are children, who would be in its way */
	box_prepare();
	supervise_start();
	if (prepare(a, &c, &u) != ERR_OK)
		return EXIT_NOT_DONE;
	say_root(&c);
	serve(a, &c, &o, &u);
	return EXIT_DONE;
}
