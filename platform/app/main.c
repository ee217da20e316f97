/* The command line: one table of subcommands. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/cmd.h"

static int
usage(FILE *to, int status)
{
	const struct command *c;

	fprintf(
	    to, "usage: tanren COMMAND [--var DIR] [--config FILE] ...\n\n");
	for (c = commands; c->name != NULL; c++)
		if (!c->internal)
			fprintf(to, "  %-10s %s\n", c->name, c->summary);
	fprintf(to, "\n`tanren COMMAND --help` tells more.\n");
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *c;

	/* what we write is for its owner and its group */
	(void)umask(027);
	/* whoever reads our output may stop reading */
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return usage(stderr, EXIT_USAGE);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout, EXIT_DONE);
	for (c = commands; c->name != NULL; c++)
		if (strcmp(argv[1], c->name) == 0)
			return c->run(argc - 1, argv + 1);
	fprintf(stderr, "tanren: there is no command %s\n\n", argv[1]);
	return usage(stderr, EXIT_USAGE);
}
