/*
 * What can go wrong, in one list. A function that can fail returns one of
 * these and hands its result through its last argument, untouched on failure.
 * http/reply.c maps each to a status and a page.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

enum err {
	ERR_OK = 0,
	ERR_INVALID, /* what was sent does not fit; the form says where */
	ERR_SIGN_IN, /* nobody is signed in */
	ERR_FORBIDDEN, /* signed in, not allowed, and may know it exists */
	ERR_NOT_FOUND, /* not there, or another's */
	ERR_METHOD, /* the address exists, not for this method */
	ERR_CONFLICT, /* done before, or by somebody else meanwhile */
	ERR_GONE, /* was there: expired link, ended attempt */
	ERR_TOO_LARGE, /* over a named limit */
	ERR_THROTTLED, /* too many tries; see Retry-After */
	ERR_BUSY, /* a lane is full; see Retry-After */
	ERR_NO_SPACE, /* the disk is full: nothing was saved */
	ERR_UNAVAILABLE, /* the database or another process is away */
	ERR_INTERNAL, /* logged where it happened */
	ERR__MAX
};

/* A short English name for logs: "not found". Never NULL. */
const char *err_name(enum err e);

#endif
