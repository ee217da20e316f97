/* Mistakes of ours end the program: proves it in a child process. */
#ifndef TESTS_DIES_H
#define TESTS_DIES_H

#include <stdbool.h>

/* True if f(ctx) ends in abort(3). What the child writes to stderr is lost. */
bool dies(int (*f)(void *ctx), void *ctx);

#endif
