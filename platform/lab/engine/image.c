/* Images: found, opened, and asked what they hold. */
#include "lab/engine/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define CURRENT "current"
#define PATH_BYTES 4096
#define HOST "host" /* in place of a digest: this machine's own system */

static bool
is_digest(const char *text, ssize_t n)
{
	return n == BOX_DIGEST_CHARS &&
	    strspn(text, "0123456789abcdef") >= BOX_DIGEST_CHARS;
}

/* False, and errno, when there is no such link or it names something else. */
static bool
read_current(const char *directory, char out[BOX_DIGEST_CHARS + 1])
{
	char path[PATH_BYTES], text[BOX_DIGEST_CHARS + 2] = "";
	ssize_t n;

	if (snprintf(path, sizeof(path), "%s/" CURRENT, directory) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	if ((n = readlink(path, text, sizeof(text) - 1)) == -1)
		return false;
	if (!is_digest(text, n)) {
		errno = EINVAL;
		return false;
	}
	memcpy(out, text, BOX_DIGEST_CHARS);
	out[BOX_DIGEST_CHARS] = '\0';
	return true;
}

void
image_current(const char *directory, char out[BOX_DIGEST_CHARS + 1])
{
	if (directory == NULL || !read_current(directory, out))
		out[0] = '\0';
}

static enum err
refused(const char *directory, int error)
{
	if (error == ENOENT)
		return ERR_NOT_FOUND;
	log_warning("image", "%s/" CURRENT " is no image of labs: %s",
	    directory, strerror(error));
	return ERR_INVALID;
}

static bool
has_directory(int fd, const char *name)
{
	struct stat st;

	return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

enum err
image_open(const char *directory, struct box_image *out)
{
	struct box_image image;
	char path[PATH_BYTES];

	if (directory == NULL)
		return ERR_NOT_FOUND;
	if (!read_current(directory, image.digest))
		return refused(directory, errno);
	if (snprintf(path, sizeof(path), "%s/%s", directory, image.digest) >=
	    (int)sizeof(path))
		return refused(directory, ENAMETOOLONG);
	/* SECURITY: a directory and no link to another, looked at once */
	image.fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (image.fd == -1)
		return refused(directory, errno == ENOENT ? ENOTDIR : errno);
	if (!has_directory(image.fd, "usr") ||
	    !has_directory(image.fd, "etc")) {
		image_close(&image);
		return refused(directory, ENOTDIR);
	}
	*out = image;
	return ERR_OK;
}

void
image_close(struct box_image *image)
{
	if (image->fd > 0)
		(void)close(image->fd);
	image->fd = -1;
}

/* --------------------------------------------------------------- of a box */

const char *
box_root_name(const struct box_caps *caps)
{
	return caps->image == NULL ? HOST : caps->image->digest;
}

bool
box_root_has(const struct box_caps *caps, const char *program)
{
	static const char *const places[] = {"usr/bin", "usr/sbin"};
	int root = caps->image == NULL ? AT_FDCWD : caps->image->fd;
	char path[PATH_BYTES];
	struct stat st;
	size_t i;

	if (strchr(program, '/') != NULL)
		return false;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (snprintf(path, sizeof(path), "%s%s/%s",
			caps->image == NULL ? "/" : "", places[i],
			program) >= (int)sizeof(path))
			return false;
		/* a link of an image leads through /etc of the box */
		if (fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	}
	return false;
}
