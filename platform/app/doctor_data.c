/* What the installation has so far. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/doctor.h"
#include "base/text.h"
#include "content/content.h"
#include "db/db.h"
#include "db/migrate.h"

static void
look_at_secret(struct doctor *d)
{
	const char *path = config_path(d->a, d->c, "secret");
	struct stat st;

	if (stat(path, &st) == -1)
		doctor_note(d, FINDING_WARN, "secret",
		    "the first start makes it; after a loss: tanren restore",
		    "none yet");
	else if ((st.st_mode & 077) != 0)
		doctor_note(d, FINDING_FAIL, "secret",
		    arena_printf(d->a, "chmod 600 %s", path),
		    "others may read it");
	else
		doctor_note(
		    d, FINDING_OK, "secret", NULL, "there, for us only");
}

/* The newest revision: is it there and can it be read? */
static void
look_at_content(struct doctor *d, struct db *db)
{
	struct content_store *store;
	const char *manifest = NULL;
	struct content *c;
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_REVISION_NEWEST, DB_NO_ARGS, &rows);
	if (e == ERR_OK) {
		if (db_next(rows))
			manifest = db_col_text(rows, 0, d->a);
		e = db_done(rows);
	}
	if (e == ERR_OK && manifest == NULL) {
		doctor_note(d, FINDING_WARN, "content", "tanren publish",
		    "nothing is published");
		return;
	}
	if (e == ERR_OK &&
	    (e = content_store_open(
		 config_path(d->a, d->c, "content"), &store)) == ERR_OK) {
		e = content_named(store, manifest, &c);
		if (e == ERR_OK) {
			doctor_note(d, FINDING_OK, "content", NULL,
			    "commit %.12s is published", content_commit(c));
			content_release(c);
		}
		content_store_close(store);
	}
	if (e != ERR_OK)
		doctor_note(d, FINDING_FAIL, "content",
		    "tanren publish; tanren verify says what else is missing",
		    "%s cannot be read", manifest == NULL ? "" : manifest);
}

static void
look_at_work(struct doctor *d, struct db *db)
{
	const struct {
		enum query q;
		const char *what, *advice;
	} figures[] = {
	    {Q_JOBS_FAILED, "failed jobs", "see the log of tanren jobs"},
	    {Q_OUTBOX_WAITING, "mails wait",
		"without a mail server the operator reads them "
		"(/operator/outbox)"},
	};
	int64_t n;
	size_t i;

	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (db_one_int(db, figures[i].q, DB_NO_ARGS, &n) == ERR_OK &&
		    n > 0)
			doctor_note(d, FINDING_WARN, "work", figures[i].advice,
			    "%lld %s", (long long)n, figures[i].what);
}

static void
look_at_setting(struct doctor *d, struct db *db)
{
	struct db_rows *rows;
	bool demo = false;

	if (db_rows(db, Q_SETTING_GET, DB_ARGS(db_text("demo")), &rows) !=
	    ERR_OK)
		return;
	if (db_next(rows))
		demo = text_eq(db_col_text(rows, 0, d->a), "1");
	if (db_done(rows) == ERR_OK && demo)
		doctor_note(d, FINDING_WARN, "demo",
		    "for real work: a new directory, without --demo",
		    "the people in this database are invented");
}

/* db_open refuses what is not durable: fsync off, no write-ahead log. */
static void
look_at_database(struct doctor *d)
{
	const char *dsn = d->c->database, *engine;
	int schema, newest = migrate_newest();
	struct db *db;

	engine = text_starts(dsn, "sqlite:") ? "SQLite" : "PostgreSQL";
	if (text_starts(dsn, "sqlite:") &&
	    access(dsn + strlen("sqlite:"), F_OK) == -1) {
		doctor_note(d, FINDING_WARN, "database", "tanren migrate",
		    "SQLite: none yet");
		return;
	}
	if (migrate_version(dsn, &schema) != ERR_OK) {
		doctor_note(d, FINDING_FAIL, "database",
		    "see above why; start it, or correct `database`",
		    "%s cannot be reached", engine);
		return;
	}
	if (schema != newest) {
		doctor_note(d, schema < newest ? FINDING_WARN : FINDING_FAIL,
		    "database",
		    schema < newest ? "tanren backup, then tanren migrate"
				    : "use the newer program",
		    "%s: schema %d, this program has %d", engine, schema,
		    newest);
		return;
	}
	if (db_open(dsn, DB_READ, &db) != ERR_OK) {
		doctor_note(d, FINDING_FAIL, "database",
		    "see above why: what it saves must be on the disk",
		    "%s is not usable", engine);
		return;
	}
	doctor_note(d, FINDING_OK, "database", NULL, "%s: schema %d, durable",
	    engine, schema);
	look_at_content(d, db);
	look_at_work(d, db);
	look_at_setting(d, db);
	db_close(db);
}

void
doctor_data(struct doctor *d)
{
	look_at_secret(d);
	look_at_database(d);
}
