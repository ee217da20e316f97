/* The home page: what to do next, for whoever is looking. */
#ifndef APP_HOME_H
#define APP_HOME_H

#include "http/route.h"

extern const struct route home_routes[];

#endif
