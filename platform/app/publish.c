/* From a commit to the row that moves the published revision. */
#include "app/publish.h"

#include "base/clock.h"
#include "base/random.h"
#include "db/db.h"

struct published {
	const char *commit, *manifest;
};

static enum err
publish_row(struct db *db, void *ctx)
{
	const struct published *p = ctx;
	int64_t is_newest;
	enum err e;

	e = db_one_int(db, Q_REVISION_IS_NEWEST, DB_ARGS(db_text(p->manifest)),
	    &is_newest);
	if (e != ERR_OK || is_newest != 0)
		return e;
	return db_exec(db, Q_REVISION_ADD,
	    DB_ARGS(db_int(id_new()), db_text(p->commit), db_text(p->manifest),
		db_int(clock_now())),
	    NULL);
}

enum err
publish(const struct config *c, const char *revision, struct arena *a,
    const char **commit, struct content_errors *errors)
{
	struct published p = {0};
	struct db *db;
	enum err e;

	e = content_build(c->content, c->n_content,
	    revision == NULL ? c->ref : revision, config_path(a, c, "content"),
	    true, a, &p.manifest, &p.commit, errors);
	if (e != ERR_OK)
		return e;
	if ((e = db_open(c->database, DB_WRITE, &db)) != ERR_OK)
		return e;
	e = db_write(db, publish_row, &p);
	db_close(db);
	if (e == ERR_OK)
		*commit = p.commit;
	return e;
}
