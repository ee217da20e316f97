/* `tanren demo`: a sector to look around in. */
#include <stdio.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/demo.h"
#include "app/follow.h"
#include "app/load_demo.h"
#include "app/site.h"
#include "base/clock.h"
#include "db/db.h"

static const char usage[] =
    "usage: tanren demo [--people N] [--var DIR] [--config FILE]\n"
    "\n"
    "Fills an empty installation with a demo sector: 120 institutions and N\n"
    "people (4000) with a year of history, made by the platform's own acts.\n"
    "Accounts to look around are written to VAR/demo-accounts.txt. Every\n"
    "page says that it is a demo. Content must have been published.\n";

static void
show_progress(const char *what, int percent)
{
	static const char *last_what;
	static int last = -1;

	if (what == last_what && percent / 10 == last / 10)
		return;
	last_what = what;
	last = percent;
	printf("  demo sector: %s, %d %%\n", what, percent);
	(void)fflush(stdout);
}

static enum err
load(const struct config *c, struct site *site, int64_t people)
{
	struct db *db;
	enum err e;

	if ((e = db_open(c->database, DB_WRITE, &db)) != ERR_OK)
		return e;
	if ((e = follow_once(db, site->content)) == ERR_OK)
		e = demo_make(db, site, people, show_progress);
	db_close(db);
	return e;
}

enum err
load_demo(struct arena *a, const struct config *c, int64_t people)
{
	struct site site;
	enum err e;

	if ((e = site_open(a, c, &site)) != ERR_OK)
		return e;
	e = load(c, &site, people);
	site_close(&site);
	return e;
}

/* Takes "--people N" out of the arguments; false when N is none. */
static bool
take_people(int *argc, char **argv, int64_t *people)
{
	int i;

	for (i = 1; i + 1 < *argc; i++) {
		if (!text_eq(argv[i], "--people"))
			continue;
		if (!text_to_int(argv[i + 1], people) ||
		    *people < DEMO_PEOPLE_MIN || *people > DEMO_PEOPLE_MAX)
			return false;
		for (; i + 2 <= *argc; i++)
			argv[i] = argv[i + 2];
		*argc -= 2;
		return true;
	}
	return true;
}

int
cmd_demo(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	int64_t people = DEMO_PEOPLE_DEFAULT;
	struct options o;
	struct config c;
	int status;
	enum err e;

	if (!take_people(&argc, argv, &people)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	status = cmd_begin(&argc, argv, 0, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (process_start(a, &c, "demo", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	e = load_demo(a, &c, people);
	if (e == ERR_OK)
		printf("Accounts: %s/demo-accounts.txt\n", c.var);
	else if (e == ERR_CONFLICT)
		fprintf(stderr,
		    "tanren: there are people in this "
		    "installation already; nothing was changed\n");
	else if (e == ERR_UNAVAILABLE)
		fprintf(stderr, "tanren: publish the content first\n");
	else
		fprintf(stderr, "tanren: that was not possible (%s)\n",
		    err_name(e));
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
