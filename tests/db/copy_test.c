/* The bulk door: many rows of one table, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "db/db_engine.h"
#include "support/dies.h"
#include "support/fixture.h"

#define ROWS 10000

static int64_t
ask(struct db *db, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db->ops->question(db, sql, &n), ERR_OK);
	return n;
}

static enum err
organisation(struct db *db, void *ctx)
{
	struct db_copy *c;
	enum err e;

	(void)ctx;
	e = db_copy_begin(db, "organisation",
	    "id,kind,code,name_ja,name_en,category,size_band,created_at", &c);
	if (e != ERR_OK)
		return e;
	e = db_copy_row(c,
	    DB_ARGS(db_int(7), db_text("institution"), db_text("0001"),
		db_text("丹練銀行"), db_text("Tanren Bank"), db_null(),
		db_null(), db_int(FIXTURE_NOW)));
	assert_int_equal(e, ERR_OK);
	return db_copy_end(c);
}

/* Rows 1 to ROWS; from the row `bad` on they refer to nobody. */
static enum err
audit_rows(struct db *db, void *ctx)
{
	const int64_t *bad = ctx;
	uint8_t hash[DIGEST_BYTES];
	struct db_copy *c;
	int64_t i;
	enum err e;

	e = db_copy_begin(db, "audit",
	    "organisation,seq,at,actor,act,subject,detail,hash", &c);
	if (e != ERR_OK)
		return e;
	for (i = 1; i <= ROWS; i++) {
		digest_sha256(&i, sizeof(i), hash);
		e = db_copy_row(c,
		    DB_ARGS(db_int(i >= *bad ? 8 : 7), db_int(i),
			db_int(FIXTURE_NOW + i), db_int(INT64_C(1) << 52),
			db_text("act"), db_text("tab\t\\N\n𠮷"), db_text(""),
			db_bytes(hash, i == 1 ? 0 : sizeof(hash))));
		if (e != ERR_OK)
			break;
	}
	return db_copy_end(c);
}

static void
ten_thousand_rows_arrive_whole(void **state)
{
	struct fixture *f = *state;
	int64_t none = INT64_MAX;

	assert_int_equal(db_write(f->db, organisation, NULL), ERR_OK);
	assert_int_equal(db_write(f->db, audit_rows, &none), ERR_OK);
	assert_true(ask(f->db, "SELECT COUNT(*) FROM audit") == ROWS);
	assert_true(ask(f->db,
			"SELECT COUNT(*) FROM audit WHERE"
			" actor = 4503599627370496 AND detail = ''") == ROWS);
	assert_true(ask(f->db,
			"SELECT COUNT(DISTINCT hash) FROM audit"
			" WHERE LENGTH(hash) = 32") == ROWS - 1);
	assert_true(ask(f->db,
			"SELECT LENGTH(subject) FROM audit"
			" WHERE seq = 9") == 8);
	assert_true(ask(f->db,
			"SELECT COUNT(*) FROM organisation"
			" WHERE category IS NULL") == 1);
}

static void
one_wrong_row_leaves_none(void **state)
{
	struct fixture *f = *state;
	int64_t bad = ROWS - 1;

	assert_int_equal(db_write(f->db, organisation, NULL), ERR_OK);
	assert_int_equal(db_write(f->db, audit_rows, &bad), ERR_CONFLICT);
	assert_true(ask(f->db, "SELECT COUNT(*) FROM audit") == 0);
	/* and the connection works on */
	bad = INT64_MAX;
	assert_int_equal(db_write(f->db, audit_rows, &bad), ERR_OK);
}

static enum err
unknown_table(struct db *db, void *ctx)
{
	struct db_copy **c = ctx;

	return db_copy_begin(db, "no_such_table", "id", c);
}

static void
a_table_that_is_not_there_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct db_copy *c;

	assert_int_equal(db_write(f->db, unknown_table, &c), ERR_INTERNAL);
	assert_int_equal(db_write(f->db, organisation, NULL), ERR_OK);
}

static int
copy_outside(void *ctx)
{
	struct db_copy *c;

	return (int)db_copy_begin(ctx, "setting", "key,value", &c);
}

static enum err
foreign_name_act(struct db *db, void *ctx)
{
	struct db_copy **c = ctx;

	return db_copy_begin(db, "setting; DROP TABLE setting", "key", c);
}

static int
foreign_name(void *ctx)
{
	struct db_copy *c;

	return (int)db_write(ctx, foreign_name_act, &c);
}

static enum err
left_open_act(struct db *db, void *ctx)
{
	struct db_copy **c = ctx;

	return db_copy_begin(db, "setting", "key,value", c);
}

static int
left_open(void *ctx)
{
	struct db_copy *c;

	return (int)db_write(ctx, left_open_act, &c);
}

static void
our_mistakes_end_the_program(void **state)
{
	static int (*const mistakes[])(void *ctx) = {
	    copy_outside, foreign_name, left_open};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct db *own = fixture_connect(f, DB_WRITE);

		assert_true(dies(mistakes[i], own));
		db_close(own);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(ten_thousand_rows_arrive_whole),
	    ON_BOTH_ENGINES(one_wrong_row_leaves_none),
	    ON_BOTH_ENGINES(a_table_that_is_not_there_is_an_error),
	    ON_BOTH_ENGINES(our_mistakes_end_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
