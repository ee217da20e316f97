/*
 * What boxes this machine gives the jobs: tried, and told to the pages by
 * settings. The pages know nothing of boxes; they may be on another machine.
 */
#include "lab/lab_isolation.h"

#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/engine/image.h"

void
lab_probe(
    const struct site *site, struct box_image *image, struct box_caps *caps)
{
	*image = (struct box_image){.fd = -1};
	box_probe_image(
	    image_open(site->lab_image, image) == ERR_OK ? image : NULL, caps);
}

const char *
lab_isolation_text(const struct box_caps *caps, struct arena *a)
{
	if (caps->level == 0)
		return arena_printf(
		    a, "none %s", box_missing_name(caps->missing));
	return arena_printf(a, "%c %s %s", caps->level, box_ids_name(caps->ids),
	    box_cgroup_name(caps->cgroup));
}

/* ----------------------------------------------------------------- settings */

struct settings {
	const char *isolation, *root; /* root NULL: it stays */
};

static enum err
put(struct db *db, void *ctx)
{
	const struct settings *s = ctx;
	enum err e;

	e = db_exec(db, Q_SETTING_PUT,
	    DB_ARGS(db_text(LAB_ISOLATION_SETTING), db_text(s->isolation)),
	    NULL);
	if (e != ERR_OK || s->root == NULL)
		return e;
	return db_exec(db, Q_SETTING_PUT,
	    DB_ARGS(db_text(LAB_ROOT_SETTING), db_text(s->root)), NULL);
}

enum err
lab_isolation_write(struct db *db, const char *text)
{
	struct settings s = {.isolation = text};

	return db_write(db, put, &s);
}

/* The root, and for each lab what it needs and the root does not have. */
static const char *
root_text(const struct site *site, const struct box_caps *caps, struct arena *a)
{
	const char *text = box_root_name(caps);
	struct content *c;
	const struct lab *labs;
	size_t i, j, n;

	if ((c = content_current(site->content)) == NULL)
		return text;
	labs = content_labs(c, &n);
	for (i = 0; i < n; i++)
		for (j = 0; j < labs[i].n_needs; j++)
			if (!box_root_has(caps, labs[i].needs[j]))
				text = arena_printf(a, "%s %s:%s", text,
				    labs[i].id, labs[i].needs[j]);
	content_release(c);
	return text;
}

enum err
lab_isolation_report(struct db *db, const struct site *site)
{
	struct arena *a = arena_new();
	struct box_image image;
	struct box_caps caps;
	struct settings s;
	enum err e;

	lab_probe(site, &image, &caps);
	s.isolation = lab_isolation_text(&caps, a);
	s.root = root_text(site, &caps, a);
	if (caps.level == 0)
		log_warning("lab", "no labs here: %s", caps.sentence);
	else
		log_info("lab", "isolation %s, root %s", s.isolation, s.root);
	e = db_write(db, put, &s);
	image_close(&image);
	arena_free(a);
	return e;
}

enum err
lab_isolation_follow(
    struct db *db, const struct site *site, struct lab_reported *last)
{
	struct lab_reported now = {.done = true};
	struct content *c;
	enum err e;

	image_current(site->lab_image, now.image);
	if ((c = content_current(site->content)) != NULL) {
		(void)snprintf(now.manifest, sizeof(now.manifest), "%s",
		    content_manifest(c));
		content_release(c);
	}
	if (last->done && text_eq(last->image, now.image) &&
	    text_eq(last->manifest, now.manifest))
		return ERR_OK;
	if ((e = lab_isolation_report(db, site)) == ERR_OK)
		*last = now;
	return e;
}
