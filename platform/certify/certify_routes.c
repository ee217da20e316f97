/* The pages of certify/. */
#include "certify/certify.h"
#include "certify/handlers.h"

const struct route certify_routes[] = {
    {HTTP_GET, "/certificates", certificates_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/certificates/:number", certificate_page_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/verify", verify_get, WHO_ANYONE, 0},
    {HTTP_GET, "/verify/:number", verify_number_get, WHO_ANYONE, 0},
    ROUTES_END,
};
