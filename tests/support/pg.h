/*
 * A PostgreSQL server of the test's own, in a temporary directory, on a unix
 * socket, with its usual safety (fsync stays on). A failure to start it ends
 * the test program with a sentence: nothing is skipped.
 */
#ifndef TESTS_PG_H
#define TESTS_PG_H

#include <sys/types.h>

#define PG_PATH_BYTES 192
#define PG_DSN_BYTES 256

struct pg_server {
	char directory[PG_PATH_BYTES]; /* sockets and log */
	char data[PG_PATH_BYTES];
	pid_t pid; /* 0: not running */
	unsigned databases;
};

/* The server of this program: started by the first call, gone at its end. */
struct pg_server *pg_shared(void);

/*
 * A server with its tables in `data` (made, must not exist) and its log of
 * writes in `directory`, so that a full disk can meet the tables alone.
 */
void pg_make(struct pg_server *s, const char *directory, const char *data);

void pg_start(struct pg_server *s); /* answers when it takes connections */
void pg_kill(struct pg_server *s); /* at once, as in a power cut */

/* A fresh database; `template` is another's name, or NULL. */
void
pg_database_make(struct pg_server *s, const char *name, const char *template);
void pg_database_drop(struct pg_server *s, const char *name);
void
pg_dsn(const struct pg_server *s, const char *name, char out[PG_DSN_BYTES]);

/* Runs a statement as the server's administrator in a database. */
void pg_run(const struct pg_server *s, const char *database, const char *sql);

#endif
