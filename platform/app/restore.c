/*
 * Putting a backup into place: unpacked in a directory of its own inside VAR,
 * checked against its MANIFEST, then moved. Nothing is put in place before all
 * of it was checked.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backup.h"
#include "base/text.h"
#include "db/migrate.h"
#include "db/snapshot.h"

struct restoring {
	struct arena *a;
	const struct options *o;
	const char *file, *staging;
	struct config c; /* the one the restored installation will have */
	struct backup_figures *f;
};

static const char *
staged(const struct restoring *r, const char *name)
{
	return arena_printf(r->a, "%s/%s", r->staging, name);
}

static enum err
must_be_empty(const char *path)
{
	const struct dirent *entry;
	bool empty = true;
	DIR *d;

	if ((d = opendir(path)) == NULL)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", path, strerror(errno));
	while ((entry = readdir(d)) != NULL)
		if (!text_eq(entry->d_name, ".") &&
		    !text_eq(entry->d_name, ".."))
			empty = false;
	(void)closedir(d);
	return empty ? ERR_OK
		     : backup_say(ERR_CONFLICT,
			   "%s is not empty: give a new directory", path);
}

static enum err
unpack(const struct restoring *r)
{
	const char *const argv[] = {"tar", "--extract", "--file=-",
	    "--no-same-owner", "--no-same-permissions",
	    arena_printf(r->a, "--directory=%s", r->staging), NULL};
	enum err e;
	int fd;

	if ((fd = open(r->file, O_RDONLY | O_CLOEXEC)) == -1)
		return backup_say(
		    ERR_NOT_FOUND, "%s: %s", r->file, strerror(errno));
	e = program_run(argv, NULL, fd, -1);
	(void)close(fd);
	return e == ERR_INTERNAL ? ERR_INVALID : e;
}

/* Every file that came is one that was listed. */
static enum err
must_be_listed(const struct restoring *r)
{
	const char *const *names;
	size_t n, more = 0;
	enum err e;

	/* MANIFEST and content are not on the list themselves */
	if ((e = directory_names(r->staging, r->a, &names, &n)) == ERR_OK &&
	    (e = directory_names(staged(r, "content"), r->a, &names, &more)) ==
		ERR_OK &&
	    (int64_t)(n + more) != r->f->files + 2)
		e = backup_say(ERR_INVALID,
		    "there is more in this backup than its MANIFEST names");
	return e;
}

static enum err
check(struct restoring *r)
{
	enum err e;

	if ((e = manifest_of_backup_check(r->staging, r->a, r->f)) != ERR_OK ||
	    (e = must_be_listed(r)) != ERR_OK)
		return e;
	if (r->f->schema > migrate_newest())
		return backup_say(ERR_INVALID,
		    "it has schema %d, this program knows %d: use a newer one",
		    r->f->schema, migrate_newest());
	if (text_eq(r->f->engine, "sqlite"))
		return snapshot_check(staged(r, BACKUP_SQLITE));
	return ERR_OK;
}

/* --config, else what came with the backup, else the defaults. */
static enum err
configure(struct restoring *r)
{
	struct options o = *r->o;

	if (o.file == NULL && access(staged(r, "tanren.conf"), F_OK) == 0)
		o.file = staged(r, "tanren.conf");
	if (config_load(r->a, &o, &r->c) != ERR_OK)
		return ERR_INVALID;
	if (text_starts(r->c.database, r->f->engine))
		return ERR_OK;
	return backup_say(ERR_INVALID,
	    "the backup is of %s, the configuration names another database",
	    r->f->engine);
}

static enum err
place(const struct restoring *r, const char *from, const char *to)
{
	const char *path = config_path(r->a, &r->c, to);

	if (rename(staged(r, from), path) == -1)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", path, strerror(errno));
	return ERR_OK;
}

static enum err
place_sqlite(const struct restoring *r)
{
	const char *path = r->c.database + strlen("sqlite:");

	if (access(path, F_OK) == 0)
		return backup_say(ERR_CONFLICT,
		    "%s exists already: name another database in a "
		    "configuration (--config)",
		    path);
	if (text_eq(path, config_path(r->a, &r->c, "tanren.db")))
		return place(r, BACKUP_SQLITE, "tanren.db");
	return file_copy(staged(r, BACKUP_SQLITE), path);
}

static enum err
place_postgresql(const struct restoring *r)
{
	int schema;
	enum err e;

	if ((e = migrate_version(r->c.database, &schema)) != ERR_OK)
		return e;
	if (schema != 0)
		return backup_say(ERR_CONFLICT,
		    "the database is not empty: name a new one in a "
		    "configuration (--config)");
	return pg_restore_run(
	    r->a, r->c.database, r->staging, staged(r, BACKUP_PG));
}

static enum err
place_content(const struct restoring *r)
{
	const char *path = config_path(r->a, &r->c, "content"), *name;
	const char *const *names;
	size_t i, n;
	enum err e;

	if (mkdir(path, 0750) == -1)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", path, strerror(errno));
	e = directory_names(staged(r, "content"), r->a, &names, &n);
	for (i = 0; e == ERR_OK && i < n; i++) {
		name = arena_printf(r->a, "content/%s", names[i]);
		e = place(r, name, name);
	}
	return e == ERR_OK ? directory_sync(path) : e;
}

/*
 * The database last: whoever starts what was broken off halfway finds no
 * rows without their secret.
 */
static enum err
place_all(const struct restoring *r)
{
	bool own_config =
	    r->o->file == NULL && access(staged(r, "tanren.conf"), F_OK) == 0;
	enum err e;

	if ((e = place(r, "secret", "secret")) != ERR_OK ||
	    (e = place_content(r)) != ERR_OK)
		return e;
	if (own_config &&
	    (e = place(r, "tanren.conf", "tanren.conf")) != ERR_OK)
		return e;
	e = text_eq(r->f->engine, "sqlite") ? place_sqlite(r)
					    : place_postgresql(r);
	return e == ERR_OK ? directory_sync(r->c.var) : e;
}

enum err
backup_restore(struct arena *a, const struct config *c, const struct options *o,
    const char *file, struct backup_figures *out)
{
	struct backup_figures f = {0};
	struct restoring r = {.a = a, .o = o, .file = file, .c = *c, .f = &f};
	char *staging = arena_printf(a, "%s/.restore.XXXXXX", c->var);
	enum err e;

	if ((e = must_be_empty(c->var)) != ERR_OK)
		return e;
	if ((r.staging = mkdtemp(staging)) == NULL)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", c->var, strerror(errno));
	if ((e = unpack(&r)) == ERR_OK && (e = check(&r)) == ERR_OK &&
	    (e = configure(&r)) == ERR_OK)
		e = place_all(&r);
	directory_remove_all(r.staging);
	if (e == ERR_OK)
		*out = f;
	return e;
}
