/* The handlers of oversee/, by file. */
#ifndef OVERSEE_HANDLERS_H
#define OVERSEE_HANDLERS_H

#include "http/route.h"

route_handler sector_get, sector_csv_get; /* sector_web.c */
route_handler institutions_get; /* institutions_web.c */
route_handler institution_look_get; /* look_web.c */
route_handler institution_get, progress_csv_get; /* institution_web.c */
route_handler assignments_get, assignments_csv_get, assignment_cancel_get,
    assignment_cancel_post; /* assignments_web.c */
route_handler assign_get, assign_post; /* assign_web.c */

#endif
