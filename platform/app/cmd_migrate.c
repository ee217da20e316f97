/* `tanren migrate`: the database's schema, forward only. */
#include <stdio.h>

#include "app/cmd.h"
#include "app/site.h"
#include "db/migrate.h"

static const char usage[] =
    "usage: tanren migrate [--var DIR] [--config FILE] [--json]\n"
    "\n"
    "Brings the database to this program's schema; makes it when it is\n"
    "missing. `tanren run` does it at every start. Make a backup first.\n";

int
cmd_migrate(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	int status, before;
	struct options o;
	struct config c;

	status = cmd_begin(&argc, argv, 0, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (process_start(a, &c, "migrate", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	if (migrate_run(c.database, &before) != ERR_OK)
		return EXIT_NOT_DONE;
	if (o.json)
		printf("{\"before\":%d,\"schema\":%d}\n", before,
		    migrate_newest());
	else
		printf("The database has schema %d.\n", migrate_newest());
	return EXIT_DONE;
}
