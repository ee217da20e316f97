/*
 * Building blocks of a box's root, in order: mounts_root, mounts_usr, what
 * each kind of box has of its own, mounts_dev, /proc, mounts_enter. Each
 * answers 0, or -1 and errno. Paths in lists begin below the new root. With an
 * image the process stands in its directory until mounts_enter.
 */
#ifndef LAB_ENGINE_MOUNTS_H
#define LAB_ENGINE_MOUNTS_H

#include <stdint.h>
#include <sys/types.h>

#include "lab/engine/parts.h"

/*
 * Where the new root is put together. Any directory that is always there: it
 * is covered in this box only.
 */
#define MOUNTS_ROOT "/tmp"
#define MOUNTS_PATH_BYTES 512

struct mounts_link {
	const char *at, *to;
};

struct mounts_text {
	const char *path, *text; /* path NULL ends a list */
};

/* Where /usr and what else is shared by all boxes comes from. */
enum mounts_from { MOUNTS_FROM_MACHINE, MOUNTS_FROM_IMAGE };

enum mounts_from mounts_from(const struct box_caps *caps);

/*
 * The tmpfs with its directories, its files, and links like /bin; of an
 * image's /etc what is not among the files.
 */
int mounts_root(enum mounts_from from, const char *const *directories,
    const struct mounts_text *etc);

/*
 * /usr, read-only; of this machine without what is its administrator's.
 * `apart`: behind a layer of the box's own (an overlay without anything of its
 * own over it), so that a lock on a file there is none in other boxes; where
 * the kernel has no such thing for us, as without it.
 */
int mounts_usr(enum mounts_from from, bool apart);

/* Devices of this machine by name, and /dev/stdin and the like. */
int mounts_dev(const char *const *devices);

/* pivot_root(2); nothing of this machine can be reached after it. */
int mounts_enter(void);

/* -------------------------------------------------------------- their tools */

int mounts_put_file(const char *path, const void *data, size_t n, mode_t mode);

/* Below a directory, with the directories that their paths need. */
int mounts_put_files(
    const char *dir, const struct box_file *files, size_t n, mode_t mode);

/* Adds MOUNT_ATTR_* to a mount; those that it has already stay. */
int
mounts_restrict(int fd, const char *path, unsigned flags, uint64_t attributes);

/* A path and what is mounted below it, at another one. */
int mounts_bind(const char *from, const char *to, uint64_t attributes);

#endif
