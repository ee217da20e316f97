/* The secret file: 64 hex digits and a line end. */
#include "app/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

#define SECRET_CHARS (DIGEST_BYTES * 2)

static enum err
failed(const char *path, const char *why)
{
	log_error("secret", "%s: %s", path, why);
	return ERR_INTERNAL;
}

static enum err
secret_read(const char *path, int fd, uint8_t out[DIGEST_BYTES])
{
	char text[SECRET_CHARS + 2];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return failed(path, strerror(errno));
	if ((st.st_mode & 077) != 0)
		return failed(path, "others may read it: chmod 600");
	n = read(fd, text, sizeof(text));
	if (n != SECRET_CHARS + 1 || text[SECRET_CHARS] != '\n')
		return failed(path, "this is no secret of ours");
	text[SECRET_CHARS] = '\0';
	if (!hex_decode(text, out, DIGEST_BYTES))
		return failed(path, "this is no secret of ours");
	return ERR_OK;
}

/* Written beside and linked, so that nobody ever reads half of one. */
static enum err
secret_make(struct arena *a, const char *path)
{
	const char *beside = arena_printf(a, "%s.%ld", path, (long)getpid());
	uint8_t bytes[DIGEST_BYTES];
	const char *text;
	enum err e = ERR_OK;
	int fd;

	random_bytes(bytes, sizeof(bytes));
	text = arena_printf(a, "%s\n", hex_encode(a, bytes, sizeof(bytes)));
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return failed(beside, strerror(errno));
	if (write(fd, text, SECRET_CHARS + 1) != SECRET_CHARS + 1 ||
	    fsync(fd) == -1)
		e = failed(beside, strerror(errno));
	(void)close(fd);
	if (e == ERR_OK && link(beside, path) == -1 && errno != EEXIST)
		e = failed(path, strerror(errno));
	(void)unlink(beside);
	return e;
}

enum err
secret_load(const char *path, uint8_t out[DIGEST_BYTES])
{
	struct arena *a = arena_new();
	enum err e = ERR_OK;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT && (e = secret_make(a, path)) == ERR_OK)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (e == ERR_OK && fd == -1)
		e = failed(path, strerror(errno));
	if (e == ERR_OK)
		e = secret_read(path, fd, out);
	if (fd != -1)
		(void)close(fd);
	arena_free(a);
	return e;
}
