/* Setting cookies: one place, so that none is without its attributes. */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include "http/reply.h"

#define COOKIE_SESSION_END (-1) /* until the browser is closed */

/* Value: characters of RFC 6265's cookie-octet. max_age 0 deletes it. */
void cookie_set(const struct req *r, struct reply *re, const char *name,
    const char *value, int max_age_seconds);

#endif
