/* A copy of a whole SQLite database while others write. For backups. */
#ifndef DB_SNAPSHOT_H
#define DB_SNAPSHOT_H

#include "base/err.h"

/*
 * Copies the database of a dsn into a new file, as it is at one moment; the
 * copy is durable when ERR_OK comes back. Those who write go on. ERR_CONFLICT
 * when the file exists, ERR_INVALID for another engine's dsn, ERR_NO_SPACE,
 * ERR_UNAVAILABLE when it cannot be opened; the cause is logged.
 */
MUST_USE enum err snapshot_make(const char *dsn, const char *path);

/* The structure of a file is whole. ERR_INVALID: it is not; logged. */
MUST_USE enum err snapshot_check(const char *path);

#endif
