/* The door to the database: the same rules on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/db_engine.h"
#include "support/dies.h"
#include "support/fixture.h"

struct setting {
	const char *key, *value;
};

static enum err
put(struct db *db, void *ctx)
{
	const struct setting *s = ctx;

	return db_exec(db, Q_SETTING_PUT,
	    DB_ARGS(db_text(s->key), db_text(s->value)), NULL);
}

static enum err
add(struct db *db, void *ctx)
{
	const struct setting *s = ctx;

	return db_exec(db, Q_SETTING_ADD,
	    DB_ARGS(db_text(s->key), db_text(s->value)), NULL);
}

/* The value of a key, NULL without one. */
static const char *
get(struct db *db, struct arena *a, const char *key)
{
	const char *value = NULL;
	struct db_rows *rows;

	assert_int_equal(
	    db_rows(db, Q_SETTING_GET, DB_ARGS(db_text(key)), &rows), ERR_OK);
	while (db_next(rows))
		value = db_col_text(rows, 0, a);
	assert_int_equal(db_done(rows), ERR_OK);
	return value;
}

static int64_t
count(struct db *db)
{
	int64_t n = -1;

	assert_int_equal(
	    db_one_int(db, Q_SETTING_COUNT, DB_NO_ARGS, &n), ERR_OK);
	return n;
}

static void
values_come_back_as_they_were(void **state)
{
	static const struct {
		int64_t i;
		const char *text;
		const char *bytes;
		size_t n;
	} cases[] = {
	    {0, "", "", 0},
	    {1, "a", "\0", 1},
	    {-1, "金融庁", "\0\1\377\0", 4},
	    {INT64_C(9007199254740991), "𠮷野家 😀 e\xcc\x81", "\\x00'\"", 6},
	    {INT64_MAX, "'; DROP TABLE setting; --", "abc\0def", 7},
	    {INT64_MIN, "tab\tline\nreturn\r", "\r\n", 2},
	};
	struct fixture *f = *state;
	struct db_rows *rows;
	const void *bytes;
	size_t i, n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    db_rows(f->db, Q_DB_ECHO,
			DB_ARGS(db_int(cases[i].i), db_text(cases[i].text),
			    db_bytes(cases[i].bytes, cases[i].n)),
			&rows),
		    ERR_OK);
		assert_true(db_next(rows));
		assert_true(db_col_int(rows, 0) == cases[i].i);
		assert_string_equal(
		    db_col_text(rows, 1, f->arena), cases[i].text);
		bytes = db_col_bytes(rows, 2, f->arena, &n);
		assert_int_equal(n, cases[i].n);
		assert_memory_equal(bytes, cases[i].bytes, n);
		assert_false(db_col_is_null(rows, 2));
		assert_false(db_next(rows));
		assert_int_equal(db_done(rows), ERR_OK);
	}
}

static void
null_is_kept_apart_from_empty(void **state)
{
	struct fixture *f = *state;
	struct db_rows *rows;
	size_t n = 9;
	int col;

	assert_int_equal(
	    db_rows(f->db, Q_DB_ECHO,
		DB_ARGS(db_null(), db_text(NULL), db_null()), &rows),
	    ERR_OK);
	assert_true(db_next(rows));
	for (col = 0; col < 3; col++)
		assert_true(db_col_is_null(rows, col));
	assert_true(db_col_int(rows, 0) == 0);
	assert_string_equal(db_col_text(rows, 1, f->arena), "");
	assert_null(db_col_text_or_null(rows, 1, f->arena));
	assert_null(db_col_bytes(rows, 2, f->arena, &n));
	assert_int_equal(n, 0);
	assert_int_equal(db_done(rows), ERR_OK);
}

static void
text_is_ordered_by_its_bytes(void **state)
{
	static const char *const ordered[] = {
	    "B", "Z", "_", "a", "é", "あ", "金", "😀"};
	static const int inserted[] = {5, 0, 7, 3, 2, 6, 1, 4};
	struct fixture *f = *state;
	struct db_rows *rows;
	size_t i;

	for (i = 0; i < 8; i++) {
		struct setting s = {ordered[inserted[i]], ""};

		assert_int_equal(db_write(f->db, put, &s), ERR_OK);
	}
	assert_int_equal(
	    db_rows(f->db, Q_SETTING_LIST, DB_NO_ARGS, &rows), ERR_OK);
	for (i = 0; i < 8; i++) {
		assert_true(db_next(rows));
		assert_string_equal(db_col_text(rows, 0, f->arena), ordered[i]);
	}
	assert_false(db_next(rows));
	assert_int_equal(db_done(rows), ERR_OK);
}

static void
a_question_without_a_row_is_not_found(void **state)
{
	struct fixture *f = *state;
	int64_t n = 7;

	assert_int_equal(
	    db_one_int(f->db, Q_SETTING_GET, DB_ARGS(db_text("none")), &n),
	    ERR_NOT_FOUND);
	assert_true(n == 7);
}

static void
a_statement_is_read_twice_at_once(void **state)
{
	struct setting one = {"1", "one"}, two = {"2", "two"};
	struct fixture *f = *state;
	struct db_rows *outer, *inner;
	int outers = 0, inners = 0;

	assert_int_equal(db_write(f->db, put, &one), ERR_OK);
	assert_int_equal(db_write(f->db, put, &two), ERR_OK);
	assert_int_equal(
	    db_rows(f->db, Q_SETTING_LIST, DB_NO_ARGS, &outer), ERR_OK);
	while (db_next(outer)) {
		outers++;
		assert_int_equal(
		    db_rows(f->db, Q_SETTING_LIST, DB_NO_ARGS, &inner), ERR_OK);
		while (db_next(inner))
			inners++;
		assert_int_equal(db_done(inner), ERR_OK);
	}
	assert_int_equal(db_done(outer), ERR_OK);
	assert_int_equal(outers, 2);
	assert_int_equal(inners, 4);
}

static void
a_second_row_with_the_key_is_a_conflict(void **state)
{
	struct setting first = {"k", "first"}, second = {"k", "second"};
	struct fixture *f = *state;

	assert_int_equal(db_write(f->db, add, &first), ERR_OK);
	assert_int_equal(db_write(f->db, add, &second), ERR_CONFLICT);
	assert_string_equal(get(f->db, f->arena, "k"), "first");
	/* and the connection works on */
	assert_int_equal(db_write(f->db, put, &second), ERR_OK);
	assert_string_equal(get(f->db, f->arena, "k"), "second");
}

static enum err
race(struct db *db, void *ctx)
{
	int64_t *changed = ctx;

	return db_exec(db, Q_SETTING_PUT_NEW,
	    DB_ARGS(db_text("race"), db_text("x")), changed);
}

static void
changed_tells_who_was_first(void **state)
{
	struct fixture *f = *state;
	int64_t changed = -1;

	assert_int_equal(db_write(f->db, race, &changed), ERR_OK);
	assert_true(changed == 1);
	assert_int_equal(db_write(f->db, race, &changed), ERR_OK);
	assert_true(changed == 0);
}

static enum err
write_then_refuse(struct db *db, void *ctx)
{
	enum err e = put(db, ctx);

	return e != ERR_OK ? e : ERR_INVALID;
}

static void
an_act_that_answers_an_error_leaves_nothing(void **state)
{
	struct setting s = {"k", "v"};
	struct fixture *f = *state;

	assert_int_equal(db_write(f->db, write_then_refuse, &s), ERR_INVALID);
	assert_null(get(f->db, f->arena, "k"));
	assert_false(db_is_writing(f->db));
}

static enum err
pass_over_a_conflict(struct db *db, void *ctx)
{
	struct setting other = {"other", "v"};

	assert_int_equal(add(db, ctx), ERR_OK);
	assert_int_equal(add(db, ctx), ERR_CONFLICT);
	assert_int_equal(put(db, &other), ERR_CONFLICT);
	return ERR_OK;
}

static void
a_failed_statement_ends_its_act(void **state)
{
	struct setting s = {"k", "v"};
	struct fixture *f = *state;

	assert_int_equal(
	    db_write(f->db, pass_over_a_conflict, &s), ERR_CONFLICT);
	assert_true(count(f->db) == 0);
}

static enum err
nested(struct db *db, void *ctx)
{
	struct setting outer = {"outer", "v"}, inner = {"inner", "v"},
		       again = {"outer", "w"}, last = {"last", "v"};

	(void)ctx;
	assert_int_equal(add(db, &outer), ERR_OK);
	assert_int_equal(db_write(db, write_then_refuse, &inner), ERR_INVALID);
	assert_int_equal(db_write(db, add, &again), ERR_CONFLICT);
	assert_int_equal(db_write(db, add, &last), ERR_OK);
	assert_true(db_is_writing(db));
	return ERR_OK;
}

static void
a_nested_act_fails_alone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(db_write(f->db, nested, NULL), ERR_OK);
	assert_true(count(f->db) == 2);
	assert_string_equal(get(f->db, f->arena, "outer"), "v");
	assert_string_equal(get(f->db, f->arena, "last"), "v");
	assert_null(get(f->db, f->arena, "inner"));
}

/* Looks at the first of the rows, or at none, and is done. */
static enum err
take(struct db *db, void *ctx)
{
	const bool *reads = ctx;
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_SETTING_TAKE, DB_ARGS(db_text("k")), &rows);
	if (e != ERR_OK)
		return e;
	if (*reads)
		assert_true(db_next(rows));
	return db_done(rows);
}

static void
a_write_that_answers_rows_is_done_even_unread(void **state)
{
	static const bool cases[] = {true, false};
	struct setting s = {"k", "v"};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		bool reads = cases[i];

		assert_int_equal(db_write(f->db, put, &s), ERR_OK);
		assert_int_equal(db_write(f->db, take, &reads), ERR_OK);
		assert_null(get(f->db, f->arena, "k"));
	}
}

static enum err
look_from_outside(struct db *db, void *ctx)
{
	struct setting s = {"secret", "v"};
	struct db *other = ctx;

	assert_int_equal(put(db, &s), ERR_OK);
	assert_true(count(db) == 1);
	assert_true(count(other) == 0);
	return ERR_OK;
}

static void
reads_do_not_see_what_is_not_committed(void **state)
{
	struct fixture *f = *state;
	struct db *other = fixture_connect(f, DB_READ);

	assert_int_equal(db_write(f->db, look_from_outside, other), ERR_OK);
	assert_true(count(other) == 1);
	db_close(other);
}

static void
a_read_connection_refuses_writes(void **state)
{
	struct setting s = {"k", "v"};
	struct fixture *f = *state;
	struct db *reader = fixture_connect(f, DB_READ);

	assert_int_equal(db_write(reader, put, &s), ERR_INTERNAL);
	assert_true(count(reader) == 0);
	db_close(reader);
}

struct pair {
	const char *key;
	struct db *other; /* writes meanwhile, the first time; or NULL */
};

/* Each of two acts writes only if it sees nothing of the other. */
static enum err
only_one(struct db *db, void *ctx)
{
	struct pair *p = ctx, theirs = {.key = "b"};
	struct setting mine = {p->key, "v"};
	struct db *other = p->other;
	int64_t n = count(db);

	p->other = NULL;
	if (other != NULL)
		assert_int_equal(db_write(other, only_one, &theirs), ERR_OK);
	return n == 0 ? put(db, &mine) : ERR_CONFLICT;
}

static void
acts_are_serializable(void **state)
{
	struct fixture *f = *state;
	struct db *other = fixture_connect(f, DB_WRITE);
	struct pair p = {.key = "a", .other = other};

	/* tried again, it sees what the other has written */
	assert_int_equal(db_write(f->db, only_one, &p), ERR_CONFLICT);
	assert_true(count(f->db) == 1);
	db_close(other);
}

static int
exec_outside(void *ctx)
{
	struct setting s = {"k", "v"};

	return (int)put(ctx, &s);
}

static int
rows_of_a_write_outside(void *ctx)
{
	bool reads = true;

	return (int)take(ctx, &reads);
}

static int
too_few_arguments(void *ctx)
{
	struct db_rows *rows;

	return (int)db_rows(ctx, Q_SETTING_GET, DB_NO_ARGS, &rows);
}

static int
wrong_type(void *ctx)
{
	struct db_rows *rows;

	return (int)db_rows(ctx, Q_SETTING_GET, DB_ARGS(db_int(1)), &rows);
}

static int
unknown_query(void *ctx)
{
	struct db_rows *rows;

	return (int)db_rows(ctx, Q__MAX, DB_NO_ARGS, &rows);
}

static int
text_as_integer(void *ctx)
{
	int64_t n;

	return (int)db_one_int(ctx, Q_SETTING_GET, DB_ARGS(db_text("k")), &n);
}

static int
column_without_row(void *ctx)
{
	struct db_rows *rows;

	if (db_rows(ctx, Q_SETTING_COUNT, DB_NO_ARGS, &rows) == ERR_OK)
		return (int)db_col_int(rows, 0);
	return 1;
}

static enum err
leave_rows(struct db *db, void *ctx)
{
	return db_rows(db, Q_SETTING_LIST, DB_NO_ARGS, ctx);
}

static int
rows_left_in_an_act(void *ctx)
{
	struct db_rows *rows;

	return (int)db_write(ctx, leave_rows, &rows);
}

static void
our_mistakes_end_the_program(void **state)
{
	static const struct {
		const char *name;
		int (*f)(void *ctx);
	} mistakes[] = {
	    {"a write outside of db_write", exec_outside},
	    {"a write with rows outside of it", rows_of_a_write_outside},
	    {"too few arguments", too_few_arguments},
	    {"an argument of the wrong type", wrong_type},
	    {"a query that is not there", unknown_query},
	    {"a text read as an integer", text_as_integer},
	    {"a column before db_next", column_without_row},
	    {"rows left open in an act", rows_left_in_an_act},
	};
	struct setting s = {"k", "not a number"};
	struct fixture *f = *state;
	size_t i;

	assert_int_equal(db_write(f->db, put, &s), ERR_OK);
	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		/* a connection must not be used by two processes */
		struct db *own = fixture_connect(f, DB_WRITE);

		if (!dies(mistakes[i].f, own))
			fail_msg("survived: %s", mistakes[i].name);
		db_close(own);
	}
}

static void
a_database_out_of_reach_is_unavailable(void **state)
{
	struct fixture *f = *state;
	char dsn[2][PG_DSN_BYTES];
	struct db *db = NULL;
	size_t i;

	if (f->engine == DB_SQLITE) {
		(void)snprintf(
		    dsn[0], sizeof(dsn[0]), "sqlite:%s/none.db", f->directory);
		(void)snprintf(dsn[1], sizeof(dsn[1]), "sqlite:%s/none/none.db",
		    f->directory);
	} else {
		pg_dsn(pg_shared(), "none", dsn[0]);
		(void)snprintf(dsn[1], sizeof(dsn[1]),
		    "postgresql:host=%s user=tanren dbname=none", f->directory);
	}
	for (i = 0; i < 2; i++)
		assert_int_equal(
		    db_open(dsn[i], DB_WRITE, &db), ERR_UNAVAILABLE);
	assert_int_equal(db_open("mysql:x", DB_READ, &db), ERR_INTERNAL);
	assert_null(db);
}

static void
postgresql_that_may_lose_commits_is_refused(void **state)
{
	struct fixture *f = *state;
	char sql[128];
	struct db *db;

	(void)snprintf(sql, sizeof(sql),
	    "ALTER DATABASE %s SET synchronous_commit = off", f->database);
	pg_run(pg_shared(), "postgres", sql);
	assert_int_equal(db_open(f->dsn, DB_WRITE, &db), ERR_INTERNAL);
	(void)snprintf(sql, sizeof(sql),
	    "ALTER DATABASE %s SET synchronous_commit = on", f->database);
	pg_run(pg_shared(), "postgres", sql);
	assert_int_equal(db_open(f->dsn, DB_WRITE, &db), ERR_OK);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(values_come_back_as_they_were),
	    ON_BOTH_ENGINES(null_is_kept_apart_from_empty),
	    ON_BOTH_ENGINES(text_is_ordered_by_its_bytes),
	    ON_BOTH_ENGINES(a_question_without_a_row_is_not_found),
	    ON_BOTH_ENGINES(a_statement_is_read_twice_at_once),
	    ON_BOTH_ENGINES(a_second_row_with_the_key_is_a_conflict),
	    ON_BOTH_ENGINES(changed_tells_who_was_first),
	    ON_BOTH_ENGINES(an_act_that_answers_an_error_leaves_nothing),
	    ON_BOTH_ENGINES(a_failed_statement_ends_its_act),
	    ON_BOTH_ENGINES(a_nested_act_fails_alone),
	    ON_BOTH_ENGINES(a_write_that_answers_rows_is_done_even_unread),
	    ON_BOTH_ENGINES(reads_do_not_see_what_is_not_committed),
	    ON_BOTH_ENGINES(a_read_connection_refuses_writes),
	    ON_POSTGRESQL(acts_are_serializable),
	    ON_BOTH_ENGINES(our_mistakes_end_the_program),
	    ON_BOTH_ENGINES(a_database_out_of_reach_is_unavailable),
	    ON_POSTGRESQL(postgresql_that_may_lose_commits_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
