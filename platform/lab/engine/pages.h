/*
 * Memory that no box gets a copy of. A box begins as a copy of the daemon
 * (live.h), and everything that other boxes say or hold must not be in it:
 * rings of terminals, frames on their way, tickets, files of labs.
 */
#ifndef LAB_ENGINE_PAGES_H
#define LAB_ENGINE_PAGES_H

#include <stddef.h>

/* Zeroed, and free of charge until it is touched. Never NULL. */
void *pages_new(size_t bytes);
void pages_free(void *pages, size_t bytes);

/* From here on a copy of this process has them: the files of its own box. */
void pages_share(void *pages, size_t bytes);

#endif
