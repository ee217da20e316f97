/* Line managers of a roster file: named by number, perhaps of a later line. */
#include "db/db.h"
#include "people/roster_parts.h"
#include "record/record.h"

/* Everybody of the file is there now: whom each line names as line manager. */
static void
find_manager(struct import *im, struct known *k)
{
	const char *number = k->line->cell[COLUMN_MANAGER];
	struct known *manager = known_find(&im->known, number);

	if (*number == '\0')
		k->next_manager = 0;
	else if (manager == k)
		roster_add_wrong(
		    im, k->line, ROSTER_OWN_MANAGER, COLUMN_MANAGER);
	else if (manager == NULL || manager->membership == 0)
		roster_add_wrong(
		    im, k->line, ROSTER_BAD_MANAGER, COLUMN_MANAGER);
	else
		k->next_manager = manager->person;
}

/* Two people who would each confirm what the other can do. */
static bool
are_mutual(const struct import *im, const struct known *k)
{
	const struct known *manager =
	    known_find(&im->known, k->line->cell[COLUMN_MANAGER]);

	return manager != NULL && manager != k && k->next_manager != 0 &&
	    manager->next_manager == k->person;
}

/*
 * Whoever was here before gets an audit row: a line manager sees evidence and
 * confirms it.
 */
static enum err
set_manager(struct import *im, struct known *k)
{
	enum err e;

	if (are_mutual(im, k)) {
		roster_add_wrong(
		    im, k->line, ROSTER_MUTUAL_MANAGERS, COLUMN_MANAGER);
		return ERR_OK;
	}
	if (k->next_manager == k->line_manager)
		return ERR_OK;
	e = db_exec(im->db, Q_MEMBERSHIP_MANAGER,
	    DB_ARGS(db_int(k->membership), db_id(k->next_manager)), NULL);
	if (e != ERR_OK || k->added)
		return e;
	k->changed = true;
	return audit_add(im->db, im->scope.organisation, im->actor,
	    "membership.line_manager",
	    arena_printf(im->a, "%lld", (long long)k->membership),
	    arena_printf(
		im->a, "line_manager=%lld", (long long)k->next_manager),
	    im->now);
}

enum err
roster_set_managers(struct import *im)
{
	struct known **k = im->known.list;
	enum err e = ERR_OK;
	size_t i;

	for (i = 0; i < im->known.n; i++)
		if (k[i]->line != NULL)
			find_manager(im, k[i]);
	for (i = 0; i < im->known.n && e == ERR_OK; i++)
		if (k[i]->line != NULL)
			e = set_manager(im, k[i]);
	return e;
}
