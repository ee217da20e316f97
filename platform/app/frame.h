/* The frame of every page: who is looking and where they can go. */
#ifndef APP_FRAME_H
#define APP_FRAME_H

#include "http/page.h"

/* The site's `frame` hook. Works without the database. */
void frame_fill(const struct req *r, struct page_frame *f);

#endif
