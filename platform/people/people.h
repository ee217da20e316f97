/* The room's table of pages. */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "http/route.h"

extern const struct route people_routes[];

/* Handlers by file. */
route_handler sign_in_page_get, sign_in_post, sign_out_post, /* sign_in_web.c */
    forgot_get, forgot_post;
route_handler link_get, link_post, account_get, /* account_web.c */
    account_password_post, account_language_post;
route_handler roster_get, roster_csv_get, roster_import_get, /* roster_web.c */
    roster_import_post, roster_sample_get;
route_handler membership_end_get, membership_end_post; /* membership_web.c */
route_handler outbox_get; /* outbox_web.c */

#endif
