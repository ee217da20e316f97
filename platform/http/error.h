/* The page and the JSON object that tell a reader what went wrong. */
#ifndef HTTP_ERROR_H
#define HTTP_ERROR_H

#include "http/message.h"
#include "http/page.h"
#include "http/reply.h"

struct error_page {
	struct page page;
	enum message sentence; /* what happened */
	enum message what_to_do; /* and now */
	int wait_seconds; /* then it may work; 0: not said */
	struct url to; /* where to go on */
	enum message to_text;
};

/* As reply_error, for a form whose token did not fit (ERR_FORBIDDEN). */
void error_reply_stale_form(const struct req *r, struct reply *re);

#endif
