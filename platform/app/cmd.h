/*
 * The subcommands of `tanren`: each a file cmd_NAME.c with one function. It
 * gets its own arguments (argv[0] is its name) and answers the exit status:
 * 0 done, 1 not done, 2 called wrongly.
 */
#ifndef APP_CMD_H
#define APP_CMD_H

#include <stdbool.h>

#include "app/config.h"
#include "base/arena.h"

#define EXIT_DONE 0
#define EXIT_NOT_DONE 1
#define EXIT_USAGE 2

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
	bool internal; /* started by us, not by people */
};

extern const struct command commands[]; /* name NULL ends it */

int cmd_run(int argc, char **argv);
int cmd_worker(int argc, char **argv);
int cmd_jobs(int argc, char **argv);
int cmd_labd(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_publish(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_admin(int argc, char **argv);
int cmd_lab(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

/* A command's memory; it lives as long as the process. */
struct arena *cmd_arena(void);

/*
 * The usual beginning of a command: takes the common options, prints `usage`
 * for --help or when more than `most` arguments are left, and loads the
 * configuration. Answers -1 to go on, else the exit status. As root it goes
 * on as the user who owns VAR (app/user.h).
 */
int cmd_begin(int *argc, char **argv, int most, const char *usage,
    struct arena *a, struct options *o, struct config *c);

#endif
