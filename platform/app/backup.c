/*
 * Making a backup: everything is brought together in a directory beside the
 * file to be, which gets its name when it is whole.
 *
 *	database ─▶ secret, content, configuration ─▶ MANIFEST ─▶ tar ─▶ FILE
 *
 * The database comes first: content is written before the row that names it
 * and never removed, so that every row of the copy finds its own.
 */
#include "app/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "db/migrate.h"
#include "db/snapshot.h"

enum err
backup_say(enum err e, const char *fmt, ...)
{
	va_list ap;

	fputs("tanren: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return e;
}

struct making {
	struct arena *a;
	const struct config *c;
	const struct options *o;
	const char *file, *staging;
	const char *database; /* its name in the backup */
	bool has_config;
	struct backup_figures *f;
};

static const char *
staged(const struct making *m, const char *name)
{
	return arena_printf(m->a, "%s/%s", m->staging, name);
}

static enum err
take_database(struct making *m)
{
	const char *dsn = m->c->database;
	bool sqlite = text_starts(dsn, "sqlite:");
	enum err e;

	m->f->made_at = clock_now();
	m->f->engine = sqlite ? "sqlite" : "postgresql";
	m->database = sqlite ? BACKUP_SQLITE : BACKUP_PG;
	if ((e = migrate_version(dsn, &m->f->schema)) != ERR_OK)
		return e;
	if (m->f->schema == 0)
		return backup_say(
		    ERR_UNAVAILABLE, "there is nothing in this database yet");
	return sqlite
	    ? snapshot_make(dsn, staged(m, BACKUP_SQLITE))
	    : pg_dump_run(m->a, dsn, m->staging, staged(m, BACKUP_PG));
}

static enum err
take_content(struct making *m)
{
	const char *from = config_path(m->a, m->c, "content"), *to;
	const char *const *names;
	size_t i, n;
	enum err e;

	to = staged(m, "content");
	if (mkdir(to, 0700) == -1)
		return backup_say(ERR_INTERNAL, "%s: %s", to, strerror(errno));
	if ((e = directory_names(from, m->a, &names, &n)) != ERR_OK)
		return e;
	if (n > BACKUP_FILES_MAX / 2)
		return backup_say(
		    ERR_INTERNAL, "%s: there are too many files", from);
	for (i = 0; e == ERR_OK && i < n; i++)
		if (text_starts(names[i], "content-") &&
		    text_ends(names[i], ".sqlite"))
			e = file_copy(
			    arena_printf(m->a, "%s/%s", from, names[i]),
			    arena_printf(m->a, "%s/%s", to, names[i]));
	return e;
}

static enum err
take_files(struct making *m)
{
	const char *file = m->o->file;
	enum err e;

	e = file_copy(config_path(m->a, m->c, "secret"), staged(m, "secret"));
	if (e != ERR_OK)
		return e;
	if (file == NULL)
		file = config_path(m->a, m->c, "tanren.conf");
	if (m->o->file == NULL && access(file, F_OK) == -1)
		return ERR_OK;
	m->has_config = true;
	return file_copy(file, staged(m, "tanren.conf"));
}

static enum err
write_tar(struct making *m, int fd)
{
	const char *const argv[] = {"tar", "--create", "--file=-",
	    "--format=posix", "--owner=0", "--group=0", "--numeric-owner",
	    arena_printf(m->a, "--directory=%s", m->staging), BACKUP_MANIFEST,
	    m->database, "secret", "content",
	    m->has_config ? "tanren.conf" : NULL, NULL};
	enum err e;

	if ((e = program_run(argv, NULL, -1, fd)) != ERR_OK)
		return e;
	return fsync(fd) == 0
	    ? ERR_OK
	    : backup_say(ERR_INTERNAL, "%s: %s", m->file, strerror(errno));
}

/* The name is given last: who sees the file has all of it. */
static enum err
write_file(struct making *m)
{
	const char *beside = arena_printf(m->a, "%s.tar", m->staging);
	enum err e;
	int fd;

	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", beside, strerror(errno));
	e = write_tar(m, fd);
	(void)close(fd);
	if (e == ERR_OK && rename(beside, m->file) == -1)
		e = backup_say(
		    ERR_INTERNAL, "%s: %s", m->file, strerror(errno));
	if (e != ERR_OK) {
		(void)unlink(beside);
		return e;
	}
	return directory_sync(dirname(arena_strdup(m->a, m->file)));
}

enum err
backup_make(struct arena *a, const struct config *c, const struct options *o,
    const char *file, struct backup_figures *out)
{
	struct backup_figures f = {0};
	char *staging = arena_printf(a, "%s.XXXXXX", file);
	struct making m = {.a = a, .c = c, .o = o, .file = file, .f = &f};
	enum err e;

	if (access(file, F_OK) == 0)
		return backup_say(ERR_CONFLICT, "%s exists already", file);
	if ((m.staging = mkdtemp(staging)) == NULL)
		return backup_say(ERR_INTERNAL,
		    "no directory can be made beside %s: %s (this runs as the "
		    "owner of %s, also when root calls it)",
		    file, strerror(errno), c->var);
	if ((e = take_database(&m)) == ERR_OK &&
	    (e = take_files(&m)) == ERR_OK &&
	    (e = take_content(&m)) == ERR_OK &&
	    (e = manifest_of_backup_write(m.staging, a, &f)) == ERR_OK)
		e = write_file(&m);
	directory_remove_all(m.staging);
	if (e == ERR_OK)
		*out = f;
	return e;
}
