/*
 * SQLite's online backup (sqlite.org/backup.html) in one step: the source is
 * held as a reader holds it, so that it is one moment's and is never begun
 * again for the sake of a writer.
 */
#include "db/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define BUSY_TIMEOUT_MS 10000
#define ALL_PAGES (-1)

static enum err
failed(sqlite3 *handle, const char *what, int code)
{
	int cause = sqlite3_system_errno(handle);

	log_error("db", "%s: %s (%d)", what, sqlite3_errmsg(handle), code);
	if (code == SQLITE_FULL || cause == ENOSPC || cause == EDQUOT)
		return ERR_NO_SPACE;
	return (code & 0xff) == SQLITE_CANTOPEN ? ERR_UNAVAILABLE
						: ERR_INTERNAL;
}

static enum err
copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int code;

	if (b == NULL)
		return failed(to, "backup", sqlite3_errcode(to));
	code = sqlite3_backup_step(b, ALL_PAGES);
	if (code == SQLITE_DONE)
		code = sqlite3_backup_finish(b);
	else
		(void)sqlite3_backup_finish(b);
	return code == SQLITE_OK ? ERR_OK : failed(to, "backup", code);
}

static enum err
copy_to(sqlite3 *from, const char *path)
{
	sqlite3 *to = NULL;
	enum err e;
	int code, fd;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1) {
		log_error("db", "%s: %s", path, strerror(errno));
		return errno == EEXIST ? ERR_CONFLICT : ERR_INTERNAL;
	}
	(void)close(fd);
	code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
	e = code == SQLITE_OK ? copy(from, to) : failed(to, path, code);
	code = sqlite3_close(to);
	if (e == ERR_OK && code != SQLITE_OK)
		e = ERR_INTERNAL;
	if (e != ERR_OK)
		(void)unlink(path);
	return e;
}

enum err
snapshot_make(const char *dsn, const char *path)
{
	sqlite3 *from = NULL;
	enum err e;
	int code;

	if (!text_starts(dsn, "sqlite:"))
		return ERR_INVALID;
	/* READWRITE: a reader shares the write-ahead log's index */
	code = sqlite3_open_v2(
	    dsn + strlen("sqlite:"), &from, SQLITE_OPEN_READWRITE, NULL);
	if (code != SQLITE_OK) {
		e = failed(from, "open", code);
	} else {
		(void)sqlite3_busy_timeout(from, BUSY_TIMEOUT_MS);
		e = copy_to(from, path);
	}
	(void)sqlite3_close(from);
	return e;
}

enum err
snapshot_check(const char *path)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *handle = NULL;
	const char *said = NULL;
	int code;

	code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
		    handle, "PRAGMA quick_check(1)", -1, &stmt, NULL);
	if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		said = (const char *)sqlite3_column_text(stmt, 0);
	if (said == NULL || !text_eq(said, "ok"))
		log_error("db", "%s: %s", path,
		    said == NULL ? sqlite3_errmsg(handle) : said);
	code = said != NULL && text_eq(said, "ok");
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(handle);
	return code ? ERR_OK : ERR_INVALID;
}
