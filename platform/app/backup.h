/*
 * A backup is one tar file, readable by its owner only:
 *
 *	MANIFEST		what it is, and SHA-256 and size of every file
 *	database.sqlite		the database at one moment, or
 *	database.pgdump		PostgreSQL's own (pg_dump, custom format)
 *	secret			without which no score can be replayed
 *	content/content-….sqlite	every revision that was published
 *	tanren.conf		the configuration, if there is one
 *
 * The repositories of the content are not in it: they are git's, and have
 * their own copies. What is in it is as confidential as the data directory.
 */
#ifndef APP_BACKUP_H
#define APP_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"

struct backup_figures {
	int64_t files, bytes; /* without the MANIFEST */
	int64_t made_at;
	int schema;
	const char *engine; /* sqlite, postgresql */
};

/*
 * Writes a backup while others work. `file` appears when it is whole and
 * durable. ERR_CONFLICT when it exists; ERR_NO_SPACE; ERR_UNAVAILABLE when the
 * database or a program (tar, pg_dump) is not there. What went wrong is
 * printed to stderr.
 */
MUST_USE enum err backup_make(struct arena *a, const struct config *c,
    const struct options *o, const char *file, struct backup_figures *out);

/*
 * Puts a backup into place: VAR must be empty, and so must the database be
 * that the configuration names (that of --config, else the backup's own).
 * Everything is unpacked beside its place and checked first. ERR_CONFLICT when
 * something is there already, ERR_INVALID when the file is no whole backup or
 * newer than this program.
 */
MUST_USE enum err backup_restore(struct arena *a, const struct config *c,
    const struct options *o, const char *file, struct backup_figures *out);

/* --------------------------------------------------- what its files share */

#define BACKUP_FILES_MAX 10000
#define BACKUP_MANIFEST "MANIFEST"
#define BACKUP_SQLITE "database.sqlite"
#define BACKUP_PG "database.pgdump"

/* Prints "tanren: …" to stderr and answers e. */
enum err backup_say(enum err e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* backup_files.c: a file of a backup is a regular file with a plain name. */
bool backup_name_is_good(const char *name);
MUST_USE enum err file_copy(const char *from, const char *to);
MUST_USE enum err file_digest(
    const char *path, struct arena *a, const char **hex, int64_t *bytes);
MUST_USE enum err directory_sync(const char *path);
void directory_remove_all(const char *path);
/* Names in a directory that are good, sorted. */
MUST_USE enum err directory_names(
    const char *path, struct arena *a, const char *const **out, size_t *n);

/* backup_manifest.c */
MUST_USE enum err manifest_of_backup_write(
    const char *directory, struct arena *a, struct backup_figures *f);
MUST_USE enum err manifest_of_backup_check(
    const char *directory, struct arena *a, struct backup_figures *f);

/*
 * backup_programs.c: runs a program of PATH, with `in` and `out` as its
 * standard input and output (-1: nothing). ERR_UNAVAILABLE when it is not
 * there; ERR_INTERNAL when it answers anything but 0.
 */
MUST_USE enum err
program_run(const char *const *argv, const char *env, int in, int out);

/*
 * pg_dump and pg_restore. The connection, with its password, is handed over
 * in a file in `directory` that only we can read, never on the command line.
 */
MUST_USE enum err pg_dump_run(struct arena *a, const char *database,
    const char *directory, const char *file);
MUST_USE enum err pg_restore_run(struct arena *a, const char *database,
    const char *directory, const char *file);

#endif
