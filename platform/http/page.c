/* Fills what all pages have in common; http/page.tmpl draws it. */
#include "http/page.h"

#include <assert.h>
#include <string.h>

#include "http/csrf.h"
#include "http/flash.h"
#include "http/message.h"
#include "http/site.h"

/* This page in a language; the answer to a POST has no address of its own. */
static struct url
in_language(const struct req *r, enum lang lang)
{
	if (r->method == HTTP_POST)
		return (struct url){NULL};
	return url_query(
	    r->arena, request_url(r, "lang"), "lang", lang_codes[lang]);
}

void
page_init(struct page *p, const struct req *r, const char *title)
{
	*p = (struct page){
	    .r = r,
	    .title = title,
	    .message = flash_take(r),
	    .frame = {.person = "", .organisation = ""},
	    .to_ja = in_language(r, LANG_JA),
	    .to_en = in_language(r, LANG_EN),
	    .csrf = csrf_token(r),
	};
	p->frame.demo = r->site->demo;
	if (r->site->frame != NULL)
		r->site->frame(r, &p->frame);
	assert(p->frame.n_nav <= PAGE_NAV_MAX);
}

void
page_same(struct page *p, struct url same)
{
	struct arena *a = p->r->arena;

	p->to_ja = url_query(a, same, "lang", lang_codes[LANG_JA]);
	p->to_en = url_query(a, same, "lang", lang_codes[LANG_EN]);
}

void
page_back(struct page *p, struct url to, const char *text)
{
	p->back = to;
	p->back_text = text;
}

void
page_problem(struct page *p, const char *field, const char *text)
{
	struct arena *a = p->r->arena;

	/* More than the list holds: the first ones lead to the others. */
	if (p->n_problems == PAGE_PROBLEMS_MAX)
		return;
	if (p->error_title == NULL)
		p->error_title = message(p->r->lang, M_http_problems);
	p->problems[p->n_problems++] = (struct page_problem){
	    .to = url_fragment(a, (struct url){""}, field), .text = text};
}
