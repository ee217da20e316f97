/* A PostgreSQL server of the test's own. */
#include "support/pg.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/directory.h"

#define PROGRAMS "/usr/lib/postgresql/15/bin/"
#define START_SECONDS_MAX 60
#define ARGS_MAX 32

static _Noreturn void
give_up(const struct pg_server *s, const char *what)
{
	fprintf(stderr, "PostgreSQL for the tests: %s (see %s/log)\n", what,
	    s->directory);
	abort();
}

/* PostgreSQL refuses to run as root; as root we lend it another user. */
static const struct passwd *
server_user(void)
{
	const struct passwd *p;

	if (geteuid() != 0)
		return NULL;
	if ((p = getpwnam("postgres")) == NULL)
		p = getpwnam("nobody");
	if (p == NULL) {
		fputs("there is no user postgres or nobody\n", stderr);
		abort();
	}
	return p;
}

/* In the child: its user, its log, its end with ours. */
static _Noreturn void
become(const struct pg_server *s, const char *const *argv)
{
	const struct passwd *p = server_user();
	char log[PG_PATH_BYTES + 8];
	int fd;

	(void)snprintf(log, sizeof(log), "%s/log", s->directory);
	if ((fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666)) == -1)
		_exit(126);
	(void)dup2(fd, STDOUT_FILENO);
	(void)dup2(fd, STDERR_FILENO);
	if (p != NULL &&
	    (setgroups(0, NULL) == -1 || setgid(p->pw_gid) == -1 ||
		setuid(p->pw_uid) == -1))
		_exit(126);
	(void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
	(void)chdir("/");
	(void)execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static pid_t
spawn(const struct pg_server *s, const char *const *argv)
{
	pid_t pid = fork();

	if (pid == -1)
		give_up(s, "fork failed");
	if (pid == 0)
		become(s, argv);
	return pid;
}

static void
own(const char *path)
{
	const struct passwd *p = server_user();

	if (p != NULL && chown(path, p->pw_uid, p->pw_gid) == -1) {
		perror(path);
		abort();
	}
}

void
pg_make(struct pg_server *s, const char *directory, const char *data)
{
	char wal[PG_PATH_BYTES + 16];
	const char *const argv[] = {PROGRAMS "initdb", "-D", data, "-X", wal,
	    "-U", "tanren", "-A", "trust", "-E", "UTF8", "--locale=C",
	    "--no-sync", "--no-instructions", NULL};
	int status;
	pid_t pid;

	memset(s, 0, sizeof(*s));
	(void)snprintf(s->directory, sizeof(s->directory), "%s", directory);
	(void)snprintf(s->data, sizeof(s->data), "%s", data);
	(void)snprintf(wal, sizeof(wal), "%s/wal", directory);
	own(directory);
	pid = spawn(s, argv);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		give_up(s, "initdb failed; is deploy/packages installed?");
}

static void
conninfo(const struct pg_server *s, const char *name, char out[PG_DSN_BYTES])
{
	(void)snprintf(out, PG_DSN_BYTES, "host=%s user=tanren dbname=%s",
	    s->directory, name);
}

void
pg_dsn(const struct pg_server *s, const char *name, char out[PG_DSN_BYTES])
{
	(void)snprintf(out, PG_DSN_BYTES,
	    "postgresql:host=%s user=tanren dbname=%s", s->directory, name);
}

static void
wait_until_ready(struct pg_server *s)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	char info[PG_DSN_BYTES];
	int i;

	conninfo(s, "postgres", info);
	for (i = 0; i < START_SECONDS_MAX * 50; i++) {
		if (PQping(info) == PQPING_OK)
			return;
		if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
			s->pid = 0;
			give_up(s, "it ended at once");
		}
		(void)nanosleep(&pause, NULL);
	}
	give_up(s, "it did not start in time");
}

void
pg_start(struct pg_server *s)
{
	const char *const argv[] = {PROGRAMS "postgres", "-D", s->data, "-k",
	    s->directory, "-c", "listen_addresses=", "-c", "max_connections=40",
	    "-c", "shared_buffers=16MB", "-c", "max_wal_size=64MB", "-c",
	    "autovacuum=off", NULL};

	s->pid = spawn(s, argv);
	wait_until_ready(s);
}

void
pg_kill(struct pg_server *s)
{
	if (s->pid == 0)
		return;
	(void)kill(s->pid, SIGQUIT);
	while (waitpid(s->pid, NULL, 0) == -1 && errno == EINTR)
		;
	s->pid = 0;
}

void
pg_run(const struct pg_server *s, const char *database, const char *sql)
{
	char info[PG_DSN_BYTES];
	PGresult *result;
	PGconn *conn;

	conninfo(s, database, info);
	conn = PQconnectdb(info);
	result = PQexec(conn, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
		abort();
	}
	PQclear(result);
	PQfinish(conn);
}

void
pg_database_make(struct pg_server *s, const char *name, const char *template)
{
	char sql[PG_DSN_BYTES];

	(void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", name,
	    template == NULL ? "template0" : template);
	pg_run(s, "postgres", sql);
}

void
pg_database_drop(struct pg_server *s, const char *name)
{
	char sql[PG_DSN_BYTES];

	(void)snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", name);
	pg_run(s, "postgres", sql);
}

/* One per program: made once, removed at its end by the same process. */
static struct pg_server shared;
static pid_t shared_owner;

static void
shared_end(void)
{
	if (shared_owner != getpid())
		return;
	pg_kill(&shared);
	directory_remove(shared.directory);
}

struct pg_server *
pg_shared(void)
{
	char directory[DIRECTORY_BYTES], data[PG_PATH_BYTES];

	if (shared_owner != 0)
		return &shared;
	directory_make(directory);
	(void)snprintf(data, sizeof(data), "%s/data", directory);
	pg_make(&shared, directory, data);
	shared_owner = getpid();
	(void)atexit(shared_end);
	pg_start(&shared);
	return &shared;
}
