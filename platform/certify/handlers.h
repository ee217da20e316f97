/* The handlers of certify/, by file. */
#ifndef CERTIFY_HANDLERS_H
#define CERTIFY_HANDLERS_H

#include "http/route.h"

route_handler certificates_get, certificate_page_get; /* certify_web.c */
route_handler verify_get, verify_number_get; /* verify_web.c */

#endif
