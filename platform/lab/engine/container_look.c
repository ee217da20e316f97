/*
 * What a container host can do: asked, and then seen from inside a container,
 * since what was asked for is not always what there is (rootless podman with
 * cgroup v1 ignores every limit). And what another daemon left there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "lab/engine/container_parts.h"

#define PATH_BYTES 300
#define NAME_BYTES 96
#define PAGE_BYTES_MAX 65536 /* limits are of whole pages */

/* {"label":["tanren.labd=…"]} */
#define OF_LABEL                                                               \
	"filters=%%7B%%22label%%22%%3A%%5B%%22tanren.labd%%3D%s%%22%%5D%%7D"

static const struct live_spec trial = {
    .memory_mb = 64, .disk_mb = 16, .processes_max = 32};

/* ----------------------------------------------------------------- sweeping */

/* Their number. */
static size_t
sweep_containers(struct http *h)
{
	char path[PATH_BYTES];
	json_t *list, *one;
	const char *name;
	size_t i, n;

	(void)snprintf(path, sizeof(path),
	    "/containers/json?all=true&" OF_LABEL, h->host->label);
	if (!http_worked(
		h, http_call(h, "GET", path), "looking for containers"))
		return 0;
	list = http_body(h);
	json_array_foreach(list, i, one)
	{
		/* Docker writes a slash in front */
		if (json_unpack(one, "{s:[s]}", "Names", &name) == 0)
			(void)container_remove(h, name + (name[0] == '/'));
	}
	n = json_array_size(list);
	json_decref(list);
	return n;
}

/* Of one who died before the container was there. */
static size_t
sweep_volumes(struct http *h)
{
	char path[PATH_BYTES];
	json_t *answer, *list, *one;
	const char *name;
	size_t i, n;

	(void)snprintf(
	    path, sizeof(path), "/volumes?" OF_LABEL, h->host->label);
	if (!http_worked(h, http_call(h, "GET", path), "looking for volumes"))
		return 0;
	answer = http_body(h);
	list = json_object_get(answer, "Volumes");
	json_array_foreach(list, i, one)
	{
		if (json_unpack(one, "{s:s}", "Name", &name) != 0 ||
		    strlen(name) >= NAME_BYTES)
			continue;
		(void)snprintf(
		    path, sizeof(path), "/volumes/%s?force=true", name);
		(void)http_worked(h, http_call(h, "DELETE", path),
		    "removing a volume of before");
	}
	n = json_array_size(list);
	json_decref(answer);
	return n;
}

static void
sweep(struct http *h)
{
	size_t n = sweep_containers(h);

	n += sweep_volumes(h);
	if (n > 0)
		log_info("container",
		    "%zu containers and volumes of before were removed", n);
	container_sweep_copies(h->host);
}

/* -------------------------------------------------------------------- image */

static bool
is_digest(const char *text)
{
	return strlen(text) == BOX_DIGEST_CHARS &&
	    strspn(text, "0123456789abcdef") == BOX_DIGEST_CHARS;
}

bool
container_image(struct http *h, char id[CONTAINER_ID_BYTES],
    char root[BOX_DIGEST_CHARS + 1])
{
	const char *own = "", *label = "";
	char path[PATH_BYTES];
	json_t *j;
	bool good;

	(void)snprintf(path, sizeof(path), "/images/%s/json", h->host->image);
	if (!http_worked(h, http_call(h, "GET", path), "the image"))
		return false;
	j = http_body(h);
	(void)json_unpack(j, "{s:s, s?{s?{s?s}}}", "Id", &own, "Config",
	    "Labels", CONTAINER_IMAGE_LABEL, &label);
	/* Docker says which digest it is */
	if (strncmp(own, "sha256:", 7) == 0)
		own += 7;
	if ((good = is_digest(own))) {
		(void)snprintf(id, CONTAINER_ID_BYTES, "%s", own);
		(void)snprintf(root, BOX_DIGEST_CHARS + 1, "%s",
		    is_digest(label) ? label : own);
	}
	json_decref(j);
	return good;
}

/* --------------------------------------------------------------- from inside
 */

static const char *const seen_files[] = {"/proc/self/uid_map",
    "/proc/self/status", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/pids.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    "/sys/fs/cgroup/pids/pids.max"};

/* What a file said, in a line "FILE:…"; "" when it was not there. */
static const char *
line_of(const char *words, const char *file)
{
	const char *p = strstr(words, file);

	return p == NULL ? "" : p + strlen(file);
}

/* A line of /proc/self/status has that value. */
static bool
status_is(const char *words, const char *name, const char *value)
{
	char start[64];
	const char *p;
	size_t n = strlen(value);

	(void)snprintf(start, sizeof(start), "/proc/self/status:%s:\t", name);
	p = line_of(words, start);
	return strncmp(p, value, n) == 0 &&
	    (p[n] == '\r' || p[n] == '\n' || p[n] == '\0');
}

static bool
is_limited(const char *words, const char *memory, const char *processes)
{
	const unsigned long long bytes =
	    (unsigned long long)(trial.memory_mb + trial.disk_mb) << 20;
	unsigned long long m = 0, p = 0;

	return sscanf(line_of(words, memory), ":%llu", &m) == 1 &&
	    sscanf(line_of(words, processes), ":%llu", &p) == 1 && m <= bytes &&
	    bytes - m < PAGE_BYTES_MAX &&
	    p == (unsigned long long)trial.processes_max;
}

static void
say(struct container_found *f, const char *what)
{
	f->level = 0;
	(void)snprintf(f->sentence, sizeof(f->sentence), "%s", what);
}

static void
understand(struct container_found *f, const char *words)
{
	unsigned long inside, outside, n;

	if (sscanf(line_of(words, seen_files[0]), ": %lu %lu %lu", &inside,
		&outside, &n) != 3 ||
	    !status_is(words, "NoNewPrivs", "1") ||
	    !status_is(words, "CapBnd", "0000000000000000")) {
		say(f, "a container keeps privileges, or does not say");
		return;
	}
	f->seccomp = status_is(words, "Seccomp", "2");
	f->ids = outside == 0 ? BOX_IDS_SINGLE : BOX_IDS_SHARED;
	f->cgroup = is_limited(words, seen_files[2], seen_files[3])
	    ? BOX_CGROUP_V2
	    : is_limited(words, seen_files[4], seen_files[5]) ? BOX_CGROUP_V1
							      : BOX_CGROUP_NONE;
	f->level = f->cgroup == BOX_CGROUP_NONE || !f->seccomp ? 'D'
	    : f->ids == BOX_IDS_SINGLE			       ? 'C'
							       : 'B';
	(void)snprintf(f->sentence, sizeof(f->sentence),
	    "containers: ids %s, cgroup %s%s", box_ids_name(f->ids),
	    box_cgroup_name(f->cgroup),
	    f->seccomp ? "" : ", no filter of system calls");
}

/* The body is what it said then. */
static bool
run_trial(struct http *h, const char *name, const char *image)
{
	char path[PATH_BYTES];
	json_t *j = json_pack("{s:s, s:[s,s,s], s:s, s:b, s:b, s:{s:s}, s:o}",
	    "Image", image, "Cmd", "/bin/grep", "-s", ".", "User", "1000:1000",
	    "Tty", 1, "NetworkDisabled", 1, "Labels", "tanren.labd",
	    h->host->label, "HostConfig", container_limits(&trial, NULL));
	size_t i;

	for (i = 0; i < sizeof(seen_files) / sizeof(seen_files[0]); i++)
		(void)json_array_append_new(
		    json_object_get(j, "Cmd"), json_string(seen_files[i]));
	(void)snprintf(path, sizeof(path), "/containers/create?name=%s", name);
	if (!http_worked(
		h, http_json(h, "POST", path, j), "a container to look with"))
		return false;
	(void)snprintf(path, sizeof(path), "/containers/%s/start", name);
	if (!http_worked(h, http_call(h, "POST", path), "starting it"))
		return false;
	(void)snprintf(path, sizeof(path), "/containers/%s/wait", name);
	if (!http_worked(h, http_call(h, "POST", path), "its end"))
		return false;
	(void)snprintf(
	    path, sizeof(path), "/containers/%s/logs?stdout=true", name);
	return http_worked(h, http_call(h, "GET", path), "its words");
}

static void
look_inside(struct http *h, const char *image, struct container_found *f)
{
	char name[NAME_BYTES];

	(void)snprintf(name, sizeof(name), "tanren-%s-look", h->host->label);
	(void)container_remove(h, name);
	if (run_trial(h, name, image))
		understand(f, buf_text(&h->body));
	else
		say(f, "a container could not be started, see the log");
	(void)container_remove(h, name);
}

void
container_look(
    const struct container_host *host, bool sweeps, struct container_found *out)
{
	char image[CONTAINER_ID_BYTES];
	struct http h;

	*out = (struct container_found){0};
	if (http_open(&h, host) == -1) {
		say(out, "HTTP cannot be spoken");
		return;
	}
	if (http_call(&h, "GET", "/_ping") != 200) {
		say(out, "the container host does not answer");
	} else {
		if (sweeps)
			sweep(&h);
		if (container_image(&h, image, out->root))
			look_inside(&h, image, out);
		else
			say(out, "the container host does not have the image");
	}
	http_close(&h);
}
