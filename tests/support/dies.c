/* Mistakes of ours end the program: proves it in a child process. */
#include "support/dies.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

bool
dies(int (*f)(void *ctx), void *ctx)
{
	const struct rlimit no_core = {0};
	int fd, status;
	pid_t pid;

	if ((pid = fork()) == -1)
		abort();
	if (pid == 0) {
		(void)setrlimit(RLIMIT_CORE, &no_core);
		(void)signal(SIGABRT, SIG_DFL);
		if ((fd = open("/dev/null", O_WRONLY)) != -1)
			(void)dup2(fd, STDERR_FILENO);
		_exit(f(ctx) & 0x7f);
	}
	if (waitpid(pid, &status, 0) != pid)
		abort();
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}
