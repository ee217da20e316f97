/* SQLite: many rows of one table, by one INSERT compiled once. */
#include <stdlib.h>

#include "base/buf.h"
#include "db/db_sqlite.h"

enum err
sqlite_copy_begin(struct db *db, const char *table, const char *columns,
    size_t n, struct db_copy **out)
{
	static const char any[COPY_COLUMNS_MAX + 1] =
	    "................................";
	struct sqlite_copy *c = db_alloc(1, sizeof(*c));
	struct buf sql = BUF_EMPTY;
	size_t i;
	enum err e;

	buf_printf(&sql, "INSERT INTO %s (%s) VALUES (", table, columns);
	for (i = 1; i <= n; i++)
		buf_printf(&sql, "%s$%zu", i == 1 ? "" : ", ", i);
	buf_putc(&sql, ')');
	e = sqlite_compile((struct sqlite_db *)db, "copy",
	    any + COPY_COLUMNS_MAX - n, buf_text(&sql), &c->insert);
	buf_free(&sql);
	if (e != ERR_OK) {
		(void)sqlite3_finalize(c->insert.stmt);
		free(c);
		return e;
	}
	*out = &c->copy;
	return ERR_OK;
}

enum err
sqlite_copy_row(struct db_copy *copy, struct db_args values)
{
	struct sqlite_copy *c = (struct sqlite_copy *)copy;

	return sqlite_run(
	    (struct sqlite_db *)copy->db, "copy", &c->insert, values);
}

enum err
sqlite_copy_end(struct db_copy *copy)
{
	struct sqlite_copy *c = (struct sqlite_copy *)copy;

	(void)sqlite3_finalize(c->insert.stmt);
	free(c);
	return ERR_OK;
}
