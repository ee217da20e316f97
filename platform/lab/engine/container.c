/* A container as labd's driver, its limits, and its end. */
#include "lab/engine/container.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/container_parts.h"

#define PATH_BYTES 300
#define NAME_BYTES 96
#define OPEN_FILES 1024
#define PROCESSES_OF_USER 1024 /* of user 1000, whom all containers share */

/* ------------------------------------------------------------------- driver */

static enum err
begin(struct live *l, const struct live_spec *spec)
{
	int theirs;

	if (live_control(l, &theirs) == -1)
		return live_failed("socketpair", errno);
	if ((l->pid = fork()) == 0)
		container_box_main(spec, theirs);
	(void)close(theirs);
	if (l->pid == -1) {
		l->pid = 0;
		return live_failed("fork", errno);
	}
	l->state = LIVE_MAKING;
	return ERR_OK;
}

static enum err
resize(struct live *l, int terminal, int fd, unsigned rows, unsigned columns)
{
	const struct note n = {
	    .step = STEP_SIZE,
	    .terminal = terminal,
	    .rows = (unsigned short)rows,
	    .columns = (unsigned short)columns,
	};

	(void)fd;
	return note_send(l->control, &n, -1) == 0 ? ERR_OK : ERR_UNAVAILABLE;
}

/* The end of its socket is all that it needs to know. */
static void
end(struct live *l)
{
	(void)l;
}

static bool
bury(struct live *l)
{
	(void)l;
	return true;
}

const struct driver driver_container = {
    .name = "container",
    .begin = begin,
    .resize = resize,
    .still = live_ask_still,
    .kill = end,
    .bury = bury,
    .copies = true,
};

/* ------------------------------------------------------------------- limits */

static json_t *
ulimit(const char *name, int n)
{
	return json_pack("{s:s, s:i, s:i}", "Name", name, "Soft", n, "Hard", n);
}

json_t *
container_limits(const struct live_spec *spec, const char *name)
{
	/* files of a tmpfs count as memory */
	json_int_t bytes = (json_int_t)(spec->memory_mb + spec->disk_mb) << 20;
	char tmp[64], lab[NAME_BYTES], home[NAME_BYTES];
	json_t *binds = json_array();

	(void)snprintf(
	    tmp, sizeof(tmp), "size=%dm,mode=1777,exec", spec->disk_mb);
	if (name != NULL) {
		(void)snprintf(lab, sizeof(lab), "%s-lab:/lab", name);
		(void)snprintf(home, sizeof(home), "%s-home:" LIVE_HOME, name);
		(void)json_array_append_new(binds, json_string(lab));
		(void)json_array_append_new(binds, json_string(home));
	}
	return json_pack("{s:s, s:I, s:I, s:i, s:I, s:[s], s:[s], s:b, s:{s:s},"
			 " s:[o,o,o], s:o}",
	    "NetworkMode", "none", "Memory", bytes, "MemorySwap", bytes,
	    "PidsLimit", spec->processes_max, "NanoCpus",
	    (json_int_t)1000000000, "CapDrop", "ALL", "SecurityOpt",
	    "no-new-privileges", "ReadonlyRootfs", 1, "Tmpfs", "/tmp", tmp,
	    "Ulimits", ulimit("nofile", OPEN_FILES), ulimit("core", 0),
	    ulimit("nproc", PROCESSES_OF_USER), "Binds", binds);
}

bool
container_remove(struct http *h, const char *name)
{
	static const char *const volumes[] = {"lab", "home"};
	char path[PATH_BYTES];
	bool gone;
	long status;
	size_t i;

	(void)snprintf(
	    path, sizeof(path), "/containers/%s?force=true&v=true", name);
	status = http_call(h, "DELETE", path);
	gone = status == 404 || http_worked(h, status, "removing a container");
	for (i = 0; i < sizeof(volumes) / sizeof(volumes[0]); i++) {
		(void)snprintf(path, sizeof(path), "/volumes/%s-%s?force=true",
		    name, volumes[i]);
		status = http_call(h, "DELETE", path);
		gone = (status == 404 ||
			   http_worked(h, status, "removing a volume")) &&
		    gone;
	}
	return gone;
}
