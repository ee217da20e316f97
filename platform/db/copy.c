/* The bulk door: checks, then the engine. */
#include <string.h>

#include "db/db_engine.h"

/* How many names "id,name,…" holds; a name from outside never comes here. */
static size_t
columns_count(const char *table, const char *columns)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *p = columns;
	size_t n = 0, len;

	if (table[0] == '\0' || table[strspn(table, letters)] != '\0')
		db_mistake("copy", "no name of a table");
	for (;;) {
		len = strspn(p, letters);
		if (len == 0)
			db_mistake(table, "no name of a column");
		n++;
		p += len;
		if (*p == '\0')
			break;
		if (*p++ != ',')
			db_mistake(table, "columns are parted by commas");
	}
	if (n > COPY_COLUMNS_MAX)
		db_mistake(table, "has too many columns");
	return n;
}

enum err
db_copy_begin(
    struct db *db, const char *table, const char *columns, struct db_copy **out)
{
	size_t n = columns_count(table, columns);
	struct db_copy *c;
	enum err e;

	if (db->depth == 0)
		db_mistake(table, "a copy outside of db_write");
	if (db->copying)
		db_mistake(table, "a copy inside a copy");
	if (db->failed != ERR_OK)
		return db->failed;
	e = db->ops->copy_begin(db, table, columns, n, &c);
	if (e != ERR_OK)
		return db_fail(db, e);
	c->db = db;
	c->columns = n;
	db->copying = true;
	*out = c;
	return ERR_OK;
}

enum err
db_copy_row(struct db_copy *c, struct db_args values)
{
	if (values.n != c->columns)
		db_mistake("copy", "wrong number of values");
	if (c->failed == ERR_OK)
		c->failed = db_fail(c->db, c->db->ops->copy_row(c, values));
	return c->failed;
}

enum err
db_copy_end(struct db_copy *c)
{
	struct db *db = c->db;
	enum err failed = c->failed, e;

	db->copying = false;
	e = db_fail(db, db->ops->copy_end(c));
	return failed != ERR_OK ? failed : e;
}
