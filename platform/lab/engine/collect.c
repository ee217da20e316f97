/*
 * Takes out what a command has left, when all its processes are gone:
 * regular files only, reached without a link, within limits.
 *
 * SECURITY: every name is opened by openat2(2) relative to the directory it
 * stands in, below the work directory, without following links and without
 * waiting for a FIFO; what is no regular file is left.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/parts.h"

#define DEPTH_MAX 8

struct collector {
	struct arena *arena;
	struct box_result *out;
	size_t files_max, bytes_left;
};

int
collect_open(int dir, const char *name)
{
	const struct open_how how = {
	    .flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));
}

static void
refuse(struct collector *c, enum box_refusal why)
{
	if (c->out->n_refused++ == 0)
		c->out->refusal = why;
}

static enum box_refusal
take_file(struct collector *c, int fd, const struct stat *st, const char *path)
{
	size_t size = (size_t)st->st_size, got = 0;
	uint8_t *data;
	ssize_t n;

	/* root can read it all the same; both kinds of maker take the same */
	if ((st->st_mode & S_IRUSR) == 0)
		return BOX_NOT_READABLE;
	if (c->out->n_files == c->files_max)
		return BOX_TOO_MANY;
	if (size > c->bytes_left)
		return BOX_TOO_LARGE;
	data = arena_alloc(c->arena, size + 1);
	while (got < size && (n = read(fd, data + got, size - got)) > 0)
		got += (size_t)n;
	c->bytes_left -= got;
	*ARENA_PUSH(c->arena, c->out->files, c->out->n_files) =
	    (struct box_file){.path = path, .data = data, .size = got};
	return BOX_TAKEN;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a directory, in order: a result does not depend on chance. */
static const char **
names_of(struct arena *a, DIR *d, size_t *n)
{
	const char **list = NULL;
	struct dirent *entry;

	*n = 0;
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			*ARENA_PUSH(a, list, *n) =
			    arena_strdup(a, entry->d_name);
	if (*n > 0)
		qsort(list, *n, sizeof(*list), by_name);
	return list;
}

static void
take_dir(struct collector *c, int dir, const char *prefix, int depth);

static void
take_name(
    struct collector *c, int dir, const char *name, const char *path, int depth)
{
	enum box_refusal why;
	struct stat st;
	int fd;

	if (!tree_path_is_plain(path)) {
		refuse(c, BOX_BAD_NAME);
		return;
	}
	if ((fd = collect_open(dir, name)) == -1) {
		refuse(c, errno == EACCES ? BOX_NOT_READABLE : BOX_NOT_REGULAR);
		return;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (depth == DEPTH_MAX) {
			refuse(c, BOX_TOO_DEEP);
			(void)close(fd);
			return;
		}
		take_dir(c, fd, arena_printf(c->arena, "%s/", path), depth + 1);
		return;
	}
	why =
	    S_ISREG(st.st_mode) ? take_file(c, fd, &st, path) : BOX_NOT_REGULAR;
	if (why != BOX_TAKEN)
		refuse(c, why);
	(void)close(fd);
}

/* Takes dir over. */
static void
take_dir(struct collector *c, int dir, const char *prefix, int depth)
{
	DIR *d = fdopendir(dir);
	const char **names;
	size_t i, n;

	if (d == NULL) {
		(void)close(dir);
		refuse(c, BOX_NOT_READABLE);
		return;
	}
	names = names_of(c->arena, d, &n);
	for (i = 0; i < n; i++)
		take_name(c, dirfd(d), names[i],
		    arena_printf(c->arena, "%s%s", prefix, names[i]), depth);
	(void)closedir(d);
}

enum err
collect_files(int work, const struct box_job *job, struct arena *a,
    struct box_result *out)
{
	struct collector c = {
	    .arena = a,
	    .out = out,
	    .files_max = (size_t)job->collect_files_max,
	    .bytes_left = job->collect_bytes_max,
	};
	struct stat st;
	int fd;

	if (job->collect == NULL)
		return ERR_OK;
	if ((fd = collect_open(work, job->collect)) == -1)
		return ERR_OK; /* the command has made none */
	if (fstat(fd, &st) == -1) {
		log_error("box", "collect: %s", strerror(errno));
		(void)close(fd);
		return ERR_INTERNAL;
	}
	if (!S_ISDIR(st.st_mode)) {
		refuse(&c, BOX_NOT_REGULAR);
		(void)close(fd);
		return ERR_OK;
	}
	take_dir(&c, fd, "", 0);
	return ERR_OK;
}
