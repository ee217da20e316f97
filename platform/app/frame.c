/* Navigation by role. */
#include "app/frame.h"

#include <string.h>

#include "http/message.h"
#include "http/site.h"
#include "http/viewer.h"

static const struct {
	const char *path;
	enum message text;
	unsigned who;
	bool leading; /* only for who is somebody's line manager */
} places[] = {
    {"/", M_app_nav_home, WHO_SIGNED_IN, false},
    {"/courses", M_app_nav_courses, WHO_SIGNED_IN, false},
    {"/labs", M_app_nav_labs, WHO_SIGNED_IN, false},
    {"/me", M_app_nav_me, WHO_SIGNED_IN, false},
    {"/team", M_app_nav_team, WHO_SIGNED_IN, true},
    {"/institution", M_app_nav_institution, ROLE_BIT(ROLE_TRAINING_MANAGER),
	false},
    {"/institution/labs", M_app_nav_class, ROLE_BIT(ROLE_INSTRUCTOR), false},
    {"/sector", M_app_nav_sector, ROLE_BIT(ROLE_SUPERVISOR), false},
    {"/operator/outbox", M_app_nav_operator, ROLE_BIT(ROLE_OPERATOR), false},
};

_Static_assert(sizeof(places) / sizeof(places[0]) <= PAGE_NAV_MAX,
    "more places than a frame holds");

/* "/" is only itself; the others are also what stands below them. */
static bool
is_current(const char *place, const char *path)
{
	size_t n = strlen(place);

	if (n == 1)
		return text_eq(place, path);
	return strncmp(place, path, n) == 0 &&
	    (path[n] == '\0' || path[n] == '/');
}

void
frame_fill(const struct req *r, struct page_frame *f)
{
	const struct viewer *v = r->viewer;
	struct nav_item *current = NULL, *item;
	size_t i;

	f->person = v == NULL ? "" : v->name;
	f->organisation = v == NULL || v->organisation == 0
	    ? ""
	    : v->organisation_name.in[r->lang];
	f->demo = r->site->demo;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (v == NULL ||
		    ((v->roles | WHO_SIGNED_IN) & places[i].who) == 0 ||
		    (places[i].leading && !v->leads))
			continue;
		item = &f->nav[f->n_nav++];
		*item = (struct nav_item){
		    .to = url_of_path(r->arena, places[i].path),
		    .text = message(r->lang, places[i].text),
		    .current = is_current(places[i].path, r->path),
		};
		if (!item->current)
			continue;
		if (current != NULL) /* a place below that one */
			current->current = false;
		current = item;
	}
}
