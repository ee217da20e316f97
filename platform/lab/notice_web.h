/* Notices for pages: see class.h. */
#ifndef LAB_NOTICE_WEB_H
#define LAB_NOTICE_WEB_H

#include "http/route.h"
#include "lab/class.h"
#include "lab/notice_pages.h"

/* What a person (own) was told about a lab. */
MUST_USE enum err notice_fill(
    struct req *r, struct scope own, const char *lab, struct notice_list *out);

#endif
