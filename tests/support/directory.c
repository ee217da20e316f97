/* A directory of its own for a test. */
#include "support/directory.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OPEN_MAX_DEPTH 16

void
directory_make(char out[DIRECTORY_BYTES])
{
	const char *base = getenv("TMPDIR");

	if (base == NULL || base[0] == '\0')
		base = "/tmp";
	(void)snprintf(out, DIRECTORY_BYTES, "%s/tanren-test-XXXXXX", base);
	if (mkdtemp(out) == NULL) {
		perror(out);
		abort();
	}
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

void
directory_remove(const char *path)
{
	if (nftw(path, remove_one, OPEN_MAX_DEPTH,
		FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0)
		perror(path);
}
