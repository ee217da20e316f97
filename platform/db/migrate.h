/*
 * Schemas stand in db/schema/NNN-name.sql and go forward only. The runner
 * maps three types per engine: ID (a primary or foreign key), BYTES, TEXT
 * (byte order on both engines); BIGINT is 64 bits on both.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "base/err.h"

/* The newest schema this program knows. */
int migrate_newest(void);

/*
 * Brings the database (made when missing) to the newest schema, in one
 * transaction per step, and logs each. ERR_CONFLICT when the database is
 * newer than the program: nothing is touched. before (may be NULL) gets the
 * schema it had, 0: none.
 */
MUST_USE enum err migrate_run(const char *dsn, int *before);

/* The database's schema; 0 when it has none yet. */
MUST_USE enum err migrate_version(const char *dsn, int *out);

#endif
