/* The pages of assess/. */
#include "assess/handlers.h"

const struct route assess_routes[] = {
    {HTTP_GET, "/exams/:exam", exam_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/exams/:exam/start", exam_start_post, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/attempts/:attempt", attempt_page_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/attempts/:attempt/answers", attempt_answers_post,
	WHO_SIGNED_IN, 0},
    {HTTP_POST, "/attempts/:attempt/save", attempt_save_post, WHO_SIGNED_IN, 0},
    {HTTP_GET, "/attempts/:attempt/review", attempt_review_get, WHO_SIGNED_IN,
	0},
    {HTTP_POST, "/attempts/:attempt/review", attempt_review_post, WHO_SIGNED_IN,
	0},
    {HTTP_POST, "/attempts/:attempt/submit", attempt_submit_post, WHO_SIGNED_IN,
	0},
    {HTTP_GET, "/courses/:course/:module/check", check_get, WHO_SIGNED_IN, 0},
    {HTTP_POST, "/courses/:course/:module/check", check_post, WHO_SIGNED_IN, 0},
    ROUTES_END,
};
