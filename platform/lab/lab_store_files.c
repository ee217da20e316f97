/* The rows of labs: artefacts and answers. */
#include "base/random.h"
#include "db/db.h"
#include "lab/lab_store.h"

static enum err
add(struct db *db, int64_t run, int64_t submission, const char *kind,
    const struct lab_file *file)
{
	return db_exec(db, Q_LAB_FILE_ADD,
	    DB_ARGS(db_int(id_new()), db_int(run), db_id(submission),
		db_text(kind), db_text(file->name),
		db_bytes(file->data, file->size)),
	    NULL);
}

enum err
store_file_add(
    struct db *db, int64_t run, int64_t submission, const struct lab_file *file)
{
	return add(
	    db, run, submission, submission == 0 ? "artefact" : "answer", file);
}

enum err
store_key_add(struct db *db, int64_t run, const struct lab_file *file)
{
	return add(db, run, 0, "key", file);
}

enum err
store_artefacts_drop(struct db *db, int64_t run)
{
	return db_exec(db, Q_LAB_ARTEFACTS_DROP, DB_ARGS(db_int(run)), NULL);
}

enum err
store_artefacts(struct db *db, struct scope s, int64_t run, struct arena *a,
    struct lab_file **out, size_t *n)
{
	struct lab_file *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_LAB_ARTEFACTS,
	    DB_ARGS(db_int(run), db_int(s.reach), db_int(s.person)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct lab_file){
		    .id = db_col_int(rows, 0),
		    .name = db_col_text(rows, 1, a),
		    .size = (size_t)db_col_int(rows, 2),
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

static enum err
read_files(
    struct db_rows *rows, struct arena *a, struct lab_file **out, size_t *n)
{
	struct lab_file *list = NULL, *f;
	size_t count = 0;
	enum err e;

	while (db_next(rows)) {
		f = ARENA_PUSH(a, list, count);
		f->id = db_col_int(rows, 0);
		f->name = db_col_text(rows, 1, a);
		f->data = db_col_bytes(rows, 2, a, &f->size);
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
store_artefact(struct db *db, struct scope own, const char *lab, int64_t file,
    struct arena *a, struct lab_file *out)
{
	struct lab_file *list;
	struct db_rows *rows;
	size_t n;
	enum err e;

	e = db_rows(db, Q_LAB_ARTEFACT,
	    DB_ARGS(db_text(lab), db_int(file), db_int(own.reach),
		db_int(own.person)),
	    &rows);
	if (e != ERR_OK || (e = read_files(rows, a, &list, &n)) != ERR_OK)
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	*out = list[0];
	return ERR_OK;
}

enum err
store_answers(struct db *db, struct scope s, int64_t submission,
    struct arena *a, struct lab_file **out, size_t *n)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_LAB_ANSWERS,
	    DB_ARGS(db_int(submission), db_int(s.reach), db_int(s.person)),
	    &rows);
	return e != ERR_OK ? e : read_files(rows, a, out, n);
}

enum err
store_key(struct db *db, int64_t run, struct arena *a, struct lab_file **out,
    size_t *n)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_LAB_KEY, DB_ARGS(db_int(run)), &rows);
	return e != ERR_OK ? e : read_files(rows, a, out, n);
}
