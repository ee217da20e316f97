/* The processes of this machine, seen from a test. */
#ifndef SUPPORT_PROCESSES_H
#define SUPPORT_PROCESSES_H

/* How many have a word in their command line. */
int processes_with(const char *word);

/* How many entries of a directory begin with that. */
int entries_of(const char *path, const char *prefix);

/*
 * Runs tests as an ordinary user, in a process of their own: there is no way
 * back to root. Answers 0 when all is well.
 */
int run_as_nobody(int (*run)(const char *who));

#endif
