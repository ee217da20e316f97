/* What this machine listens on, for a box that must not reach it. */
#ifndef TESTS_LISTENERS_H
#define TESTS_LISTENERS_H

/* At 127.0.0.1, on a free port; the descriptor is the caller's. */
int listen_on_loopback(int *port);

/* On a name of the abstract namespace (unix(7)), which has no file. */
int listen_on_abstract_name(const char *name);

#endif
