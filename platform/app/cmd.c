/* The table of subcommands, and how they all begin. */
#include "app/cmd.h"

#include <stdio.h>

#include "app/user.h"

const struct command commands[] = {
    {"run", cmd_run, "serve: edge, worker and jobs, until Ctrl-C", false},
    {"check", cmd_check, "find mistakes in the content", false},
    {"publish", cmd_publish, "publish a commit of the content", false},
    {"lab", cmd_lab, "prove that labs are what they say", false},
    {"demo", cmd_demo, "fill an empty installation with a demo sector", false},
    {"migrate", cmd_migrate, "bring the database to this program's schema",
	false},
    {"admin", cmd_admin, "organisations, persons, grants, invitations", false},
    {"backup", cmd_backup, "write everything into one file", false},
    {"restore", cmd_restore, "put a backup into a new directory", false},
    {"doctor", cmd_doctor, "what this machine offers, what is missing", false},
    {"verify", cmd_verify, "recount everything from its sources", false},
    {"worker", cmd_worker, "the web worker", true},
    {"jobs", cmd_jobs, "the process that works through jobs", true},
    {"labd", cmd_labd, "the process that keeps live labs", true},
    {NULL, NULL, NULL, false},
};

struct arena *
cmd_arena(void)
{
	static struct arena *arena;

	if (arena == NULL)
		arena = arena_new();
	return arena;
}

int
cmd_begin(int *argc, char **argv, int most, const char *usage, struct arena *a,
    struct options *o, struct config *c)
{
	if (!options_take(argc, argv, o))
		return EXIT_USAGE;
	if (o->help) {
		fputs(usage, stdout);
		return EXIT_DONE;
	}
	if (*argc - 1 > most || (*argc > 1 && argv[*argc - 1][0] == '-')) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (config_load(a, o, c) != ERR_OK)
		return EXIT_USAGE;
	return user_become_owner(c->var) == ERR_OK ? -1 : EXIT_NOT_DONE;
}
