/*
 * A full disk: the writer is told (ERR_NO_SPACE), nothing is half-written,
 * what was saved can be read, and work goes on when there is space again.
 *
 * PostgreSQL has its tables on the small disk and its log of writes beside
 * it: a server whose log has no space stops by itself, and is then away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/random.h"
#include "db/db_engine.h"
#include "db/lane.h"
#include "db/migrate.h"
#include "support/directory.h"
#include "support/pg.h"
#include "support/small_disk.h"

#define SQLITE_DISK_KIB 4096
#define PG_DISK_KIB (96 * 1024)
#define LEAVE_KIB 1024
#define WRITES_MAX 4000
#define VALUE_BYTES 6000

struct disk {
	char path[DIRECTORY_BYTES]; /* the small disk */
	char beside[DIRECTORY_BYTES]; /* PostgreSQL's log and socket */
	char dsn[PG_DSN_BYTES];
	struct pg_server pg;
	struct db *db;
};

struct write {
	int number;
	const char *value;
};

/* Two rows: both or none may be found. */
static enum err
write_two(struct db *db, void *ctx)
{
	const struct write *w = ctx;
	char key[32];
	enum err e;

	(void)snprintf(key, sizeof(key), "a%d", w->number);
	e = db_exec(
	    db, Q_SETTING_ADD, DB_ARGS(db_text(key), db_text(w->value)), NULL);
	if (e != ERR_OK)
		return e;
	(void)snprintf(key, sizeof(key), "b%d", w->number);
	return db_exec(
	    db, Q_SETTING_ADD, DB_ARGS(db_text(key), db_text(w->value)), NULL);
}

/* Text that no database can make smaller. */
static const char *
value_new(struct arena *a)
{
	uint8_t bytes[VALUE_BYTES / 2];

	random_bytes(bytes, sizeof(bytes));
	return hex_encode(a, bytes, sizeof(bytes));
}

static int64_t
count(struct db *db)
{
	int64_t n = -1;

	assert_int_equal(
	    db_one_int(db, Q_SETTING_COUNT, DB_NO_ARGS, &n), ERR_OK);
	return n;
}

/* Writes until it is refused; answers how many were saved. */
static int
write_until_refused(struct db *db, struct arena *a, enum err *last)
{
	struct write w = {.number = 0};

	for (w.number = 0; w.number < WRITES_MAX; w.number++) {
		w.value = value_new(a);
		if ((*last = db_write(db, write_two, &w)) != ERR_OK)
			break;
	}
	return w.number;
}

static enum err
write_by_lane(const struct disk *d, struct write *w)
{
	const struct lane_options o = {.name = "writer",
	    .dsn = d->dsn,
	    .kind = LANE_WRITE,
	    .threads = 1,
	    .queue_max = 1};
	struct lane *l;
	enum err e;

	assert_int_equal(lane_open(&o, &l), ERR_OK);
	e = lane_write(l, write_two, w);
	lane_close(l);
	return e;
}

static void
a_full_disk_refuses_and_loses_nothing(void **state)
{
	struct disk *d = *state;
	struct arena *a = arena_new();
	struct write w = {.number = WRITES_MAX + 1, .value = value_new(a)};
	enum err e = ERR_OK;
	int saved;

	small_disk_fill(d->path, LEAVE_KIB);
	saved = write_until_refused(d->db, a, &e);
	assert_int_equal(e, ERR_NO_SPACE);
	assert_true(saved > 0);
	assert_true(count(d->db) == saved * 2);
	assert_int_equal(write_by_lane(d, &w), ERR_NO_SPACE);
	assert_true(count(d->db) == saved * 2);

	small_disk_free(d->path);
	assert_int_equal(db_write(d->db, write_two, &w), ERR_OK);
	w.number++;
	assert_int_equal(write_by_lane(d, &w), ERR_OK);
	assert_true(count(d->db) == (saved + 2) * 2);
	arena_free(a);
}

static struct disk *
disk_new(unsigned kib)
{
	struct disk *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	directory_make(d->path);
	directory_make(d->beside);
	if (!small_disk_mount(d->path, kib))
		fail();
	return d;
}

static int
setup_sqlite(void **state)
{
	struct disk *d = disk_new(SQLITE_DISK_KIB);

	(void)snprintf(d->dsn, sizeof(d->dsn), "sqlite:%s/tanren.db", d->path);
	assert_int_equal(migrate_run(d->dsn, NULL), ERR_OK);
	assert_int_equal(db_open(d->dsn, DB_WRITE, &d->db), ERR_OK);
	*state = d;
	return 0;
}

static int
setup_postgresql(void **state)
{
	struct disk *d = disk_new(PG_DISK_KIB);
	char data[PG_PATH_BYTES];

	(void)snprintf(data, sizeof(data), "%s/data", d->path);
	pg_make(&d->pg, d->beside, data);
	pg_start(&d->pg);
	pg_database_make(&d->pg, "tanren", NULL);
	pg_dsn(&d->pg, "tanren", d->dsn);
	assert_int_equal(migrate_run(d->dsn, NULL), ERR_OK);
	assert_int_equal(db_open(d->dsn, DB_WRITE, &d->db), ERR_OK);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	struct disk *d = *state;

	db_close(d->db);
	pg_kill(&d->pg);
	small_disk_unmount(d->path);
	directory_remove(d->path);
	directory_remove(d->beside);
	free(d);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    {"a_full_disk_refuses_and_loses_nothing (SQLite)",
		a_full_disk_refuses_and_loses_nothing, setup_sqlite, teardown,
		NULL},
	    {"a_full_disk_refuses_and_loses_nothing (PostgreSQL)",
		a_full_disk_refuses_and_loses_nothing, setup_postgresql,
		teardown, NULL},
	};

	random_start();
	if (!small_disk_enter())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
