/*
 * What compiled templates call. The types decide: a text is escaped, a struct
 * url fits only where an address belongs, a struct safe_html (made by the
 * content renderer) only between tags. Anything else does not compile.
 */
#ifndef HTTP_TEMPLATE_H
#define HTTP_TEMPLATE_H

#include <stddef.h>
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
 * The language of .tmpl files (tools/templates/):
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
 * <style>, a comment or an on… attribute is an error; tags must nest, and the
 * branches of an if must leave the same tags open.
 *
 * An address attribute is one value, {{ p->to }}, or static text. An if
 * within a tag switches whole attributes:
 *
 *	<option value="{{ c }}"{{ if c->on }} selected{{ end }}>
 *
 * A message that is chosen at run time is a value like another one:
 * {{ message(o->lang, p->label) }}. A pair of templates that share tags says
 * so, outermost first:
 *
 *	{{ template box_start(void) opens section div }}
 *	<section><div>
 *	{{ end }}
 *	{{ template box_end(void) closes section div }}
 *	</div></section>
 *	{{ end }}
 *
 * Whoever calls box_start calls box_end, with tags that nest between them:
 * that goes for every pair of names ending in _start and _end.
 *
 * Indentation goes; a line that holds nothing but if, for, end, call, …
 * leaves nothing on the page. <pre> and <textarea> keep their white space.
 */
void template_text(struct out *o, const char *s);
void template_int(struct out *o, int64_t n); /* with thousands separators */
void template_size(struct out *o, size_t n);
void template_html(struct out *o, struct safe_html h);
void template_url(struct out *o, struct url u);
void template_raw(struct out *o, const char *s, size_t n); /* generated only */

/* A bilingual text in the reader's language, escaped. */
void template_bilingual(struct out *o, struct bilingual b);

#define TEMPLATE_VALUE(o, x)                                                   \
	_Generic((x), char *: template_text, const char *: template_text, \
	    int: template_int, unsigned: template_int, long: template_int, \
	    size_t: template_size, struct bilingual: template_bilingual, \
	    struct safe_html: template_html)((o), (x))

/* In attributes, without separators: "12345". */
void template_plain_int(struct out *o, int64_t n);
void template_plain_size(struct out *o, size_t n);

#define TEMPLATE_ATTRIBUTE(o, x)                                               \
	_Generic((x), char *: template_text, const char *: template_text, \
	    int: template_plain_int, unsigned: template_plain_int, \
	    long: template_plain_int, size_t: template_plain_size, \
	    struct bilingual: template_bilingual)((o), (x))

#define TEMPLATE_URL(o, x) _Generic((x), struct url : template_url)((o), (x))

/* ---------------------------------------- messages, for generated code */

/* A message's argument: a text, or a number when text is NULL. */
struct template_arg {
	const char *text;
	int64_t number;
};

struct template_arg template_arg_text(const struct out *o, const char *s);
struct template_arg template_arg_int(const struct out *o, int64_t n);
struct template_arg template_arg_size(const struct out *o, size_t n);
struct template_arg
template_arg_bilingual(const struct out *o, struct bilingual b);

#define TEMPLATE_ARG(o, x)                                                     \
	_Generic((x), char *: template_arg_text, \
	    const char *: template_arg_text, int: template_arg_int, \
	    unsigned: template_arg_int, long: template_arg_int, \
	    size_t: template_arg_size, \
	    struct bilingual: template_arg_bilingual)((o), (x))

/* Escapes the message as well as its arguments. */
void template_message(
    struct out *o, enum message id, const struct template_arg *args, size_t n);

/* The number of arguments is the catalogue's, or it does not compile. */
#define TEMPLATE_MESSAGE(o, id)                                                \
	do {                                                                   \
		_Static_assert(ARGUMENTS_##id == 0, "arguments of " #id);      \
		template_message((o), M_##id, NULL, 0);                        \
	} while (0)
#define TEMPLATE_MESSAGE_ARGS(o, id, ...)                                      \
	do {                                                                   \
		const struct template_arg args_[] = {__VA_ARGS__};             \
		_Static_assert(                                                \
		    sizeof(args_) / sizeof(args_[0]) == ARGUMENTS_##id,        \
		    "arguments of " #id);                                      \
		template_message((o), M_##id, args_, ARGUMENTS_##id);          \
	} while (0)

#endif
