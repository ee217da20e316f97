/* Which language a request is answered in. */
#ifndef HTTP_LANGUAGE_H
#define HTTP_LANGUAGE_H

#include <stdbool.h>

#include "http/request.h"

#define LANGUAGE_COOKIE "lang"

/* "ja" or "en". False leaves out as it was. */
bool language_parse(const char *s, enum lang *out);

/* The one of ours that an Accept-Language header likes best. */
bool language_accepted(const char *header, enum lang *out);

/*
 * ?lang=, the cookie, the person's, Accept-Language, Japanese. chosen: it
 * came with the address, so a cookie shall keep it.
 */
enum lang language_choose(const struct req *r, bool *chosen);

#endif
