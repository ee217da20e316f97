/*
 * An image for boxes (lab/engine/image.h): the one that TANREN_LAB_IMAGE names
 * (a directory, as `make lab-image` leaves it in VAR/lab-image), or one whose
 * usr is that of this machine, mounted there for this process and its children
 * only, with an etc of its own. Every image has etc/lab-packages.
 */
#ifndef SUPPORT_LAB_IMAGE_H
#define SUPPORT_LAB_IMAGE_H

#include "lab/engine/image.h"

/* The directory of images; NULL: an ordinary user cannot make one. */
const char *lab_image_directory(void);

/* Mounts from here on are this process's own. For root. */
void lab_image_apart(void);

/* Its image, opened; NULL, and said, when there is none. */
const struct box_image *lab_image(void);

#endif
