/*
 * What live boxes can be made here, and of which system: an image, or this
 * machine's /usr. An image that is built while the daemon runs is taken with
 * the next box; boxes that live keep theirs.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "lab/engine/image.h"
#include "lab/engine/labd_parts.h"

void
level_decide(struct labd *d)
{
	const struct labd_options *o = d->options;
	int rc;

	d->unavailable = false;
	if (d->caps.level == 0) {
		log_warning("labd", "no live boxes: %s", d->caps.sentence);
		d->unavailable = true;
	} else if (d->caps.level > o->least_level) {
		log_warning("labd",
		    "no live boxes: level %c (ids %s, cgroup %s) is below "
		    "lab_level = %c",
		    d->caps.level, box_ids_name(d->caps.ids),
		    box_cgroup_name(d->caps.cgroup), o->least_level);
		d->unavailable = true;
	} else if ((rc = filter_make(FILTER_SHELL, &d->filter)) != 0) {
		log_error("labd", "no live boxes: system call filter: %s",
		    strerror(-rc));
		d->unavailable = true;
	} else {
		log_info("labd",
		    "live boxes at level %c: ids %s, cgroup %s, root %.12s",
		    d->caps.level, box_ids_name(d->caps.ids),
		    box_cgroup_name(d->caps.cgroup), box_root_name(&d->caps));
	}
}

/*
 * SECURITY: the directory belongs to the user whom we serve; it is looked at
 * with no more rights than they have.
 */
static bool
has_changed(struct labd *d)
{
	const struct labd_options *o = d->options;
	char now[BOX_DIGEST_CHARS + 1];
	struct labd_rights before;

	before = labd_rights_drop(o->uid, o->gid);
	image_current(o->images, now);
	labd_rights_take(&before);
	if (strcmp(now, d->image_seen) == 0)
		return false;
	memcpy(d->image_seen, now, sizeof(now));
	return true;
}

static bool
open_current(const struct labd *d, struct box_image *out)
{
	const struct labd_options *o = d->options;
	struct labd_rights before;
	enum err e;

	before = labd_rights_drop(o->uid, o->gid);
	e = image_open(o->images, out);
	labd_rights_take(&before);
	return e == ERR_OK;
}

/* What was there keeps its place when nothing can be made any more. */
static void
look(struct labd *d)
{
	struct box_image image = {.fd = -1};
	struct box_caps caps;

	box_probe_image(open_current(d, &image) ? &image : NULL, &caps);
	if (caps.level == 0 && d->caps.level != 0) {
		image_close(&image);
		return;
	}
	image_close(&d->image);
	d->caps = caps;
	if (caps.image == NULL) {
		image_close(&image);
	} else {
		d->image = image;
		d->caps.image = &d->image;
	}
	level_decide(d);
}

void
level_find(struct labd *d)
{
	if (d->driver == &driver_container) {
		host_find(d);
		return;
	}
	(void)has_changed(d);
	look(d);
}

void
level_look_again(struct labd *d)
{
	if (d->driver == &driver_native && has_changed(d))
		look(d);
}
