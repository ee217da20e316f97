/*
 * What the database's own programs (pg_dump) and `tanren doctor` need to know
 * of it.
 */
#ifndef DB_SERVICE_H
#define DB_SERVICE_H

#include "base/arena.h"
#include "base/err.h"

/* The service's name in the file. */
#define SERVICE_NAME "tanren"

/*
 * Writes the connection of a PostgreSQL dsn as a new connection service file
 * (PostgreSQL documentation, 34.17), mode 600: with its password it must not
 * stand on a command line. ERR_INVALID when the dsn is none; ERR_INTERNAL.
 */
MUST_USE enum err service_write(const char *dsn, const char *path);

/* "SQLite 3.40.1, libpq 15.3" */
const char *service_libraries(struct arena *a);

#endif
