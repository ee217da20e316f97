/*
 * One answer. Handlers fill a page and render it, redirect, or return an
 * error that becomes a page; headers for safety are added in one place.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/request.h"
#include "http/url.h"

#define REPLY_HEADERS_MAX 24
#define SESSION_COOKIE "__Host-tanren"

struct reply_header {
	const char *name, *value;
};

struct reply {
	int status; /* 200 unless set */
	const char *content_type; /* text/html; charset=utf-8 unless set */
	struct reply_header headers[REPLY_HEADERS_MAX];
	size_t n_headers;
	struct buf body; /* freed by whoever sent it */
	int retry_after_seconds; /* with ERR_THROTTLED and ERR_BUSY */
	bool may_be_cached; /* default: Cache-Control: no-store */
	bool keeps_page; /* see reply_keep */
	bool finished; /* see reply_finish */
};

/* Value is copied; CR, LF and other controls end it. */
void reply_header(
    const struct req *r, struct reply *re, const char *name, const char *value);

/* 303 See Other (RFC 9110, 15.4.4). */
MUST_USE enum err
reply_redirect(const struct req *r, struct reply *re, struct url to);

/*
 * A redirect with a short message that the next page shows once ("saved"),
 * carried in a signed cookie. `message` is a message id.
 */
MUST_USE enum err reply_redirect_saying(
    const struct req *r, struct reply *re, struct url to, int message);

/*
 * A download: text/csv, application/octet-stream, … In the name, whatever is
 * not ASCII or disliked by file systems becomes '_'.
 */
void reply_download(const struct req *r, struct reply *re,
    const char *content_type, const char *file_name);

/* The __Host- session cookie; token NULL deletes it. */
void reply_session_cookie(const struct req *r, struct reply *re,
    const char *token, int max_age_seconds);

/*
 * Replaces whatever was filled by the page for an error: status, sentence in
 * the reader's language, what to do, a way back. For JSON callers an object
 * {"error": "...", "message": "..."}.
 */
void reply_error(const struct req *r, struct reply *re, enum err e);

/*
 * The page that the handler has filled stays although it answers an error: a
 * form shown again with what is wrong. Sets the status and hands e back:
 *
 *	return reply_invalid(re);
 */
MUST_USE enum err reply_keep(struct reply *re, enum err e);
MUST_USE enum err reply_invalid(struct reply *re); /* ERR_INVALID, 422 */

/*
 * Defaults, the headers that every answer has, and the cookies that the page
 * asked for. dispatch calls it; a second call does nothing.
 */
void reply_finish(const struct req *r, struct reply *re);

int reply_status_of(enum err e);

#endif
