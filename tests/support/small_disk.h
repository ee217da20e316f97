/*
 * A disk that is full when a test wants it: a tmpfs of a given size, mounted
 * where only this program (and its children) see it. Needs root or user
 * namespaces.
 */
#ifndef TESTS_SMALL_DISK_H
#define TESTS_SMALL_DISK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A private view of the file systems; before any thread is started. False,
 * with a sentence on stderr, when the kernel does not allow it.
 */
bool small_disk_enter(void);

/* Mounts a disk of that size over an empty directory; anybody may write. */
bool small_disk_mount(const char *directory, unsigned kib);
void small_disk_unmount(const char *directory);

/* Fills the disk up to `leave` free KiB by one file, and empties it again. */
void small_disk_fill(const char *directory, unsigned leave);
void small_disk_free(const char *directory);

#endif
