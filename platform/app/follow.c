/* Moving to the published revision. */
#include "app/follow.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "content/content.h"
#include "db/db.h"
#include "db/lane.h"

struct follow {
	struct task task; /* first: the lane hands it back */
	struct lane *reader;
	struct content_store *store;
	atomic_bool is_asking;
};

enum err
follow_once(struct db *db, struct content_store *store)
{
	struct arena *a = arena_new();
	const char *manifest = NULL;
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_REVISION_NEWEST, DB_NO_ARGS, &rows);
	if (e == ERR_OK) {
		if (db_next(rows))
			manifest = db_col_text(rows, 0, a);
		e = db_done(rows);
	}
	if (e == ERR_OK && manifest != NULL)
		e = content_follow(store, manifest);
	arena_free(a);
	return e;
}

static enum err
follow_run(struct db *db, struct task *t)
{
	struct follow *f = (struct follow *)(void *)t;

	return follow_once(db, f->store);
}

/* The next tick asks again: what was served is served on meanwhile. */
static void
follow_done(struct task *t, enum err result)
{
	struct follow *f = (struct follow *)(void *)t;

	if (result != ERR_OK)
		log_warning("follow", "the revision could not be followed: %s",
		    err_name(result));
	atomic_store(&f->is_asking, false);
}

struct follow *
follow_new(struct lane *reader, struct content_store *store)
{
	struct follow *f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	f->task.run = follow_run;
	f->task.done = follow_done;
	f->reader = reader;
	f->store = store;
	return f;
}

void
follow_tick(struct follow *f)
{
	if (atomic_exchange(&f->is_asking, true))
		return;
	if (lane_submit(f->reader, &f->task) != ERR_OK)
		atomic_store(&f->is_asking, false);
}

void
follow_free(struct follow *f)
{
	free(f);
}
