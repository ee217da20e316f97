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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/engine/cgroup_files.h"

#define MOUNTED "/sys/fs/cgroup"
#define SELF "supervisor"

static const char *const controllers[BOX_V1__MAX] = {
    [BOX_MEMORY_V1] = "memory",
    [BOX_PIDS_V1] = "pids",
    [BOX_CPU_V1] = "cpu",
    [BOX_FREEZER_V1] = "freezer",
};

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
	char path[CGROUP_PATH_BYTES], text[CGROUP_TEXT_BYTES];

	(void)snprintf(path, sizeof(path), "%s/cgroup.subtree_control", dir);
	if (cgroup_read(path, text, sizeof(text)) && has_word(text, "memory") &&
	    has_word(text, "pids") && access(dir, W_OK) == 0)
		return true;
	return cgroup_write(dir, "", "cgroup.subtree_control",
		   "+memory +pids +cpu") == 0;
}

static bool
find_v2(const char *text, struct box_caps *caps)
{
	char own[BOX_CGROUP_PATH_MAX - sizeof(MOUNTED)];
	char path[CGROUP_PATH_BYTES], has[CGROUP_TEXT_BYTES],
	    *dir = caps->groups[0];
	size_t len;

	if (!cgroup_own(text, "", own, sizeof(own)))
		return false;
	len = strlen(own);
	if (text_ends(own, "/" SELF)) /* we moved before */
		own[len - strlen("/" SELF)] = '\0';
	(void)snprintf(dir, BOX_CGROUP_PATH_MAX, MOUNTED "%s", own);
	(void)snprintf(path, sizeof(path), "%s/cgroup.controllers", dir);
	if (!cgroup_read(path, has, sizeof(has)) || !has_word(has, "memory") ||
	    !has_word(has, "pids"))
		return false;
	if (children_limited(dir))
		return true;
	(void)snprintf(path, sizeof(path), "%s/" SELF, dir);
	if ((mkdir(path, 0755) == -1 && errno != EEXIST) ||
	    cgroup_write(dir, SELF, "cgroup.procs", "0") != 0)
		return false;
	if (children_limited(dir))
		return true;
	(void)cgroup_write(dir, "", "cgroup.procs", "0"); /* not alone: back */
	(void)rmdir(path);
	return false;
}

static bool
find_v1(const char *text, struct box_caps *caps)
{
	char own[BOX_CGROUP_PATH_MAX - sizeof(MOUNTED) - 16];
	int i;

	for (i = 0; i < BOX_V1__MAX; i++) {
		if (!cgroup_own(text, controllers[i], own, sizeof(own))) {
			if (i == BOX_FREEZER_V1)
				continue;
			return false;
		}
		(void)snprintf(caps->groups[i], BOX_CGROUP_PATH_MAX,
		    MOUNTED "/%s%s", controllers[i], own);
		if (access(caps->groups[i], W_OK) == 0)
			continue;
		if (i != BOX_FREEZER_V1)
			return false;
		caps->groups[i][0] = '\0';
	}
	return true;
}

/*
 * A maker that was killed while its box stood still left processes that
 * cannot end by themselves.
 */
static void
end_processes(const char *dir, const char *name)
{
	char path[CGROUP_PATH_BYTES], text[CGROUP_TEXT_BYTES], *p = text, *end;
	long pid;

	(void)snprintf(path, sizeof(path), "%s/%.200s/cgroup.procs", dir, name);
	if (!cgroup_read(path, text, sizeof(text)))
		return;
	for (; (pid = strtol(p, &end, 10)) > 0 && end != p; p = end)
		(void)kill((pid_t)pid, SIGKILL);
	/* whichever of them this hierarchy has */
	(void)cgroup_write(dir, name, "freezer.state", "THAWED");
	(void)cgroup_write(dir, name, "cgroup.freeze", "0");
}

/*
 * Groups of makers that are no more: the number after CGROUP_PREFIX is their
 * pid. What was in them has ended with them, or does now; a group that is not
 * empty yet is removed by the next sweep: false.
 */
static bool
sweep(const char *dir)
{
	char path[CGROUP_PATH_BYTES];
	struct dirent *entry;
	DIR *d = opendir(dir);
	bool clean = true;
	pid_t pid;

	if (d == NULL)
		return true;
	while ((entry = readdir(d)) != NULL) {
		if (!text_starts(entry->d_name, CGROUP_PREFIX))
			continue;
		pid = atoi(entry->d_name + strlen(CGROUP_PREFIX));
		if (pid <= 0 || kill(pid, 0) == 0 || errno != ESRCH)
			continue;
		end_processes(dir, entry->d_name);
		(void)snprintf(
		    path, sizeof(path), "%s/%.200s", dir, entry->d_name);
		/* refused while a process is in it */
		if (rmdir(path) == -1 && errno != ENOENT)
			clean = false;
	}
	(void)closedir(d);
	return clean;
}

bool
cgroup_sweep(const struct box_caps *caps)
{
	bool clean = true;
	int i;

	for (i = cgroup_groups(caps) - 1; i >= 0; i--)
		if (caps->groups[i][0] != '\0' && !sweep(caps->groups[i]))
			clean = false;
	return clean;
}

void
cgroup_find(struct box_caps *caps)
{
	char text[CGROUP_TEXT_BYTES];

	caps->cgroup = BOX_CGROUP_NONE;
	if (!cgroup_read("/proc/self/cgroup", text, sizeof(text)))
		return;
	if (find_v2(text, caps))
		caps->cgroup = BOX_CGROUP_V2;
	else if (find_v1(text, caps))
		caps->cgroup = BOX_CGROUP_V1;
	(void)cgroup_sweep(caps);
}
