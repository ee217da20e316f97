/* Jobs that end terminals and boxes of those who may not have them any more. */
#include "db/db.h"
#include "http/site.h"
#include "lab/lab_job.h"
#include "lab/lab_store.h"
#include "lab/shells.h"

typedef enum err shell_end(const char *socket, int64_t box);

static bool
is_run_of(const struct lab_run *runs, size_t n, int64_t box)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (runs[i].id == box)
			return true;
	return false;
}

/* All are tried; what went wrong last is answered. */
static enum err
end_boxes(const char *socket, const struct lab_run *runs, size_t n_runs,
    struct arena *a, shell_end *end)
{
	enum err e, worst = ERR_OK;
	struct labd_status *boxes;
	size_t i, n;

	if ((e = labd_list(socket, a, &boxes, &n)) != ERR_OK)
		return e;
	for (i = 0; i < n; i++) {
		if (!is_run_of(runs, n_runs, boxes[i].box))
			continue;
		e = end(socket, boxes[i].box);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			worst = e;
	}
	return worst;
}

static enum err
end_of_person(struct db *db, const struct site *site, int64_t person,
    int64_t now, shell_end *end)
{
	const struct scope own = {
	    .reach = SCOPE_OWN, .person = person, .now = now};
	const char *socket = shells_socket(site->shells);
	struct arena *a;
	struct lab_run *runs;
	enum err e;
	size_t n;

	if (socket == NULL || !labd_is_there(socket))
		return ERR_OK;
	a = arena_new();
	e = store_runs(db, own, a, &runs, &n);
	if (e == ERR_OK && n > 0)
		e = end_boxes(socket, runs, n, a, end);
	arena_free(a);
	/* it has gone meanwhile, and every box with it */
	return e == ERR_UNAVAILABLE && !labd_is_there(socket) ? ERR_OK : e;
}

enum err
shells_signed_out(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	int64_t person;

	if (!job_subject(subject, &person))
		return ERR_OK;
	return end_of_person(db, site, person, now, labd_detach);
}

enum err
shells_left(
    struct db *db, const struct site *site, const char *subject, int64_t now)
{
	int64_t membership, person;
	enum err e;

	if (!job_subject(subject, &membership))
		return ERR_OK;
	e = db_one_int(db, Q_LAB_LEAVER, DB_ARGS(db_int(membership)), &person);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	return end_of_person(db, site, person, now, labd_stop);
}
