/* Files to and from a container: tar archives in memory. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/engine/container_parts.h"
#include "lab/engine/labd.h"

#define ENTRIES_MAX 4096 /* of an archive that comes */
#define BLOCK_BYTES ((size_t)10240)

/* ------------------------------------------------------------------ writing */

static la_ssize_t
on_bytes(struct archive *a, void *ctx, const void *p, size_t n)
{
	(void)a;
	buf_put(ctx, p, n);
	return (la_ssize_t)n;
}

void
tar_open(struct tar *t, struct buf *out)
{
	if ((t->archive = archive_write_new()) == NULL)
		abort();
	t->out = out;
	(void)archive_write_set_format_ustar(t->archive);
	(void)archive_write_set_bytes_per_block(t->archive, BLOCK_BYTES);
	(void)archive_write_open2(t->archive, out, NULL, on_bytes, NULL, NULL);
}

static int
put(struct tar *t, const char *path, unsigned kind, unsigned mode, long id,
    const void *data, size_t n)
{
	struct archive_entry *e = archive_entry_new();
	int rc;

	if (e == NULL)
		abort();
	archive_entry_set_pathname(e, path);
	archive_entry_set_filetype(e, kind);
	archive_entry_set_perm(e, mode);
	archive_entry_set_uid(e, id);
	archive_entry_set_gid(e, id);
	archive_entry_set_size(e, (la_int64_t)n);
	rc = archive_write_header(t->archive, e);
	if (rc == ARCHIVE_OK && n > 0 &&
	    archive_write_data(t->archive, data, n) != (la_ssize_t)n)
		rc = ARCHIVE_FATAL;
	archive_entry_free(e);
	return rc == ARCHIVE_OK ? 0 : -1;
}

int
tar_directory(struct tar *t, const char *path, long id)
{
	return put(t, path, AE_IFDIR, 0755, id, NULL, 0);
}

int
tar_file(struct tar *t, const char *path, const void *data, size_t n, long id)
{
	return put(t, path, AE_IFREG, 0644, id, data, n);
}

int
tar_close(struct tar *t)
{
	int rc = archive_write_close(t->archive);

	(void)archive_write_free(t->archive);
	t->archive = NULL;
	return rc == ARCHIVE_OK ? 0 : -1;
}

/* ------------------------------------------------------------------ reading */

/* The directories above a file. */
static int
make_above(int directory, const char *path)
{
	char above[PATH_MAX];
	const char *slash = path;
	size_t n;

	while ((slash = strchr(slash, '/')) != NULL) {
		n = (size_t)(slash++ - path);
		if (n >= sizeof(above))
			return -1;
		memcpy(above, path, n);
		above[n] = '\0';
		if (mkdirat(directory, above, 0700) == -1 && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int
unpack_one(struct archive *a, const char *path, int directory)
{
	int fd, rc;

	if (make_above(directory, path) == -1)
		return -1;
	/* an archive of a directory has a name once */
	fd = openat(directory, path,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	rc = archive_read_data_into_fd(a, fd);
	return close(fd) == 0 && rc == ARCHIVE_OK ? 0 : -1;
}

/* Of a plain name, below `top`; NULL: of no use to anybody. */
static const char *
plain(struct archive_entry *e, const char *top)
{
	const char *path = archive_entry_pathname(e);
	size_t n = strlen(top);

	if (path == NULL || strncmp(path, top, n) != 0 ||
	    !tree_path_is_plain(path + n))
		return NULL;
	return path + n;
}

static bool
can_be_had(struct archive_entry *e)
{
	return archive_entry_filetype(e) == AE_IFREG &&
	    archive_entry_hardlink(e) == NULL &&
	    (archive_entry_perm(e) & S_IRUSR) != 0 &&
	    archive_entry_size(e) <= (la_int64_t)LABD_FILES_BYTES_MAX;
}

/* For what is no regular file that can be had. */
static int
stand_in(struct archive_entry *e, const char *path, int directory)
{
	if (make_above(directory, path) == -1)
		return -1;
	if (archive_entry_filetype(e) == AE_IFDIR)
		return mkdirat(directory, path, 0700) == -1 && errno != EEXIST
		    ? -1
		    : 0;
	return mknodat(directory, path, S_IFIFO | 0600, 0);
}

int
tar_unpack(const struct buf *tar, const char *top, int directory)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	const char *path;
	int rc, good = 0, n = 0;

	if (a == NULL)
		abort();
	(void)archive_read_support_format_tar(a);
	rc = archive_read_open_memory(a, buf_text(tar), tar->len);
	while (rc == ARCHIVE_OK && good == 0 &&
	    (rc = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
		if (++n > ENTRIES_MAX)
			good = -1;
		else if ((path = plain(e, top)) != NULL)
			good = can_be_had(e) ? unpack_one(a, path, directory)
					     : stand_in(e, path, directory);
	}
	(void)archive_read_free(a);
	return rc == ARCHIVE_EOF ? good : -1;
}
