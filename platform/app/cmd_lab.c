/* `tanren lab`: what authors of labs need. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "app/site.h"
#include "base/log.h"
#include "base/text.h"
#include "content/publish.h"
#include "lab/engine/image.h"
#include "lab/lab_proof.h"
#include "lab/lab_scripts.h"

static const char usage[] =
    "usage: tanren lab test ID|all [REVISION] [--var DIR] [--config FILE]\n"
    "\n"
    "Proves labs of one commit of the content in boxes, for five seeds each:\n"
    "setup makes the artefacts, nothing handed in scores 0, solve scores 100,\n"
    "another seed's solution does not pass and is known by its canary,\n"
    "partial solutions score what lab.yaml says. Exit status 1 when a lab\n"
    "does not.\n";

/* All of them, or the one; ERR_NOT_FOUND. */
static enum err
prove_labs(struct lab_proof *p, const char *id)
{
	const struct lab *labs;
	bool found = false;
	size_t i, n;
	enum err e;
	int before;

	labs = content_labs(p->content, &n);
	for (i = 0; i < n; i++) {
		if (!text_eq(id, "all") && !text_eq(id, labs[i].id))
			continue;
		found = true;
		before = p->failures;
		if ((e = lab_prove(p, &labs[i])) != ERR_OK)
			return e;
		printf("%s: %s\n", labs[i].id,
		    p->failures == before ? "proven" : "NOT proven");
		(void)fflush(stdout);
	}
	return found ? ERR_OK : ERR_NOT_FOUND;
}

static enum err
test(const struct config *c, const char *id, const char *revision,
    const char *dir, struct arena *a)
{
	struct content_errors errors = {0};
	const char *manifest, *commit;
	struct content_store *store;
	struct box_caps caps;
	struct lab_proof p = {.caps = &caps, .dir = dir, .out = stdout};
	struct box_image image = {.fd = -1};
	struct content *content;
	enum err e;

	e = content_build(c->content, c->n_content, revision, dir, false, a,
	    &manifest, &commit, &errors);
	content_errors_print(&errors, stderr);
	if (e != ERR_OK || (e = content_store_open(dir, &store)) != ERR_OK)
		return e;
	if ((e = content_named(store, manifest, &content)) == ERR_OK) {
		box_probe_image(
		    image_open(c->lab_image, &image) == ERR_OK ? &image : NULL,
		    &caps);
		printf("isolation: %c (%s, %s), root %s\n",
		    caps.level == 0 ? '-' : caps.level, box_ids_name(caps.ids),
		    box_cgroup_name(caps.cgroup), box_root_name(&caps));
		p.content = content;
		e = prove_labs(&p, id);
		content_release(content);
		image_close(&image);
	}
	content_store_close(store);
	return e == ERR_OK && p.failures > 0 ? ERR_INVALID : e;
}

int
cmd_lab(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	const char *tmp = getenv("TMPDIR");
	struct options o;
	struct config c;
	int status;
	enum err e;
	char *dir;

	status = cmd_begin(&argc, argv, 3, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (argc < 3 || !text_eq(argv[1], "test")) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (process_start(a, &c, "lab", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	dir =
	    arena_printf(a, "%s/tanren-lab-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(dir) == NULL) {
		fprintf(stderr, "tanren: %s: %s\n", dir, strerror(errno));
		return EXIT_NOT_DONE;
	}
	e = test(&c, argv[2], argc > 3 ? argv[3] : c.ref, dir, a);
	lab_scripts_remove(dir);
	if (e != ERR_OK && e != ERR_INVALID)
		fprintf(stderr, "tanren: %s\n",
		    e == ERR_NOT_FOUND	       ? "there is no such lab"
			: e == ERR_UNAVAILABLE ? "no box can be made here"
					       : err_name(e));
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
