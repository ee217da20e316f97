/* Whoever adds a room adds its line here. */
#include "app/rooms.h"

#include <stddef.h>

#include "app/health.h"
#include "assess/assess.h"
#include "learn/learn.h"
#include "people/people.h"

const struct route *const rooms[] = {
    health_routes,
    people_routes,
    learn_routes,
    assess_routes,
    NULL,
};
