/*
 * A control group per box: memory, processes and CPU of all its processes
 * together. Version 2 where it is delegated to us, version 1 where it is
 * mounted and writable, none elsewhere.
 *
 * Groups are made below the one this process is in, never beside it.
 * Version 2 takes limits only for groups whose parent holds no process:
 * there we move ourselves into the leaf SELF first, which works when we are
 * alone (a service with Delegate=memory pids cpu).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "base/text.h"
#include "lab/engine/parts.h"

#define MOUNTED "/sys/fs/cgroup"
#define SELF "supervisor"
#define PREFIX "tanren-box-"
#define PATH_BYTES (BOX_CGROUP_PATH_MAX + 128)
#define TEXT_BYTES 4096
#define EXTRA_MB 48 /* /tmp and the scripts live in memory too */
#define CPU_PERIOD_US 100000
#define REMOVE_TRIES 500 /* of 2 ms */

static const char *const controllers[BOX_V1__MAX] = {
    [BOX_MEMORY_V1] = "memory",
    [BOX_PIDS_V1] = "pids",
    [BOX_CPU_V1] = "cpu",
};

/* ------------------------------------------------------------ small files */

static bool
read_text(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return false;
	n = read(fd, out, size - 1);
	(void)close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n >= 0;
}

/* 0 or -errno. */
static int
write_text(
    const char *dir, const char *name, const char *file, const char *text)
{
	char path[PATH_BYTES];
	int fd, rc = 0;

	(void)snprintf(path, sizeof(path), "%s/%s%s%s", dir, name,
	    *name == '\0' ? "" : "/", file);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return -errno;
	if (write(fd, text, strlen(text)) == -1)
		rc = -errno;
	(void)close(fd);
	return rc;
}

static int
write_number(const char *dir, const char *name, const char *file, int64_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	return write_text(dir, name, file, text);
}

/* ----------------------------------------------------------- what there is */

static bool
list_has(const char *list, size_t n, const char *word)
{
	const char *p = list, *end = list + n, *comma;
	size_t len = strlen(word);

	for (; p <= end; p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		if (comma == NULL)
			comma = end;
		if ((size_t)(comma - p) == len && memcmp(p, word, len) == 0)
			return true;
	}
	return false;
}

/* Lines are "9:name=systemd:/path", "4:cpu,cpuacct:/path", "0::/path". */
bool
cgroup_own(const char *text, const char *controller, char *out, size_t size)
{
	const char *line = text, *end, *list, *path;

	for (; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		end = strchrnul(line, '\n');
		list = memchr(line, ':', (size_t)(end - line));
		if (list == NULL)
			continue;
		list++;
		path = memchr(list, ':', (size_t)(end - list));
		if (path == NULL ||
		    !list_has(list, (size_t)(path - list), controller))
			continue;
		path++;
		if ((size_t)(end - path) >= size)
			return false;
		memcpy(out, path, (size_t)(end - path));
		out[end - path] = '\0';
		if (strcmp(out, "/") == 0)
			out[0] = '\0';
		return true;
	}
	return false;
}

/* The words of a space-separated list. */
static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *p = text;

	while ((p = strstr(p, word)) != NULL) {
		if ((p == text || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\n' || p[len] == '\0'))
			return true;
		p += len;
	}
	return false;
}

/* May children of this group be limited? Asks for it where it is not so. */
static bool
children_limited(const char *dir)
{
	char path[PATH_BYTES], text[TEXT_BYTES];

	(void)snprintf(path, sizeof(path), "%s/cgroup.subtree_control", dir);
	if (read_text(path, text, sizeof(text)) && has_word(text, "memory") &&
	    has_word(text, "pids") && access(dir, W_OK) == 0)
		return true;
	return write_text(dir, "", "cgroup.subtree_control",
		   "+memory +pids +cpu") == 0;
}

static bool
find_v2(const char *text, struct box_caps *caps)
{
	char own[BOX_CGROUP_PATH_MAX - sizeof(MOUNTED)];
	char path[PATH_BYTES], has[TEXT_BYTES], *dir = caps->groups[0];
	size_t len;

	if (!cgroup_own(text, "", own, sizeof(own)))
		return false;
	len = strlen(own);
	if (text_ends(own, "/" SELF)) /* we moved before */
		own[len - strlen("/" SELF)] = '\0';
	(void)snprintf(dir, BOX_CGROUP_PATH_MAX, MOUNTED "%s", own);
	(void)snprintf(path, sizeof(path), "%s/cgroup.controllers", dir);
	if (!read_text(path, has, sizeof(has)) || !has_word(has, "memory") ||
	    !has_word(has, "pids"))
		return false;
	if (children_limited(dir))
		return true;
	(void)snprintf(path, sizeof(path), "%s/" SELF, dir);
	if ((mkdir(path, 0755) == -1 && errno != EEXIST) ||
	    write_text(dir, SELF, "cgroup.procs", "0") != 0)
		return false;
	if (children_limited(dir))
		return true;
	(void)write_text(dir, "", "cgroup.procs", "0"); /* not alone: back */
	(void)rmdir(path);
	return false;
}

static bool
find_v1(const char *text, struct box_caps *caps)
{
	char own[BOX_CGROUP_PATH_MAX - sizeof(MOUNTED) - 16];
	int i;

	for (i = 0; i < BOX_V1__MAX; i++) {
		if (!cgroup_own(text, controllers[i], own, sizeof(own)))
			return false;
		(void)snprintf(caps->groups[i], BOX_CGROUP_PATH_MAX,
		    MOUNTED "/%s%s", controllers[i], own);
		if (access(caps->groups[i], W_OK) == -1)
			return false;
	}
	return true;
}

static int
groups_of(const struct box_caps *caps)
{
	switch (caps->cgroup) {
	case BOX_CGROUP_V1:
		return BOX_V1__MAX;
	case BOX_CGROUP_V2:
		return 1;
	case BOX_CGROUP_NONE:
		break;
	}
	return 0;
}

/* Groups of makers that were killed: the number after PREFIX is their pid. */
static void
sweep(const char *dir)
{
	char path[PATH_BYTES];
	struct dirent *entry;
	DIR *d = opendir(dir);
	pid_t pid;

	if (d == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (!text_starts(entry->d_name, PREFIX))
			continue;
		pid = atoi(entry->d_name + strlen(PREFIX));
		if (pid <= 0 || kill(pid, 0) == 0 || errno != ESRCH)
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%.200s", dir, entry->d_name);
		(void)rmdir(path); /* refused while a process is in it */
	}
	(void)closedir(d);
}

void
cgroup_find(struct box_caps *caps)
{
	char text[TEXT_BYTES];
	int i;

	caps->cgroup = BOX_CGROUP_NONE;
	if (!read_text("/proc/self/cgroup", text, sizeof(text)))
		return;
	if (find_v2(text, caps))
		caps->cgroup = BOX_CGROUP_V2;
	else if (find_v1(text, caps))
		caps->cgroup = BOX_CGROUP_V1;
	for (i = 0; i < groups_of(caps); i++)
		sweep(caps->groups[i]);
}

/* --------------------------------------------------------------- one group */

static int
limit_v2(const struct cgroup *g, const struct box_job *job, int64_t bytes)
{
	const char *dir = g->caps->groups[0];
	char cpu[64];
	int rc;

	if ((rc = write_number(dir, g->name, "memory.max", bytes)) != 0 ||
	    (rc = write_number(
		 dir, g->name, "pids.max", job->processes_max + 1)) != 0)
		return rc;
	/* absent on a machine without swap, without the cpu controller */
	(void)write_number(dir, g->name, "memory.swap.max", 0);
	(void)snprintf(cpu, sizeof(cpu), "%d %d", CPU_PERIOD_US, CPU_PERIOD_US);
	(void)write_text(dir, g->name, "cpu.max", cpu);
	return 0;
}

static int
limit_v1(const struct cgroup *g, const struct box_job *job, int64_t bytes)
{
	const char(*dirs)[BOX_CGROUP_PATH_MAX] = g->caps->groups;
	int rc;

	if ((rc = write_number(dirs[BOX_MEMORY_V1], g->name,
		 "memory.limit_in_bytes", bytes)) != 0 ||
	    (rc = write_number(dirs[BOX_PIDS_V1], g->name, "pids.max",
		 job->processes_max + 1)) != 0)
		return rc;
	/* absent without swap accounting, without bandwidth control */
	(void)write_number(
	    dirs[BOX_MEMORY_V1], g->name, "memory.memsw.limit_in_bytes", bytes);
	(void)write_number(
	    dirs[BOX_CPU_V1], g->name, "cpu.cfs_quota_us", CPU_PERIOD_US);
	return 0;
}

int
cgroup_make(struct cgroup *g, const struct box_job *job)
{
	int64_t bytes = ((int64_t)job->memory_mb + job->disk_mb + EXTRA_MB)
	    << 20;
	char path[PATH_BYTES];
	uint16_t mark;
	int i, n = groups_of(g->caps);

	if (n == 0)
		return 0;
	random_bytes(&mark, sizeof(mark));
	(void)snprintf(
	    g->name, sizeof(g->name), PREFIX "%d-%04x", getpid(), mark);
	for (i = 0; i < n; i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/%s", g->caps->groups[i], g->name);
		if (mkdir(path, 0755) == -1)
			return -errno;
	}
	return g->caps->cgroup == BOX_CGROUP_V2 ? limit_v2(g, job, bytes)
						: limit_v1(g, job, bytes);
}

int
cgroup_enter(const struct cgroup *g, pid_t pid)
{
	int i, rc = 0, n = groups_of(g->caps);

	for (i = 0; i < n && rc == 0; i++)
		rc = write_number(
		    g->caps->groups[i], g->name, "cgroup.procs", pid);
	return rc;
}

/* The number after a word at the start of a line; 0 without one. */
static int64_t
counter(const struct cgroup *g, enum box_controller group, const char *file,
    const char *word)
{
	char path[PATH_BYTES], text[TEXT_BYTES];
	const char *line = text;
	size_t len = strlen(word);

	if (g->name[0] == '\0')
		return 0;
	(void)snprintf(path, sizeof(path), "%s/%s/%s", g->caps->groups[group],
	    g->name, file);
	if (!read_text(path, text, sizeof(text)))
		return 0;
	for (; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, word, len) == 0 && line[len] == ' ')
			return strtoll(line + len, NULL, 10);
	}
	return 0;
}

int64_t
cgroup_out_of_memory(const struct cgroup *g)
{
	return counter(g, BOX_MEMORY_V1,
	    g->caps->cgroup == BOX_CGROUP_V2 ? "memory.events"
					     : "memory.oom_control",
	    "oom_kill");
}

int64_t
cgroup_out_of_processes(const struct cgroup *g)
{
	return counter(g,
	    g->caps->cgroup == BOX_CGROUP_V2 ? BOX_MEMORY_V1 : BOX_PIDS_V1,
	    "pids.events", "max");
}

void
cgroup_remove(struct cgroup *g)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	char path[PATH_BYTES];
	int i, tries, n = groups_of(g->caps);

	if (g->name[0] == '\0')
		return;
	for (i = 0; i < n; i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/%s", g->caps->groups[i], g->name);
		/* its last process may not have been reaped yet */
		for (tries = 0; rmdir(path) == -1 && errno == EBUSY &&
		     tries < REMOVE_TRIES;
		     tries++)
			(void)nanosleep(&pause, NULL);
	}
	g->name[0] = '\0';
}
