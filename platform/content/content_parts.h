/* What the files of the reader share. */
#ifndef CONTENT_CONTENT_PARTS_H
#define CONTENT_CONTENT_PARTS_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "content/model.h"

/*
 * All of a manifest is read when it is opened (a few MB, milliseconds) and
 * never changes: threads share it without a lock. Only the search goes to the
 * file, one query at a time: it takes tens of microseconds.
 */
struct content {
	atomic_int references;
	struct arena *a;
	const char *name, *commit;
	struct model model;
	pthread_mutex_t search_lock;
	sqlite3 *db;
	sqlite3_stmt *search[LANG__MAX];
};

/* ERR_NOT_FOUND: no such file. ERR_INTERNAL: damaged, logged. */
MUST_USE enum err
content_load(const char *dir, const char *name, struct content **out);
void content_hold(struct content *c);

#endif
