/*
 * The system that boxes have in place of this machine's: a directory of
 * images, each a root file system named by its digest, and a link to the one
 * in use. deploy/lab-image/build makes it.
 *
 *	DIRECTORY/3f2a…/usr, etc
 *	DIRECTORY/current -> 3f2a…
 *
 * Every box sees the same files, read-only; nothing is copied. An image is
 * held by a descriptor, so that whoever makes boxes needs no way through what
 * is above it, and a box gets no other directory than the one looked at.
 */
#ifndef LAB_ENGINE_IMAGE_H
#define LAB_ENGINE_IMAGE_H

#include "base/err.h"
#include "lab/engine/box.h"

/*
 * Opens the one in use. ERR_NOT_FOUND: there is none, *out is untouched, as
 * it is with ERR_INVALID: what `current` names is no image (logged). A NULL
 * directory has none.
 */
MUST_USE enum err image_open(const char *directory, struct box_image *out);
void image_close(struct box_image *image); /* one that is closed, too */

/*
 * What `current` names now, without opening it; "" when there is none. Cheap,
 * for looking again.
 */
void image_current(const char *directory, char out[BOX_DIGEST_CHARS + 1]);

#endif
