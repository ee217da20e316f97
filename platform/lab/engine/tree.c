/* Reads a lab's scripts from a directory of this machine into memory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/parts.h"

#define SCRIPTS_MAX 512
#define SCRIPTS_BYTES_MAX ((size_t)24 * 1024 * 1024)
#define DEPTH_MAX 4
#define PATH_CHARS_MAX 200

struct tree {
	struct arena *arena;
	struct box_file *files;
	size_t n, bytes;
};

bool
tree_path_is_plain(const char *path)
{
	static const char good[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789._-";
	const char *part = path;
	size_t n;

	if (strlen(path) > PATH_CHARS_MAX)
		return false;
	for (;; part += n + 1) {
		n = strspn(part, good);
		if (n == 0 ||
		    (part[0] == '.' && (n == 1 || (n == 2 && part[1] == '.'))))
			return false;
		if (part[n] == '\0')
			return true;
		if (part[n] != '/')
			return false;
	}
}

static enum err
read_one(struct tree *t, int fd, size_t size, const char *path)
{
	uint8_t *data;
	size_t got = 0;
	ssize_t n;

	if (t->n == SCRIPTS_MAX || size > SCRIPTS_BYTES_MAX - t->bytes)
		return ERR_TOO_LARGE;
	data = arena_alloc(t->arena, size);
	while (got < size && (n = read(fd, data + got, size - got)) > 0)
		got += (size_t)n;
	*ARENA_PUSH(t->arena, t->files, t->n) =
	    (struct box_file){.path = path, .data = data, .size = got};
	t->bytes += got;
	return ERR_OK;
}

static enum err
read_dir(struct tree *t, int dir, const char *prefix, int depth);

/* Takes fd over. */
static enum err
read_entry(struct tree *t, int fd, const char *path, int depth)
{
	struct stat st;
	enum err e = ERR_OK;

	if (fstat(fd, &st) == -1) {
		(void)close(fd);
		return ERR_INTERNAL;
	}
	if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
		return read_dir(
		    t, fd, arena_printf(t->arena, "%s/", path), depth + 1);
	if (S_ISREG(st.st_mode))
		e = read_one(t, fd, (size_t)st.st_size, path);
	(void)close(fd);
	return e;
}

/* Takes dir over. */
static enum err
read_dir(struct tree *t, int dir, const char *prefix, int depth)
{
	DIR *d = fdopendir(dir);
	struct dirent *entry;
	enum err e = ERR_OK;
	const char *path;
	int fd;

	if (d == NULL) {
		(void)close(dir);
		return ERR_INTERNAL;
	}
	while (e == ERR_OK && (entry = readdir(d)) != NULL) {
		path = arena_printf(t->arena, "%s%s", prefix, entry->d_name);
		if (!tree_path_is_plain(path))
			continue;
		fd = openat(dirfd(d), entry->d_name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd != -1)
			e = read_entry(t, fd, path, depth);
	}
	(void)closedir(d);
	return e;
}

enum err
tree_read(const char *dir, struct arena *a, struct box_file **out, size_t *n)
{
	struct tree t = {.arena = a};
	enum err e;
	int fd;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1) {
		log_error("box", "scripts: %s", strerror(errno));
		return ERR_INTERNAL;
	}
	if ((e = read_dir(&t, fd, "", 0)) != ERR_OK)
		return e;
	*out = t.files;
	*n = t.n;
	return ERR_OK;
}
