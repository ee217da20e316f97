/* db_read: one snapshot, whatever is written meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/dies.h"
#include "support/fixture.h"

static enum err
put_setting(struct db *db, void *ctx)
{
	return db_exec(
	    db, Q_SETTING_PUT, DB_ARGS(db_text(ctx), db_text("1")), NULL);
}

static bool
has_setting(struct db *db, const char *key)
{
	struct db_rows *rows;
	bool found;

	assert_int_equal(
	    db_rows(db, Q_SETTING_GET, DB_ARGS(db_text(key)), &rows), ERR_OK);
	found = db_next(rows);
	assert_int_equal(db_done(rows), ERR_OK);
	return found;
}

static enum err
look_while_another_writes(struct db *db, void *ctx)
{
	static char late[] = "late";
	struct fixture *f = ctx;

	assert_true(has_setting(db, "early"));
	assert_int_equal(db_write(f->db, put_setting, late), ERR_OK);
	assert_true(has_setting(f->db, "late"));
	assert_false(has_setting(db, "late"));
	return ERR_GONE;
}

static void
a_look_sees_one_snapshot_and_its_answer_comes_back(void **state)
{
	static char early[] = "early";
	struct fixture *f = *state;
	struct db *reader = fixture_connect(f, DB_READ);

	assert_int_equal(db_write(f->db, put_setting, early), ERR_OK);
	assert_int_equal(
	    db_read(reader, look_while_another_writes, f), ERR_GONE);
	assert_true(has_setting(reader, "late"));
	db_close(reader);
}

static enum err
write_in_a_look(struct db *db, void *ctx)
{
	return put_setting(db, ctx);
}

static int
look_that_writes(void *ctx)
{
	static char key[] = "key";
	struct fixture *f = ctx;

	return (int)db_read(f->db, write_in_a_look, key);
}

static void
a_look_that_writes_is_a_mistake_of_ours(void **state)
{
	assert_true(dies(look_that_writes, *state));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(a_look_sees_one_snapshot_and_its_answer_comes_back),
	    ON_SQLITE(a_look_that_writes_is_a_mistake_of_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
