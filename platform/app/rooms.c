/* Whoever adds a room adds its line here. */
#include "app/rooms.h"

#include <stddef.h>

#include "app/health.h"
#include "app/home.h"
#include "assess/assess.h"
#include "career/career.h"
#include "certify/certify.h"
#include "lab/lab.h"
#include "learn/learn.h"
#include "oversee/oversee.h"
#include "people/people.h"

const struct route *const rooms[] = {
    health_routes,
    home_routes,
    people_routes,
    learn_routes,
    assess_routes,
    lab_routes,
    certify_routes,
    career_routes,
    oversee_routes,
    NULL,
};
