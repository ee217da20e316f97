/* What is due in an institution, and how far its people are. */
#include "oversee/due.h"

#include "db/db.h"

enum err
due_courses(struct db *db, struct scope managed, struct arena *a,
    struct due_course **out, size_t *n)
{
	struct due_course *list = NULL;
	struct db_rows *rows;
	int64_t late;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_OVERSEE_DUE,
	    DB_ARGS(db_int(managed.reach), db_int(managed.organisation)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		late = db_col_int(rows, 2);
		*ARENA_PUSH(a, list, count) = (struct due_course){
		    .course = db_col_text(rows, 0, a),
		    .open = db_col_int(rows, 1) - late,
		    .late = late,
		};
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

enum err
due_one(struct db *db, struct scope managed, int64_t id, struct arena *a,
    struct due_one *out)
{
	struct db_rows *row;
	enum err e;

	e = db_row(db, Q_OVERSEE_ASSIGNMENT,
	    DB_ARGS(db_int(id), db_int(managed.reach),
		db_int(managed.organisation)),
	    &row);
	if (e != ERR_OK)
		return e;
	*out = (struct due_one){
	    .name = db_col_text(row, 0, a),
	    .number = db_col_text(row, 1, a),
	    .course = db_col_text(row, 2, a),
	    .due_at = db_col_int(row, 3),
	};
	return db_done(row);
}

enum err
authorities(struct db *db, struct arena *a, struct authority **out, size_t *n)
{
	struct authority *list = NULL;
	struct db_rows *rows;
	size_t count = 0;
	enum err e;

	if ((e = db_rows(db, Q_OVERSEE_AUTHORITIES, DB_NO_ARGS, &rows)) !=
	    ERR_OK)
		return e;
	while (db_next(rows))
		*ARENA_PUSH(a, list, count) = (struct authority){
		    .id = db_col_int(rows, 0),
		    .name = {{db_col_text(rows, 1, a),
			db_col_text(rows, 2, a)}},
		};
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}

/* ----------------------------------------------------------------- progress */

static struct person_course *
course_of(struct person_progress *p, const struct course *const *courses,
    size_t n, const char *id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(courses[i]->id, id))
			return &p->courses[i];
	return NULL;
}

static void
fold_fact(struct person_course *c, const char *fact, int64_t at)
{
	if (text_eq(fact, "started"))
		c->started_at = at;
	else if (text_eq(fact, "done"))
		c->done_at = at;
	else
		c->due_at = at;
	c->late |= text_eq(fact, "late");
}

enum err
people_progress(struct db *db, struct scope managed,
    const struct course *const *courses, size_t n_courses, struct arena *a,
    struct person_progress **out, size_t *n)
{
	struct person_progress *list = NULL;
	struct person_course *c;
	struct db_rows *rows;
	const char *fact;
	size_t count = 0;
	enum err e;

	e = db_rows(db, Q_OVERSEE_PROGRESS,
	    DB_ARGS(db_int(managed.reach), db_int(managed.organisation)),
	    &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		fact = db_col_text(rows, 1, a);
		if (*fact == '\0') {
			*ARENA_PUSH(a, list, count) = (struct person_progress){
			    .number = db_col_text(rows, 0, a),
			    .name = db_col_text(rows, 4, a),
			    .department = db_col_text(rows, 5, a),
			    .tier = db_col_text(rows, 6, a),
			    .courses =
				ARENA_ARRAY(a, struct person_course, n_courses),
			};
			continue;
		}
		/* the person's own row came before: '' is the least text */
		c = count == 0 ? NULL
			       : course_of(&list[count - 1], courses, n_courses,
				     db_col_text(rows, 2, a));
		if (c != NULL)
			fold_fact(c, fact, db_col_int(rows, 3));
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	*out = list;
	*n = count;
	return ERR_OK;
}
