/* The list of rooms that have pages. */
#ifndef APP_ROOMS_H
#define APP_ROOMS_H

#include "http/route.h"

/* Their tables, NULL-terminated: struct site's `rooms`. */
extern const struct route *const rooms[];

#endif
