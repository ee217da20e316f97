/*
 * Forgery protection: a POST needs the token of its session's key (HMAC) in
 * the field "csrf" or the header X-CSRF-Token, and an Origin that is ours
 * when one is sent. Before sign-in the token is bound to a cookie.
 */
#ifndef HTTP_CSRF_H
#define HTTP_CSRF_H

#include "base/err.h"
#include "base/random.h"
#include "http/request.h"

/* For forms; never NULL. Before sign-in it makes the answer set a cookie. */
const char *csrf_token(const struct req *r);

/* The token that fits a viewer's csrf_key. */
const char *csrf_token_for(struct arena *a, const uint8_t key[DIGEST_BYTES]);

/* ERR_FORBIDDEN when token, Origin or Sec-Fetch-Site do not fit. */
MUST_USE enum err csrf_check(const struct req *r);

#endif
