/* The pages of lab/. */
#include "lab/handlers.h"
#include "lab/lab.h"

#define MANAGER ROLE_BIT(ROLE_TRAINING_MANAGER)
#define CLASS (ROLE_BIT(ROLE_TRAINING_MANAGER) | ROLE_BIT(ROLE_INSTRUCTOR))

const struct route lab_routes[] = {
    {HTTP_GET, "/labs", labs_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab", lab_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab/state", lab_state_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab/files/:file", lab_file_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/labs/:lab/start", lab_start_post, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/labs/:lab/submit", lab_submit_post, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab/solution", lab_solution_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab/give-up", lab_give_up_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/labs/:lab/give-up", lab_give_up_post, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab/hints/:hint", lab_hint_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/labs/:lab/hints/:hint", lab_hint_post, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/labs/:lab/shell", shell_page_get, WHO_SIGNED_IN, ROUTE_CALLS},
    {HTTP_POST, "/labs/:lab/box", shell_open_post, WHO_SIGNED_IN, ROUTE_CALLS},
    {HTTP_GET, "/labs/:lab/box/reset", shell_reset_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/labs/:lab/box/reset", shell_reset_post, WHO_SIGNED_IN,
	ROUTE_CALLS},
    {HTTP_POST, "/labs/:lab/box/extend", shell_extend_post, WHO_SIGNED_IN,
	ROUTE_CALLS},
    {HTTP_POST, "/labs/:lab/box/submit", shell_submit_post, WHO_SIGNED_IN,
	ROUTE_CALLS},
    {HTTP_POST, "/labs/:lab/box/files", shell_put_post, WHO_SIGNED_IN,
	ROUTE_CALLS},
    {HTTP_GET, "/labs/:lab/box/files/:place", shell_file_get, WHO_SIGNED_IN,
	ROUTE_CALLS},
    {HTTP_POST, "/labs/:lab/ticket", shell_ticket_post, WHO_SIGNED_IN,
	ROUTE_CALLS},
    /* points to check: one's own, then the training manager's */
    {HTTP_GET, "/labs/:lab/signals", own_points_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/labs/:lab/signals/:signal", own_point_post, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/institution/signals", points_get, MANAGER, 0},
    {HTTP_GET, "/institution/signals.csv", points_csv_get, MANAGER, 0},
    {HTTP_GET, "/institution/signals/:signal", point_get, MANAGER, 0},
    {HTTP_POST, "/institution/signals/:signal", point_post, MANAGER, 0},
    /* the class: what learners are told, then the instructor's */
    {HTTP_GET, "/labs/:lab/notices", notices_get, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/institution/labs", class_get, CLASS, ROUTE_CALLS},
    {HTTP_GET, "/institution/labs.csv", class_csv_get, CLASS, ROUTE_CALLS},
    {HTTP_GET, "/institution/labs/:run", class_one_get, CLASS, ROUTE_CALLS},
    {HTTP_GET, "/institution/labs/:run/watch", watch_get, CLASS, ROUTE_CALLS},
    {HTTP_POST, "/institution/labs/:run/ticket", watch_ticket_post, CLASS,
	ROUTE_CALLS},
    {HTTP_POST, "/institution/labs/:run/extend", class_extend_post, CLASS,
	ROUTE_CALLS},
    {HTTP_POST, "/institution/labs/:run/prepare", class_prepare_post, CLASS,
	ROUTE_CALLS},
    {HTTP_POST, "/institution/labs/:run/add", class_add_post, CLASS,
	ROUTE_CALLS},
    {HTTP_POST, "/institution/labs/:run/message", class_message_post, CLASS,
	ROUTE_CALLS},
    ROUTES_END,
};
