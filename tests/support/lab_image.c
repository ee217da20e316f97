/* An image of this machine's own files. */
#include "support/lab_image.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/directory.h"

#define MARK "etc/lab-packages"
#define PATH_BYTES (DIRECTORY_BYTES + 128)

static char directory[DIRECTORY_BYTES], root[PATH_BYTES];
static pid_t maker;

static void
failed(const char *what)
{
	perror(what);
	abort();
}

static const char *
in_root(const char *name)
{
	static char path[PATH_BYTES + 32];

	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void
make_directory(const char *path)
{
	if (mkdir(path, 0755) == -1)
		failed(path);
}

static void
remove_at_exit(void)
{
	if (getpid() != maker)
		return;
	(void)umount2(in_root("usr"), MNT_DETACH);
	directory_remove(directory);
}

static void
fill_etc(void)
{
	char command[PATH_BYTES + 128];
	FILE *f;

	make_directory(in_root("etc"));
	(void)snprintf(command, sizeof(command),
	    "cp -a /etc/ld.so.cache /etc/alternatives %s", in_root("etc"));
	if (system(command) != 0)
		failed(command);
	if ((f = fopen(in_root(MARK), "we")) == NULL || fputs("a 1\n", f) < 0 ||
	    fclose(f) != 0)
		failed(MARK);
}

void
lab_image_apart(void)
{
	if (unshare(CLONE_NEWNS) == -1 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1)
		failed("a mount namespace");
}

static void
make(void)
{
	char digest[BOX_DIGEST_CHARS + 1], path[PATH_BYTES];

	lab_image_apart();
	directory_make(directory);
	if (chmod(directory, 0755) == -1)
		failed(directory);
	memset(digest, 'a', BOX_DIGEST_CHARS);
	digest[BOX_DIGEST_CHARS] = '\0';
	(void)snprintf(root, sizeof(root), "%s/%s", directory, digest);
	make_directory(root);
	make_directory(in_root("usr"));
	if (mount("/usr", in_root("usr"), NULL, MS_BIND, NULL) == -1)
		failed("/usr");
	fill_etc();
	(void)snprintf(path, sizeof(path), "%s/current", directory);
	if (symlink(digest, path) == -1)
		failed(path);
	maker = getpid();
	(void)atexit(remove_at_exit);
}

const char *
lab_image_directory(void)
{
	const char *given = getenv("TANREN_LAB_IMAGE");

	if (given != NULL && *given != '\0')
		return given;
	if (directory[0] == '\0') {
		if (geteuid() != 0)
			return NULL;
		make();
	}
	return directory;
}

const struct box_image *
lab_image(void)
{
	static struct box_image image;

	if (image.digest[0] != '\0')
		return &image;
	if (lab_image_directory() == NULL) {
		printf("skipped in an image: only root can make one here\n");
		return NULL;
	}
	if (image_open(lab_image_directory(), &image) != ERR_OK)
		failed("the image");
	return &image;
}
