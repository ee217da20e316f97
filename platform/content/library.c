/* Versions of the libraries that content is read with. */
#include "content/library.h"

#include <cmark.h>
#include <git2.h>

const char *
content_libraries(struct arena *a)
{
	int major, minor, patch;

	git_libgit2_version(&major, &minor, &patch);
	return arena_printf(a, "libgit2 %d.%d.%d, cmark %s", major, minor,
	    patch, cmark_version_string());
}
