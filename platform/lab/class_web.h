/* What the web files of the class share. */
#ifndef LAB_CLASS_WEB_H
#define LAB_CLASS_WEB_H

#include "lab/class_pages.h"
#include "lab/handlers.h"

/* A line for a page. c: what is published now. */
MUST_USE enum err class_row_fill(struct req *r, const struct content *c,
    const struct class_line *line, struct class_row *out);

#endif
