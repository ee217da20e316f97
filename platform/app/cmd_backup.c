/* `tanren backup` and `tanren restore`. */
#include <stdio.h>

#include "app/backup.h"
#include "app/cmd.h"
#include "app/site.h"

static const char backup_usage[] =
    "usage: tanren backup FILE [--var DIR] [--config FILE] [--json]\n"
    "\n"
    "Writes one file (tar, mode 600) with all that cannot be had again: the\n"
    "database, the secret, every published revision, the configuration. May\n"
    "run while others work. As root it runs as the owner of DIR, who must be\n"
    "allowed to write where FILE is. With PostgreSQL it uses pg_dump.\n";

static const char restore_usage[] =
    "usage: tanren restore FILE --var NEWDIR [--config FILE] [--json]\n"
    "\n"
    "Puts a backup into an empty directory after checking every file of it.\n"
    "The configuration is the backup's own unless --config names one. With\n"
    "PostgreSQL the database that it names must exist and be empty.\n"
    "Afterwards: tanren verify --var NEWDIR\n";

typedef enum err backup_act(struct arena *a, const struct config *c,
    const struct options *o, const char *file, struct backup_figures *out);

static int
run(int argc, char **argv, const char *usage, const char *done, backup_act *act)
{
	struct arena *a = arena_new();
	struct backup_figures f;
	struct options o;
	struct config c;
	int status;
	enum err e;

	status = cmd_begin(&argc, argv, 1, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (argc != 2) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (process_start(a, &c, argv[0], PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	if ((e = act(a, &c, &o, argv[1], &f)) != ERR_OK)
		fprintf(stderr, "tanren: nothing was done: %s\n", err_name(e));
	else if (o.json)
		printf("{\"files\":%lld,\"bytes\":%lld,\"schema\":%d,"
		       "\"engine\":\"%s\"}\n",
		    (long long)f.files, (long long)f.bytes, f.schema, f.engine);
	else
		printf("%s: %lld files, %lld bytes.\n", done,
		    (long long)f.files, (long long)f.bytes);
	arena_free(a);
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}

int
cmd_backup(int argc, char **argv)
{
	return run(
	    argc, argv, backup_usage, "The backup is written", backup_make);
}

int
cmd_restore(int argc, char **argv)
{
	return run(argc, argv, restore_usage,
	    "The backup is in place; now: tanren verify", backup_restore);
}
