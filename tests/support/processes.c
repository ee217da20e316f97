/* The processes of this machine, seen from a test. */
#include "support/processes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

#define NOBODY 65534

int
processes_with(const char *word)
{
	char path[300], line[4096];
	struct dirent *entry;
	DIR *d = opendir("/proc");
	int found = 0, fd;
	ssize_t i, n;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		(void)snprintf(
		    path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
			continue;
		n = read(fd, line, sizeof(line) - 1);
		(void)close(fd);
		for (i = 0; i < n; i++)
			if (line[i] == '\0')
				line[i] = ' ';
		line[n > 0 ? n : 0] = '\0';
		found += strstr(line, word) != NULL;
	}
	(void)closedir(d);
	return found;
}

int
entries_of(const char *path, const char *prefix)
{
	struct dirent *entry;
	DIR *d = opendir(path);
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		n += text_starts(entry->d_name, prefix);
	(void)closedir(d);
	return n;
}

int
run_as_nobody(int (*run)(const char *who))
{
	pid_t pid;
	int status;

	(void)fflush(NULL);
	if ((pid = fork()) == -1)
		abort();
	if (pid == 0) {
		if (setgroups(0, NULL) == -1 || setgid(NOBODY) == -1 ||
		    setuid(NOBODY) == -1 || chdir("/") == -1)
			abort();
		exit(run("as an ordinary user"));
	}
	if (waitpid(pid, &status, 0) != pid)
		abort();
	return status == 0 ? 0 : 1;
}
