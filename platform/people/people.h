/* The room's table of pages. */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "http/route.h"

extern const struct route people_routes[];

/* Handlers by file. */
route_handler sign_in_page_get, sign_in_post, sign_out_post;
route_handler forgot_get, forgot_post, link_get, link_post;
route_handler account_get, account_password_post, account_language_post;
route_handler roster_get, roster_csv_get, roster_import_get, roster_import_post,
    roster_sample_get, membership_end_get, membership_end_post;
route_handler outbox_get;

#endif
