/* What watches this installation reads: /healthz and /metrics. */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "http/route.h"

extern const struct route health_routes[];

#endif
