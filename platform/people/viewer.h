/* From a session to the viewer, and from a viewer to scopes: one place. */
#ifndef PEOPLE_VIEWER_H
#define PEOPLE_VIEWER_H

#include "base/err.h"
#include "db/scope.h"
#include "http/request.h"
#include "http/viewer.h"

/* The site's find_viewer hook: sets r->viewer, NULL when nobody is. */
MUST_USE enum err viewer_find(struct req *r);

/* The viewer's own rows. */
struct scope scope_own(const struct req *r);

/*
 * All rows of the organisation the viewer manages training for. Nothing for
 * anybody else.
 */
struct scope scope_managed(const struct req *r);

/*
 * The labs of the learners of the organisation whose training manager or
 * instructor the viewer is. Nothing for anybody else.
 */
struct scope scope_class(const struct req *r);

/*
 * Those in the viewer's organisation whose line manager the viewer is now.
 * Nothing for anybody else.
 */
struct scope scope_team(const struct req *r);

/* The organisations that a supervisor's grants name. Nothing otherwise. */
struct scope scope_supervised(const struct req *r);

#endif
