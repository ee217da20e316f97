/* The pages of career/. */
#include "career/career.h"
#include "career/handlers.h"

const struct route career_routes[] = {
    {HTTP_GET, "/me", me_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/me.csv", me_csv_get, WHO_SIGNED_IN, 0},
    ROUTES_END,
};
