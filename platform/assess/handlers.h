/* The handlers of assess/, by file, and what they share. */
#ifndef ASSESS_HANDLERS_H
#define ASSESS_HANDLERS_H

#include "assess/assess_pages.h"
#include "http/route.h"

route_handler exam_get, exam_start_post; /* exam_web.c */
route_handler attempt_page_get, attempt_answers_post, /* attempt_web.c */
    attempt_save_post, attempt_review_post, attempt_review_get,
    attempt_submit_post;
route_handler check_get, check_post; /* check_web.c */

/* The form as a page shows it; with_result adds points and explanations. */
struct shown_question *show_form(const struct req *r, const struct form *form,
    const chosen_bits *chosen, bool with_result);

/* "85.5 %" of points. */
const char *score_text(struct arena *a, int64_t points, int64_t points_max);

/* What a form sent: q0=2&q3=0&q3=1. ERR_INVALID for a broken position. */
MUST_USE enum err drafts_of_form(const struct req *r, const struct form *form,
    struct draft **out, size_t *n);

/* The result of a finalised attempt. */
MUST_USE enum err
show_result(struct req *r, struct reply *re, const struct attempt *at);

#endif
