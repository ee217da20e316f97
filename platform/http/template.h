/*
 * What compiled templates call. The types decide: a text is escaped, a struct
 * url fits only where an address belongs, a struct safe_html (made by the
 * content renderer) only between tags. Anything else does not compile.
 */
#ifndef HTTP_TEMPLATE_H
#define HTTP_TEMPLATE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"
#include "http/message.h"
#include "http/url.h"

/* HTML that content/ rendered; nobody else makes one. */
struct safe_html {
	const char *text;
};

struct out {
	struct buf *buf;
	enum lang lang;
};

/*
 * The language, for files *.tmpl (tools/templates.c):
 *
 *	{{# a comment }}
 *	{{ include "learn/learn_pages.h" }}
 *	{{ template course_page(const struct course_page *p) }} … {{ end }}
 *	{{ p->title }}			a value, escaped
 *	{{ t learn.start }}		a message
 *	{{ t learn.n_of_m, p->done, p->all }}	with arguments (texts or ints)
 *	{{ if p->n > 0 }} {{ elif … }} {{ else }} {{ end }}
 *	{{ for i < p->n_items }} {{ p->items[i].name }} {{ end }}
 *	{{ with const struct item *it = &p->items[i] }} … {{ end }}
 *	{{ call page_start(&p->page) }}	another template
 *
 * A template becomes `void course_page(struct out *o, const struct
 * course_page *p)`, declared in the generated "learn/learn.tmpl.h". The tool
 * follows the HTML: in href, src, action, formaction, poster and cite only a
 * struct url is taken; attributes must be quoted; a value inside <script>,
 * <style>, a comment or an on… attribute is an error; tags must nest.
 */
void template_text(struct out *o, const char *s);
void template_int(struct out *o, int64_t n); /* with thousands separators */
void template_html(struct out *o, struct safe_html h);
void template_url(struct out *o, struct url u);
void template_raw(struct out *o, const char *s, size_t n); /* generated only */

/* A bilingual text in the reader's language, escaped. */
void template_bilingual(struct out *o, struct bilingual b);

#define TEMPLATE_VALUE(o, x) \
	_Generic((x), char *: template_text, const char *: template_text, \
	    int: template_int, long: template_int, size_t: template_int, \
	    struct bilingual: template_bilingual, \
	    struct safe_html: template_html)((o), (x))

#define TEMPLATE_ATTRIBUTE(o, x) \
	_Generic((x), char *: template_text, const char *: template_text, \
	    int: template_plain_int, long: template_plain_int, \
	    size_t: template_plain_int, \
	    struct bilingual: template_bilingual)((o), (x))

/* In attributes without separators: "12345". */
void template_plain_int(struct out *o, int64_t n);

#define TEMPLATE_URL(o, x) \
	_Generic((x), struct url: template_url)((o), (x))

/* A message's argument as text. */
const char *template_arg_int(struct out *o, int64_t n, char room[32]);

#endif
