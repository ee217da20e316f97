/* The pages of oversee/. */
#include "oversee/handlers.h"
#include "oversee/oversee.h"

#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define MANAGER ROLE_BIT(ROLE_TRAINING_MANAGER)

const struct route oversee_routes[] = {
    {HTTP_GET, "/sector", sector_get, SUPERVISOR, 0},
    {HTTP_GET, "/sector.csv", sector_csv_get, SUPERVISOR, 0},
    {HTTP_GET, "/sector/institutions", institutions_get, SUPERVISOR, 0},
    /* writes: the look is recorded with the institution */
    {HTTP_GET, "/sector/institutions/:institution", institution_look_get,
	SUPERVISOR, ROUTE_WRITES},
    {HTTP_GET, "/institution", institution_get, MANAGER, 0},
    {HTTP_GET, "/institution/progress.csv", progress_csv_get, MANAGER, 0},
    {HTTP_GET, "/institution/assignments", assignments_get, MANAGER, 0},
    {HTTP_GET, "/institution/assignments.csv", assignments_csv_get, MANAGER, 0},
    {HTTP_GET, "/institution/assignments/new", assign_get, MANAGER, 0},
    {HTTP_POST, "/institution/assignments/new", assign_post, MANAGER, 0},
    {HTTP_GET, "/institution/assignments/:assignment/cancel",
	assignment_cancel_get, MANAGER, 0},
    {HTTP_POST, "/institution/assignments/:assignment/cancel",
	assignment_cancel_post, MANAGER, 0},
    ROUTES_END,
};
