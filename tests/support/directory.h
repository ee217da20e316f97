/* A directory of its own for a test. A failure ends the test program. */
#ifndef TESTS_DIRECTORY_H
#define TESTS_DIRECTORY_H

#define DIRECTORY_BYTES 128

/* Makes an empty directory for this user only, under TMPDIR or /tmp. */
void directory_make(char out[DIRECTORY_BYTES]);

/* Removes it with all it holds. */
void directory_remove(const char *path);

#endif
