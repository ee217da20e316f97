/* The end of a membership: the question, and the act. */
#include "http/route.h"
#include "people/people.h"
#include "people/people_pages.h"
#include "people/people.tmpl.h"
#include "people/person.h"
#include "people/viewer.h"
#include "record/record.h"

enum err
membership_end_get(struct req *r, struct reply *re)
{
	struct out o = {&re->body, r->lang};
	struct end_page p = {0};
	int64_t id;
	enum err e;

	if ((e = param_id(r, "membership", &id)) != ERR_OK)
		return e;
	e = membership_name(
	    r->db, scope_managed(r), id, r->arena, &p.name, &p.number);
	if (e != ERR_OK)
		return e;
	p.post = url_path(r->arena, "/institution/memberships/%d/end", id);
	page_init(&p.page, r, message(r->lang, M_people_end_membership));
	page_back(&p.page, url_path(r->arena, "/institution/roster"),
	    message(r->lang, M_people_roster));
	end_page(&o, &p);
	return ERR_OK;
}

enum err
membership_end_post(struct req *r, struct reply *re)
{
	int64_t id;
	enum err e;

	if ((e = param_id(r, "membership", &id)) != ERR_OK)
		return e;
	e = membership_end(r->db, scope_managed(r), id, r->now);
	if (e == ERR_OK)
		e = audit_add(r->db, r->viewer->organisation, r->viewer->person,
		    "membership.ended",
		    arena_printf(r->arena, "%lld", (long long)id), "", r->now);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re,
	    url_path(r->arena, "/institution/roster"),
	    M_people_membership_ended);
}
