/*
 * From a request to an answer, the one way through: find the row, ask the
 * hook for the viewer, ask the row's policy, check forgery, call the handler,
 * turn an error into a page, add the headers that every answer has.
 */
#ifndef HTTP_DISPATCH_H
#define HTTP_DISPATCH_H

#include "db/lane.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/route.h"
#include "http/site.h"

/*
 * The row for a method and path and its parameters, without running it: the
 * caller picks the lane. HEAD finds GET rows. ERR_NOT_FOUND, ERR_METHOD.
 */
MUST_USE enum err dispatch_find(
    const struct site *s, enum http_method m, const char *path, struct req *r);

/* Which lane a row runs on. */
enum lane_choice {
	LANE_CHOICE_READ,
	LANE_CHOICE_WRITE,
	LANE_CHOICE_PASSWORD,
	LANE_CHOICE_CALLS,
};
enum lane_choice dispatch_lane(const struct route *route);

/*
 * Answers a request completely; never fails, an error is an answer too. The
 * row is looked for unless dispatch_find did it already.
 * What re held is freed, so it must be zeroed before its first use.
 * r->db, site, arena, now, path, method and the headers are set. On a writer
 * lane the caller runs it inside the lane's transaction and undoes it when
 * ERR_* comes back (re is the error's page then).
 */
enum err dispatch(struct req *r, struct reply *re);

/*
 * An answer to a request whose handler did not run or whose work was undone:
 * a full lane (ERR_BUSY), a failed commit, a form that cannot be read. What re
 * held is freed.
 */
void dispatch_error(struct req *r, struct reply *re, enum err e);

/* Aborts with a sentence if a row has no policy or a pattern stands twice. */
void dispatch_check_routes(const struct site *s);

#endif
