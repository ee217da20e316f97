/* What the web files of shells share. */
#ifndef LAB_SHELL_WEB_H
#define LAB_SHELL_WEB_H

#include "lab/handlers.h"
#include "lab/shells.h"

/* The acts' argument; it points into v. */
struct shell_of shell_of_view(struct req *r, const struct lab_view *v);

/* /labs/:lab/WHAT and /labs/:lab/box/WHAT */
struct url shell_to(struct req *r, const char *what);
struct url shell_box_to(struct req *r, const char *what);

/* Why no shells are offered to the viewer; NULL when they are. */
const char *shell_missing_text(const struct req *r, enum shells_state s);

#endif
