/* What boxes the jobs have, for the settings and the rows. */
#ifndef LAB_LAB_ISOLATION_H
#define LAB_LAB_ISOLATION_H

#include "lab/engine/box.h"
#include "lab/lab.h"

/* The image in use, if there is one, and what boxes it gives. */
void lab_probe(
    const struct site *site, struct box_image *image, struct box_caps *caps);

/* "A own-range v1", "none mounts". */
const char *lab_isolation_text(const struct box_caps *caps, struct arena *a);
MUST_USE enum err lab_isolation_write(struct db *db, const char *text);

#endif
