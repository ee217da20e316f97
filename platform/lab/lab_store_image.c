/* What the boxes of labs were made of: written beside what came of them. */
#include "db/db.h"
#include "lab/lab_store.h"

static enum err
once(struct db *db, enum query q, struct db_args args)
{
	int64_t changed;
	enum err e = db_exec(db, q, args, &changed);

	return e == ERR_OK && changed != 1 ? ERR_CONFLICT : e;
}

enum err
store_run_image(struct db *db, int64_t run, const char *image)
{
	return once(db, Q_LAB_RUN_IMAGE, DB_ARGS(db_int(run), db_text(image)));
}

enum err
store_run_shell_image(
    struct db *db, struct scope own, int64_t run, const char *image)
{
	return once(db, Q_LAB_RUN_SHELL_IMAGE,
	    DB_ARGS(db_int(run), db_int(own.person), db_text(image)));
}

enum err
store_submission_image(struct db *db, int64_t id, const char *image)
{
	return once(
	    db, Q_LAB_SUBMISSION_IMAGE, DB_ARGS(db_int(id), db_text(image)));
}
