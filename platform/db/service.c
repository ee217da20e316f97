/* A connection handed to another program, and the versions of libraries. */
#include "db/service.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define PREFIX "postgresql:"

/* What libpq fills in by itself is left out. */
static enum err
write_options(const PQconninfoOption *o, int fd, const char *path)
{
	FILE *f = fdopen(fd, "w");

	if (f == NULL) {
		(void)close(fd);
		return ERR_INTERNAL;
	}
	fputs("[" SERVICE_NAME "]\n", f);
	for (; o->keyword != NULL; o++)
		if (o->val != NULL)
			fprintf(f, "%s=%s\n", o->keyword, o->val);
	if (fclose(f) == 0)
		return ERR_OK;
	log_error("db", "%s: %s", path, strerror(errno));
	return ERR_INTERNAL;
}

enum err
service_write(const char *dsn, const char *path)
{
	PQconninfoOption *options = NULL;
	char *wrong = NULL;
	enum err e;
	int fd;

	if (text_starts(dsn, PREFIX))
		options = PQconninfoParse(dsn + strlen(PREFIX), &wrong);
	PQfreemem(wrong);
	if (options == NULL) {
		log_error("db", "this is no connection to PostgreSQL");
		return ERR_INVALID;
	}
	/* SECURITY: it may hold a password */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1) {
		log_error("db", "%s: %s", path, strerror(errno));
		e = ERR_INTERNAL;
	} else {
		e = write_options(options, fd, path);
	}
	PQconninfoFree(options);
	return e;
}

const char *
service_libraries(struct arena *a)
{
	int pq = PQlibVersion();

	return arena_printf(a, "SQLite %s, libpq %d.%d", sqlite3_libversion(),
	    pq / 10000, pq % 10000);
}
