/*
 * Keeps a process on the published revision: asks the database's newest row
 * and moves the content store.
 */
#ifndef APP_FOLLOW_H
#define APP_FOLLOW_H

#include "base/err.h"

struct content_store;
struct db;
struct lane;

/* Once, on the caller's connection. Nothing published yet is ERR_OK. */
MUST_USE enum err follow_once(struct db *db, struct content_store *store);

/*
 * Asks in a reader lane, one question at a time; follow_tick returns at once
 * and is called by one thread. After the lane is closed: follow_free.
 */
struct follow;
struct follow *follow_new(struct lane *reader, struct content_store *store);
void follow_tick(struct follow *f);
void follow_free(struct follow *f);

#endif
