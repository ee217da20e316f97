/*
 * The other way to write: THREADS threads, each with a connection of its own,
 * each answer a transaction of its own with synchronous=FULL. Prints the
 * answers saved in a second and the slowest one in milliseconds.
 *
 *	writers FILE THREADS SECONDS
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *path;
static double end_at;
static _Atomic long saved;
static _Atomic long slowest_us;

static double
seconds(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		exit(1);
	}
}

static sqlite3 *
open_database(void)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(1);
	(void)sqlite3_busy_timeout(db, 10000);
	run(db, "PRAGMA journal_mode=WAL");
	run(db, "PRAGMA synchronous=FULL");
	run(db,
	    "CREATE TABLE IF NOT EXISTS draft_answer (attempt INTEGER,"
	    " seq INTEGER, question TEXT, chosen TEXT, client_key TEXT,"
	    " saved_at INTEGER, PRIMARY KEY (attempt, seq))");
	return db;
}

static void *
writer(void *arg)
{
	long attempt = (long)(size_t)arg, seq, us, worst;
	sqlite3 *db = open_database();
	sqlite3_stmt *insert;
	double began;

	(void)sqlite3_prepare_v2(db,
	    "INSERT INTO draft_answer VALUES (?1, ?2, 'E-101-1-01', '0',"
	    " 'a-client-key-of-some-length.0', 1793577600000)",
	    -1, &insert, NULL);
	for (seq = 0; (began = seconds()) < end_at; seq++) {
		run(db, "BEGIN IMMEDIATE");
		(void)sqlite3_bind_int64(insert, 1, attempt);
		(void)sqlite3_bind_int64(insert, 2, seq);
		if (sqlite3_step(insert) != SQLITE_DONE)
			exit(1);
		(void)sqlite3_reset(insert);
		run(db, "COMMIT");
		saved++;
		us = (long)((seconds() - began) * 1e6);
		for (worst = slowest_us; us > worst;)
			if (atomic_compare_exchange_weak(
				&slowest_us, &worst, us))
				break;
	}
	(void)sqlite3_finalize(insert);
	(void)sqlite3_close(db);
	return NULL;
}

int
main(int argc, char **argv)
{
	pthread_t threads[64];
	double lasts;
	long i, n;

	if (argc != 4)
		return 2;
	path = argv[1];
	n = strtol(argv[2], NULL, 10);
	lasts = strtod(argv[3], NULL);
	if (n < 1 || n > 64)
		return 2;
	(void)sqlite3_close(open_database());
	end_at = seconds() + lasts;
	for (i = 0; i < n; i++)
		if (pthread_create(
			&threads[i], NULL, writer, (void *)(size_t)i) != 0)
			return 1;
	for (i = 0; i < n; i++)
		(void)pthread_join(threads[i], NULL);
	printf("%.0f %.1f\n", (double)saved / lasts, (double)slowest_us / 1e3);
	return 0;
}
