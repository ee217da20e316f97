/* My certificates, and one of them as a sheet to print. */
#include "base/clock.h"
#include "certify/certify.h"
#include "certify/certify.tmpl.h"
#include "certify/certify_pages.h"
#include "certify/handlers.h"
#include "content/content.h"
#include "http/site.h"
#include "people/viewer.h"

/* By the framework of today; the id of one that is gone. */
static const char *
programme_title(const struct req *r, const char *id)
{
	struct content *c = content_current(r->site->content);
	const struct programme *programme;
	const char *title = id;

	if (c == NULL)
		return id;
	programme = content_programme(c, id);
	if (programme != NULL)
		title = arena_strdup(r->arena, programme->text.in[r->lang]);
	content_release(c);
	return title;
}

static enum err
fill_programmes(const struct req *r, struct certificates_page *p)
{
	struct programme_met *list;
	size_t i, n;
	enum err e;

	e = programmes_met(
	    r->db, scope_own(r), r->viewer->person, r->arena, &list, &n);
	if (e != ERR_OK)
		return e;
	p->programmes = ARENA_ARRAY(r->arena, struct programme_line, n);
	p->n_programmes = n;
	for (i = 0; i < n; i++)
		p->programmes[i] = (struct programme_line){
		    .title = programme_title(r, list[i].id),
		    .met = date_text(r->arena, r->lang, list[i].at),
		};
	return ERR_OK;
}

enum err
certificates_get(struct req *r, struct reply *re)
{
	struct certificates_page p = {
	    .courses = url_path(r->arena, "/courses"),
	    .verify = url_path(r->arena, "/verify"),
	};
	struct out o = {&re->body, r->lang};
	struct certificate *list;
	size_t i, n;
	enum err e;

	e = certificates_of(
	    r->db, scope_own(r), r->viewer->person, r->arena, &list, &n);
	if (e == ERR_OK)
		e = fill_programmes(r, &p);
	if (e != ERR_OK)
		return e;
	p.lines = ARENA_ARRAY(r->arena, struct certificate_line, n);
	p.n_lines = n;
	for (i = 0; i < n; i++)
		p.lines[i] = (struct certificate_line){
		    .to =
			url_path(r->arena, "/certificates/%s", list[i].number),
		    .title = certificate_title(r->site, &list[i], r->arena)
				 .in[r->lang],
		    .number = list[i].number,
		    .issued = date_text(r->arena, r->lang, list[i].issued_at),
		    .state = certificate_state(&list[i], r->now),
		};
	page_init(&p.page, r, message(r->lang, M_certify_certificates));
	page_back(&p.page, url_path(r->arena, "/me"),
	    message(r->lang, M_certify_to_me));
	certificates_page(&o, &p);
	return ERR_OK;
}

enum err
certificate_page_get(struct req *r, struct reply *re)
{
	struct out o = {&re->body, r->lang};
	struct certificate_page p = {0};
	struct certificate c;
	const char *number;
	enum err e;

	if (!certificate_number_read(
		r->arena, param_text(r, "number"), &number))
		return ERR_NOT_FOUND;
	e = certificate_get(r->db, scope_own(r), number, r->arena, &c);
	if (e != ERR_OK)
		return e;
	p.state = certificate_state(&c, r->now);
	p.title = certificate_title(r->site, &c, r->arena).in[r->lang];
	p.holder = c.holder;
	p.organisation = c.organisation_name.in[r->lang];
	p.number = c.number;
	p.issued = date_formal(r->arena, r->lang, c.issued_at);
	p.verify = url_absolute(r->arena, r->site->origin,
	    url_path(r->arena, "/verify/%s", c.number))
		       .text;
	if (p.state == CERTIFICATE_REVOKED)
		p.revoked = date_formal(r->arena, r->lang, c.revoked_at);
	p.reason = c.revoked_reason;
	page_init(&p.page, r,
	    message_args(
		r->arena, r->lang, M_certify_certificate_of, p.title, NULL));
	page_back(&p.page, url_path(r->arena, "/certificates"),
	    message(r->lang, M_certify_certificates));
	certificate_page(&o, &p);
	return ERR_OK;
}
