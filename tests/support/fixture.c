/* A fresh, migrated database for one test, on either engine. */
#include "support/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/password.h"
#include "base/random.h"
#include "db/migrate.h"

/* PostgreSQL: migrated once per program, then copied for each test. */
#define TEMPLATE "tanren_template"

static void
must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "fixture: %s: %s\n", what, err_name(e));
	abort();
}

static void
make_postgresql(struct fixture *f)
{
	struct pg_server *s = pg_shared();
	char dsn[PG_DSN_BYTES];

	if (s->databases == 0) {
		pg_database_make(s, TEMPLATE, NULL);
		pg_dsn(s, TEMPLATE, dsn);
		must(migrate_run(dsn, NULL), "migrate");
	}
	(void)snprintf(
	    f->database, sizeof(f->database), "test_%u", ++s->databases);
	pg_database_make(s, f->database, TEMPLATE);
	pg_dsn(s, f->database, f->dsn);
}

struct fixture *
fixture_open(enum db_engine engine)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	random_start();
	password_set_cheap();
	f->engine = engine;
	f->now = FIXTURE_NOW;
	f->arena = arena_new();
	directory_make(f->directory);
	if (engine == DB_SQLITE) {
		(void)snprintf(f->dsn, sizeof(f->dsn), "sqlite:%s/tanren.db",
		    f->directory);
		must(migrate_run(f->dsn, NULL), "migrate");
	} else {
		make_postgresql(f);
	}
	f->db = fixture_connect(f, DB_WRITE);
	return f;
}

struct db *
fixture_connect(const struct fixture *f, enum db_mode mode)
{
	struct db *db = NULL;

	must(db_open(f->dsn, mode, &db), "open");
	return db;
}

void
fixture_close(struct fixture *f)
{
	if (f == NULL)
		return;
	db_close(f->db);
	if (f->engine == DB_POSTGRESQL)
		pg_database_drop(pg_shared(), f->database);
	arena_free(f->arena);
	directory_remove(f->directory);
	free(f);
}

int
fixture_setup_sqlite(void **state)
{
	*state = fixture_open(DB_SQLITE);
	return 0;
}

int
fixture_setup_postgresql(void **state)
{
	*state = fixture_open(DB_POSTGRESQL);
	return 0;
}

int
fixture_teardown(void **state)
{
	fixture_close(*state);
	return 0;
}
