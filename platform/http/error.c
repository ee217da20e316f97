/* One page per enum err: a title, a sentence, what to do, where to go. */
#include "http/error.h"

#include <assert.h>

#include "base/json.h"
#include "http/error.tmpl.h"

#define RETRY_SECONDS 5 /* when nobody said how long */

struct error_text {
	enum message title, sentence, what_to_do;
};

static const struct error_text texts[ERR__MAX] = {
    [ERR_INVALID] = {M_http_invalid, M_http_invalid_sentence,
	M_http_invalid_do},
    [ERR_SIGN_IN] = {M_http_signed_out, M_http_signed_out_sentence,
	M_http_signed_out_do},
    [ERR_FORBIDDEN] = {M_http_forbidden, M_http_forbidden_sentence,
	M_http_forbidden_do},
    [ERR_NOT_FOUND] = {M_http_not_found, M_http_not_found_sentence,
	M_http_not_found_do},
    [ERR_METHOD] = {M_http_method, M_http_method_sentence, M_http_method_do},
    [ERR_CONFLICT] = {M_http_conflict, M_http_conflict_sentence,
	M_http_conflict_do},
    [ERR_GONE] = {M_http_gone, M_http_gone_sentence, M_http_gone_do},
    [ERR_TOO_LARGE] = {M_http_too_large, M_http_too_large_sentence,
	M_http_too_large_do},
    [ERR_THROTTLED] = {M_http_throttled, M_http_throttled_sentence,
	M_http_throttled_do},
    [ERR_BUSY] = {M_http_busy, M_http_busy_sentence, M_http_busy_do},
    [ERR_NO_SPACE] = {M_http_no_space, M_http_no_space_sentence,
	M_http_no_space_do},
    [ERR_UNAVAILABLE] = {M_http_unavailable, M_http_unavailable_sentence,
	M_http_unavailable_do},
    [ERR_INTERNAL] = {M_http_internal, M_http_internal_sentence,
	M_http_internal_do},
};

static const struct error_text stale_form = {
    M_http_stale_form, M_http_stale_form_sentence, M_http_stale_form_do};

/* Nothing that the handler filled goes out with an error. */
static void
forget(struct reply *re, enum err e)
{
	int retry = re->retry_after_seconds;

	buf_free(&re->body);
	*re = (struct reply){.status = reply_status_of(e)};
	if (e == ERR_THROTTLED || e == ERR_BUSY || e == ERR_UNAVAILABLE)
		re->retry_after_seconds = retry > 0 ? retry : RETRY_SECONDS;
}

static void
fill_json(const struct req *r, struct reply *re, enum err e,
    const struct error_text *t)
{
	re->content_type = "application/json";
	buf_puts(&re->body, "{\"error\": ");
	json_quote(&re->body, err_name(e));
	buf_puts(&re->body, ", \"message\": ");
	json_quote(&re->body, message(r->lang, t->sentence));
	buf_puts(&re->body, "}\n");
}

static void
fill_page(const struct req *r, struct reply *re, enum err e,
    const struct error_text *t)
{
	struct out o = {&re->body, r->lang};
	struct error_page p = {.sentence = t->sentence,
	    .what_to_do = t->what_to_do,
	    .wait_seconds = re->retry_after_seconds,
	    .to = url_path(r->arena, "/"),
	    .to_text = M_http_to_start};

	if (e == ERR_SIGN_IN) {
		p.to = url_path(r->arena, "/sign-in");
		p.to_text = M_http_to_sign_in;
	}
	page_init(&p.page, r, message(r->lang, t->title));
	error_page(&o, &p);
}

static void
fill(const struct req *r, struct reply *re, enum err e,
    const struct error_text *t)
{
	forget(re, e);
	if (r->wants_json)
		fill_json(r, re, e, t);
	else
		fill_page(r, re, e, t);
}

void
reply_error(const struct req *r, struct reply *re, enum err e)
{
	assert(e > ERR_OK && e < ERR__MAX);
	fill(r, re, e, &texts[e]);
}

void
error_reply_stale_form(const struct req *r, struct reply *re)
{
	fill(r, re, ERR_FORBIDDEN, &stale_form);
}
