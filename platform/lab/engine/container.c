/* A container as labd's driver, and what a host has: made, looked at, swept. */
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
		(void)snprintf(
		    home, sizeof(home), "%s-home:" LIVE_HOME, name);
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

/* ----------------------------------------------------------------- looking */

static void
sweep(struct http *h)
{
	char path[PATH_BYTES];
	json_t *list, *one;
	const char *name;
	size_t i;

	(void)snprintf(path, sizeof(path),
	    "/containers/json?all=true&filters=%%7B%%22label%%22%%3A%%5B%%22"
	    "tanren.labd%%3D%s%%22%%5D%%7D",
	    h->host->label);
	if (!http_worked(
		h, http_call(h, "GET", path), "looking for containers"))
		return;
	list = http_body(h);
	json_array_foreach(list, i, one)
	{
		/* Docker writes a slash in front */
		if (json_unpack(one, "{s:[s]}", "Names", &name) == 0)
			(void)container_remove(h, name + (name[0] == '/'));
	}
	if (json_array_size(list) > 0)
		log_info("container", "%zu containers of before were removed",
		    json_array_size(list));
	json_decref(list);
}

static void
say(struct container_found *f, const char *what)
{
	f->level = 0;
	(void)snprintf(f->sentence, sizeof(f->sentence), "%s", what);
}

static bool
find_image(struct http *h, struct container_found *f)
{
	const char *id = "", *label = NULL;
	char path[PATH_BYTES];
	json_t *j;

	(void)snprintf(path, sizeof(path), "/images/%s/json", h->host->image);
	if (http_call(h, "GET", path) != 200) {
		say(f, "the container host does not have the image");
		return false;
	}
	j = http_body(h);
	(void)json_unpack(j, "{s:s, s?{s?{s?s}}}", "Id", &id, "Config",
	    "Labels", CONTAINER_IMAGE_LABEL, &label);
	if (label == NULL)
		label = strncmp(id, "sha256:", 7) == 0 ? id + 7 : id;
	(void)snprintf(f->root, sizeof(f->root), "%s", label);
	json_decref(j);
	return true;
}

static bool
find_limits(struct http *h, struct container_found *f)
{
	const char *version = "1";
	int memory = 0, pids = 0;
	json_t *j;

	if (http_call(h, "GET", "/info") != 200) {
		say(f, "the container host does not answer");
		return false;
	}
	j = http_body(h);
	(void)json_unpack(j, "{s?b, s?b, s?s}", "MemoryLimit", &memory,
	    "PidsLimit", &pids, "CgroupVersion", &version);
	f->cgroup = !memory || !pids	? BOX_CGROUP_NONE
	    : strcmp(version, "2") == 0 ? BOX_CGROUP_V2
					: BOX_CGROUP_V1;
	json_decref(j);
	return true;
}

/* What the map of ids looks like from inside, where nobody has to be asked. */
static bool
find_ids(struct http *h, struct container_found *f)
{
	const struct live_spec spec = {
	    .memory_mb = 64, .disk_mb = 16, .processes_max = 32};
	unsigned long inside, outside, n;
	char name[NAME_BYTES], path[PATH_BYTES];
	bool made;

	(void)snprintf(name, sizeof(name), "tanren-%s-look", h->host->label);
	(void)snprintf(path, sizeof(path), "/containers/create?name=%s", name);
	(void)container_remove(h, name);
	made = http_worked(h,
		   http_json(h, "POST", path,
		       json_pack("{s:s, s:[s,s], s:s, s:b, s:b, s:{s:s}, s:o}",
			   "Image", h->host->image, "Cmd", "/bin/cat",
			   "/proc/self/uid_map", "User", "1000:1000", "Tty", 1,
			   "NetworkDisabled", 1, "Labels", "tanren.labd",
			   h->host->label, "HostConfig",
			   container_limits(&spec, NULL))),
		   "a container to look with") &&
	    (snprintf(path, sizeof(path), "/containers/%s/start", name),
		http_worked(h, http_call(h, "POST", path), "starting it")) &&
	    (snprintf(path, sizeof(path), "/containers/%s/wait", name),
		http_worked(h, http_call(h, "POST", path), "its end")) &&
	    (snprintf(
		 path, sizeof(path), "/containers/%s/logs?stdout=true", name),
		http_worked(h, http_call(h, "GET", path), "its words"));
	made = made &&
	    sscanf(buf_text(&h->body), "%lu %lu %lu", &inside, &outside, &n) ==
		3;
	if (made)
		f->ids = outside == 0 ? BOX_IDS_SINGLE : BOX_IDS_SHARED;
	else
		say(f, "a container could not be started, see the log");
	(void)container_remove(h, name);
	return made;
}

void
container_look(
    const struct container_host *host, bool sweeps, struct container_found *out)
{
	struct http h;

	*out = (struct container_found){0};
	if (http_open(&h, host) == -1) {
		say(out, "HTTP cannot be spoken");
		return;
	}
	if (find_limits(&h, out)) {
		if (sweeps)
			sweep(&h);
		if (find_image(&h, out) && find_ids(&h, out)) {
			out->level = out->cgroup == BOX_CGROUP_NONE ? 'D'
			    : out->ids == BOX_IDS_SINGLE	    ? 'C'
								    : 'B';
			(void)snprintf(out->sentence, sizeof(out->sentence),
			    "containers: ids %s, cgroup %s",
			    box_ids_name(out->ids),
			    box_cgroup_name(out->cgroup));
		}
	}
	http_close(&h);
}
