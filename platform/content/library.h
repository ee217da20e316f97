/* The libraries that content is read with. */
#ifndef CONTENT_LIBRARY_H
#define CONTENT_LIBRARY_H

#include "base/arena.h"

/* "libgit2 1.5.1, cmark 0.30.2" */
const char *content_libraries(struct arena *a);

#endif
