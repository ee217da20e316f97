/* The steps before serving, one row each. */
#include "app/first.h"

#include <stdio.h>

#include "app/demo.h"
#include "app/load_demo.h"
#include "app/publish.h"
#include "db/db.h"
#include "db/migrate.h"

static enum err
step_migrate(struct arena *a, const struct config *c)
{
	(void)a;
	return migrate_run(c->database, NULL);
}

static enum err
revision_there(struct db *db, bool *out)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_REVISION_NEWEST, DB_NO_ARGS, &rows);
	if (e != ERR_OK)
		return e;
	*out = db_next(rows);
	return db_done(rows);
}

static bool
has_revision(const struct config *c)
{
	bool there = false;
	struct db *db;

	if (db_open(c->database, DB_READ, &db) != ERR_OK)
		return false;
	if (revision_there(db, &there) != ERR_OK)
		there = false;
	db_close(db);
	return there;
}

/*
 * With --demo every start publishes the commit at hand, so that a pulled
 * repository is served as it is; the same commit again changes nothing.
 */
static enum err
step_publish(struct arena *a, const struct config *c)
{
	struct content_errors errors = {0};
	const char *commit;
	enum err e;

	e = publish(c, NULL, a, &commit, &errors);
	content_errors_print(&errors, stderr);
	if (e == ERR_OK)
		printf("Published %.12s.\n", commit);
	if (e == ERR_INVALID && has_revision(c)) {
		printf("What was published before is served.\n");
		return ERR_OK;
	}
	return e;
}

static enum err
step_demo(struct arena *a, const struct config *c)
{
	return load_demo(a, c, DEMO_PEOPLE_DEFAULT);
}

static enum err
demo_needed(struct db *db, bool *out)
{
	int64_t people;
	enum err e;

	e = db_one_int(db, Q_PERSON_COUNT, DB_NO_ARGS, &people);
	if (e == ERR_OK)
		*out = people == 0;
	return e;
}

/*
 * A step runs when `needed` says so (NULL: at every start); some only with
 * --demo. A step that was broken off is needed again at the next start.
 */
static const struct step {
	const char *what;
	enum err (*run)(struct arena *a, const struct config *c);
	enum err (*needed)(struct db *db, bool *out);
	bool demo_only;
} steps[] = {
    {"Bringing the database up to date.", step_migrate, NULL, false},
    {"Publishing the content.", step_publish, NULL, true},
    {"Loading the demo sector.", step_demo, demo_needed, true},
};

static enum err
step_is_needed(const struct step *s, const struct config *c, bool *out)
{
	struct db *db;
	enum err e;

	*out = !s->demo_only || c->demo;
	if (!*out || s->needed == NULL)
		return ERR_OK;
	if ((e = db_open(c->database, DB_READ, &db)) != ERR_OK)
		return e;
	e = s->needed(db, out);
	db_close(db);
	return e;
}

enum err
first_steps(struct arena *a, const struct config *c)
{
	const struct step *s;
	bool needed;
	enum err e;

	for (s = steps; s < steps + sizeof(steps) / sizeof(steps[0]); s++) {
		if ((e = step_is_needed(s, c, &needed)) != ERR_OK)
			return e;
		if (!needed)
			continue;
		printf("%s\n", s->what);
		(void)fflush(stdout);
		if ((e = s->run(a, c)) != ERR_OK) {
			fprintf(stderr, "tanren: that was not possible (%s)\n",
			    err_name(e));
			return e;
		}
	}
	return ERR_OK;
}
