/* Files of a backup: names, copies, digests. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backup.h"
#include "base/digest.h"
#include "base/text.h"

#define PIECE_BYTES ((size_t)128 * 1024)
#define NAME_BYTES_MAX 100
#define TREE_FILES_OPEN 8

static enum err
failed(const char *path)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return backup_say(ERR_NO_SPACE, "%s: the disk is full", path);
	return backup_say(ERR_INTERNAL, "%s: %s", path, strerror(errno));
}

/* One part, or one below content/. Nothing hidden, nothing above. */
bool
backup_name_is_good(const char *name)
{
	size_t n;

	if (text_starts(name, "content/"))
		name += strlen("content/");
	n = strlen(name);
	return n > 0 && n <= NAME_BYTES_MAX && *name != '.' && *name != '-' &&
	    strspn(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789._-") == n;
}

static enum err
copy_bytes(int from, int to, const char *name)
{
	static char piece[PIECE_BYTES];
	ssize_t n, put, at;

	while ((n = read(from, piece, sizeof(piece))) != 0) {
		if (n == -1)
			return failed(name);
		for (at = 0; at < n; at += put)
			if ((put = write(to, piece + at, (size_t)(n - at))) ==
			    -1)
				return failed(name);
	}
	return fsync(to) == -1 ? failed(name) : ERR_OK;
}

enum err
file_copy(const char *from, const char *to)
{
	enum err e;
	int in, out;

	if ((in = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return failed(from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	e = out == -1 ? failed(to) : copy_bytes(in, out, to);
	if (out != -1 && close(out) == -1 && e == ERR_OK)
		e = failed(to);
	(void)close(in);
	return e;
}

enum err
file_digest(const char *path, struct arena *a, const char **hex, int64_t *bytes)
{
	uint8_t digest[DIGEST_BYTES];
	struct stat st;
	enum err e;
	int fd;

	if ((fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return failed(path);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return backup_say(ERR_INVALID, "%s: this is no file", path);
	}
	e = digest_descriptor(fd, digest, bytes);
	if (e != ERR_OK)
		e = failed(path);
	else
		*hex = hex_encode(a, digest, sizeof(digest));
	(void)close(fd);
	return e;
}

enum err
directory_sync(const char *path)
{
	enum err e;
	int fd;

	if ((fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return failed(path);
	e = fsync(fd) == -1 ? failed(path) : ERR_OK;
	(void)close(fd);
	return e;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void
directory_remove_all(const char *path)
{
	if (nftw(path, remove_one, TREE_FILES_OPEN, FTW_DEPTH | FTW_PHYS) == -1)
		(void)!failed(path);
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

enum err
directory_names(
    const char *path, struct arena *a, const char *const **out, size_t *n)
{
	const char **list = NULL;
	const struct dirent *entry;
	size_t count = 0;
	DIR *d;

	if ((d = opendir(path)) == NULL)
		return failed(path);
	while ((entry = readdir(d)) != NULL)
		if (backup_name_is_good(entry->d_name))
			*ARENA_PUSH(a, list, count) =
			    arena_strdup(a, entry->d_name);
	(void)closedir(d);
	if (count > 0)
		qsort(list, count, sizeof(*list), by_name);
	*out = list;
	*n = count;
	return ERR_OK;
}
