/* Search over the modules. */
#include "http/site.h"
#include "learn/handlers.h"
#include "learn/learn.h"
#include "learn/learn.tmpl.h"
#include "learn/learn_pages.h"

static void
fill_hits(struct req *r, const struct content *c, const struct search_hit *hits,
    size_t n, struct search_page *p)
{
	const struct course *course;
	size_t i;

	p->hits = ARENA_ARRAY(r->arena, struct hit_line, n);
	p->n_hits = n;
	for (i = 0; i < n; i++) {
		course = content_course(c, hits[i].course);
		p->hits[i] = (struct hit_line){
		    .to = url_path(r->arena, "/courses/%s/%d", hits[i].course,
			(int64_t)hits[i].module),
		    .title = hits[i].title.in[r->lang],
		    .course = course == NULL ? hits[i].course
					     : course->title.in[r->lang],
		    .excerpt = hits[i].excerpt,
		};
	}
}

enum err
search_get(struct req *r, struct reply *re)
{
	const char *query = text_trim(r->arena, field_value(&r->query, "q"));
	struct search_page p = {
	    .query = query,
	    .search = url_path(r->arena, "/search"),
	};
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct search_hit *hits;
	enum err e = ERR_OK;
	size_t n;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if (*query != '\0') {
		e = content_search(c, query, r->lang, r->arena, &hits, &n);
		p.searched = e == ERR_OK;
		if (e == ERR_OK)
			fill_hits(r, c, hits, n, &p);
	}
	if (e == ERR_OK || e == ERR_INVALID) {
		page_init(&p.page, r, message(r->lang, M_learn_search));
		page_back(&p.page, url_path(r->arena, "/courses"),
		    message(r->lang, M_learn_courses));
		if (e == ERR_INVALID)
			page_problem(&p.page, "q",
			    message_args(r->arena, r->lang,
				M_learn_search_too_long,
				arena_printf(
				    r->arena, "%d", SEARCH_QUERY_CHARS_MAX),
				NULL));
		search_page(&o, &p);
		e = e == ERR_INVALID ? reply_invalid(re) : ERR_OK;
	}
	content_release(c);
	return e;
}
