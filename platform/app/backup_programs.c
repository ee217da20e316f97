/* Programs that a backup uses: tar, pg_dump, pg_restore. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/backup.h"
#include "db/service.h"

#define ENV_MAX 64

extern char **environ;

/* Our environment with one variable more. */
static void
make_env(const char *more, const char *env[ENV_MAX])
{
	size_t i, n = 0, name = more == NULL ? 0 : strcspn(more, "=") + 1;

	if (more != NULL)
		env[n++] = more;
	for (i = 0; environ[i] != NULL && n < ENV_MAX - 1; i++)
		if (name == 0 || strncmp(environ[i], more, name) != 0)
			env[n++] = environ[i];
	env[n] = NULL;
}

static enum err
wait_for(const char *name, pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return backup_say(
			    ERR_INTERNAL, "%s: %s", name, strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ERR_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return backup_say(
		    ERR_UNAVAILABLE, "the program %s is not there", name);
	return backup_say(ERR_INTERNAL, "%s failed", name);
}

enum err
program_run(const char *const *argv, const char *more, int in, int out)
{
	posix_spawn_file_actions_t actions;
	const char *env[ENV_MAX];
	int code;
	pid_t pid;

	make_env(more, env);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ERR_INTERNAL;
	/* what is missing shows itself: spawning or the program fails */
	if (in == -1)
		(void)posix_spawn_file_actions_addopen(
		    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	else
		(void)posix_spawn_file_actions_adddup2(
		    &actions, in, STDIN_FILENO);
	if (out == -1)
		(void)posix_spawn_file_actions_addopen(
		    &actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	else
		(void)posix_spawn_file_actions_adddup2(
		    &actions, out, STDOUT_FILENO);
	/* spawn's types are older than const */
	code = posix_spawnp(&pid, argv[0], &actions, NULL,
	    (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (code == ENOENT)
		return backup_say(
		    ERR_UNAVAILABLE, "the program %s is not there", argv[0]);
	if (code != 0)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", argv[0], strerror(code));
	return wait_for(argv[0], pid);
}

/* -------------------------------------------------------------- PostgreSQL */

static enum err
with_service(struct arena *a, const char *database, const char *directory,
    const char *const *argv)
{
	const char *path = arena_printf(a, "%s/.service", directory);
	enum err e;

	if ((e = service_write(database, path)) != ERR_OK)
		return e;
	e = program_run(
	    argv, arena_printf(a, "PGSERVICEFILE=%s", path), -1, -1);
	(void)unlink(path);
	return e;
}

enum err
pg_dump_run(struct arena *a, const char *database, const char *directory,
    const char *file)
{
	const char *const argv[] = {"pg_dump", "--format=custom", "--no-owner",
	    "--no-privileges", "--no-password",
	    arena_printf(a, "--file=%s", file),
	    "--dbname=service=" SERVICE_NAME, NULL};

	return with_service(a, database, directory, argv);
}

enum err
pg_restore_run(struct arena *a, const char *database, const char *directory,
    const char *file)
{
	const char *const argv[] = {"pg_restore", "--no-owner",
	    "--no-privileges", "--no-password", "--exit-on-error",
	    "--single-transaction", "--dbname=service=" SERVICE_NAME, file,
	    NULL};

	return with_service(a, database, directory, argv);
}
