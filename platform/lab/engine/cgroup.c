/* One control group: made for a box, asked what it refused, removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "lab/engine/cgroup_files.h"

#define EXTRA_MB 48 /* /tmp and the scripts live in memory too */
#define CPU_PERIOD_US 100000
#define REMOVE_TRIES 500 /* of 2 ms */

/* ------------------------------------------------------------ small files */

bool
cgroup_read(const char *path, char *out, size_t size)
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
int
cgroup_write(
    const char *dir, const char *name, const char *file, const char *text)
{
	char path[CGROUP_PATH_BYTES];
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

int
cgroup_write_number(
    const char *dir, const char *name, const char *file, int64_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	return cgroup_write(dir, name, file, text);
}

int
cgroup_groups(const struct box_caps *caps)
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

/* --------------------------------------------------------------- one group */

static int
limit_v2(const struct cgroup *g, int processes_max, int64_t bytes)
{
	const char *dir = g->caps->groups[0];
	char cpu[64];
	int rc;

	if ((rc = cgroup_write_number(dir, g->name, "memory.max", bytes)) !=
		0 ||
	    (rc = cgroup_write_number(
		 dir, g->name, "pids.max", processes_max + 1)) != 0)
		return rc;
	/* absent on a machine without swap, without the cpu controller */
	(void)cgroup_write_number(dir, g->name, "memory.swap.max", 0);
	(void)snprintf(cpu, sizeof(cpu), "%d %d", CPU_PERIOD_US, CPU_PERIOD_US);
	(void)cgroup_write(dir, g->name, "cpu.max", cpu);
	if (g->gives_way)
		(void)cgroup_write(dir, g->name, "cpu.weight", "25");
	return 0;
}

static int
limit_v1(const struct cgroup *g, int processes_max, int64_t bytes)
{
	const char(*dirs)[BOX_CGROUP_PATH_MAX] = g->caps->groups;
	int rc;

	if ((rc = cgroup_write_number(dirs[BOX_MEMORY_V1], g->name,
		 "memory.limit_in_bytes", bytes)) != 0 ||
	    (rc = cgroup_write_number(dirs[BOX_PIDS_V1], g->name, "pids.max",
		 processes_max + 1)) != 0)
		return rc;
	/* absent without swap accounting, without bandwidth control */
	(void)cgroup_write_number(
	    dirs[BOX_MEMORY_V1], g->name, "memory.memsw.limit_in_bytes", bytes);
	(void)cgroup_write_number(
	    dirs[BOX_CPU_V1], g->name, "cpu.cfs_quota_us", CPU_PERIOD_US);
	if (g->gives_way)
		(void)cgroup_write(
		    dirs[BOX_CPU_V1], g->name, "cpu.shares", "256");
	return 0;
}

int
cgroup_make(struct cgroup *g, int memory_mb, int disk_mb, int processes_max)
{
	int64_t bytes = ((int64_t)memory_mb + disk_mb + EXTRA_MB) << 20;
	char path[CGROUP_PATH_BYTES];
	uint16_t mark;
	int i, n = cgroup_groups(g->caps);

	if (n == 0)
		return 0;
	random_bytes(&mark, sizeof(mark));
	(void)snprintf(
	    g->name, sizeof(g->name), CGROUP_PREFIX "%d-%04x", getpid(), mark);
	for (i = 0; i < n; i++) {
		if (g->caps->groups[i][0] == '\0')
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", g->caps->groups[i], g->name);
		if (mkdir(path, 0755) == -1)
			return -errno;
	}
	return g->caps->cgroup == BOX_CGROUP_V2
	    ? limit_v2(g, processes_max, bytes)
	    : limit_v1(g, processes_max, bytes);
}

int
cgroup_enter(const struct cgroup *g, pid_t pid)
{
	int i, rc = 0, n = cgroup_groups(g->caps);

	for (i = 0; i < n && rc == 0; i++)
		if (g->caps->groups[i][0] != '\0')
			rc = cgroup_write_number(
			    g->caps->groups[i], g->name, "cgroup.procs", pid);
	return rc;
}

/* The number after a word at the start of a line; 0 without one. */
static int64_t
counter(const struct cgroup *g, enum box_controller group, const char *file,
    const char *word)
{
	char path[CGROUP_PATH_BYTES], text[CGROUP_TEXT_BYTES];
	const char *line = text;
	size_t len = strlen(word);

	if (g->name[0] == '\0')
		return 0;
	(void)snprintf(path, sizeof(path), "%s/%s/%s", g->caps->groups[group],
	    g->name, file);
	if (!cgroup_read(path, text, sizeof(text)))
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

bool
cgroup_try_remove(struct cgroup *g)
{
	char path[CGROUP_PATH_BYTES];
	int i, n = cgroup_groups(g->caps);
	bool gone = true;

	if (g->name[0] == '\0')
		return true;
	for (i = 0; i < n; i++) {
		if (g->caps->groups[i][0] == '\0')
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", g->caps->groups[i], g->name);
		/* its last process may not have been reaped yet */
		if (rmdir(path) == -1 && errno != ENOENT)
			gone = false;
	}
	if (gone)
		g->name[0] = '\0';
	return gone;
}

void
cgroup_remove(struct cgroup *g)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	int tries;

	for (tries = 0; !cgroup_try_remove(g) && tries < REMOVE_TRIES; tries++)
		(void)nanosleep(&pause, NULL);
	g->name[0] = '\0';
}

/* ------------------------------------------------------------ standing still
 */

static const char *
freezer(const struct cgroup *g)
{
	return g->caps
	    ->groups[g->caps->cgroup == BOX_CGROUP_V2 ? BOX_MEMORY_V1
						      : BOX_FREEZER_V1];
}

bool
cgroup_can_freeze(const struct cgroup *g)
{
	return g->caps->cgroup != BOX_CGROUP_NONE && *freezer(g) != '\0';
}

int
cgroup_freeze(const struct cgroup *g, bool still)
{
	if (g->name[0] == '\0' || !cgroup_can_freeze(g))
		return -ENOTSUP;
	return g->caps->cgroup == BOX_CGROUP_V2
	    ? cgroup_write_number(freezer(g), g->name, "cgroup.freeze", still)
	    : cgroup_write(freezer(g), g->name, "freezer.state",
		  still ? "FROZEN" : "THAWED");
}

bool
cgroup_is_frozen(const struct cgroup *g)
{
	char path[CGROUP_PATH_BYTES], text[CGROUP_TEXT_BYTES];

	if (g->caps->cgroup == BOX_CGROUP_V2)
		return counter(g, BOX_MEMORY_V1, "cgroup.events", "frozen") ==
		    1;
	(void)snprintf(
	    path, sizeof(path), "%s/%s/freezer.state", freezer(g), g->name);
	return cgroup_read(path, text, sizeof(text)) &&
	    strcmp(text, "FROZEN\n") == 0;
}
