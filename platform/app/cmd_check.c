/* `tanren check`: what publishing would say, without publishing. */
#include <stdio.h>

#include "app/cmd.h"
#include "app/site.h"
#include "content/publish.h"

static const char usage[] =
    "usage: tanren check [REVISION] [--var DIR] [--config FILE]\n"
    "\n"
    "Reads one commit of the content as `tanren publish` does and prints "
    "every\n"
    "mistake as FILE:LINE: message. Exit status 1 when there is one.\n";

int
cmd_check(int argc, char **argv)
{
	struct content_errors errors = {0};
	const char *manifest, *commit;
	struct arena *a = cmd_arena();
	struct options o;
	struct config c;
	int status;
	enum err e;

	status = cmd_begin(&argc, argv, 1, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (process_start(a, &c, "check", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	e = content_build(c.content, c.n_content, argc > 1 ? argv[1] : c.ref,
	    NULL, false, a, &manifest, &commit, &errors);
	content_errors_print(&errors, stdout);
	if (e == ERR_OK)
		printf("No mistakes.\n");
	else if (e == ERR_INVALID)
		printf("%zu mistakes.\n", errors.n);
	else
		fprintf(stderr, "tanren: the content could not be read: %s\n",
		    err_name(e));
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
