/* The handlers of learn/, by file. */
#ifndef LEARN_HANDLERS_H
#define LEARN_HANDLERS_H

#include "http/route.h"

route_handler catalogue_get, course_get; /* course_web.c */
route_handler module_get; /* module_web.c */
route_handler search_get; /* search_web.c */

#endif
