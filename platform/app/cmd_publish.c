/* `tanren publish`: all or nothing, with every mistake told. */
#include <stdio.h>

#include "app/cmd.h"
#include "app/publish.h"
#include "app/site.h"

static const char usage[] =
    "usage: tanren publish [REVISION] [--var DIR] [--config FILE] [--json]\n"
    "\n"
    "Reads one commit of the content (REVISION, else `ref` of the\n"
    "configuration, else HEAD), checks all of it and serves it within a\n"
    "second. With a mistake nothing is published and every mistake is\n"
    "printed as FILE:LINE: message.\n";

int
cmd_publish(int argc, char **argv)
{
	struct content_errors errors = {0};
	struct arena *a = cmd_arena();
	const char *commit;
	struct options o;
	struct config c;
	int status;
	enum err e;

	status = cmd_begin(&argc, argv, 1, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (process_start(a, &c, "publish", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	e = publish(&c, argc > 1 ? argv[1] : NULL, a, &commit, &errors);
	content_errors_print(&errors, stderr);
	if (e == ERR_OK && o.json)
		printf("{\"published\":\"%s\"}\n", commit);
	else if (e == ERR_OK)
		printf("Published %.12s.\n", commit);
	else
		fprintf(stderr, "tanren: nothing was published: %s\n",
		    e == ERR_INVALID ? "see above" : err_name(e));
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
