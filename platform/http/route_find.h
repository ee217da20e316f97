/* From a method and a path to a row of the rooms' tables. */
#ifndef HTTP_ROUTE_FIND_H
#define HTTP_ROUTE_FIND_H

#include "http/request.h"
#include "http/route.h"
#include "http/site.h"

/* The methods that a path has, for the Allow header: "GET, HEAD"; "". */
const char *route_allowed(const struct site *s, const char *path);

/*
 * The best row for a path: of two that match, the one with a literal segment
 * where the other has a parameter, looking from the left. NULL without one.
 */
const struct route *
route_best(const struct site *s, enum http_method m, const char *path);

/* Cuts the path's segments out for the pattern's names. */
void route_params(const struct route *route, const char *path, struct req *r);

#endif
