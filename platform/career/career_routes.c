/* The pages of career/. */
#include "career/career.h"
#include "career/handlers.h"

const struct route career_routes[] = {
    {HTTP_GET, "/me", me_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/me.csv", me_csv_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/team", team_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/team/:membership/:competency", team_one_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/team/:membership/:competency/confirm", team_confirm_post,
	WHO_SIGNED_IN, 0},
    {HTTP_POST, "/team/:membership/:competency/not-yet", team_not_yet_post,
	WHO_SIGNED_IN, 0},
    ROUTES_END,
};
