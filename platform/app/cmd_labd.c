/*
 * `tanren labd`: live labs, until SIGTERM. The only process that stays root
 * when `tanren run` was started by root; it serves the user who owns VAR.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/lab_host.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "lab/engine/labd.h"
#include "lab/engine/labd_serve.h"

static const char usage[] =
    "usage: tanren labd [--var DIR] [--config FILE]\n"
    "\n"
    "Keeps the boxes and terminals of live labs. `tanren run` starts it.\n";

/*
 * SECURITY: VAR belongs to them, and they may put a link where a file of ours
 * is to be: the clock is opened with no more rights than they have.
 */
static enum err
open_clock(const struct config *c, const struct labd_options *o)
{
	struct labd_rights before;
	enum err e;

	if (!c->test_clock)
		return ERR_OK;
	before = labd_rights_drop(o->uid, o->gid);
	e = clock_open_test("../clock");
	labd_rights_take(&before);
	return e;
}

/*
 * Images below VAR are reached from VAR/run, where we stand: the user whom we
 * serve may have no way through what is above.
 */
static const char *
images_from_run(struct arena *a, const struct config *c)
{
	const char *below = config_path(a, c, "");

	if (c->lab_image == NULL || !text_starts(c->lab_image, below))
		return c->lab_image;
	return arena_printf(a, "../%s", c->lab_image + strlen(below));
}

static enum err
serve(struct arena *a, const struct config *c)
{
	struct labd_options o = {
	    .least_level = c->lab_level,
	    .boxes_max = c->lab_boxes_max,
	    /* a short name, and it needs no way through what is above */
	    .socket = LABD_SOCKET,
	    .images = images_from_run(a, c),
	    .host = lab_host(a, c),
	};
	const char *run = config_path(a, c, "run");
	struct stat st;
	enum err e;

	if (stat(c->var, &st) == -1 || chdir(run) == -1) {
		log_error("labd", "%s: %s", run, strerror(errno));
		return ERR_INTERNAL;
	}
	o.uid = st.st_uid;
	o.gid = st.st_gid;
	if ((e = open_clock(c, &o)) != ERR_OK)
		return e;
	return labd_serve(&o);
}

int
cmd_labd(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct options o;
	struct config c;

	/* not cmd_begin: it would make root somebody else */
	if (!options_take(&argc, argv, &o))
		return EXIT_USAGE;
	if (o.help || argc > 1) {
		fputs(usage, o.help ? stdout : stderr);
		return o.help ? EXIT_DONE : EXIT_USAGE;
	}
	if (config_load(a, &o, &c) != ERR_OK)
		return EXIT_USAGE;
	log_start("labd");
	random_start();
	return serve(a, &c) == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
