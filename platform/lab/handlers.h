/* The handlers of lab/, and what its web files share. */
#ifndef LAB_HANDLERS_H
#define LAB_HANDLERS_H

#include "http/route.h"
#include "lab/lab_pages.h"

route_handler labs_get, lab_get, lab_state_get, lab_file_get;
route_handler lab_solution_get, lab_give_up_get, lab_give_up_post;
route_handler lab_start_post, lab_submit_post, lab_hint_get, lab_hint_post;
route_handler shell_page_get, shell_open_post, shell_extend_post;
route_handler shell_reset_get, shell_reset_post, shell_ticket_post;
route_handler shell_submit_post, shell_file_get, shell_put_post;
route_handler own_points_get, own_point_post; /* signal_own_web.c */
route_handler points_get, points_csv_get, point_get,
    point_post; /* signal_web.c */
/* class_web.c, class_one_web.c, notice_web.c */
route_handler notices_get, class_get, class_csv_get, class_one_get;
route_handler watch_get, watch_ticket_post, class_extend_post;
route_handler class_prepare_post, class_add_post, class_message_post;

/* A lab as the viewer sees it; release view->c. */
struct lab_view {
	struct content *c; /* of the run, or what is published now */
	const struct lab *lab;
	struct lab_look look;
	struct lab_isolation isolation;
};

/* By the route's :lab. ERR_NOT_FOUND, ERR_UNAVAILABLE before publishing. */
MUST_USE enum err lab_view_find(struct req *r, struct lab_view *v);

struct lab_card lab_card_of(const struct req *r, const struct content *c,
    const struct lab *lab, const struct lab_standing *s, enum run_state run);

enum lab_stage lab_stage_of(const struct lab_look *look);
const char *lab_stage_name(enum lab_stage s);

/* A sentence for the viewer; while one waits for others, how many. */
MUST_USE enum err
lab_stage_text(struct req *r, const struct lab_look *look, const char **out);

/* A sentence when no box can be made; NULL otherwise. */
const char *
lab_missing_text(const struct req *r, const struct lab_isolation *isolation);

/* The same, or that boxes here lack programs that this lab needs. */
const char *lab_lacking_text(const struct req *r,
    const struct lab_isolation *isolation, const struct lab *lab);

/* A sentence for a digest or "host"; NULL for NULL. */
const char *lab_image_text(const struct req *r, const char *image);

/*
 * Fills and renders the page. fields: the form as it was sent, with its
 * problems; NULL: as it was handed in last.
 */
MUST_USE enum err
lab_page_show(struct req *r, struct reply *re, const struct lab_view *v,
    const struct answer_field *fields, bool incomplete);

/* The form's rows for a lab; values and problems are left empty. */
struct answer_field *lab_fields(struct req *r, const struct lab *lab);

/* Results and submissions, for the page. */
MUST_USE enum err
lab_fill_results(struct req *r, const struct lab_view *v, struct lab_page *p);

#endif
