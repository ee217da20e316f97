/* `tanren verify`: does everything still add up? */
#include <stdio.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/site.h"
#include "app/verify.h"
#include "base/json.h"
#include "db/db.h"

static const char usage[] =
    "usage: tanren verify [--var DIR] [--config FILE] [--json]\n"
    "\n"
    "Recounts everything from its sources: audit chains, scores (every\n"
    "attempt is graded again), counts of dashboards, certificates, content\n"
    "and rows that belong together. Prints every difference; exit status 1\n"
    "when there is one. It changes nothing and may run while others work.\n";

struct report {
	bool json;
	struct buf wrong; /* JSON: the differences so far */
};

static void
say(void *ctx, const char *line)
{
	struct report *r = ctx;

	if (!r->json) {
		printf("wrong: %s\n", line);
		return;
	}
	if (r->wrong.len > 0)
		buf_putc(&r->wrong, ',');
	json_quote(&r->wrong, line);
}

static void
print_figures(const struct verify_figures *f, struct report *r)
{
	const struct {
		const char *key, *name;
		int64_t n;
	} lines[] = {
	    {"organisations", "organisations", f->organisations},
	    {"persons", "persons", f->persons},
	    {"chains", "audit chains", f->chains},
	    {"audit_rows", "rows in them", f->audit_rows},
	    {"manifests", "revisions of content", f->manifests},
	    {"attempts", "attempts graded again", f->attempts},
	    {"evidence", "rows of evidence", f->evidence},
	    {"certificates", "certificates", f->certificates},
	    {"counts", "counts recounted", f->counts},
	    {"wrong", "differences", f->wrong},
	};
	size_t i;

	if (r->json)
		putchar('{');
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (r->json)
			printf("\"%s\":%lld,", lines[i].key,
			    (long long)lines[i].n);
		else
			printf("%12lld %s\n", (long long)lines[i].n,
			    lines[i].name);
	if (r->json)
		printf("\"differences\":[%s]}\n", buf_text(&r->wrong));
}

static enum err
verify(struct arena *a, const struct config *c, struct report *r,
    struct verify_figures *f)
{
	struct site site;
	struct db *db;
	enum err e;

	/* a new one, which site_open would make, fits no attempt */
	if (access(config_path(a, c, "secret"), F_OK) == -1) {
		fprintf(stderr,
		    "tanren: there is no installation in %s (no file "
		    "\"secret\"); --var names another directory\n",
		    c->var);
		return ERR_NOT_FOUND;
	}
	if ((e = site_open(a, c, &site)) != ERR_OK)
		return e;
	if ((e = db_open(c->database, DB_READ, &db)) == ERR_OK) {
		e = verify_all(db, &site, say, r, f);
		db_close(db);
	}
	site_close(&site);
	return e;
}

int
cmd_verify(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct verify_figures f = {0};
	struct report r = {0};
	struct options o;
	struct config c;
	int status;
	enum err e;

	status = cmd_begin(&argc, argv, 0, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (process_start(a, &c, "verify", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	r.json = o.json;
	if ((e = verify(a, &c, &r, &f)) == ERR_OK)
		print_figures(&f, &r);
	else
		fprintf(stderr, "tanren: that could not be read: %s\n",
		    err_name(e));
	buf_free(&r.wrong);
	return e == ERR_OK && f.wrong == 0 ? EXIT_DONE : EXIT_NOT_DONE;
}
