/* The pages of learn/. */
#include "learn/handlers.h"
#include "learn/learn.h"

const struct route learn_routes[] = {
    {HTTP_GET, "/courses", catalogue_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/courses/:course", course_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/courses/:course/:module", module_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/search", search_get, WHO_SIGNED_IN, 0},
    ROUTES_END,
};
