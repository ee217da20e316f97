/*
 * A page is one row of its room's table:
 *
 *	const struct route exam_routes[] = {
 *	    {HTTP_GET, "/exams/:exam", exam_page, WHO_SIGNED_IN, 0},
 *	    {HTTP_POST, "/exams/:exam/start", exam_start_post, WHO_SIGNED_IN,
 *0}, ROUTES_END,
 *	};
 *
 * Patterns: literal segments and :names of one segment. A row without a
 * policy (who = 0) stops the program at start. GET rows run on a reader lane,
 * POST rows and rows with ROUTE_WRITES on the writer lane, rows with
 * ROUTE_PASSWORD on the Argon2 lane, rows with ROUTE_CALLS on a lane whose
 * tasks may wait for another process. The last two only read with what they
 * are given, and write with lane_write_on.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/err.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/viewer.h"

#define ROUTE_WRITES 0x01 /* a GET that records something */
#define ROUTE_PASSWORD 0x02 /* hashes a password */
#define ROUTE_NO_CSRF 0x04 /* a POST from outside; says why in a comment */
#define ROUTE_LOOPBACK 0x08 /* only from this machine (/metrics) */
#define ROUTE_CALLS 0x10 /* asks another process and waits for it */

typedef enum err route_handler(struct req *r, struct reply *re);

struct route {
	enum http_method method;
	const char *pattern;
	route_handler *handler;
	unsigned who; /* WHO_ANYONE, or ROLE_BITs any of which suffices */
	unsigned flags;
};

#define ROUTES_END                                                             \
	{                                                                      \
		.pattern = NULL                                                \
	}

#endif
