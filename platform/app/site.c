/* One place that knows all rooms and hangs their hooks. */
#include "app/site.h"

#include "app/frame.h"
#include "app/rooms.h"
#include "app/secret.h"
#include "base/clock.h"
#include "base/log.h"
#include "certify/certify.h"
#include "content/content.h"
#include "http/dispatch.h"
#include "people/viewer.h"

enum err
site_open(struct arena *a, const struct config *c, struct site *out)
{
	struct site s = {
	    .origin = c->origin,
	    .var = c->var,
	    .demo = c->demo,
	    .lab_image = c->lab_image,
	    .rooms = rooms,
	    .find_viewer = viewer_find,
	    .frame = frame_fill,
	    .course_completed = certify_course_completed,
	};
	enum err e;

	dispatch_check_routes(&s);
	if ((e = secret_load(config_path(a, c, "secret"), s.secret)) != ERR_OK)
		return e;
	e = content_store_open(config_path(a, c, "content"), &s.content);
	if (e != ERR_OK)
		return e;
	*out = s;
	return ERR_OK;
}

void
site_close(struct site *s)
{
	content_store_close(s->content);
	s->content = NULL;
}

enum err
process_start(
    struct arena *a, const struct config *c, const char *name, unsigned process)
{
	log_start(name);
	random_start();
	id_set_lane(process);
	if (!c->test_clock)
		return ERR_OK;
	return clock_open_test(config_path(a, c, "clock"));
}
